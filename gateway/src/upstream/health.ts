import type { AirlineHealth, OperationHealth } from '../schemas/airline.ts'
import type { Durations } from './durations.ts'
import type { BreakerState, CallOutcome } from './meter.ts'
import type { Operation } from './operation.ts'
import { createSlidingCounts, type SlidingCounts } from './sliding-counts.ts'

/** Calls of the last so many seconds are looked at. */
const lookedAtSeconds = 60

/** From this share of failures on an airline that answers counts as degraded. */
const degradedShare = 0.05

/** How one airline answers. */
export interface AirlineHealthRecord {
  /** A call ended; `error` is what it threw. Abandoned calls say nothing. */
  note(operation: Operation, outcome: CallOutcome, error: unknown): void
  read(): AirlineHealth
}

/** What an airline's health is read from. */
export interface AirlineHealthOptions {
  /** How long the calls of an operation took; null: nobody noted it. */
  durationsOf: (operation: Operation) => Durations | null
  /** null: the operation has no breaker. */
  breakerOf: (operation: Operation) => BreakerState | null
  /** Milliseconds since the epoch: what the times in it are told by. */
  now: () => number
  /** A clock that never goes back: what the last minute is told by. */
  monotonic: () => number
}

/** Of one operation. Times are milliseconds since the epoch; null: none yet. */
interface Kept {
  counts: SlidingCounts
  lastSuccessAt: number | null
  lastFailureAt: number | null
}

/** Begins to keep a record. A call counts as a success when the airline answered it, also where it said no. */
export function createHealthRecord(options: AirlineHealthOptions): AirlineHealthRecord {
  const { durationsOf, breakerOf, now, monotonic } = options
  const byOperation = new Map<Operation, Kept>()
  let lastSuccessAt: number | null = null
  let lastFailureAt: number | null = null
  let lastFailure: string | null = null
  let lastSucceeded = true

  function keptOf(operation: Operation): Kept {
    let kept = byOperation.get(operation)
    if (!kept) {
      kept = { counts: createSlidingCounts(lookedAtSeconds, monotonic), lastSuccessAt: null, lastFailureAt: null }
      byOperation.set(operation, kept)
    }
    return kept
  }

  function status(operations: readonly OperationHealth[]): AirlineHealth['status'] {
    if (operations.length === 0) return 'unknown'
    const asked = operations.filter(({ calls, breaker }) => calls > 0 || breaker === 'open')
    if (asked.length === 0) return lastSucceeded ? 'up' : 'down'
    if (asked.every(({ calls, failures, breaker }) => breaker === 'open' || failures === calls)) return 'down'
    const calls = asked.reduce((sum, one) => sum + one.calls, 0)
    const failures = asked.reduce((sum, one) => sum + one.failures, 0)
    const isSpared = operations.some(({ breaker }) => breaker === 'open' || breaker === 'half_open')
    return isSpared || (failures > 0 && failures >= degradedShare * calls) ? 'degraded' : 'up'
  }

  return {
    note(operation, outcome, error) {
      if (outcome === 'abandoned') return
      const kept = keptOf(operation)
      const succeeded = outcome === 'ok' || outcome === 'rejected'
      kept.counts.add(!succeeded)
      lastSucceeded = succeeded
      if (succeeded) {
        kept.lastSuccessAt = now()
        lastSuccessAt = kept.lastSuccessAt
        return
      }
      kept.lastFailureAt = now()
      lastFailureAt = kept.lastFailureAt
      lastFailure = error instanceof Error && outcome !== 'fault' ? error.message : 'its answer could not be processed'
    },
    read() {
      const operations = [...byOperation].map(([operation, kept]): OperationHealth => {
        const durations = durationsOf(operation)
        return {
          operation,
          breaker: breakerOf(operation),
          ...kept.counts.totals(),
          p50Ms: rounded(durations?.quantile(0.5, 1)),
          p95Ms: rounded(durations?.quantile(0.95, 1)),
          lastSuccessAt: told(kept.lastSuccessAt),
          lastFailureAt: told(kept.lastFailureAt),
        }
      })
      return {
        status: status(operations),
        lastSuccessAt: told(lastSuccessAt),
        lastFailureAt: told(lastFailureAt),
        lastFailure,
        operations,
      }
    },
  }
}

function told(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

function rounded(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : Math.round(ms * 10) / 10
}
