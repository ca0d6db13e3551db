import { type ErrorCode, FanfareError } from '../errors.ts'
import type { AirlineError, Rejection } from '../upstream/airline-error.ts'

/** Seconds to wait where the airline named no time. */
const defaultRetryAfter = 5

/** What a client is told of an airline's failure that nothing nearer could deal with. */
export function toClientError(error: AirlineError): FanfareError {
  const { message, retryAfterMs } = error
  switch (error.kind) {
    case 'timeout':
      return new FanfareError('airline_timeout', message, { cause: error })
    case 'unavailable':
    case 'rate_limited':
    case 'circuit_open':
    case 'busy': {
      const retryAfter = retryAfterMs === undefined ? defaultRetryAfter : Math.max(1, Math.ceil(retryAfterMs / 1000))
      return new FanfareError('airline_unavailable', message, { retryAfter, cause: error })
    }
    case 'malformed':
    case 'unknown_outcome':
      return new FanfareError('airline_error', message, { cause: error })
    case 'rejected':
      return new FanfareError(error.reason ? rejectionCode(error.reason) : 'airline_error', message, { cause: error })
  }
}

function rejectionCode(reason: Rejection): ErrorCode {
  switch (reason) {
    case 'offer_not_found':
    case 'offer_expired':
    case 'sold_out':
    case 'price_changed':
    case 'seat_taken':
    case 'hold_lapsed':
    case 'not_cancellable':
      return reason
    case 'service_unavailable':
      return 'baggage_unavailable'
    case 'order_not_found':
    case 'not_supported':
    case 'invalid':
      return 'booking_refused'
  }
}
