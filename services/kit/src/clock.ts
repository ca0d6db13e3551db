/** The one source of time: real time plus an offset that can be moved. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Moves the clock forward by so many milliseconds. Throws RangeError for a negative or fractional number. */
  advance(ms: number): void
}

/** A clock that starts at the real time, or stands still at `frozenAt` until advanced. */
export function createClock(frozenAt?: number): Clock {
  let offset = 0
  return {
    now: () => (frozenAt ?? Date.now()) + offset,
    advance(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0)
        throw new RangeError('the clock only moves forward, by whole milliseconds')
      offset += ms
    },
  }
}
