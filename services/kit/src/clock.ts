/** How far a clock is from real time. */
export interface ClockState {
  /** Milliseconds that it is ahead of real time; negative where it stood still for a while. */
  offsetMs: number
  /** Milliseconds since the epoch at which it stands still; null: it runs. */
  frozenAt: number | null
}

/** The one source of time: real time plus an offset that can be moved, or a moment at which it stands still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Moves the clock forward by so many milliseconds, also while it stands still. Throws RangeError for a negative or fractional number. */
  advance(ms: number): void
  /** Stands still, or runs on from where it stood. */
  freeze(frozen: boolean): void
  /** Back to real time, which may be back in time. */
  reset(): void
  state(): ClockState
  /** Takes over a state that `state` gave. */
  restore(state: ClockState): void
}

const realTime: ClockState = { offsetMs: 0, frozenAt: null }

/** A clock that starts at the real time; with `standsAt`, one to which real time itself stands still there. */
export function createClock(standsAt?: number): Clock {
  const real = () => standsAt ?? Date.now()
  let state = realTime
  const now = () => state.frozenAt ?? real() + state.offsetMs
  return {
    now,
    advance(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0)
        throw new RangeError('the clock only moves forward, by whole milliseconds')
      const { offsetMs, frozenAt } = state
      state = frozenAt === null ? { offsetMs: offsetMs + ms, frozenAt } : { offsetMs, frozenAt: frozenAt + ms }
    },
    freeze(frozen) {
      if (frozen === (state.frozenAt !== null)) return
      state = frozen ? { ...state, frozenAt: now() } : { offsetMs: now() - real(), frozenAt: null }
    },
    reset() {
      state = realTime
    },
    state: () => state,
    restore(saved) {
      state = saved
    },
  }
}
