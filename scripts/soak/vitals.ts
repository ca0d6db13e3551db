/** What a gateway says of itself. */
export interface Vitals {
  heapBytes: number
  rssBytes: number
  /** Timers, sockets and the like that are open, by kind. */
  resources: Map<string, number>
}

/** Reads them from `/metrics`. Throws where one is missing. */
export async function readVitals(url: string): Promise<Vitals> {
  const response = await fetch(`${url}/metrics`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  const value = (name: string) => {
    const found = new RegExp(`^${name} ([\\d.e+]+)$`, 'm').exec(text)?.[1]
    if (found === undefined) throw new Error(`${url}/metrics lacks ${name}`)
    return Number(found)
  }
  const resources = [...text.matchAll(/^nodejs_active_resources\{type="(\w+)"\} (\d+)$/gm)]
  return {
    heapBytes: value('nodejs_heap_size_used_bytes'),
    rssBytes: value('process_resident_memory_bytes'),
    resources: new Map(resources.map(([, kind = '', count]) => [kind, Number(count)])),
  }
}

/**
 * By what share memory grew from the second third of the samples to the last; below 0 when it shrank. Of each third the
 * lowest sample counts, since between two collections the heap rises whatever happens. The first third is for warming up.
 */
export function growth(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3)
  const before = Math.min(...samples.slice(third, 2 * third))
  const after = Math.min(...samples.slice(2 * third))
  return after / before - 1
}
