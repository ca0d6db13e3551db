import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** The run's own time: milliseconds since it was made. */
export interface Pace {
  now(): number
  /** Resolves at a moment, at once when it has passed, and early with false once the signal aborts. */
  until(atMs: number, signal: AbortSignal): Promise<boolean>
}

/** Timers fire up to this much late; the rest of the way is gone turn by turn. */
const timerMs = 1.5

/** Starts the clock. `isExact`: waits to the fraction of a millisecond, which costs CPU time. */
export function startPace(isExact: () => boolean): Pace {
  const startedAt = performance.now()
  const now = () => performance.now() - startedAt
  return {
    now,
    async until(atMs, signal) {
      const spare = isExact() ? timerMs : 0
      const wait = atMs - now() - spare
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {})
      while (now() < atMs && !signal.aborted) await nextTurn()
      return !signal.aborted
    },
  }
}
