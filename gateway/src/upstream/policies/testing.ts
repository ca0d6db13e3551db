import { vi } from 'vitest'
import { AirlineError, type AirlineErrorKind, type AirlineErrorOptions } from '../airline-error.ts'

/** A signal that never aborts. */
export const never = new AbortController().signal

/** What an airline called alpha does to a call. */
export function failure(kind: AirlineErrorKind, options?: AirlineErrorOptions): AirlineError {
  return new AirlineError('alpha', kind, `alpha: ${kind}`, options)
}

/** Calls that were sent, each of which the test answers. */
export function createAirline() {
  const calls: { signal: AbortSignal; answer: (value: string) => void; fail: (error: Error) => void }[] = []
  return {
    calls,
    /** Ends with AirlineError timeout when its signal aborts, as a connector does. */
    send(signal: AbortSignal): Promise<string> {
      return new Promise((resolve, reject) => {
        calls.push({ signal, answer: resolve, fail: reject })
        const stop = () => reject(failure('timeout'))
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop)
      })
    },
  }
}

/** What became of a promise so far. */
export function follow<T>(promise: Promise<T>): { result: T | Error | null } {
  const followed: { result: T | Error | null } = { result: null }
  promise.then(
    (value) => {
      followed.result = value
    },
    (error: Error) => {
      followed.result = error
    },
  )
  return followed
}

/** Lets so much time pass, with all that happens in it. Wants vitest's fake timers. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}
