/** Calls and failures of the last seconds. */
export interface SlidingCounts {
  add(failed: boolean): void
  totals(): { calls: number; failures: number }
  clear(): void
}

/** Counts second by second, the one that is running among them; `now` is a clock in milliseconds that never goes back. */
export function createSlidingCounts(seconds: number, now: () => number): SlidingCounts {
  const calls = new Array<number>(seconds).fill(0)
  const failures = new Array<number>(seconds).fill(0)
  let allCalls = 0
  let allFailures = 0
  let second = Math.floor(now() / 1000)

  function clear() {
    calls.fill(0)
    failures.fill(0)
    allCalls = 0
    allFailures = 0
  }

  /** The place of the second that is running, emptied of what was there before. */
  function place(): number {
    const current = Math.floor(now() / 1000)
    if (current - second >= seconds) clear()
    else {
      for (let passed = second + 1; passed <= current; passed++) {
        const old = passed % seconds
        allCalls -= calls[old] ?? 0
        allFailures -= failures[old] ?? 0
        calls[old] = 0
        failures[old] = 0
      }
    }
    second = current
    return current % seconds
  }

  return {
    add(failed) {
      const at = place()
      calls[at] = (calls[at] ?? 0) + 1
      allCalls++
      if (!failed) return
      failures[at] = (failures[at] ?? 0) + 1
      allFailures++
    },
    totals() {
      place()
      return { calls: allCalls, failures: allFailures }
    },
    clear,
  }
}
