// The reference for uncached searches: the same fan-out as people write it by hand with Express 5 and axios. It asks the same
// airlines, reads, maps and merges their answers with the gateway's own functions, so that both say the same; it remembers nothing
// from one search to the next but Monsoon's token. What differs is the plumbing.
import axios from 'axios'
import express from 'express'
import { mapOffer as mapBanyan } from '../gateway/src/airlines/banyan/map.ts'
import { airShoppingRequest } from '../gateway/src/airlines/banyan/requests.ts'
import { readAirShopping } from '../gateway/src/airlines/banyan/wire.ts'
import type { SliceQuery } from '../gateway/src/airlines/connector.ts'
import { mapOffers as mapMonsoon, mapPaxCount } from '../gateway/src/airlines/monsoon/map.ts'
import { readFlightResults } from '../gateway/src/airlines/monsoon/wire.ts'
import { mapOffer as mapSaffron } from '../gateway/src/airlines/saffron/map.ts'
import { readAvailability } from '../gateway/src/airlines/saffron/wire.ts'
import { loadConfig } from '../gateway/src/config.ts'
import type { Offer } from '../gateway/src/schemas/offer.ts'
import { mergeOffers } from '../gateway/src/shopping/search/merge.ts'

const config = loadConfig()

function client(airline: string) {
  return axios.create({ baseURL: config.airlines.get(airline)?.url, responseType: 'arraybuffer', timeout: 2000 })
}

const saffron = client('saffron')
const monsoon = client('monsoon')
const banyan = client('banyan')
let token: Promise<string> | null = null

async function signIn(): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'fanfare',
    client_secret: 'fanfare-secret',
  })
  const { data } = await monsoon.post<{ access_token: string }>('/oauth/token', form, { responseType: 'json' })
  return data.access_token
}

const searches: Record<string, (slice: SliceQuery) => Promise<Offer[]>> = {
  async saffron({ origin, destination, departureDate }) {
    const body = {
      origin,
      destination,
      departureDate,
      cabin: 'ECONOMY',
      travellers: { adults: 1, children: 0, infants: 0 },
    }
    const { data } = await saffron.post<Buffer>('/v2/availability', body, { headers: { 'x-api-key': 'fanfare' } })
    return readAvailability(data).map(mapSaffron)
  },
  async monsoon(slice) {
    const { origin, destination, departureDate } = slice
    token ??= signIn()
    const body = { from: origin, to: destination, date: departureDate, pax: mapPaxCount(slice.passengers) }
    const headers = { authorization: `Bearer ${await token}` }
    const { data } = await monsoon.post<Buffer>('/api/v1/flights/search', body, { headers })
    return mapMonsoon(readFlightResults(data))
  },
  async banyan(slice) {
    const headers = { 'x-api-key': 'fanfare', 'content-type': 'application/xml' }
    const { data } = await banyan.post<Buffer>('/ndc/21.3/AirShopping', airShoppingRequest(slice), { headers })
    const answer = readAirShopping(data)
    return 'value' in answer ? answer.value.map(mapBanyan) : []
  },
}

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
    Object.entries(searches).map(async ([airline, search]) => {
      const startedAt = Date.now()
      const offers = await search(slice).catch(() => null)
      const status = offers === null ? 'error' : 'ok'
      sources.push({ airline, status, durationMs: Date.now() - startedAt, offerCount: offers?.length ?? 0 })
      return offers ?? []
    }),
  )
  const { offers } = mergeOffers(answers.flat(), {
    currency: 'INR',
    sort: 'price',
    maxStops: null,
    maxPrice: null,
    limit: 50,
    after: null,
    now: Date.now(),
  })
  const complete = sources.every(({ status }) => status === 'ok')
  response.json({ complete, slices: [{ origin, destination, departureDate, offers, nextCursor: null }], sources })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
