import { AirlineError } from '../airline-error.ts'
import type { Policy } from './policy.ts'

/** Keeps the calls of one kind at one airline to a number of places, so that they take nothing from the others. */
export interface Bulkhead {
  /** Throws AirlineError busy, with nothing sent, where all places are taken and as many wait, or once the signal aborts. */
  policy: Policy
  /** A place that is free now, as the function that gives it back; null where none is, or somebody waits for one. */
  takeFree(): (() => void) | null
  /** How many wait for a place. */
  waiting(): number
}

/** How many calls there may be. */
export interface BulkheadFigures {
  /** Under way. */
  atOnce: number
  /** Waiting for a place. */
  waiting: number
}

/** Makes a bulkhead; who waits longest gets the next place. */
export function createBulkhead(airline: string, { atOnce, waiting: mostWaiting }: BulkheadFigures): Bulkhead {
  let free = atOnce
  const waiting = new Set<() => void>()

  function leave() {
    const [next] = waiting
    if (next === undefined) {
      free++
      return
    }
    waiting.delete(next)
    next()
  }

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        waiting.delete(go)
        reject(new AirlineError(airline, 'busy', `${airline} was asked too much at once to be asked this in time`))
      }
      waiting.add(go)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  return {
    async policy(send, signal) {
      if (free > 0) free--
      else if (signal.aborted || waiting.size >= mostWaiting) {
        throw new AirlineError(airline, 'busy', `${airline} is asked as much at once as it is given`)
      } else await wait(signal)
      try {
        return await send(signal)
      } finally {
        leave()
      }
    },
    waiting: () => waiting.size,
    takeFree() {
      if (free === 0) return null
      free--
      return leave
    },
  }
}
