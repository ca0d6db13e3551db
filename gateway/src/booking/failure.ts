import { type ErrorCode, FanfareError } from '../errors.ts'
import { AirlineError, type Rejection } from '../upstream/airline-error.ts'
import type { Failure } from './state.ts'

const rejections: Record<Rejection, ErrorCode> = {
  offer_not_found: 'offer_not_found',
  offer_expired: 'offer_expired',
  sold_out: 'sold_out',
  price_changed: 'price_changed',
  seat_taken: 'seat_taken',
  service_unavailable: 'baggage_unavailable',
  hold_lapsed: 'hold_lapsed',
  not_cancellable: 'not_cancellable',
  order_not_found: 'booking_refused',
  not_supported: 'booking_refused',
  invalid: 'booking_refused',
}

/** Seconds that a client is asked to wait where the airline gave no time of its own. */
const retryAfterSeconds = 5

/** What is said of a booking that came to nothing. */
export const nothingBooked = 'Nothing was booked; to try again, use a new Idempotency-Key.'

/** What the traveller is told of an airline's failure; `note` says what it means to the booking. */
export function failureOf(error: AirlineError, note: string): Failure {
  const detail = `${error.message}${/[.!?]$/.test(error.message) ? '' : '.'} ${note}`.trimEnd()
  switch (error.kind) {
    case 'rejected':
      return { code: rejections[error.reason ?? 'invalid'], detail }
    case 'rate_limited':
    case 'circuit_open':
    case 'busy':
    case 'unavailable': {
      const { retryAfterMs } = error
      return {
        code: 'airline_unavailable',
        detail,
        retryAfter: retryAfterMs === undefined ? retryAfterSeconds : Math.max(1, Math.ceil(retryAfterMs / 1000)),
      }
    }
    case 'malformed':
      return { code: 'airline_error', detail }
    case 'timeout':
    case 'unknown_outcome':
      return { code: 'airline_timeout', detail }
  }
}

/** The failure behind whatever was thrown while the airlines were asked for facts; nothing is booked then. */
export function failureFrom(thrown: unknown): Failure {
  if (thrown instanceof AirlineError) return failureOf(thrown, nothingBooked)
  if (!(thrown instanceof FanfareError)) {
    return { code: 'internal_error', detail: `A fault in Fanfare itself. ${nothingBooked}` }
  }
  const { errors, facts, retryAfter } = thrown.options
  return {
    code: thrown.code,
    detail: thrown.message,
    ...(errors && { errors }),
    ...(facts && { facts }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** The error that tells a stored failure, with the reference that its history can be read under. */
export function toError({ code, detail, errors, facts, retryAfter }: Failure, reference: string): FanfareError {
  return new FanfareError(code, detail, {
    facts: { reference, ...facts },
    ...(errors && { errors }),
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

/**
 * Whether an airline's failure of a call that changes something leaves it open if the change was made. A connector says
 * `rejected`, `rate_limited` and `unavailable` only of what was not done, and with `circuit_open` and `busy` nothing was
 * sent; all else is looked up.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof AirlineError)) return true
  return error.kind === 'unknown_outcome' || error.kind === 'timeout' || error.kind === 'malformed'
}
