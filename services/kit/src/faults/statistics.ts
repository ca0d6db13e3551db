import type { FaultKind } from './faults.ts'
import type { Operation } from './operations.ts'

/** What an airline was asked for one operation. */
export interface OperationStatistics {
  requests: number
  /** How often each kind of fault struck; those that never did are left out. */
  faults: Partial<Record<FaultKind, number>>
  /** Milliseconds that answers were kept back, in all and at most, without what faults added. */
  latency: { totalMs: number; mostMs: number }
}

/** Counts since the start or the last reset. */
export interface Statistics {
  count(operation: Operation, fault: FaultKind | null, latencyMs: number): void
  /** By operation; those that nobody asked for are left out. */
  read(): Partial<Record<Operation, OperationStatistics>>
  /** How often each fault struck, by `operation/kind`. */
  struck(): Record<string, number>
  clear(): void
}

/** Statistics in which nothing is counted yet. */
export function createStatistics(): Statistics {
  const counted = new Map<Operation, OperationStatistics>()

  return {
    count(operation, fault, latencyMs) {
      const one = counted.get(operation) ?? { requests: 0, faults: {}, latency: { totalMs: 0, mostMs: 0 } }
      counted.set(operation, one)
      one.requests++
      if (fault !== null) one.faults[fault] = (one.faults[fault] ?? 0) + 1
      one.latency.totalMs += latencyMs
      one.latency.mostMs = Math.max(one.latency.mostMs, latencyMs)
    },
    read: () => Object.fromEntries(counted),
    struck: () =>
      Object.fromEntries(
        [...counted].flatMap(([operation, { faults }]) =>
          Object.entries(faults).map(([kind, times]) => [`${operation}/${kind}`, times]),
        ),
      ),
    clear: () => counted.clear(),
  }
}
