import type { Airline } from '../schemas/airline.ts'
import type { OperationExamples } from './examples.ts'

/** Examples of the control plane, by method and path. Those that can be sent do no lasting harm: a reset undoes them. */
export function simulationExamples(
  airlines: readonly Pick<Airline, 'name'>[],
  now: number,
): Record<string, OperationExamples> {
  const names = airlines.map(({ name }) => name)
  const [first = 'example', second = first] = names
  const parameters = { 'fanfare-sim-token': 'fanfare' }
  const show = (summary: string, value: unknown) => ({ example: { summary, value } })
  const each = <T>(value: T) => ({
    complete: true,
    airlines: Object.fromEntries(names.map((name) => [name, value])),
    failed: [],
  })
  const time = { now: new Date(now).toISOString(), epochMs: now, frozen: false }
  const times = { ...time, ...each(time) }
  const fault = { operation: 'search', kind: 'timeout', share: 0.2, next: null, delayMs: 5_000 }
  const faults = each({ faults: [fault], struck: { 'search/timeout': 3 } })
  const latency = each({ search: { medianMs: 350, p99Ms: 1_225, maxMs: 2_800, slow: { share: 0.01, factor: 3 } } })
  const brownOut = { everyMs: 60_000, forMs: 15_000, factor: 4, errorShare: 0.2 }
  const statistics = { operations: { search: { requests: 12, faults: {}, latency: { totalMs: 4_310, mostMs: 902 } } } }
  const audit = { holds: true, checks: [{ invariant: 'one_owner_per_seat', holds: true, violations: [] }] }
  const scenario = {
    name: 'slow, then gone',
    steps: [
      { at: '1s', airline: first, latency: { factor: 4 }, for: '20s' },
      { at: '10s', airline: second, stop: true, for: '20s' },
    ],
  }
  const begins = { atMs: 1_000, airline: first, event: 'begins', what: 'latency × 4', error: null }
  const cut = { atMs: 10_000, airline: second, event: 'begins', what: 'stopped: every connection is cut', error: null }
  const playing = {
    status: 'playing',
    name: scenario.name,
    elapsedMs: 4_207,
    lengthMs: 30_000,
    done: [begins],
    next: cut,
  }
  const stopped = { ...playing, status: 'stopped', next: null }
  return {
    'get /_sim/clock': { parameters, responses: { 200: show('Real time', times) } },
    'post /_sim/clock': {
      parameters,
      requests: {
        hour: { summary: 'An hour passes', value: { advanceMs: 3_600_000 } },
        freeze: { summary: 'Time stands still', value: { frozen: true } },
        go: { summary: 'Time goes on', value: { frozen: false } },
      },
      responses: { 200: show('The same instant everywhere', times) },
    },
    'get /_sim/faults': { parameters, responses: { 200: show('One switch each', faults) } },
    'put /_sim/faults': {
      parameters,
      requests: {
        some: { summary: 'A fifth of the searches of one airline hang', value: { [first]: [fault] } },
        next: {
          summary: 'The next sale is made, and its answer lost',
          value: { [first]: [{ operation: 'purchase', kind: 'lost_answer', next: 1 }] },
        },
        none: { summary: 'Nothing goes wrong any more', value: { '*': [] } },
      },
      responses: { 200: show('One switch each', faults) },
    },
    'get /_sim/latency': { parameters, responses: { 200: show('Lognormal', latency) } },
    'put /_sim/latency': {
      parameters,
      requests: {
        slow: { summary: 'Searches of one airline take 1.5 s', value: { [first]: { search: { fixedMs: 1_500 } } } },
        none: { summary: 'Every airline answers at once', value: { '*': {} } },
      },
      responses: { 200: show('Lognormal', latency) },
    },
    'get /_sim/brown-out': { parameters, responses: { 200: show('Nowhere', each(null)) } },
    'put /_sim/brown-out': {
      parameters,
      requests: {
        some: {
          summary: 'Four times as slow, and a fifth fails, for 15 s in each minute',
          value: { [first]: brownOut },
        },
        none: { summary: 'Nowhere', value: { '*': null } },
      },
      responses: { 200: show('Everywhere', each(brownOut)) },
    },
    'get /_sim/profile': { parameters, responses: { 200: show('As real ones do', each('realistic')) } },
    'put /_sim/profile': {
      parameters,
      requests: {
        real: { summary: 'As real ones do', value: { '*': 'realistic' } },
        instant: { summary: 'At once and without fault', value: { '*': 'instant' } },
        chaos: { summary: 'Badly', value: { '*': 'chaos' } },
      },
      responses: { 200: show('As real ones do', each('realistic')) },
    },
    'get /_sim/statistics': { parameters, responses: { 200: show('Searches', each(statistics)) } },
    'get /_sim/audit': { parameters, responses: { 200: show('All is well', { holds: true, ...each(audit) }) } },
    'post /_sim/reset': {
      parameters,
      requests: {
        all: { summary: 'Bookings, too', value: { bookings: true } },
        airlines: { summary: 'Keep the gateway’s bookings', value: { bookings: false } },
      },
      responses: { 200: show('Real time', times) },
    },
    'get /_sim/scenario': { parameters, responses: { 200: show('Playing', playing) } },
    'put /_sim/scenario': {
      parameters,
      requests: { slow: { summary: 'One airline slows down, another is cut off', value: scenario } },
      responses: { 200: show('Playing', playing) },
    },
    'delete /_sim/scenario': { parameters, responses: { 200: show('Stopped', stopped) } },
  }
}
