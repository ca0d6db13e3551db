import { Counter, Histogram, type Registry } from '@prometheus-io/client'

/** Names and words of a metric. */
export interface Named {
  name: string
  /** What it counts or measures, and in what unit. */
  help: string
}

/** A metric and the values that each of its labels can have. */
interface Labelled<L extends string> extends Named {
  labels: Readonly<Record<L, readonly string[]>>
}

/** Every combination of the labels' values. */
function combinations(values: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  return Object.entries(values).reduce<Record<string, string>[]>(
    (found, [name, each]) => found.flatMap((labels) => each.map((value) => ({ ...labels, [name]: value }))),
    [{}],
  )
}

/** A counter whose series are all there from the beginning, so that the first increase of each is seen. */
export function createCounter<L extends string>(
  registry: Registry,
  { name, help, labels }: Labelled<L>,
): (labels: Readonly<Record<L, string>>) => void {
  const counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] })
  for (const each of combinations(labels)) counter.inc(each, 0)
  return (each) => counter.inc(each)
}

/** A histogram whose series are all there from the beginning; `buckets` and what it takes are seconds. */
export function createHistogram<L extends string>(
  registry: Registry,
  { name, help, labels, buckets }: Labelled<L> & { buckets: readonly number[] },
): (labels: Readonly<Record<L, string>>, seconds: number) => void {
  const labelNames = Object.keys(labels)
  const histogram = new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] })
  for (const each of combinations(labels)) histogram.zero(each)
  return (each, seconds) => histogram.observe(each, seconds)
}
