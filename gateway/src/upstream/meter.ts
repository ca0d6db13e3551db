import { type BreakerState, BreakerState as BreakerStateSchema } from '../schemas/airline.ts'
import type { AirlineErrorKind } from './airline-error.ts'
import type { Operation } from './operation.ts'

/**
 * What can come of a call that was sent:
 * - ok: the answer was read
 * - a kind of AirlineError, `malformed` among them
 * - abandoned: nobody waited any more, or another call of a hedge was faster
 * - fault: something else was thrown, which is a fault of ours
 */
export const callOutcomes = [
  'ok',
  'timeout',
  'unavailable',
  'rate_limited',
  'rejected',
  'malformed',
  'unknown_outcome',
  'abandoned',
  'fault',
] as const
export type CallOutcome = (typeof callOutcomes)[number]

/** Kinds of failure in which nothing was sent. */
export const refusals = ['circuit_open', 'busy'] as const
export type Refusal = Extract<AirlineErrorKind, (typeof refusals)[number]>

/** closed: calls go through; open: none does; half_open: a few are let through to see whether the airline is back. */
export const breakerStates = BreakerStateSchema.enum
export type { BreakerState } from '../schemas/airline.ts'

/** Counts what is sent to airlines. A call is one attempt: a retry and a hedge are calls of their own. */
export interface UpstreamMeter {
  callStarted(airline: string, operation: Operation): void
  callEnded(airline: string, operation: Operation, outcome: CallOutcome, durationMs: number): void
  /** Nothing was sent. */
  refused(airline: string, operation: Operation, why: Refusal): void
  /** A call failed and is sent again; its callStarted follows. */
  retried(airline: string, operation: Operation): void
  /** A call is slow and is sent a second time; its callStarted follows. */
  hedged(airline: string, operation: Operation): void
  /** The second call was the one whose answer was taken. */
  hedgeWon(airline: string, operation: Operation): void
  /** Said of every circuit breaker once as it is made, closed, and then of every change. */
  breakerChanged(airline: string, operation: Operation, state: BreakerState): void
}

/** Counts nothing. */
export const noUpstreamMeter: UpstreamMeter = {
  callStarted() {},
  callEnded() {},
  refused() {},
  retried() {},
  hedged() {},
  hedgeWon() {},
  breakerChanged() {},
}
