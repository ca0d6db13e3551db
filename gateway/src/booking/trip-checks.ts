import { conflictOf, partyOf } from '../airlines/offers-together.ts'
import { FanfareError } from '../errors.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { Passenger, PassengerType } from '../schemas/passenger.ts'

/**
 * Whether these people can travel on these offers. Throws invalid_passengers where an offer is for others, or an age does
 * not fit its type on a day of travel; offers_conflict where the offers do not go together.
 */
export function checkTrip(passengers: readonly Passenger[], offers: readonly PricedOffer[]): void {
  const conflict = conflictOf(offers)
  if (conflict !== null) throw new FanfareError('offers_conflict', conflict)
  checkParty(passengers, offers)
  checkAges(passengers, offers)
}

function checkParty(passengers: readonly Passenger[], [first]: readonly PricedOffer[]) {
  const party = passengers.map(({ id, type }) => `${id} ${type}`).join(', ')
  if (first && party !== partyOf(first)) {
    throw new FanfareError('invalid_passengers', `The offers are for ${partyOf(first)}, not for ${party}.`)
  }
}

/** Years of age: from, and below. */
const ages: Record<PassengerType, [number, number]> = { adult: [12, 150], child: [2, 12], infant: [0, 2] }

function checkAges(passengers: readonly Passenger[], offers: readonly PricedOffer[]) {
  for (const offer of offers) {
    const day = offer.slice.departingAt.slice(0, 10)
    for (const [index, { id, type, bornOn }] of passengers.entries()) {
      const age = ageOn(day, bornOn)
      const [from, below] = ages[type]
      if (age >= from && age < below) continue
      const message = `makes ${id} ${age < 0 ? 'not yet born' : `${age} years old`} on ${day}, which is not the age of ${type === 'child' ? 'a child' : `an ${type}`}`
      throw new FanfareError('invalid_passengers', `The date of birth ${message}.`, {
        errors: [{ path: `/passengers/${index}/bornOn`, message }],
      })
    }
  }
}

/** Whole years from one date to another, both YYYY-MM-DD; below zero before birth. */
export function ageOn(day: string, bornOn: string): number {
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}
