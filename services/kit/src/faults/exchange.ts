import { AsyncLocalStorage } from 'node:async_hooks'
import { Refusal } from '../orders/types.ts'
import type { FaultKind } from './faults.ts'
import { isMoreTelling, type Operation } from './operations.ts'
import type { Verdict } from './simulation.ts'
import type { Subject } from './world-faults.ts'

/** What a call turned out to ask for. */
export interface Noticed {
  operation: Operation
  key: () => string
  /** Flights that it is about; null: none. */
  subject: () => Subject | null
  latencyShare: number
}

/** The request under way, as far as it has been understood. */
export interface Exchange {
  /** The kind of fault that the request itself asks for; null: none. */
  ordered: FaultKind | null
  noticed: Noticed | null
  /** Set once something that changes the airline was judged; what only reads is judged when its answer is ready. */
  verdict: Verdict | null
}

/** The request under way; set by the app for each request while a simulation is on. */
export const exchange = new AsyncLocalStorage<Exchange | null>()

/** Notices what the request under way asks for; the most telling operation stands. Does nothing outside a request. */
export function noticed(one: Noticed): void {
  const under = exchange.getStore()
  if (!under) return
  if (under.noticed === null || isMoreTelling(one.operation, under.noticed.operation)) under.noticed = one
}

/**
 * For what a dialect does without asking the airline's system: signing in, looking at a search that was begun before.
 * `key` says what is asked for in words that mean the same in every run; `latencyShare` is the share of the operation's latency that
 * this call of several takes, 1 when left out.
 */
export function notice(operation: Operation, key: string, latencyShare = 1): void {
  noticed({ operation, key: () => key, subject: () => null, latencyShare })
}

/** Does what asks the airline's system for things that the caller did not ask for: none of it is noticed. */
export function unnoticed<T>(work: () => T): T {
  return exchange.getStore() ? exchange.run(null, work) : work()
}

/** What the look gives; null where the airline says no. */
export function unlessRefused<T>(look: () => T): T | null {
  try {
    return look()
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
