// The reference for uncached searches: the same fan-out as people write it by hand with Express 5 and axios. It calls the same
// airlines, reads and merges their answers with the gateway's own mapping, and sends the same JSON; what differs is the plumbing.
import axios from 'axios'
import express from 'express'
import type { SliceQuery } from '../gateway/src/airlines/connector.ts'
import { airlines } from '../gateway/src/airlines/index.ts'
import { loadConfig } from '../gateway/src/config.ts'
import { mergeOffers } from '../gateway/src/shopping/search/merge.ts'
import type { HttpClient } from '../gateway/src/upstream/http-client.ts'

const config = loadConfig()

function axiosClient(airline: string, baseURL: string): HttpClient {
  const client = axios.create({ baseURL, responseType: 'arraybuffer', validateStatus: () => true })
  return {
    airline,
    async request({ method, path, headers, body, signal }) {
      const response = await client.request<Buffer>({ method, url: path, headers, data: body, signal })
      return { status: response.status, headers: {}, body: response.data }
    },
    async close() {},
  }
}

const connectors = airlines.map(({ airline, create }) => {
  const access = config.airlines.get(airline.name)
  if (!access) throw new Error(`${airline.name} has no address`)
  return create({ http: axiosClient(airline.name, access.url), key: access.key, secret: access.secret, now: Date.now })
})

const app = express()
app.get('/health', (_request, response) => {
  response.json({ status: 'ok' })
})
app.get('/v1/search', async (request, response) => {
  const { origin, destination, departureDate } = request.query
  const slice: SliceQuery = {
    origin: String(origin),
    destination: String(destination),
    departureDate: String(departureDate),
    cabin: 'economy',
    passengers: [{ id: 'p1', type: 'adult' }],
  }
  const sources: { airline: string; status: string; durationMs: number; offerCount: number }[] = []
  const answers = await Promise.all(
    connectors.map(async (connector) => {
      const startedAt = Date.now()
      try {
        const offers = await connector.search(slice, AbortSignal.timeout(2000))
        sources.push({
          airline: connector.airline.name,
          status: 'ok',
          durationMs: Date.now() - startedAt,
          offerCount: offers.length,
        })
        return offers
      } catch {
        sources.push({
          airline: connector.airline.name,
          status: 'error',
          durationMs: Date.now() - startedAt,
          offerCount: 0,
        })
        return []
      }
    }),
  )
  const merged = mergeOffers(answers.flat(), {
    currency: 'INR',
    sort: 'price',
    maxStops: null,
    maxPrice: null,
    limit: 50,
    after: null,
    now: Date.now(),
  })
  response.json({
    complete: sources.every(({ status }) => status === 'ok'),
    slices: [{ ...slice, offers: merged.offers, nextCursor: null }],
    sources,
  })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
