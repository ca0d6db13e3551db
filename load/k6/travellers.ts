import { sleep } from 'k6'
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import { Counter, Rate } from 'k6/metrics'
import type { AirlineList } from '../../gateway/src/schemas/airline.ts'
import { type Call, type Reply, runJourney, type Step, type Verdict, type Witness } from '../src/journey/journey.ts'
import type { JourneyPlan } from '../src/plan/journey-plan.ts'

/** The gateway. */
const url = __ENV.FANFARE_URL || 'http://127.0.0.1:8080'
const file = __ENV.PLAN || '../../plan.ndjson'

/** What `npm run -s load -- --plan N > plan.ndjson` has written, one journey each line. Read once for all virtual users. */
const plans = new SharedArray<JourneyPlan>('journeys', () =>
  open(import.meta.resolve(file))
    .trim()
    .split('\n')
    .map(readPlan),
)

const wrongAnswers = new Counter('fanfare_wrong_answers')
const errors = new Rate('fanfare_errors')
const complete = new Rate('fanfare_complete_searches')
const cacheHits = new Rate('fanfare_cache_hits')
const refusals = new Counter('fanfare_refusals')
const bookings = new Counter('fanfare_bookings')

/** Objectives: the scripts fail where one is missed. dropped_iterations is what could not be sent in time. */
export const thresholds = {
  fanfare_wrong_answers: ['count==0'],
  fanfare_errors: ['rate<0.01'],
  fanfare_complete_searches: ['rate>0.95'],
  'http_req_duration{step:search}': ['p(50)<1000', 'p(99)<3000'],
  dropped_iterations: ['count==0'],
}

/** What every journey of a test knows. */
export interface Surroundings {
  holding: string[]
  keyPrefix: string
}

/** Asks which airlines hold; fails the test where no gateway answers. */
export function surroundings(): Surroundings {
  const response = http.get(`${url}/v1/airlines`)
  if (response.status !== 200) exec.test.abort(`${url} is no gateway of Fanfare: ${response.status} ${response.error}`)
  const { airlines }: AirlineList = JSON.parse(`${response.body}`)
  const holding = airlines.filter(({ capabilities }) => capabilities.hold).map(({ name }) => name)
  return { holding, keyPrefix: `k6-${Date.now()}` }
}

/** Lives the journey of the plan that this iteration has the number of. */
export function travel({ holding, keyPrefix }: Surroundings): void {
  const { iterationInTest } = exec.scenario
  const plan = plans[iterationInTest % plans.length]
  if (!plan) throw new Error(`${file} has no journeys`)
  const known = new WeakMap<object, string[]>()
  // A plan that is gone through again is another booking.
  const prefix = `${keyPrefix}-${Math.floor(iterationInTest / plans.length)}`
  const journey = runJourney(plan, { holding: new Set(holding), keyPrefix: prefix, known }, witness)
  let next = journey.next()
  while (next.done !== true) next = journey.next(send(next.value))
}

const witness: Witness = {
  judged(step: Step, verdict: Verdict) {
    errors.add(verdict.kind === 'failed' || verdict.kind === 'wrong', { step })
    if (verdict.kind === 'refused') refusals.add(1, { step, code: verdict.code })
    if (verdict.kind !== 'wrong') return
    wrongAnswers.add(1, { step })
    console.error(verdict.faults.slice(0, 5).join('\n'))
  },
  searched: (result) => complete.add(result.complete),
  saw: ({ history, status }) => {
    if (status !== 'pending' && history.length > 0 && history.at(-1)?.event === `booking_${status}`)
      bookings.add(1, { status })
  },
}

/** Thinks, then sends; null where no answer came. */
function send({ step, thinkMs, method, path, body, headers }: Call): Reply | null {
  if (thinkMs > 0) sleep(thinkMs / 1000)
  const response = http.request(method, `${url}${path}`, body, {
    headers: body === null ? headers : { 'content-type': 'application/json', ...headers },
    tags: { step, name: step },
    timeout: step === 'search' || step === 'itinerary' || step === 'read' ? '10s' : '40s',
  })
  if (response.status === 0) {
    errors.add(true, { step })
    return null
  }
  if (step === 'search') cacheHits.add(/;\s*hit\b/.test(response.headers['Cache-Status'] ?? ''))
  return { status: response.status, body: parse(response) }
}

function parse({ body }: RefinedResponse<'text'>): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function readPlan(line: string): JourneyPlan {
  return JSON.parse(line)
}
