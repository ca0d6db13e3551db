import type { BrownOut, OperationLatency } from '../schemas/simulation.ts'

/** A field that says what cannot be. */
export interface Wrong {
  /** JSON pointer. */
  path: string
  message: string
}

/** What a schema cannot say of latencies by operation; `path` is where they stand. [] when all is well. */
export function checkLatency(table: Readonly<Record<string, OperationLatency | undefined>>, path: string): Wrong[] {
  return Object.entries(table).flatMap(([operation, latency]) =>
    latency === undefined ? [] : checkOne(latency, `${path}/${operation}`),
  )
}

function checkOne({ fixedMs, medianMs, p99Ms, maxMs }: OperationLatency, path: string): Wrong[] {
  const lognormal = [medianMs, p99Ms, maxMs].filter((one) => one !== undefined)
  if (fixedMs !== undefined && lognormal.length === 0) return []
  if (fixedMs !== undefined || medianMs === undefined || p99Ms === undefined || maxMs === undefined) {
    return [{ path, message: 'must have either fixedMs, or medianMs, p99Ms and maxMs' }]
  }
  const fields = { p99Ms, maxMs }
  return Object.entries(fields).flatMap(([name, value]) =>
    value < medianMs ? [{ path: `${path}/${name}`, message: 'must not be less than medianMs' }] : [],
  )
}

/** What a schema cannot say of a brown-out; null is none. */
export function checkBrownOut(brownOut: BrownOut | null | undefined, path: string): Wrong[] {
  if (!brownOut || brownOut.forMs <= brownOut.everyMs) return []
  return [{ path: `${path}/forMs`, message: 'must not be more than everyMs' }]
}
