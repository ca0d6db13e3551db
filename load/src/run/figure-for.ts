import type { Objective } from '../objectives.ts'
import type { Figures } from './meter.ts'

/** What an objective is about, in its unit; null: there was nothing to measure. `achievedRate`: searches answered per second. */
export function figureFor(
  { measure, step }: Objective,
  { totals, latency, lag, steps }: Figures,
  achievedRate: number,
): number | null {
  const quantiles = step === null ? latency : steps.find((one) => one.step === step)?.latency
  switch (measure) {
    case 'errors':
      return totals.errorShare
    case 'completeness':
      return totals.completeness
    case 'cache-hits':
      return totals.cacheHitShare
    case 'rate':
      return achievedRate
    case 'lag':
      return lag.p99
    default:
      return quantiles?.[measure] ?? null
  }
}
