import type { Source } from '../schemas/source.ts'
import { AirlineError } from '../upstream/airline-error.ts'

/** Why an airline has nothing to say, as a source states it. */
export interface Failure {
  status: Exclude<Source['status'], 'ok' | 'stale'>
  /** For a person to read. */
  detail: string
}

/** Reads what a call threw; what is no AirlineError is a fault of ours, whose words are for the log alone. */
export function toFailure(airline: string, error: unknown): Failure {
  if (!(error instanceof AirlineError)) {
    return { status: 'error', detail: `The answer of ${airline} could not be processed` }
  }
  switch (error.kind) {
    case 'timeout':
    case 'rate_limited':
    case 'circuit_open':
      return { status: error.kind, detail: error.message }
    case 'unavailable':
    case 'rejected':
    case 'malformed':
    case 'unknown_outcome':
    case 'busy':
      return { status: 'error', detail: error.message }
  }
}
