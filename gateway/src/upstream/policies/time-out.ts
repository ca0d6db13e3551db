import { TimeoutStrategy, timeout } from 'cockatiel'
import { callUnderWay } from '../call-under-way.ts'
import type { Operation } from '../operation.ts'
import type { Policy } from './policy.ts'

/** What a time-out goes by. */
export interface TimeOutOptions {
  operation: Operation
  /** How long the airline has for its whole answer, in milliseconds. */
  timeoutMs: number
  /** A clock that never goes back. */
  now: () => number
}

/** Aborts the signal of a call that takes too long; the connector says what that means for it. */
export function createTimeOut({ operation, timeoutMs, now }: TimeOutOptions): Policy {
  const policy = timeout(timeoutMs, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false })
  return (send, signal) =>
    callUnderWay.run({ operation, endsAt: now() + timeoutMs }, () =>
      policy.execute((_context, inTime) => send(inTime), signal),
    )
}
