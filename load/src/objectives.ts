import { steps } from './journey/journey.ts'
import { UsageError } from './usage-error.ts'

/** Figures that an objective may bound. Latencies in milliseconds, shares from 0 to 1, rates per second. */
export const measures = {
  p50: { unit: 'ms', bound: 'most' },
  p90: { unit: 'ms', bound: 'most' },
  p95: { unit: 'ms', bound: 'most' },
  p99: { unit: 'ms', bound: 'most' },
  'p99.9': { unit: 'ms', bound: 'most' },
  max: { unit: 'ms', bound: 'most' },
  errors: { unit: '%', bound: 'most' },
  completeness: { unit: '%', bound: 'least' },
  'cache-hits': { unit: '%', bound: 'least' },
  rate: { unit: '/s', bound: 'least' },
  lag: { unit: 'ms', bound: 'most' },
} as const
export type Measure = keyof typeof measures

/** Something that a run must keep to. */
export interface Objective {
  /** As it was written. */
  text: string
  measure: Measure
  /** Of the requests of this step alone; null: of all. */
  step: string | null
  /** In milliseconds, as a share, or per second. */
  bound: number
}

/** An objective and what came of it. */
export interface Judged {
  text: string
  /** null: there was nothing to measure, which misses it. */
  got: number | null
  unit: 'ms' | '%' | '/s'
  isMet: boolean
}

const percentiles: readonly string[] = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max']
const form = /^(?:([a-z]+)\.)?([a-z0-9.-]+)=(\d+(?:\.\d+)?)(ms|s|%|\/s)?$/

/** Reads `p99=250ms`, `search.p99=0.2s`, `errors=0.1%`, `completeness=99%`, `rate=50/s`. Throws UsageError. */
export function parseObjective(text: string): Objective {
  const trouble = (why: string) => new UsageError(`The objective ${text} ${why}`)
  const [, step, name = '', number = '', suffix] = form.exec(text) ?? []
  if (!isMeasure(name)) {
    throw trouble(
      `is not like p99=250ms, errors=0.1% or search.p99=250ms; there are ${Object.keys(measures).join(', ')}`,
    )
  }
  const { unit } = measures[name]
  if (step !== undefined && !steps.some((one) => one === step))
    throw trouble(`names no step; there are ${steps.join(', ')}`)
  if (step !== undefined && !percentiles.includes(name)) throw trouble('names a step, which only p50 to max have')
  const isSeconds = unit === 'ms' && suffix === 's'
  if (suffix !== unit && !isSeconds) throw trouble(`needs its unit: ${unit === 'ms' ? 'ms or s' : unit}`)
  const scale = isSeconds ? 1000 : unit === '%' ? 0.01 : 1
  return { text, measure: name, step: step ?? null, bound: Number(number) * scale }
}

/** Holds a figure against its objective; null: there was nothing to measure. */
export function judgeObjective({ text, measure, bound }: Objective, got: number | null): Judged {
  const { unit, bound: kind } = measures[measure]
  return { text, got, unit, isMet: got !== null && (kind === 'most' ? got <= bound : got >= bound) }
}

function isMeasure(name: string): name is Measure {
  return name in measures
}
