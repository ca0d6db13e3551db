import type { Static } from 'typebox'
import type { BrownOut } from '../faults/brown-out.ts'
import { canStrike, defaultDelayMs, type Fault } from '../faults/faults.ts'
import type { Latency } from '../faults/latency.ts'
import { operations } from '../faults/operations.ts'
import type { LatencyTable } from '../faults/profiles.ts'
import {
  type BrownOutBody,
  type ClockMove,
  type FaultList,
  mostAdvanceMs,
  type OperationLatency,
} from './control-schemas.ts'

/** A body that has the right shape and says what cannot be; its message names the field. */
export class ControlError extends Error {
  override name = 'ControlError'
}

/** How far a clock that shows `now` (milliseconds since the epoch) is to move, and whether it is to stand still; undefined: as it is. Throws ControlError. */
export function readMove(body: Static<typeof ClockMove>, now: number): { byMs: number; frozen: boolean | undefined } {
  const { advanceMs, now: moment, frozen } = body
  if (advanceMs !== undefined && moment !== undefined) {
    throw new ControlError('body/now and body/advanceMs both move the clock: give one of them')
  }
  if (moment === undefined) return { byMs: advanceMs ?? 0, frozen }
  const byMs = Date.parse(moment) - now
  if (!Number.isSafeInteger(byMs)) throw new ControlError('body/now is no moment of the calendar')
  if (byMs < 0) throw new ControlError(`body/now is before the present, ${new Date(now).toISOString()}`)
  if (byMs > mostAdvanceMs) throw new ControlError('body/now is more than ten years ahead')
  return { byMs, frozen }
}

/** Switches with what was left out. Throws ControlError where an operation cannot suffer the kind. */
export function readFaults(faults: Static<typeof FaultList>['faults']): Fault[] {
  return faults.map(({ operation, kind, share = 1, next = null, delayMs = defaultDelayMs }, index) => {
    if (operation !== '*' && !canStrike(kind, operation)) {
      throw new ControlError(`body/faults/${index}/kind ${kind} happens to flights, and ${operation} has none`)
    }
    return { operation, kind, share, next, delayMs }
  })
}

/** Latencies by operation. Throws ControlError where one is neither fixed nor lognormal. */
export function readLatency(latency: Record<string, Static<typeof OperationLatency> | undefined>): LatencyTable {
  const table: LatencyTable = {}
  for (const operation of [...operations, '*'] as const) {
    const given = latency[operation]
    if (given !== undefined) table[operation] = readOne(given, `body/latency/${operation}`)
  }
  return table
}

function readOne(given: Static<typeof OperationLatency>, where: string): Latency {
  const { fixedMs, medianMs, p99Ms, maxMs } = given
  const slow = given.slow && { slow: given.slow }
  if (fixedMs !== undefined && medianMs === undefined && p99Ms === undefined && maxMs === undefined) {
    return { fixedMs, ...slow }
  }
  if (fixedMs !== undefined || medianMs === undefined || p99Ms === undefined || maxMs === undefined) {
    throw new ControlError(`${where} must have either fixedMs, or medianMs, p99Ms and maxMs`)
  }
  if (p99Ms < medianMs) throw new ControlError(`${where}/p99Ms must not be less than medianMs`)
  if (maxMs < medianMs) throw new ControlError(`${where}/maxMs must not be less than medianMs`)
  return { medianMs, p99Ms, maxMs, ...slow }
}

/** A brown-out, or none. Throws ControlError where it lasts longer than from one to the next. */
export function readBrownOut(brownOut: Static<typeof BrownOutBody>['brownOut']): BrownOut | null {
  if (brownOut !== null && brownOut.forMs > brownOut.everyMs) {
    throw new ControlError('body/brownOut/forMs must not be more than everyMs')
  }
  return brownOut
}
