import type { AirlineHealth } from '../schemas/airline.ts'
import { AirlineError } from './airline-error.ts'
import type { HttpClient } from './http-client.ts'
import { orderedFault } from './instructions.ts'

/** How many of the last calls the status is judged by. */
const remembered = 10

/** A client that keeps a record of how its airline answers. */
export interface ObservedClient extends HttpClient {
  health(): AirlineHealth
}

/**
 * Watches every call of a client. A call counts as a success when the airline answered it, whatever it said. Calls that the
 * airline is told to fail say nothing about it and are not counted.
 */
export function observeHealth(client: HttpClient, now: () => number): ObservedClient {
  const outcomes: boolean[] = []
  let lastSuccessAt: string | null = null
  let lastFailureAt: string | null = null
  let lastFailure: string | null = null

  function note(succeeded: boolean): void {
    outcomes.push(succeeded)
    if (outcomes.length > remembered) outcomes.shift()
  }

  function status(): AirlineHealth['status'] {
    if (outcomes.length === 0) return 'unknown'
    if (outcomes.every(Boolean)) return 'up'
    return outcomes.some(Boolean) ? 'degraded' : 'down'
  }

  return {
    ...client,
    async request(request) {
      if (orderedFault(client.airline, request.changes ?? false) !== undefined) return client.request(request)
      try {
        const response = await client.request(request)
        lastSuccessAt = new Date(now()).toISOString()
        note(true)
        return response
      } catch (error) {
        lastFailureAt = new Date(now()).toISOString()
        lastFailure = error instanceof AirlineError ? error.message : 'unexpected error'
        note(false)
        throw error
      }
    },
    health: () => ({ status: status(), lastSuccessAt, lastFailureAt, lastFailure }),
  }
}
