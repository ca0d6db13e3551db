import type { BaseLogger } from 'pino'
import type { Operation } from './operation.ts'

/** At most one line for each so many milliseconds. */
const everyMs = 10_000

/**
 * Says of an airline's answers that they cannot be read, at most once in ten seconds, with how many were passed over since.
 * `now` is a clock in milliseconds that never goes back.
 */
export function createMalformedLog(
  airline: string,
  log: Pick<BaseLogger, 'warn'>,
  now: () => number,
): (operation: Operation, error: unknown) => void {
  let quietUntil = Number.NEGATIVE_INFINITY
  let passedOver = 0
  return (operation, error) => {
    if (now() < quietUntil) {
      passedOver++
      return
    }
    log.warn({ err: error, airline, operation, passedOver }, 'an answer of an airline cannot be read')
    quietUntil = now() + everyMs
    passedOver = 0
  }
}
