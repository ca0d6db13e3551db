import { FanfareError } from '../errors.ts'

/** Seconds after which a refused client may find room. */
const retryAfter = 2

/** A bound on work in progress. */
export interface Bound {
  /** How much is in progress. */
  inProgress(): number
  /** Does the work, or throws overloaded, with nothing done, where there is no room for more. */
  within<T>(work: () => Promise<T>): Promise<T>
}

/** At most so much work at once. */
export function createBound(most: number): Bound {
  let inProgress = 0
  return {
    inProgress: () => inProgress,
    async within(work) {
      if (inProgress >= most) {
        throw new FanfareError('overloaded', `${most} calls on bookings are in progress already`, { retryAfter })
      }
      inProgress++
      try {
        return await work()
      } finally {
        inProgress--
      }
    },
  }
}
