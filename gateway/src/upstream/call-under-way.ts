import { AsyncLocalStorage } from 'node:async_hooks'
import type { Operation } from './operation.ts'

/** The call that a request over HTTP belongs to. */
export interface CallUnderWay {
  operation: Operation
  /** When it is given up, on the clock of performance.now(). */
  endsAt: number
}

/** Known wherever a call is under way; not known to what works for several of them or none. */
export const callUnderWay = new AsyncLocalStorage<CallUnderWay>()
