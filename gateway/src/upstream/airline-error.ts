/**
 * What can go wrong with an airline, decided once at the edge:
 * - timeout: no answer in time, and the call changes nothing at the airline
 * - unavailable: refused connection, reset before an answer to a safe call, or 5xx
 * - rate_limited: 429; the airline did nothing
 * - rejected: the airline understood and said no; `reason` says why
 * - malformed: an answer that does not read as the dialect says
 * - unknown_outcome: a call that changes something at the airline got no answer that can be read; look it up, never guess
 * - circuit_open: nothing was sent, because the airline failed at this too often of late
 * - busy: nothing was sent, because as many calls as the airline is given are under way and waiting already
 */
export type AirlineErrorKind =
  | 'timeout'
  | 'unavailable'
  | 'rate_limited'
  | 'rejected'
  | 'malformed'
  | 'unknown_outcome'
  | 'circuit_open'
  | 'busy'

/** Why an airline said no. `invalid`: the airline refused what we sent for a reason that has no name of its own here. */
export type Rejection =
  | 'offer_not_found'
  | 'offer_expired'
  | 'sold_out'
  | 'price_changed'
  | 'seat_taken'
  | 'service_unavailable'
  | 'hold_lapsed'
  | 'order_not_found'
  | 'not_cancellable'
  | 'not_supported'
  | 'invalid'

/** Details of an AirlineError. */
export interface AirlineErrorOptions {
  /** Required when kind is rejected. */
  reason?: Rejection
  /** How long to wait before the next call, in milliseconds, where the airline said so or we know. */
  retryAfterMs?: number
  cause?: unknown
}

/** The only error a connector throws for what an airline did. */
export class AirlineError extends Error {
  override name = 'AirlineError'
  readonly airline: string
  readonly kind: AirlineErrorKind
  /** Set when kind is rejected. */
  readonly reason: Rejection | undefined
  /**
   * Whether the same call may succeed if it is sent again without any change; never true of an unknown outcome, and not
   * where nothing was sent for a reason of ours that a moment later still holds.
   */
  readonly isRetryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(airline: string, kind: AirlineErrorKind, message: string, options: AirlineErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.airline = airline
    this.kind = kind
    this.reason = options.reason
    this.isRetryable = kind === 'timeout' || kind === 'unavailable' || kind === 'rate_limited'
    this.retryAfterMs = options.retryAfterMs
  }
}
