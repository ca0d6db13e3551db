import { FanfareError } from '../errors.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { Passenger, PassengerType } from '../schemas/passenger.ts'

/**
 * Whether these people can travel on these offers. Throws invalid_passengers where an offer is for others, or an age does
 * not fit its type on a day of travel; offers_conflict where the offers do not go together.
 */
export function checkTrip(passengers: readonly Passenger[], offers: readonly PricedOffer[]): void {
  checkSameParty(offers)
  checkParty(passengers, offers)
  checkAges(passengers, offers)
  checkTimes(offers)
}

function partyOf(offer: PricedOffer): string {
  return offer.perPassenger.map(({ passengerId, type }) => `${passengerId} ${type}`).join(', ')
}

function checkSameParty(offers: readonly PricedOffer[]) {
  if (new Set(offers.map(partyOf)).size > 1) {
    throw new FanfareError(
      'offers_conflict',
      'The offers are for different passengers. Search for all slices with the same passengers.',
    )
  }
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

function checkTimes(offers: readonly PricedOffer[]) {
  const slices = offers
    .map(({ slice }) => ({ ...slice, from: Date.parse(slice.departingAt), to: Date.parse(slice.arrivingAt) }))
    .sort((a, b) => a.from - b.from)
  for (const [index, next] of slices.entries()) {
    const before = slices[index - 1]
    if (before && next.from < before.to) {
      throw new FanfareError(
        'offers_conflict',
        `${next.origin}–${next.destination} departs at ${next.departingAt}, before ${before.origin}–${before.destination} arrives at ${before.arrivingAt}.`,
      )
    }
  }
}
