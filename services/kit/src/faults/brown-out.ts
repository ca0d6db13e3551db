import { draw } from '../world/random.ts'

/** An airline that is now well, now not: once in each `everyMs`, at a moment that the seed draws, it is brown for `forMs`. */
export interface BrownOut {
  /** Milliseconds of real time. */
  everyMs: number
  /** At most everyMs. */
  forMs: number
  /** Latencies are so many times as long while it is brown. */
  factor: number
  /** Share of requests that get a 500 while it is brown, 0 to 1. */
  errorShare: number
}

/** Whether it is brown so many milliseconds after it was switched on. It follows from the seed alone. */
export function isBrown({ everyMs, forMs }: BrownOut, seed: string, elapsedMs: number): boolean {
  const period = Math.floor(elapsedMs / everyMs)
  const from = draw(`${seed}/brown-out/${period}`) * (everyMs - forMs)
  const at = elapsedMs - period * everyMs
  return at >= from && at < from + forMs
}
