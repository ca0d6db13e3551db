// Closed loop through an airline's own connector: so many searches under way at once, over a list of dates in turn. For airlines
// whose requests are good once only. Counts requests, polls among them. Started as a process of its own, like load.ts; the
// figure may be bounded by this process rather than by the airline, whose CPU time per request tells.
import { text } from 'node:stream/consumers'
import { airlines } from '../gateway/src/airlines/index.ts'
import { createHttpClient, type UpstreamRequest } from '../gateway/src/upstream/http-client.ts'
import type { LoadResult, SearchTask } from './load-task.ts'

const task: SearchTask = JSON.parse(await text(process.stdin))
const factory = airlines.find(({ airline }) => airline.name === task.airline)
if (!factory) throw new Error(`no airline ${task.airline}`)
const http = createHttpClient(task.airline, task.url)
const durations: number[] = []
let wrong = 0
let next = 0

const counting = {
  ...http,
  async request(request: UpstreamRequest) {
    const startedAt = performance.now()
    const response = await http.request(request)
    durations.push(performance.now() - startedAt)
    if (response.status >= 300) wrong++
    return response
  },
}
const connector = factory.create({ http: counting, key: 'fanfare', secret: 'fanfare-secret', now: Date.now })

async function drive(until: number): Promise<void> {
  while (performance.now() < until) {
    const offers = await connector.search(
      {
        origin: 'DEL',
        destination: 'BOM',
        departureDate: task.dates[next++ % task.dates.length] ?? '',
        cabin: 'economy',
        passengers: [{ id: 'p1', type: 'adult' }],
      },
      AbortSignal.timeout(30_000),
    )
    if (offers.length === 0) wrong++
  }
}

const startedAt = performance.now()
await Promise.all(Array.from({ length: task.searches }, () => drive(startedAt + task.seconds * 1000)))
const seconds = (performance.now() - startedAt) / 1000
await http.close()
durations.sort((a, b) => a - b)
const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0
const result: LoadResult = {
  answers: durations.length,
  wrong,
  perSecond: durations.length / seconds,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
}
process.stdout.write(JSON.stringify(result))
