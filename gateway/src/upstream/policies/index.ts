import type { BaseLogger } from 'pino'
import { createDurations, type Durations } from '../durations.ts'
import { type AirlineHealthRecord, createHealthRecord } from '../health.ts'
import { createMalformedLog } from '../malformed-log.ts'
import type { BreakerState, UpstreamMeter } from '../meter.ts'
import { type Operation, operations } from '../operation.ts'
import { type Budget, type BudgetFigures, createBudget } from './budget.ts'
import { type Bulkhead, type BulkheadFigures, createBulkhead } from './bulkhead.ts'
import { type BreakerFigures, type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts'
import { createHedge } from './hedge.ts'
import type { Lane } from './lane.ts'
import { createObserve, createRefusalCount } from './observe.ts'
import { type Policy, stack } from './policy.ts'
import { createRetry } from './retry.ts'
import { createTimeOut } from './time-out.ts'

/** What holds for an operation. */
interface OperationFigures {
  lane: Lane
  /** How long the airline has for one answer, in milliseconds. */
  timeoutMs: number
  /** How long it may wait to be sent, for a retry or for a rate limit, in milliseconds; what must wait longer fails at once. */
  patienceMs: number
  /** Whether it may be sent again, as it changes nothing. */
  isSafe: boolean
  /** Whether it is spared an airline that fails. What settles a booking is not: see docs/resilience.md. */
  hasBreaker: boolean
}

/**
 * The figures of each operation. A search may take longer than anybody waits for it, as it fills the cache, but a little
 * less than the 10 s after which it is dropped; what an itinerary asks must fail before its 5 s are over: only then is it
 * the airline that is late, and not the caller who left. A look waits to be sent no longer than makes sense before the usual
 * deadlines of 2 s and 5 s: a failure that is told at once is worth more than a deadline that passes.
 */
export const figures: Record<Operation, OperationFigures> = {
  search: { lane: 'search', timeoutMs: 9_500, patienceMs: 1_500, isSafe: true, hasBreaker: true },
  price: { lane: 'offer', timeoutMs: 4_500, patienceMs: 3_000, isSafe: true, hasBreaker: true },
  seat_maps: { lane: 'offer', timeoutMs: 4_500, patienceMs: 3_000, isSafe: true, hasBreaker: true },
  baggage: { lane: 'offer', timeoutMs: 4_500, patienceMs: 3_000, isSafe: true, hasBreaker: true },
  hold: { lane: 'booking', timeoutMs: 20_000, patienceMs: 10_000, isSafe: false, hasBreaker: true },
  purchase: { lane: 'booking', timeoutMs: 20_000, patienceMs: 10_000, isSafe: false, hasBreaker: true },
  pay: { lane: 'booking', timeoutMs: 20_000, patienceMs: 10_000, isSafe: false, hasBreaker: false },
  find_order: { lane: 'booking', timeoutMs: 10_000, patienceMs: 10_000, isSafe: true, hasBreaker: false },
  quote_cancellation: { lane: 'booking', timeoutMs: 10_000, patienceMs: 5_000, isSafe: true, hasBreaker: true },
  cancel: { lane: 'booking', timeoutMs: 20_000, patienceMs: 10_000, isSafe: false, hasBreaker: false },
}

/**
 * Calls at one airline by lane, where the airline's line of the registry says nothing else. The queues hold what can still be
 * answered in time by an airline that is well, as the bursts of a gateway with all its searches and bookings at once: who
 * waits too long leaves by the deadline.
 */
export const usualLanes: Record<Lane, BulkheadFigures> = {
  search: { atOnce: 64, waiting: 1_024 },
  offer: { atOnce: 16, waiting: 512 },
  booking: { atOnce: 16, waiting: 1_024 },
}

/** Connections that let every lane have all its calls under way at once. */
export function connectionsFor(lanes: Record<Lane, BulkheadFigures>): number {
  return Object.values(lanes).reduce((sum, { atOnce }) => sum + atOnce, 0)
}

/** At most 10 % extra calls, beyond the few there are at the start. */
const budgetFigures: BudgetFigures = { callsPerExtra: 10, initial: 10, most: 50, keptForRetries: 15 }

const retryFigures = { attempts: 4, firstBackOffMs: 20 }

/**
 * An airline that fails one call in five, which retries deal with, must not open it: with 9 of 12 that is one case in
 * 17,000, and fewer with more calls.
 */
const breakerFigures: BreakerFigures = {
  windowSeconds: 30,
  minCalls: 12,
  failureShare: 0.7,
  inARow: 12,
  restMs: 2_000,
  mostRestMs: 30_000,
  probes: 3,
}

/** A call counts as slow past this quantile of the airline's own last calls, never before `leastMs`. */
const hedgeFigures = { quantile: 0.95, minSamples: 20, leastMs: 20 }

/** The budget that all airlines of a gateway share. */
export function createSharedBudget(): Budget {
  return createBudget(budgetFigures)
}

/** What the policies of one airline are made from. */
export interface AirlinePoliciesOptions {
  airline: string
  /** off: nothing but the time-outs. */
  mode: 'on' | 'off'
  /** Places by lane. */
  lanes: Record<Lane, BulkheadFigures>
  /** Shared by all airlines. */
  budget: Budget
  /** Whether the call under way is told to go wrong: it then says nothing of the airline, and nothing is learned from it. */
  isStaged: () => boolean
  meter: UpstreamMeter
  log: Pick<BaseLogger, 'warn'>
  /** Milliseconds since the epoch: what the times in the health are told by. */
  now: () => number
  /** A clock in milliseconds that never goes back: what the policies go by. */
  monotonic: () => number
  /** From 0 to less than 1. */
  random: () => number
}

/** What stands between the gateway and one airline. */
export interface AirlinePolicies {
  policyOf(operation: Operation): Policy
  health: Pick<AirlineHealthRecord, 'read'>
  /** How many calls wait for a place. */
  waiting(lane: Lane): number
}

/** Makes the policies of one airline: each operation has its own, and they share the lanes and the budget. */
export function createAirlinePolicies(options: AirlinePoliciesOptions): AirlinePolicies {
  const { airline, mode, lanes, budget, isStaged, meter, log, now, monotonic, random } = options
  const on = mode === 'on'
  const durations = new Map<Operation, Durations>(operations.map((operation) => [operation, createDurations()]))
  const breakers = new Map<Operation, CircuitBreaker>()
  const health = createHealthRecord({
    durationsOf: (operation) => durations.get(operation) ?? null,
    breakerOf: (operation) => breakers.get(operation)?.state() ?? null,
    now,
    monotonic,
  })
  const onMalformed = createMalformedLog(airline, log, monotonic)
  const bulkheads: Record<Lane, Bulkhead> = {
    search: createBulkhead(airline, lanes.search),
    offer: createBulkhead(airline, lanes.offer),
    booking: createBulkhead(airline, lanes.booking),
  }

  function policyFor(operation: Operation): Policy {
    const { lane, timeoutMs, patienceMs, isSafe, hasBreaker } = figures[operation]
    const taken = durations.get(operation) ?? createDurations()

    function breaker(): Policy {
      const onChange = (state: BreakerState) => meter.breakerChanged(airline, operation, state)
      const made = createCircuitBreaker({ ...breakerFigures, airline, what: operation, onChange, now: monotonic })
      breakers.set(operation, made)
      onChange('closed')
      return made.policy
    }

    const retry = () =>
      createRetry({
        ...retryFigures,
        withinMs: patienceMs,
        budget,
        onRetry: () => meter.retried(airline, operation),
        now: monotonic,
        random,
      })

    const hedge = () =>
      createHedge({
        slowAfterMs: () => {
          const slow = taken.quantile(hedgeFigures.quantile, hedgeFigures.minSamples)
          return slow === null ? null : Math.max(hedgeFigures.leastMs, slow)
        },
        room: bulkheads[lane].takeFree,
        grant: budget.takeHedge,
        onHedge: () => meter.hedged(airline, operation),
        onWin: (firstMs) => {
          // Without it the slow calls, which are ended before their answer, would be missing from what is known.
          taken.add(firstMs)
          meter.hedgeWon(airline, operation)
        },
        now: monotonic,
      })

    const timeOut = createTimeOut({ operation, timeoutMs, patienceMs, now: monotonic })
    const policies: (Policy | false)[] = [
      on && createRefusalCount({ airline, operation, meter }),
      on && bulkheads[lane].policy,
      on && isSafe && retry(),
      on && hasBreaker && breaker(),
      on && isSafe && hedge(),
      createObserve({ airline, operation, meter, health, durations: taken, onMalformed, now: monotonic }),
      timeOut,
    ]
    const all = stack(policies.filter((policy) => policy !== false))
    return (send, signal) => (isStaged() ? timeOut(send, signal) : all(send, signal))
  }

  const policies = new Map(operations.map((operation) => [operation, policyFor(operation)]))
  return {
    health,
    waiting: (lane) => bulkheads[lane].waiting(),
    policyOf(operation) {
      const policy = policies.get(operation)
      if (!policy) throw new Error(`${operation} has no policy`)
      return policy
    },
  }
}
