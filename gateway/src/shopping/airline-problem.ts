import { type ErrorCode, FanfareError } from '../errors.ts'
import { AirlineError, type Rejection } from '../upstream/airline-error.ts'

const rejections: Record<Rejection, ErrorCode> = {
  offer_not_found: 'offer_not_found',
  offer_expired: 'offer_expired',
  sold_out: 'sold_out',
  price_changed: 'price_changed',
  seat_taken: 'seat_taken',
  service_unavailable: 'baggage_unavailable',
  hold_lapsed: 'hold_lapsed',
  order_not_found: 'airline_error',
  not_cancellable: 'not_cancellable',
  not_supported: 'airline_error',
  invalid: 'airline_error',
}

/** Seconds a client is asked to wait where the airline gave no time of its own. */
const retryAfterSeconds = 3

/** What a client is told of an airline's failure that leaves nothing to answer. Anything else is given back as it is. */
export function toProblem(error: unknown): unknown {
  if (!(error instanceof AirlineError)) return error
  switch (error.kind) {
    case 'rejected':
      return new FanfareError(rejections[error.reason ?? 'invalid'], error.message, { cause: error })
    case 'timeout':
      return new FanfareError('airline_timeout', error.message, { cause: error })
    case 'unavailable':
    case 'rate_limited':
      return new FanfareError('airline_unavailable', error.message, {
        retryAfter: error.retryAfterMs === undefined ? retryAfterSeconds : Math.ceil(error.retryAfterMs / 1000),
        cause: error,
      })
    case 'malformed':
    case 'unknown_outcome':
      return new FanfareError('airline_error', error.message, { cause: error })
  }
}
