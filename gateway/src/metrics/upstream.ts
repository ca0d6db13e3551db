import { Gauge, type Registry } from '@prometheus-io/client'
import { breakerStates, callOutcomes, refusals, type UpstreamMeter } from '../upstream/meter.ts'
import { operations } from '../upstream/operation.ts'
import { type Lane, lanes } from '../upstream/policies/lane.ts'
import { secondsBuckets } from './buckets.ts'
import { createCounter, createHistogram } from './series.ts'

/** Counts calls to these airlines. */
export function createUpstreamMeter(registry: Registry, airlines: readonly string[]): UpstreamMeter {
  const where = { airline: airlines, operation: operations }
  const inProgress = new Gauge({
    name: 'fanfare_airline_calls_in_progress',
    help: 'Calls to airlines that are under way',
    labelNames: ['airline'],
    registers: [registry],
  })
  for (const airline of airlines) inProgress.set({ airline }, 0)
  const seconds = createHistogram(registry, {
    name: 'fanfare_airline_call_duration_seconds',
    help: 'How long calls to airlines took, whatever came of them, in seconds',
    labels: where,
    buckets: secondsBuckets,
  })
  const ended = createCounter(registry, {
    name: 'fanfare_airline_calls_total',
    help: 'Calls to airlines by what came of them; retries and hedges are calls of their own',
    labels: { ...where, outcome: callOutcomes },
  })
  const refused = createCounter(registry, {
    name: 'fanfare_airline_calls_not_sent_total',
    help: 'Calls to airlines that were not sent: the circuit is open, or too many calls wait already',
    labels: { ...where, reason: refusals },
  })
  const retried = createCounter(registry, {
    name: 'fanfare_airline_retries_total',
    help: 'Calls to airlines that failed and were sent again',
    labels: where,
  })
  const hedged = createCounter(registry, {
    name: 'fanfare_airline_hedges_total',
    help: 'Slow calls to airlines that were sent a second time',
    labels: where,
  })
  const hedgeWon = createCounter(registry, {
    name: 'fanfare_airline_hedges_won_total',
    help: 'Second calls whose answer was the one taken',
    labels: where,
  })
  const breaker = new Gauge({
    name: 'fanfare_airline_breaker_state',
    help: 'Circuit breakers: 0 closed, 1 half open, 2 open',
    labelNames: ['airline', 'operation'],
    registers: [registry],
  })
  const opened = createCounter(registry, {
    name: 'fanfare_airline_breaker_opened_total',
    help: 'How often circuit breakers opened',
    labels: where,
  })

  return {
    callStarted: (airline) => inProgress.inc({ airline }),
    callEnded(airline, operation, outcome, durationMs) {
      inProgress.dec({ airline })
      seconds({ airline, operation }, durationMs / 1000)
      ended({ airline, operation, outcome })
    },
    refused: (airline, operation, reason) => refused({ airline, operation, reason }),
    retried: (airline, operation) => retried({ airline, operation }),
    hedged: (airline, operation) => hedged({ airline, operation }),
    hedgeWon: (airline, operation) => hedgeWon({ airline, operation }),
    breakerChanged(airline, operation, state) {
      breaker.set({ airline, operation }, breakerStates.indexOf(state))
      if (state === 'open') opened({ airline, operation })
    },
  }
}

/** A gauge of the calls that wait for a place, read when metrics are asked for. */
export function createWaitingGauge(
  registry: Registry,
  airlines: readonly string[],
  waiting: (airline: string, lane: Lane) => number,
): void {
  new Gauge({
    name: 'fanfare_airline_calls_waiting',
    help: 'Calls that wait for a place among those to their airline, by lane: search, offer (price, seats, baggage) or booking',
    labelNames: ['airline', 'lane'],
    registers: [registry],
    collect() {
      for (const airline of airlines) for (const lane of lanes) this.set({ airline, lane }, waiting(airline, lane))
    },
  })
}
