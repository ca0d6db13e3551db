import type { Source } from '../schemas/source.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import type { Log } from './log.ts'

/** Where answers that make no sense are counted. */
export interface MalformedMeter {
  malformed(airline: string, operation: Source['operation']): void
}

/** For a gateway whose counts nobody reads. */
export const noMalformedMeter: MalformedMeter = { malformed() {} }

/** Counts what makes no sense and logs a sample of it. */
export interface MalformedWatch {
  /**
   * Gives what a connector threw as the AirlineError that it is, or malformed where it is none: nobody foresaw what the
   * airline sent.
   */
  note(airline: string, operation: Source['operation'], error: unknown): AirlineError
}

/** Between two log lines of one airline's operation, in milliseconds. */
const logEveryMs = 60_000

/** Opens a watch; `now`: real time, milliseconds since the epoch. */
export function createMalformedWatch({
  log,
  meter,
  now,
}: {
  log: Log
  meter: MalformedMeter
  now: () => number
}): MalformedWatch {
  const told = new Map<string, { at: number; since: number }>()

  function sample(airline: string, operation: Source['operation'], error: unknown) {
    const name = `${airline} ${operation}`
    const last = told.get(name)
    if (last && now() - last.at < logEveryMs) {
      last.since++
      return
    }
    log.warn({ err: error, airline, operation, unlogged: last?.since ?? 0 }, 'An airline’s answer makes no sense')
    told.set(name, { at: now(), since: 0 })
  }

  return {
    note(airline, operation, thrown) {
      const error =
        thrown instanceof AirlineError
          ? thrown
          : new AirlineError(airline, 'malformed', `The answer of ${airline} could not be processed`, { cause: thrown })
      if (error.kind === 'malformed') {
        meter.malformed(airline, operation)
        sample(airline, operation, thrown)
      }
      return error
    },
  }
}
