import { build, type Histogram } from 'hdr-histogram-js'

/** Latencies at their usual marks, in milliseconds; null where nothing was measured. */
export interface Quantiles {
  count: number
  p50: number | null
  p90: number | null
  p95: number | null
  p99: number | null
  'p99.9': number | null
  max: number | null
}

/** Measured times. */
export interface Times {
  /** Milliseconds; less than a microsecond counts as one. */
  record(ms: number): void
  quantiles(): Quantiles
  reset(): void
}

const highestMicros = 600_000_000

/** An HDR histogram from a microsecond to ten minutes; `digits`: significant digits that are kept. */
export function createTimes(digits: 2 | 3): Times {
  const histogram: Histogram = build({
    bitBucketSize: 32,
    autoResize: true,
    highestTrackableValue: 1_000_000,
    numberOfSignificantValueDigits: digits,
    useWebAssembly: false,
  })
  const at = (percentile: number) =>
    histogram.totalCount === 0 ? null : Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / 1000
  return {
    record: (ms) => histogram.recordValue(Math.min(highestMicros, Math.max(1, Math.round(ms * 1000)))),
    quantiles: () => ({
      count: histogram.totalCount,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      'p99.9': at(99.9),
      max: at(100),
    }),
    reset: () => histogram.reset(),
  }
}

/** One column of a histogram with a logarithmic axis. */
export interface LogBin {
  fromMs: number
  toMs: number
  count: number
}

const binsPerDecade = 20

/** Counts by logarithmic bins, twenty to a power of ten. */
export function createLogBins(): { record(ms: number): void; bins(): LogBin[] } {
  const counts = new Map<number, number>()
  return {
    record(ms) {
      const index = Math.floor(Math.log10(Math.max(0.001, ms)) * binsPerDecade)
      counts.set(index, (counts.get(index) ?? 0) + 1)
    },
    bins() {
      const indexes = [...counts.keys()]
      if (indexes.length === 0) return []
      const first = Math.min(...indexes)
      return Array.from({ length: Math.max(...indexes) - first + 1 }, (_, offset) => {
        const index = first + offset
        return {
          fromMs: 10 ** (index / binsPerDecade),
          toMs: 10 ** ((index + 1) / binsPerDecade),
          count: counts.get(index) ?? 0,
        }
      })
    },
  }
}
