import { draw } from '../world/random.ts'
import type { Operation } from './operations.ts'

/**
 * How a request goes wrong.
 *
 * Nothing is done:
 * - reset: the connection is cut
 * - error: 500
 * - rate_limited: 429 with Retry-After
 * - timeout: no answer ever comes
 *
 * It is done, and the answer suffers:
 * - lost_answer: the connection is cut before it
 * - error_after: it is a 500
 * - late: it comes after `delayMs`
 * - drip: it comes bit by bit over `delayMs`
 * - truncated: the connection is cut in the middle of it
 * - html: it is an HTML page with status 200
 * - missing_key: something that every reader needs is missing
 * - wrong_type: something that every reader needs is of another type
 *
 * done_later: the connection is cut, and it is done only after `delayMs`, if it then can be.
 *
 * In the world, from then on: price_change, sold_out, seat_taken, schedule_change (see world-faults.ts).
 */
export const faultKinds = [
  'reset',
  'error',
  'rate_limited',
  'timeout',
  'lost_answer',
  'error_after',
  'late',
  'drip',
  'truncated',
  'html',
  'missing_key',
  'wrong_type',
  'done_later',
  'price_change',
  'sold_out',
  'seat_taken',
  'schedule_change',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** Kinds of which the caller learns only by what flights have become. */
export const worldKinds = ['price_change', 'sold_out', 'seat_taken', 'schedule_change'] as const satisfies FaultKind[]

/** A kind of fault that happens in the world. */
export type WorldKind = (typeof worldKinds)[number]

/** Whether a kind happens in the world, not to the request. */
export function isWorldKind(kind: FaultKind): kind is WorldKind {
  return worldKinds.some((one) => one === kind)
}

/** Milliseconds of late, drip and done_later where nobody says how long. */
export const defaultDelayMs = 5_000

/** A switch: makes requests go wrong. */
export interface Fault {
  /** `*`: every operation. */
  operation: Operation | '*'
  kind: FaultKind
  /** Share of requests that it strikes, 0 to 1. */
  share: number
  /** Strikes so many requests and no more; null: no end. */
  next: number | null
  /** For late, drip and done_later: milliseconds, real time. */
  delayMs: number
}

/** The switches of one airline. */
export interface Faults {
  list(): readonly Fault[]
  /** Replaces all switches. */
  set(faults: readonly Fault[]): void
  /**
   * The fault that strikes this request; null: none. What strikes follows from the seed, the operation, its key and how often
   * that key was tried, whatever else goes on at the same time. The first switch that strikes is the only one.
   */
  strike(operation: Operation, key: string, attempt: number): Fault | null
}

/** The switches of an airline, all off. `seed` is the world's and the airline's. */
export function createFaults(seed: string): Faults {
  let switches: Fault[] = []

  return {
    list: () => switches,
    set(faults) {
      switches = faults.map((fault) => ({ ...fault }))
    },
    strike(operation, key, attempt) {
      const fault = switches.find(
        (one) =>
          one.next !== 0 &&
          (one.operation === '*' || one.operation === operation) &&
          canStrike(one.kind, operation) &&
          draw(`${seed}/faults/${operation}/${one.kind}/${key}/${attempt}`) < one.share,
      )
      if (!fault) return null
      if (fault.next !== null) fault.next--
      return fault
    },
  }
}

/** Signing in has nothing to do with any flight. */
export function canStrike(kind: FaultKind, operation: Operation): boolean {
  return operation !== 'sign_in' || !isWorldKind(kind)
}
