import type { Connector, OfferRef } from '../airlines/connector.ts'
import type { Extra, Extras } from './itinerary/extras.ts'
import { createLiveReads, type LiveReads } from './live.ts'

/**
 * Reads for requests that share nothing: no call is joined, nothing is taken from a cache or put into one. Each throws what
 * the live reads throw.
 */
export function createLonelyReads(connectors: ReadonlyMap<string, Connector>): {
  live: Pick<LiveReads, 'price'>
  extras: Pick<Extras, 'seatMaps' | 'baggage'>
} {
  const reads = () => createLiveReads(connectors)
  const extra = async <T>(read: Promise<T>): Promise<Extra<T>> => ({ value: await read, cache: 'miss', ageMs: 0 })
  return {
    live: { price: async (ref, waiting) => reads().price(ref, waiting) },
    extras: {
      seatMaps: (ref: OfferRef, waiting) => extra(reads().seatMaps(ref, waiting)),
      baggage: (ref: OfferRef, waiting) => extra(reads().baggage(ref, waiting)),
    },
  }
}
