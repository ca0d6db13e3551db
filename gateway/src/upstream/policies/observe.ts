import { AirlineError } from '../airline-error.ts'
import type { Durations } from '../durations.ts'
import type { AirlineHealthRecord } from '../health.ts'
import type { CallOutcome, UpstreamMeter } from '../meter.ts'
import type { Operation } from '../operation.ts'
import type { Policy } from './policy.ts'

/** What watches the calls of one operation at one airline. */
export interface ObserveOptions {
  airline: string
  operation: Operation
  meter: UpstreamMeter
  health: AirlineHealthRecord
  durations: Durations
  /** Told of answers that could not be read. */
  onMalformed: (operation: Operation, error: unknown) => void
  /** A clock that never goes back. */
  now: () => number
}

/** Watches every call that is sent, and changes nothing. */
export function createObserve(options: ObserveOptions): Policy {
  const { airline, operation, meter, health, durations, onMalformed, now } = options

  function note(outcome: CallOutcome, startedAt: number, error: unknown) {
    const durationMs = now() - startedAt
    // A call that ran out of time took at least as long.
    if (outcome === 'ok' || outcome === 'timeout') durations.add(durationMs)
    if (outcome === 'malformed' || outcome === 'fault') onMalformed(operation, error)
    health.note(operation, outcome, error)
    meter.callEnded(airline, operation, outcome, durationMs)
  }

  return async (send, signal) => {
    const startedAt = now()
    meter.callStarted(airline, operation)
    try {
      const answer = await send(signal)
      note('ok', startedAt, null)
      return answer
    } catch (error) {
      note(signal.aborted ? 'abandoned' : outcomeOf(error), startedAt, error)
      throw error
    }
  }
}

/** Counts the calls that other policies did not send; it stands around them. */
export function createRefusalCount({
  airline,
  operation,
  meter,
}: Pick<ObserveOptions, 'airline' | 'operation' | 'meter'>): Policy {
  return async (send, signal) => {
    try {
      return await send(signal)
    } catch (error) {
      if (error instanceof AirlineError && (error.kind === 'circuit_open' || error.kind === 'busy')) {
        meter.refused(airline, operation, error.kind)
      }
      throw error
    }
  }
}

function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof AirlineError)) return 'fault'
  // Nothing was sent: a connector throws neither, and what stands inside this policy does not either.
  if (error.kind === 'circuit_open' || error.kind === 'busy') return 'fault'
  return error.kind
}
