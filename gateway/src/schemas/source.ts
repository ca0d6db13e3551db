import { type Static, Type } from 'typebox'
import { AirlineName } from './offer.ts'
import { component, nullable, oneOf } from './ref.ts'

export const Source = component(
  'Source',
  {
    airline: AirlineName,
    operation: oneOf(['search', 'price', 'seat_maps', 'baggage'], { description: 'What was asked of the airline' }),
    status: oneOf(['ok', 'stale', 'timeout', 'error', 'rate_limited', 'circuit_open'], {
      description:
        'ok: a fresh answer; stale: an older one, being refreshed; otherwise the airline is missing, and `reason` says why',
    }),
    cache: oneOf(['miss', 'memory', 'redis'], { description: 'Where the airline’s answer came from' }),
    ageMs: Type.Integer({ minimum: 0, description: 'Age of the airline’s answer; 0 when just fetched' }),
    durationMs: Type.Integer({ minimum: 0, description: 'How long this answer waited for the airline' }),
    offerCount: Type.Integer({ minimum: 0, description: 'Offers the airline gave; 0 where the operation gives none' }),
    reason: nullable(
      oneOf(['timeout', 'unavailable', 'rate_limited', 'rejected', 'malformed', 'circuit_open', 'busy']),
      'Why the airline is missing, or why its stale answer could not be refreshed: timeout: no answer in time; unavailable: unreachable or failing; rate_limited: it asks to be left alone; rejected: it refused the question; malformed: its answer makes no sense; circuit_open: not asked, since it failed too often lately; busy: not asked, since too many calls to it are under way. null when all is well',
    ),
    detail: nullable(Type.String(), 'What went wrong, for a person to read; null when nothing did'),
  },
  'One airline’s part in an answer',
)
export type Source = Static<typeof Source>
