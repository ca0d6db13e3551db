import type { GeneratorResult } from '../report/results.ts'
import type { Figures } from './meter.ts'

/** Lags that a reader could take for the server's slowness. */
const muchLagMs = 10
const fullCpu = 0.9

/**
 * How the load generator itself fared, and whether what it measured is partly its own slowness. `eventLoopP99Ms`: delay of its
 * event loop; `cpuShare`: its CPU time over time.
 */
export function generatorResult(
  { lag, latency }: Pick<Figures, 'lag' | 'latency'>,
  eventLoopP99Ms: number,
  cpuShare: number,
): GeneratorResult {
  const reasons: string[] = []
  const late = lag.p99 ?? 0
  if (late > muchLagMs && late > (latency.p99 ?? 0) / 10)
    reasons.push(`one request in a hundred was sent ${late.toFixed(0)} ms late or more`)
  if (cpuShare > fullCpu) reasons.push(`it used ${Math.round(cpuShare * 100)} % of a core`)
  return {
    lag,
    eventLoopP99Ms: Math.max(0, eventLoopP99Ms),
    cpuShare,
    starved:
      reasons.length === 0
        ? null
        : `The load generator was starved: ${reasons.join(', and ')}. Its latencies are partly its own.`,
  }
}
