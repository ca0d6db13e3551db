import type { SliceQuery } from '../../airlines/connector.ts'
import type { Airline } from '../../schemas/airline.ts'
import type { Offer } from '../../schemas/offer.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { nonsenseInFare } from '../fare-sense.ts'

/** More offers than this for one slice are no answer: a day has fewer flights. */
const mostOffers = 2_000

/** By how much an airline's clock may be behind ours, in milliseconds. */
const clockSkewMs = 60_000

/**
 * Holds an airline's offers to the question and to themselves: a list with one senseless offer is no answer at all, since
 * what else is wrong in it cannot be seen. Throws AirlineError malformed.
 */
export function checkOffers(airline: Airline, query: SliceQuery, offers: readonly Offer[]): void {
  if (offers.length > mostOffers) throw malformed(airline, `it has ${offers.length} offers for one slice`)
  const ids = new Set<string>()
  for (const offer of offers) {
    const nonsense = ids.has(offer.id)
      ? 'its id is there twice'
      : (nonsenseInFare(airline, offer) ?? misfit(query, offer))
    if (nonsense !== null) throw malformed(airline, `${offer.id}: ${nonsense}`)
    ids.add(offer.id)
  }
}

/** Holds an airline's offers to the time: `askedAt` and `expiresAt` are milliseconds since the epoch. Throws AirlineError malformed. */
export function checkTimes(airline: Airline, offers: readonly { expiresAt: number }[], askedAt: number): void {
  for (const { expiresAt } of offers) {
    if (expiresAt < askedAt - clockSkewMs) throw malformed(airline, 'an offer was over before it was asked for')
  }
}

/** Why the offer is no answer to the query; null when it is one. */
function misfit(query: SliceQuery, { slice, perPassenger }: Offer): string | null {
  if (slice.origin !== query.origin || slice.destination !== query.destination) return 'it is for another route'
  if (!slice.departingAt.startsWith(query.departureDate)) return 'it is for another day'
  if (slice.segments.some(({ cabin }) => cabin !== query.cabin)) return 'it is for another cabin'
  const isParty =
    perPassenger.length === query.passengers.length &&
    query.passengers.every(({ id, type }, index) => {
      const passenger = perPassenger[index]
      return passenger?.passengerId === id && passenger.type === type
    })
  return isParty ? null : 'it is for other passengers'
}

function malformed({ name }: Airline, what: string): AirlineError {
  return new AirlineError(name, 'malformed', `The answer of ${name} makes no sense: ${what}`)
}
