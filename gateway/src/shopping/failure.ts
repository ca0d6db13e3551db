import type { Source } from '../schemas/source.ts'
import { AirlineError } from '../upstream/airline-error.ts'

/** Why an airline has nothing to say, as a source states it. */
export interface Failure {
  status: Exclude<Source['status'], 'ok' | 'stale'>
  reason: NonNullable<Source['reason']>
  /** For a person to read. */
  detail: string
}

/** Reads what a call threw; what is no AirlineError came of an answer that nobody foresaw, and its words are for the log alone. */
export function toFailure(airline: string, error: unknown): Failure {
  if (!(error instanceof AirlineError)) {
    return { status: 'error', reason: 'malformed', detail: `The answer of ${airline} could not be processed` }
  }
  const detail = error.message
  switch (error.kind) {
    case 'timeout':
    case 'rate_limited':
    case 'circuit_open':
      return { status: error.kind, reason: error.kind, detail }
    case 'unavailable':
    case 'unknown_outcome':
      return { status: 'error', reason: 'unavailable', detail }
    case 'rejected':
    case 'malformed':
    case 'busy':
      return { status: 'error', reason: error.kind, detail }
  }
}
