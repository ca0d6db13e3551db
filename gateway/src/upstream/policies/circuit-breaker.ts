import { ExponentialBackoff, noJitterGenerator } from 'cockatiel'
import { AirlineError, type AirlineErrorKind } from '../airline-error.ts'
import type { BreakerState } from '../meter.ts'
import { createSlidingCounts } from '../sliding-counts.ts'
import type { Policy } from './policy.ts'

/** When a breaker opens and closes. Times are milliseconds. */
export interface BreakerFigures {
  /** The calls of so many last seconds are looked at. */
  windowSeconds: number
  /** It stays closed below so many calls, however they end. */
  minCalls: number
  /** The share of failures from which on it opens, above 0, at most 1. */
  failureShare: number
  /** After so many failures in a row it opens, however many calls succeeded before: an airline that was well a moment ago may hang now. */
  inARow: number
  /** How long it stays open the first time; it doubles each time that the airline turns out not to be back. */
  restMs: number
  mostRestMs: number
  /** How many calls go through at once while it is half open; as many good answers in a row close it. */
  probes: number
}

/** Spares an airline, and those who wait for it, the calls that would fail. */
export interface CircuitBreaker {
  /** Throws AirlineError circuit_open, with nothing sent. */
  policy: Policy
  state(): BreakerState
}

/** What a breaker is made from. */
export interface BreakerOptions extends BreakerFigures {
  airline: string
  /** What is asked, for a person to read. */
  what: string
  onChange: (state: BreakerState) => void
  /** A clock that never goes back. */
  now: () => number
}

type State = { is: 'closed' } | { is: 'open'; until: number } | { is: 'half_open'; underWay: number; succeeded: number }

/** Failures that say something of the airline; what it refused or asked us to put off was answered. */
const counted: ReadonlySet<AirlineErrorKind> = new Set(['timeout', 'unavailable', 'malformed', 'unknown_outcome'])

/** What a caller is asked to wait while others find out whether the airline is back, in milliseconds. */
const momentMs = 100

/**
 * Makes a breaker, closed. A caller who left proves nothing, nor does a call that began before the breaker last changed: a
 * hang that ends late must not be held against an airline that is back.
 */
export function createCircuitBreaker(options: BreakerOptions): CircuitBreaker {
  const { airline, what, minCalls, failureShare, inARow, restMs, mostRestMs, probes, onChange, now } = options
  const counts = createSlidingCounts(options.windowSeconds, now)
  const rests = new ExponentialBackoff({ initialDelay: restMs, maxDelay: mostRestMs, generator: noJitterGenerator })
  let rest = rests.next()
  let state: State = { is: 'closed' }
  let failedInARow = 0

  function open() {
    state = { is: 'open', until: now() + rest.duration }
    rest = rest.next(undefined)
    onChange('open')
  }

  function close() {
    counts.clear()
    failedInARow = 0
    rest = rests.next()
    state = { is: 'closed' }
    onChange('closed')
  }

  function refuse(retryAfterMs: number): AirlineError {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
    const why = `${airline} failed at this too often (${what}): it is not asked for another ${seconds} s`
    return new AirlineError(airline, 'circuit_open', why, { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) })
  }

  /** The state that a call goes out in. Throws where none may. */
  function admit(): Exclude<State, { is: 'open' }> {
    if (state.is === 'open') {
      const left = state.until - now()
      if (left > 0) throw refuse(left)
      state = { is: 'half_open', underWay: 0, succeeded: 0 }
      onChange('half_open')
    }
    if (state.is === 'half_open') {
      if (state.underWay >= probes) throw refuse(momentMs)
      state.underWay++
    }
    return state
  }

  function end(began: Exclude<State, { is: 'open' }>, result: 'good' | 'failed' | 'proves_nothing') {
    if (began.is === 'half_open') began.underWay--
    if (began !== state || result === 'proves_nothing') return
    if (began.is === 'half_open') {
      if (result === 'failed') open()
      else if (++began.succeeded >= probes) close()
      return
    }
    counts.add(result === 'failed')
    if (result === 'good') {
      failedInARow = 0
      return
    }
    failedInARow++
    const { calls, failures } = counts.totals()
    if (failedInARow >= inARow || (calls >= minCalls && failures >= failureShare * calls)) open()
  }

  return {
    async policy(send, signal) {
      const began = admit()
      try {
        const answer = await send(signal)
        end(began, 'good')
        return answer
      } catch (error) {
        end(began, signal.aborted ? 'proves_nothing' : judge(error))
        throw error
      }
    },
    state: () => (state.is === 'open' && state.until <= now() ? 'half_open' : state.is),
  }
}

/** What is no AirlineError came of an answer that a connector could not deal with. */
function judge(error: unknown): 'good' | 'failed' | 'proves_nothing' {
  if (!(error instanceof AirlineError) || counted.has(error.kind)) return 'failed'
  return error.kind === 'rejected' ? 'good' : 'proves_nothing'
}
