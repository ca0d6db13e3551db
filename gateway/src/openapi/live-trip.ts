import { randomUUID } from 'node:crypto'
import type { Itinerary } from '../schemas/itinerary.ts'
import type { SearchResult } from '../schemas/search.ts'
import { exampleDate, type Trip } from './samples.ts'

/** Milliseconds that a trip serves as an example before it is looked up again, and that none is taken for an answer. */
const freshFor = 60_000
const retryAfter = 3_000

/** Longest that a page waits for a real trip. */
const patience = 4_000

/** Asks the gateway's own API: the answer's body, or null when it is not 200. */
export type Ask = <T>(path: string) => Promise<T | null>

/** A trip for the examples, and the key that a booking of it can carry. */
export interface ExampleTrip {
  trip: Trip | null
  idempotencyKey: string
}

/**
 * Looks up a trip that airlines really offer, at most once a minute of `realNow` however many ask, and again when it is
 * another day in the world, whose time `now` is.
 */
export function createLiveTrip(
  ask: Ask,
  canHold: ReadonlySet<string>,
  now: () => number,
  realNow: () => number,
): () => Promise<ExampleTrip> {
  let until = 0
  let date = ''
  let current: Promise<ExampleTrip> | undefined
  return () => {
    if (!current || until <= realNow() || date !== exampleDate(now())) {
      date = exampleDate(now())
      until = realNow() + freshFor
      current = timeBounded(lookUp(ask, canHold, now())).then((found) => {
        if (found.trip === null) until = realNow() + retryAfter
        return found
      })
    }
    return current
  }
}

async function timeBounded(looked: Promise<Trip | null>): Promise<ExampleTrip> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, patience, null).unref())
  const trip = await Promise.race([looked, late]).catch(() => null)
  return { trip, idempotencyKey: randomUUID() }
}

async function lookUp(ask: Ask, canHold: ReadonlySet<string>, now: number): Promise<Trip | null> {
  const query = `origin=DEL&destination=BOM&departureDate=${exampleDate(now)}`
  const search = await ask<SearchResult>(`/v1/search?${query}`)
  if (!search) return null
  const offers = search.slices.flatMap((slice) => slice.offers)
  const offer = offers.find(({ airline }) => canHold.has(airline)) ?? offers[0]
  if (!offer) return null
  const itinerary = await ask<Itinerary>(`/v1/itinerary?offerId=${encodeURIComponent(offer.id)}`)
  return itinerary && { search, itinerary }
}
