import type { Source } from '../schemas/source.ts'

/** One call's share in a source. */
export type SourcePart = Omit<Source, 'airline' | 'operation'>

/** From the best to the worst. */
const statuses: Source['status'][] = ['ok', 'stale', 'rate_limited', 'circuit_open', 'timeout', 'error']
/** From the nearest to the farthest. */
const caches: Source['cache'][] = ['memory', 'redis', 'miss']

/** An airline's parts of one operation as one source: the worst status, the oldest answer, the longest wait, all its offers. */
export function toSource(airline: string, operation: Source['operation'], parts: readonly SourcePart[]): Source {
  const source: Source = {
    airline,
    operation,
    status: 'ok',
    cache: 'memory',
    ageMs: 0,
    durationMs: 0,
    offerCount: 0,
    reason: null,
    detail: null,
  }
  for (const part of parts) {
    if (statuses.indexOf(part.status) > statuses.indexOf(source.status)) {
      source.status = part.status
      source.reason = part.reason
      source.detail = part.detail
    }
    if (caches.indexOf(part.cache) > caches.indexOf(source.cache)) source.cache = part.cache
    source.ageMs = Math.max(source.ageMs, part.ageMs)
    source.durationMs = Math.max(source.durationMs, part.durationMs)
    source.offerCount += part.offerCount
  }
  return source
}
