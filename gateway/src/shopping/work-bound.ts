import { FanfareError } from '../errors.ts'

/** Bounds how much is in progress at the same time. */
export interface WorkBound {
  /** Counts one more piece of work until the function it gives is called. Throws FanfareError overloaded where there is no room. */
  begin(): () => void
  /** How much is under way. */
  inProgress(): number
}

/** What a client is asked to wait, in seconds: most work is over by then. */
const retryAfter = 1

/** Allows so many pieces of work at once. */
export function createWorkBound(most: number): WorkBound {
  let underWay = 0
  return {
    inProgress: () => underWay,
    begin() {
      if (underWay >= most) {
        throw new FanfareError('overloaded', `There are ${most} searches and itineraries in progress already`, {
          retryAfter,
        })
      }
      underWay++
      let isOver = false
      return () => {
        if (!isOver) underWay--
        isOver = true
      }
    },
  }
}
