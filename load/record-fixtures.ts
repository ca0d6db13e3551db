// Records the answers of a running gateway to one whole journey, cut down to a few offers and rows of seats, for the tests of
// the checks: node load/record-fixtures.ts [URL]
import { writeFileSync } from 'node:fs'
import type { Itinerary } from '../gateway/src/schemas/itinerary.ts'
import type { SearchResult } from '../gateway/src/schemas/search.ts'
import { type Call, runJourney, type Verdict } from './src/journey/journey.ts'
import type { JourneyPlan } from './src/plan/journey-plan.ts'
import { holdingAirlines } from './src/run/target.ts'

const url = process.argv[2] ?? 'http://127.0.0.1:8080'
const today = Temporal.Now.plainDateISO('UTC')

const plan: JourneyPlan = {
  index: 0,
  atMs: 0,
  question: {
    origin: 'DEL',
    destination: 'DXB',
    departureDate: `${today.add({ days: 40 })}`,
    returnDate: `${today.add({ days: 47 })}`,
    adults: 1,
    children: 1,
    infants: 1,
    cabin: 'economy',
    currency: 'INR',
  },
  looks: [
    { thinkMs: 100, picks: [0, 0] },
    { thinkMs: 200, picks: [0.5, 0.9] },
  ],
  booking: {
    thinkMs: 300,
    wantsHold: true,
    wantsSeats: true,
    wantsBags: true,
    picks: Array.from({ length: 64 }, (_, index) => (index * 0.37) % 1),
    pays: true,
    payThinkMs: 400,
    cancels: true,
    cancelThinkMs: [500, 600],
    key: 'recorded',
  },
}

/** Offers of each slice, and rows of each cabin, that are kept. */
const offersKept = 4
const rowsKept = 3

function shortened(step: Call['step'], body: unknown): unknown {
  if (step === 'search' && isSearch(body)) {
    const slices = body.slices.map((slice) => ({
      ...slice,
      offers: slice.offers
        .filter(({ airline }) => holding.has(airline))
        .slice(0, offersKept)
        .map((offer) => ({ ...offer, sameFlight: offer.sameFlight.slice(0, 2) })),
    }))
    return { ...body, slices }
  }
  if (step === 'itinerary' && isItinerary(body)) {
    const seatMaps = (body.seatMaps ?? []).map((map) => ({
      ...map,
      cabins: map.cabins.map((cabin) => ({ ...cabin, rows: cabin.rows.slice(-rowsKept) })),
    }))
    return { ...body, seatMaps }
  }
  return body
}

function isSearch(body: unknown): body is SearchResult {
  return typeof body === 'object' && body !== null && 'slices' in body
}

function isItinerary(body: unknown): body is Itinerary {
  return typeof body === 'object' && body !== null && 'seatMaps' in body
}

const holding = await holdingAirlines(url)
const verdicts: Verdict[] = []
const surroundings = { holding, keyPrefix: `record-${Date.now()}`, known: new WeakMap<object, string[]>() }
const witness = { judged: (_: string, verdict: Verdict) => verdicts.push(verdict), searched: () => {}, saw: () => {} }
const journey = runJourney(plan, surroundings, witness)
const exchanges: { step: string; status: number; body: unknown }[] = []
let next = journey.next()
while (next.done !== true) {
  const { step, method, path, body, headers } = next.value
  const response = await fetch(`${url}${path}`, {
    method,
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    body,
  })
  const answer = shortened(step, await response.json())
  exchanges.push({ step, status: response.status, body: answer })
  next = journey.next({ status: response.status, body: answer })
}
const wrong = verdicts.filter(({ kind }) => kind !== 'right')
if (wrong.length > 0) throw new Error(`not a journey to record: ${JSON.stringify(wrong)}`)
const file = new URL('src/journey/fixtures/journey.json', import.meta.url)
const lines = exchanges.map((exchange) => JSON.stringify(exchange)).join(',\n')
const holds = JSON.stringify([...holding])
writeFileSync(file, `{"plan": ${JSON.stringify(plan)},\n"holding": ${holds},\n"exchanges": [\n${lines}\n]}\n`)
console.log(`${exchanges.map(({ step, status }) => `${step} ${status}`).join(', ')} in ${file.pathname}`)
