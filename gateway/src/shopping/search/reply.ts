import type { Source } from '../../schemas/source.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { toFailure } from '../failure.ts'
import { type SourcePart, toSource } from '../sources.ts'
import type { AirlineOffers } from './airline-offers.ts'

/** What one airline said to one slice. */
export interface Reply {
  airline: string
  /** Index of the slice among those that were asked for. */
  slice: number
  outcome: AirlineOffers
  source: SourcePart
}

/** A reply that came at `now` to what was asked at `startedAt`. */
export function toReply(airline: string, slice: number, outcome: AirlineOffers, startedAt: number, now: number): Reply {
  const source: SourcePart = {
    status: outcome.status,
    cache: outcome.offers ? outcome.cache : 'miss',
    ageMs: outcome.offers && outcome.cache !== 'miss' ? Math.max(0, now - outcome.storedAt) : 0,
    durationMs: Math.max(0, now - startedAt),
    offerCount: outcome.offers?.length ?? 0,
    reason: outcome.reason,
    detail: outcome.detail,
  }
  return { airline, slice, outcome, source }
}

/** What stands for an airline that has not answered by `now`. */
export function missingReply(airline: string, slice: number, startedAt: number, now: number): Reply {
  const late = new AirlineError(airline, 'timeout', `${airline} did not answer in time`)
  return toReply(airline, slice, toFailure(airline, late), startedAt, now)
}

/** An airline's part in a search: its replies to all slices as one. */
export function sourceOf(airline: string, replies: readonly Reply[]): Source {
  return toSource(
    airline,
    'search',
    replies.map(({ source }) => source),
  )
}
