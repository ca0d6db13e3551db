/** The only way that bookings wait, so that tests can let time pass. */
export interface Timers {
  /** Runs once after so many milliseconds, unless the function it returns is called first. */
  after(ms: number, run: () => void): () => void
}

/** Real timers that keep no process alive. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** A signal that aborts at a time, and before that when it is told to. */
export interface Deadline {
  signal: AbortSignal
  abort(reason: Error): void
  /** To be called when the signal is no longer needed. */
  end(): void
}

/** A signal that aborts after so many milliseconds, or when `outer` does. */
export function deadline(timers: Timers, ms: number, outer: AbortSignal): Deadline {
  const controller = new AbortController()
  const cancel = timers.after(ms, () => controller.abort(new Error(`no answer within ${ms} ms`)))
  const abort = () => controller.abort(outer.reason)
  if (outer.aborted) abort()
  else outer.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    end() {
      cancel()
      outer.removeEventListener('abort', abort)
    },
  }
}

/** Waits so many milliseconds; false when the signal aborted first. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const abort = () => {
      cancel()
      resolve(false)
    }
    const cancel = timers.after(ms, () => {
      signal.removeEventListener('abort', abort)
      resolve(true)
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** Waits for the promise, but no longer than the signal. Says whether it came in time; what it throws is thrown on. */
export function inTime(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(false)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise
      .then(
        () => resolve(true),
        (error) => reject(error),
      )
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
