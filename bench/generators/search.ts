// Closed loop through an airline's own connector: so many searches under way at once, over a list of dates in turn. For airlines
// whose requests are good once only. Counts requests, polls among them. Started as a process of its own, like closed-loop.ts; the
// figure may be bounded by this process rather than by the airline, whose CPU time per request tells.
import { buffer } from 'node:stream/consumers'
import { deserialize } from 'node:v8'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { createHttpClient, type UpstreamRequest } from '../../gateway/src/upstream/http-client.ts'
import type { SearchTask } from '../load-task.ts'
import { createAnswers } from './answers.ts'

const task: SearchTask = deserialize(await buffer(process.stdin))
const factory = airlines.find(({ airline }) => airline.name === task.airline)
if (!factory) throw new Error(`no airline ${task.airline}`)
const http = createHttpClient(task.airline, task.url)
const answers = createAnswers()
let next = 0

const counting = {
  ...http,
  async request(request: UpstreamRequest) {
    const startedAt = performance.now()
    const response = await http.request(request)
    const wrong = response.status >= 300 ? `${request.path}: ${response.status}` : null
    answers.addJudged(performance.now() - startedAt, wrong)
    return response
  },
}
const connector = factory.create({ http: counting, key: 'fanfare', secret: 'fanfare-secret', now: Date.now })

async function drive(until: number): Promise<void> {
  while (performance.now() < until) {
    const departureDate = task.dates[next++ % task.dates.length] ?? ''
    const offers = await connector.search(
      {
        origin: 'DEL',
        destination: 'BOM',
        departureDate,
        cabin: 'economy',
        passengers: [{ id: 'p1', type: 'adult' }],
      },
      AbortSignal.timeout(30_000),
    )
    if (offers.length === 0) answers.addJudged(0, `no offers on ${departureDate}`)
  }
}

const startedAt = performance.now()
await Promise.all(Array.from({ length: task.searches }, () => drive(startedAt + task.seconds * 1000)))
const seconds = (performance.now() - startedAt) / 1000
await http.close()
answers.tell(seconds)
