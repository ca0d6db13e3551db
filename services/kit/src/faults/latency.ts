import { draw } from '../world/random.ts'

/** Of a share of the requests it is `factor` times as long. */
export interface SlowMode {
  /** 0 to 1. */
  share: number
  factor: number
}

/** How long an answer is kept back, in milliseconds: always the same, or lognormal by median and 99th percentile, never more than `maxMs`. */
export type Latency = ({ fixedMs: number } | { medianMs: number; p99Ms: number; maxMs: number }) & { slow?: SlowMode }

/** The 99th percentile of the standard normal distribution. */
const z99 = 2.3263478740408408

/**
 * Milliseconds, whole, that follow from the words alone: the seed, what is asked for and how often it was. `factor`
 * multiplies what is drawn; a lognormal draw stays within its maximum nevertheless.
 */
export function drawLatency(latency: Latency, words: string, factor = 1): number {
  const { slow } = latency
  const slowness = slow && draw(`${words}/slow`) < slow.share ? slow.factor : 1
  if ('fixedMs' in latency) return Math.round(latency.fixedMs * slowness * factor)
  const { medianMs, p99Ms, maxMs } = latency
  const sigma = Math.log(p99Ms / medianMs) / z99
  return Math.round(Math.min(maxMs, medianMs * Math.exp(sigma * drawNormal(words)) * slowness * factor))
}

/** Standard normal, by Box and Muller's method. */
function drawNormal(words: string): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(`${words}/radius`)))
  return radius * Math.cos(2 * Math.PI * draw(`${words}/angle`))
}
