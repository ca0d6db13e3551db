/** Strings of the examples by a name of their own: dates, offer ids, whatever is good for a while only. */
export type ExampleValues = Record<string, string>

/** Examples that stay good however long the service runs. */
export interface LiveExamples {
  /** What the schemas were built with. */
  initial: ExampleValues
  /** What stands in their place by now, under the same names, for a reader who reached the service at `origin` (`http://127.0.0.1:8102`). */
  current(origin: string): ExampleValues
}

/** The API description with every string that is one of the initial examples brought up to date. */
export function refreshExamples<T>(description: T, { initial, current }: LiveExamples, origin: string): T {
  const now = current(origin)
  const fresh = new Map(Object.entries(initial).map(([name, value]) => [value, now[name] ?? value]))
  return JSON.parse(JSON.stringify(description), (_key, value: unknown) =>
    typeof value === 'string' ? (fresh.get(value) ?? value) : value,
  )
}
