import { AirlineError } from './airline-error.ts'

/** How many requests an airline says that it allows. */
export interface PublishedRate {
  /** In the long run; above 0. */
  perSecond: number
  /** At once, after a rest; at least 1. */
  burst: number
}

/** Lets requests go to one airline no faster than it allows. */
export interface Pacer {
  /**
   * Resolves when a request may go; null: now. Throws AirlineError rate_limited, with nothing sent, at once where it could
   * not go before `endsAt`, and once the signal aborts.
   */
  enter(request: PacedRequest): Promise<void> | null
  /** What the airline said of its limit with an answer; nothing where it said nothing. */
  learn(limit: { burst: number; remaining: number } | null): void
  /** The airline asked to be left alone for so many milliseconds. */
  rest(ms: number): void
}

/** One request that wants to go. */
export interface PacedRequest {
  /** Goes before those that are not urgent. */
  isUrgent: boolean
  /** By when it must go, on the pacer's clock. */
  endsAt: number
  signal: AbortSignal
}

/** What a pacer is made from. */
export interface PacerOptions {
  airline: string
  /** null: the airline publishes no limit; it is only left alone when it asks for that. */
  published: PublishedRate | null
  /** A clock in milliseconds that never goes back. */
  now: () => number
}

interface Waiting {
  go: () => void
  refuse: (retryAfterMs: number) => void
  endsAt: number
}

/** Requests that wait at most; those of bookings have a queue of their own. */
const mostWaiting = 256

/** An airline that tells its limit with its answers, and no more with so many of them, has given it up. */
const silentAnswers = 20

/** Makes a pacer: a bucket of requests that fills as the airline's own does, corrected by what the airline tells. */
export function createPacer({ airline, published, now }: PacerOptions): Pacer {
  let rate = published
  let credit = published?.burst ?? 0
  let at = now()
  let restUntil = Number.NEGATIVE_INFINITY
  let silent = 0
  let timer: NodeJS.Timeout | null = null
  const urgent = new Set<Waiting>()
  const others = new Set<Waiting>()

  function refill() {
    const time = now()
    if (rate) credit = Math.min(rate.burst, credit + ((time - at) * rate.perSecond) / 1000)
    at = time
  }

  /** How long until a request with so many before it may go. */
  function waitMs(before: number): number {
    const missing = rate ? before + 1 - credit : 0
    const forCredit = rate && missing > 0 ? (missing / rate.perSecond) * 1000 : 0
    return Math.max(forCredit, restUntil - at, 0)
  }

  function take(): boolean {
    if (waitMs(0) > 0) return false
    if (rate) credit--
    return true
  }

  function pump() {
    if (timer) clearTimeout(timer)
    timer = null
    refill()
    for (const queue of [urgent, others]) {
      for (const one of queue) {
        if (!take()) break
        queue.delete(one)
        one.go()
      }
    }
    // A timer may fire a little early, and must not be set again for nothing.
    if (urgent.size + others.size > 0) timer = setTimeout(pump, Math.max(1, Math.ceil(waitMs(0))))
  }

  function refusal(retryAfterMs: number): AirlineError {
    const why = `${airline} allows no more requests for now, so this one was not sent`
    return new AirlineError(airline, 'rate_limited', why, { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) })
  }

  function wait(queue: Set<Waiting>, { endsAt, signal }: PacedRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(waiting)
        signal.removeEventListener('abort', giveUp)
      }
      const waiting: Waiting = {
        endsAt,
        go() {
          leave()
          resolve()
        },
        refuse(retryAfterMs) {
          leave()
          reject(refusal(retryAfterMs))
        },
      }
      const giveUp = () => {
        refill()
        waiting.refuse(waitMs(queue.size))
        pump()
      }
      queue.add(waiting)
      signal.addEventListener('abort', giveUp, { once: true })
      if (timer === null) pump()
    })
  }

  return {
    enter(request) {
      refill()
      const queue = request.isUrgent ? urgent : others
      const before = request.isUrgent ? urgent.size : urgent.size + others.size
      if (before === 0 && take()) return null
      const ms = waitMs(before)
      if (request.signal.aborted || queue.size >= mostWaiting || at + ms > request.endsAt) throw refusal(ms)
      return wait(queue, request)
    },

    learn(limit) {
      if (published === null) return
      refill()
      if (limit === null) {
        silent++
        if (silent === silentAnswers) rate = null
      } else {
        silent = 0
        if (rate === null || rate.burst !== limit.burst) {
          rate = { perSecond: (published.perSecond * limit.burst) / published.burst, burst: limit.burst }
          credit = limit.remaining
        } else credit = Math.min(credit, limit.remaining)
      }
      if (timer) pump()
    },

    rest(ms) {
      refill()
      restUntil = Math.max(restUntil, at + ms)
      credit = Math.min(credit, 0)
      for (const one of [...urgent, ...others]) if (one.endsAt < restUntil) one.refuse(restUntil - at)
      if (timer) pump()
    },
  }
}
