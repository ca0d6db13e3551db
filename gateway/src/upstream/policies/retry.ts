import { AirlineError } from '../airline-error.ts'
import type { Budget } from './budget.ts'
import type { Policy } from './policy.ts'

/** What a retry goes by. Times are milliseconds. */
export interface RetryOptions {
  /** Attempts in all, the first among them. */
  attempts: number
  /** Longest wait before the second attempt; it doubles with every further one. */
  firstBackOffMs: number
  /** No attempt begins later than this after the first one. */
  withinMs: number
  budget: Budget
  /** Told of each further attempt. */
  onRetry: () => void
  /** A clock that never goes back. */
  now: () => number
  /** From 0 to less than 1. */
  random: () => number
}

/**
 * Sends a call again that failed and may succeed unchanged, after a wait that is drawn anew each time (full jitter), so that
 * callers who failed together do not come back together. Not before the airline's own Retry-After; where that lies too far
 * off, or the budget grants nothing, the failure stands. Only for calls that change nothing.
 */
export function createRetry(options: RetryOptions): Policy {
  const { attempts, firstBackOffMs, withinMs, budget, onRetry, now, random } = options

  /** How long to wait before the next attempt; null: there is none. */
  function waitMs(error: unknown, attempt: number, startedAt: number): number | null {
    if (!(error instanceof AirlineError) || !error.isRetryable || attempt >= attempts) return null
    const backOffMs = random() * firstBackOffMs * 2 ** (attempt - 1)
    const wait = (error.retryAfterMs ?? 0) + backOffMs
    return now() + wait < startedAt + withinMs && budget.takeRetry() ? wait : null
  }

  return async (send, signal) => {
    const startedAt = now()
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await send(signal)
        if (attempt === 1) budget.earn()
        return answer
      } catch (error) {
        if (signal.aborted) throw error
        if (attempt === 1 && wasSent(error)) budget.earn()
        const wait = waitMs(error, attempt, startedAt)
        if (wait === null || !(await pause(wait, signal))) throw error
        onRetry()
      }
    }
  }
}

function wasSent(error: unknown): boolean {
  return !(error instanceof AirlineError && error.kind === 'circuit_open')
}

/** False once the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', stop)
      resolve(true)
    }
    const timer = setTimeout(done, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve(false)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
