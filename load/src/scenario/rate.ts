import type { Chance } from '../../../scripts/torture/chance.ts'
import type { Stage } from './schema.ts'

/** How long the stages take together, in milliseconds. */
export function durationMs(stages: readonly Stage[]): number {
  return stages.reduce((sum, { seconds }) => sum + seconds * 1000, 0)
}

/** The rate at a moment, per second; 0 before the first stage and after the last. */
export function rateAt(stages: readonly Stage[], atMs: number): number {
  let before = 0
  for (const { rate, from = rate, seconds } of stages) {
    const into = atMs - before
    if (into >= 0 && into < seconds * 1000) return from + ((rate - from) * into) / (seconds * 1000)
    before += seconds * 1000
  }
  return 0
}

/**
 * Moments of a Poisson process whose rate follows the stages, in milliseconds from the start. A process of rate one, its
 * time stretched: the n-th event is where the area under the rate reaches the n-th event of that process.
 */
export function* arrivals(stages: readonly Stage[], chance: Chance): Generator<number> {
  let area = nextGap(chance)
  let areaBefore = 0
  let secondsBefore = 0
  for (const { rate, from = rate, seconds } of stages) {
    const areaAfter = areaBefore + ((from + rate) / 2) * seconds
    while (area < areaAfter) {
      yield (secondsBefore + secondsUntil(area - areaBefore, from, (rate - from) / seconds)) * 1000
      area += nextGap(chance)
    }
    areaBefore = areaAfter
    secondsBefore += seconds
  }
}

/** Exponential, of mean 1. */
function nextGap(chance: Chance): number {
  return -Math.log(1 - chance.share())
}

/** After how many seconds the area under a rate that begins at `from` and grows by `slope` a second is this much. */
function secondsUntil(area: number, from: number, slope: number): number {
  // The root of slope/2 t² + from t = area, in the form that stays exact where the slope is 0.
  return (2 * area) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * area)))
}
