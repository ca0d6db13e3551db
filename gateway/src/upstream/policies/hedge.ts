import { AirlineError } from '../airline-error.ts'
import type { Policy } from './policy.ts'

/** What a hedge goes by. */
export interface HedgeOptions {
  /** Milliseconds after which a call counts as slow; null while nobody can tell. */
  slowAfterMs: () => number | null
  /** Room for one more call, as the function that gives it back; null where there is none. */
  room: () => (() => void) | null
  /** Whether a second call is granted. */
  grant: () => boolean
  onHedge: () => void
  /** The second call won; the first had taken so many milliseconds without an answer. */
  onWin: (firstMs: number) => void
  /** A clock that never goes back. */
  now: () => number
}

/**
 * A timer that is later than this says that this process is what is slow: the answer may have been here for as long, unread, and one
 * more call would only add to the work. It is waited for as much longer.
 */
const mostLateMs = 5

/**
 * Sends a call that is slow a second time. The first answer is taken, a refusal being one, and the other call is ended; a
 * failure is taken when neither has an answer. Only for calls that change nothing.
 */
export function createHedge({ slowAfterMs, room, grant, onHedge, onWin, now }: HedgeOptions): Policy {
  return (send, signal) => {
    const afterMs = slowAfterMs()
    if (afterMs === null) return send(signal)
    return new Promise((resolve, reject) => {
      const calls = new Set<AbortController>()
      const startedAt = now()
      let dueAt = startedAt + afterMs
      let timer = setTimeout(startSecond, afterMs)
      const stop = () => {
        for (const call of calls) call.abort(signal.reason)
      }

      function end() {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        for (const call of calls) call.abort()
        calls.clear()
      }

      function start(onAnswer: () => void, onEnd: () => void) {
        const call = new AbortController()
        calls.add(call)
        if (signal.aborted) call.abort(signal.reason)
        Promise.try(send, call.signal)
          .finally(onEnd)
          .then(
            (answer) => {
              if (!calls.delete(call)) return
              onAnswer()
              end()
              resolve(answer)
            },
            (error) => {
              if (!calls.delete(call)) return
              const isAnswer = error instanceof AirlineError && error.kind === 'rejected'
              if (isAnswer) onAnswer()
              else if (calls.size > 0) return
              end()
              reject(error)
            },
          )
      }

      function startSecond() {
        if (signal.aborted) return
        const lateMs = now() - dueAt
        if (lateMs > mostLateMs) {
          dueAt += 2 * lateMs
          timer = setTimeout(startSecond, lateMs)
          return
        }
        const leave = room()
        if (leave === null) return
        if (!grant()) return leave()
        onHedge()
        start(() => onWin(now() - startedAt), leave)
      }

      signal.addEventListener('abort', stop, { once: true })
      start(
        () => {},
        () => {},
      )
    })
  }
}
