import type { SliceQuery } from '../../gateway/src/airlines/connector.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { merge } from './merge.ts'
import type { HandSearch } from './search.ts'

/** A query string as both frameworks give it. */
export interface HandQuery {
  origin?: unknown
  destination?: unknown
  departureDate?: unknown
  /** Names with commas between; all where left out. */
  airlines?: unknown
}

/** Asks every airline at once and merges what they answer; one that fails is left out and named. */
export async function answerTo(query: HandQuery, searches: Record<string, HandSearch>) {
  const { origin, destination, departureDate, airlines } = query
  const slice: SliceQuery = {
    origin: String(origin),
    destination: String(destination),
    departureDate: String(departureDate),
    cabin: 'economy',
    passengers: [{ id: 'p1', type: 'adult' }],
  }
  const wanted = airlines === undefined ? null : String(airlines).split(',')
  const sources: { airline: string; status: string; durationMs: number; offerCount: number }[] = []
  const answers = await Promise.all(
    Object.entries(searches)
      .filter(([airline]) => wanted?.includes(airline) ?? true)
      .map(async ([airline, search]): Promise<Offer[]> => {
        const startedAt = Date.now()
        const offers = await search(slice).catch(() => null)
        const status = offers === null ? 'error' : 'ok'
        sources.push({ airline, status, durationMs: Date.now() - startedAt, offerCount: offers?.length ?? 0 })
        return offers ?? []
      }),
  )
  const offers = merge(answers.flat(), 'INR', 50)
  const complete = sources.every(({ status }) => status === 'ok')
  // What was asked for, with all that was left out, as the gateway says it.
  const asked = {
    ...{ origin, destination, departureDate, returnDate: null, adults: 1, children: 0, infants: 0 },
    ...{
      cabin: 'economy',
      currency: 'INR',
      sort: 'price',
      maxStops: null,
      airlines: wanted,
      maxPrice: null,
      limit: 50,
    },
  }
  return { query: asked, complete, slices: [{ origin, destination, departureDate, offers, nextCursor: null }], sources }
}
