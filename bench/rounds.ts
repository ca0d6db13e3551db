import type { Measured } from './load-task.ts'
import { figure, type Table } from './results.ts'

/** Something to be measured in each round. */
export interface Run {
  name: string
  measure(): Promise<Measured>
  /** Name of the run that it is compared with; left out: the first. */
  against?: string
}

/** A run's rounds. */
export interface Rounds {
  name: string
  against: string
  measured: Measured[]
}

/**
 * Runs each in turn, round after round, after one round (or `warmUps`) that only warms up. A round in which answers differed
 * is run once more: every five minutes the airlines renew their offers, and with that every answer.
 */
export async function alternate(runs: Run[], rounds: number, warmUps = 1): Promise<Rounds[]> {
  const results = runs.map(({ name, against = runs[0]?.name ?? name }): Rounds => ({ name, against, measured: [] }))
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, { measure }] of runs.entries()) {
      const measured = await measure().catch(measure)
      if (round >= 0) results[index]?.measured.push(measured)
    }
  }
  return results
}

/** The round in the middle by answers per second. */
export function median({ name, measured }: Rounds): Measured {
  const sorted = [...measured].sort((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error(`${name} was not measured`)
  return middle
}

/** The number in the middle. */
export function middleOf(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The latency that a share of the answers did not exceed, in milliseconds; the latencies are sorted. */
export function percentile(latencies: Float64Array, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
}

/** Medians as a table, each with its ratio to what it is compared with. */
export function rateTable(title: string, results: Rounds[]): Table {
  const rates = new Map(results.map((rounds) => [rounds.name, median(rounds).perSecond]))
  return {
    title,
    columns: ['', 'per second', 'p50 ms', 'p99 ms', 'CPU µs each', 'ratio', 'to'],
    rows: results.map((rounds) => {
      const { perSecond, latencies, cpuMicros } = median(rounds)
      const ratio = perSecond / (rates.get(rounds.against) ?? Number.NaN)
      return [
        rounds.name,
        figure(perSecond),
        figure(percentile(latencies, 0.5), 2),
        figure(percentile(latencies, 0.99), 2),
        figure(cpuMicros),
        figure(ratio, 2),
        rounds.against === rounds.name ? '' : rounds.against,
      ]
    }),
  }
}
