import { AirlineError } from '../upstream/airline-error.ts'

/** The calls of one operation that are under way at one airline. */
export interface Calls<T> {
  /**
   * Gives what the call of this key gives, starting it unless it is under way already. When `waiting` aborts first it
   * throws AirlineError timeout; the call goes on for others who wait, or in the background where there is room.
   */
  join(key: string, call: (signal: AbortSignal) => Promise<T>, waiting: AbortSignal): Promise<T>
  /** Starts the call of this key with nobody waiting, unless it is under way or there is no room. Never throws. */
  background(key: string, call: (signal: AbortSignal) => Promise<T>): void
  /** Whether one who joined now would share a call. */
  isUnderWay(key: string): boolean
  /** Whoever asks from now on gets a call that starts from now on. */
  startAfresh(): void
  /** Ends every call. */
  close(): void
}

/** What bounds the calls of one operation at one airline. */
export interface CallsOptions {
  airline: string
  /** How long one call may take, in milliseconds, however long anybody waits for it. */
  timeoutMs: number
  /** How many calls that nobody waits for may be under way; 0: a call ends with its last waiter. */
  maxBackground: number
}

interface Call<T> {
  result: Promise<T>
  waiters: number
  isBackground: boolean
  abort: () => void
}

/** Joins callers who ask for the same thing at the same time into one call. */
export function createCalls<T>({ airline, timeoutMs, maxBackground }: CallsOptions): Calls<T> {
  const underWay = new Set<Call<T>>()
  const joinable = new Map<string, Call<T>>()
  let backgroundCalls = 0

  function start(key: string, run: (signal: AbortSignal) => Promise<T>): Call<T> {
    const controller = new AbortController()
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const abort = () => {
      controller.abort()
      reject(late(airline))
    }
    const call: Call<T> = { result: promise, waiters: 0, isBackground: false, abort }
    const timer = setTimeout(abort, timeoutMs)
    const end = () => {
      clearTimeout(timer)
      underWay.delete(call)
      if (joinable.get(key) === call) joinable.delete(key)
      if (call.isBackground) backgroundCalls--
    }
    underWay.add(call)
    joinable.set(key, call)
    promise.then(end, end)
    Promise.try(run, controller.signal).then(resolve, reject)
    return call
  }

  /** False where there is no room for one more call that nobody waits for. */
  function toBackground(call: Call<T>): boolean {
    if (backgroundCalls >= maxBackground) return false
    call.isBackground = true
    backgroundCalls++
    return true
  }

  function leave(call: Call<T>, key: string) {
    call.waiters--
    if (call.waiters > 0 || call.isBackground || toBackground(call)) return
    if (joinable.get(key) === call) joinable.delete(key)
    call.abort()
  }

  return {
    join(key, run, waiting) {
      if (waiting.aborted) return Promise.reject(late(airline))
      const call = joinable.get(key) ?? start(key, run)
      call.waiters++
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          leave(call, key)
          reject(late(airline))
        }
        waiting.addEventListener('abort', giveUp, { once: true })
        const stay = () => waiting.removeEventListener('abort', giveUp)
        call.result.then(
          (value) => {
            stay()
            resolve(value)
          },
          (error) => {
            stay()
            reject(error)
          },
        )
      })
    },

    background(key, run) {
      if (joinable.has(key) || backgroundCalls >= maxBackground) return
      toBackground(start(key, run))
    },

    isUnderWay: (key) => joinable.has(key),

    startAfresh: () => joinable.clear(),

    close() {
      for (const call of underWay) call.abort()
    },
  }
}

function late(airline: string): AirlineError {
  return new AirlineError(airline, 'timeout', `${airline} did not answer in time`)
}
