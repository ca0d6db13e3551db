import type { SliceQuery } from '../gateway/src/airlines/connector.ts'
import { airlines } from '../gateway/src/airlines/index.ts'
import { createHttpClient, type UpstreamRequest, type UpstreamResponse } from '../gateway/src/upstream/http-client.ts'
import type { BenchRequest } from './load-task.ts'

/**
 * The availability requests that an airline's own connector sends, with the answers they get now; null: the airline takes
 * no request twice, so they cannot be sent again as they are.
 */
export async function availabilityRequests(
  name: string,
  url: string,
  dateAhead: (days: number) => string,
): Promise<BenchRequest[] | null> {
  const factory = airlines.find(({ airline }) => airline.name === name)
  if (!factory) throw new Error(`no airline ${name}`)
  const http = createHttpClient(name, url)
  const calls: { request: UpstreamRequest; response: UpstreamResponse }[] = []
  const recording = {
    ...http,
    async request(request: UpstreamRequest) {
      const response = await http.request(request)
      calls.push({ request, response })
      return response
    },
  }
  const connector = factory.create({ http: recording, key: 'fanfare', secret: 'fanfare-secret', now: Date.now })
  const requests: BenchRequest[] = []
  for (let day = 20; day < 40; day++) {
    const query: SliceQuery = {
      origin: 'DEL',
      destination: 'BOM',
      departureDate: dateAhead(day),
      cabin: 'economy',
      passengers: [{ id: 'p1', type: 'adult' }],
    }
    const offers = await connector.search(query, AbortSignal.timeout(10_000))
    const last = calls.at(-1)
    if (!last || offers.length === 0) throw new Error(`${name} has no offers to measure`)
    const { method, path, headers, body } = last.request
    const again = await http.request(last.request)
    if (again.status !== last.response.status) {
      await http.close()
      return null
    }
    requests.push({
      method: method === 'POST' ? 'POST' : 'GET',
      path,
      headers,
      body: body === undefined ? null : body.toString(),
      status: 200,
      expected: last.response.body,
    })
  }
  await http.close()
  return requests
}
