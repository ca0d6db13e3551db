import type { SliceQuery } from '../../airlines/connector.ts'
import type { Airline } from '../../schemas/airline.ts'
import type { Offer } from '../../schemas/offer.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { nonsenseInFare } from '../fare-sense.ts'

/** More offers than this for one slice are no answer: a day has fewer flights. */
const mostOffers = 2_000

/** By how much an airline's clock may be behind ours, in milliseconds. */
const clockSkewMs = 60_000

/** What a list was found to be: an answer to this question, whose first offer expires then. */
interface Judged {
  query: SliceQuery
  firstExpiry: number
}

/** A connector that sees its airline's answer unchanged gives the very list again; it is judged once. */
const judged = new WeakMap<readonly Offer[], Judged>()

/**
 * Holds an airline's offers to the question and to themselves: a list with one senseless offer is no answer at all, since
 * what else is wrong in it cannot be seen. `askedAt`: milliseconds since the epoch. Throws AirlineError malformed.
 */
export function checkOffers(airline: Airline, query: SliceQuery, offers: readonly Offer[], askedAt: number): void {
  const known = judged.get(offers)
  const firstExpiry = known && isSame(known.query, query) ? known.firstExpiry : judge(airline, query, offers)
  if (known?.firstExpiry !== firstExpiry) judged.set(offers, { query, firstExpiry })
  if (firstExpiry < askedAt - clockSkewMs) {
    throw malformed(airline, 'an offer was over before it was asked for')
  }
}

function judge(airline: Airline, query: SliceQuery, offers: readonly Offer[]): number {
  if (offers.length > mostOffers) throw malformed(airline, `it has ${offers.length} offers for one slice`)
  const ids = new Set<string>()
  let firstExpiry = Number.POSITIVE_INFINITY
  for (const offer of offers) {
    const nonsense = ids.has(offer.id)
      ? 'its id is there twice'
      : (nonsenseInFare(airline, offer) ?? misfit(query, offer))
    if (nonsense !== null) throw malformed(airline, `${offer.id}: ${nonsense}`)
    ids.add(offer.id)
    firstExpiry = Math.min(firstExpiry, Date.parse(offer.expiresAt))
  }
  return firstExpiry
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

function isSame(a: SliceQuery, b: SliceQuery): boolean {
  return (
    a.origin === b.origin &&
    a.destination === b.destination &&
    a.departureDate === b.departureDate &&
    a.cabin === b.cabin &&
    a.passengers.length === b.passengers.length &&
    a.passengers.every(({ type }, index) => type === b.passengers[index]?.type)
  )
}

function malformed({ name }: Airline, what: string): AirlineError {
  return new AirlineError(name, 'malformed', `The answer of ${name} makes no sense: ${what}`)
}
