/** How long the last calls took. */
export interface Durations {
  add(ms: number): void
  /** The quantile in milliseconds, 0 ≤ share ≤ 1; null while fewer than `atLeast` are known. */
  quantile(share: number, atLeast: number): number | null
}

/** How many of the last calls are looked at: enough for a 95th of a hundred, and few enough to follow a change soon. */
const kept = 128

/** With so many new ones the order is made anew: that keeps the cost of a call low. */
const renewedAfter = 8

/** Remembers the durations of the last calls. */
export function createDurations(): Durations {
  const ring = new Float64Array(kept)
  let count = 0
  let sorted = new Float64Array(0)
  let sortedAt = 0

  return {
    add(ms) {
      ring[count++ % kept] = ms
    },
    quantile(share, atLeast) {
      const known = Math.min(count, kept)
      if (known === 0 || known < atLeast) return null
      if (sorted.length === 0 || count - sortedAt >= renewedAfter) {
        sorted = ring.slice(0, known).sort()
        sortedAt = count
      }
      return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
    },
  }
}
