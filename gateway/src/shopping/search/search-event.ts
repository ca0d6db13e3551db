import type { SearchResult } from '../../schemas/search.ts'
import type { Source } from '../../schemas/source.ts'
import type { Answer } from '../answer/answer.ts'

/** What is told of one airline while a search is streamed; `data` is JSON. */
export interface AirlineEvent {
  event: 'offers' | 'source'
  airline: string
  data: string
}

/** The last event; `data` is JSON. */
export interface DoneEvent {
  event: 'done'
  id: string
  data: string
}

/**
 * The id of the last event. An EventSource asks again when a stream has ended and names the last id it saw: this one says
 * that it has everything.
 */
export const doneId = 'done'

/** One airline's offers for one slice: FoundOffers, `offers` being written already, with commas between. */
export function offersEvent(airline: string, slice: number, offers: string): AirlineEvent {
  return { event: 'offers', airline, data: `{"airline":"${airline}","slice":${slice},"offers":[${offers}]}` }
}

/** One airline's part, once it has said all it will say. */
export function sourceEvent(source: Source): AirlineEvent {
  return { event: 'source', airline: source.airline, data: JSON.stringify(source) }
}

/** The whole answer, as a plain call gives it. */
export function doneEvent({ entry }: Answer): DoneEvent {
  return { event: 'done', id: doneId, data: entry.body.toString() }
}

/** The events of an answer that was found whole: each airline's offers that lead a row of the list, and its part. */
export function eventsOf(result: SearchResult): AirlineEvent[] {
  return result.sources.flatMap((source) => [...leadingOffers(result, source), sourceEvent(source)])
}

/** The parts of airlines that `told` does not know of: they did not answer by the deadline. */
export function missingEvents(result: SearchResult, told: ReadonlySet<string>): AirlineEvent[] {
  return result.sources.filter(({ airline }) => !told.has(airline)).map(sourceEvent)
}

function leadingOffers({ slices }: SearchResult, { airline, status }: Source): AirlineEvent[] {
  if (status !== 'ok' && status !== 'stale') return []
  return slices.map(({ offers }, slice) => {
    const own = offers.filter((offer) => offer.airline === airline).map((offer) => JSON.stringify(offer))
    return offersEvent(airline, slice, own.join(','))
  })
}
