import { AsyncLocalStorage } from 'node:async_hooks'
import type { Operation } from './operation.ts'

/** The call that a request over HTTP belongs to. */
export interface CallUnderWay {
  operation: Operation
  /** Its requests must be sent by then, on the policies' clock; one that cannot be fails at once. */
  sendBy: number
}

/** Known wherever a call is under way; not known to what works for several of them or none. */
export const callUnderWay = new AsyncLocalStorage<CallUnderWay>()
