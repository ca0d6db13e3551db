import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import type { Source } from '../../gateway/src/schemas/source.ts'
import { type Api, createApi } from '../support/api.ts'
import { parseAs } from '../support/schema-check.ts'
import { createSystem, type FaultSwitch, type Running, type RunningAirline } from '../support/system.ts'
import { daysAhead } from '../support/trip.ts'
import { until } from '../support/until.ts'

const names = registry.map(({ airline: { name } }) => name)
/** Long enough for airlines that are well on a machine that is busy; every answer that does not come costs it. */
const deadlineMs = 1_000

/** Routes that every airline sells, and for how many days each is asked for. */
const routes = [
  ['DEL', 'BOM'],
  ['BOM', 'DEL'],
  ['DEL', 'BLR'],
  ['BLR', 'DEL'],
]
const days = 250

/** Every way in which an answer to a call that changes nothing can go wrong, and what a source says of it. */
const faults: { kind: FaultSwitch['kind']; delayMs?: number; reasons: Source['reason'][]; problem: string }[] = [
  { kind: 'reset', reasons: ['unavailable'], problem: 'airline_unavailable' },
  { kind: 'error', reasons: ['unavailable'], problem: 'airline_unavailable' },
  { kind: 'lost_answer', reasons: ['unavailable'], problem: 'airline_unavailable' },
  { kind: 'error_after', reasons: ['unavailable'], problem: 'airline_unavailable' },
  { kind: 'truncated', reasons: ['unavailable', 'malformed'], problem: 'airline_(unavailable|error)' },
  { kind: 'timeout', reasons: ['timeout'], problem: 'airline_timeout' },
  { kind: 'late', delayMs: 4 * deadlineMs, reasons: ['timeout'], problem: 'airline_timeout' },
  { kind: 'drip', delayMs: 4 * deadlineMs, reasons: ['timeout'], problem: 'airline_timeout' },
  { kind: 'html', reasons: ['malformed'], problem: 'airline_error' },
  { kind: 'missing_key', reasons: ['malformed'], problem: 'airline_error' },
  { kind: 'wrong_type', reasons: ['malformed'], problem: 'airline_error' },
  { kind: 'rate_limited', reasons: ['rate_limited'], problem: 'airline_unavailable' },
]

const statusOf = (reason: Source['reason']) =>
  reason === 'timeout' || reason === 'rate_limited' || reason === 'circuit_open' ? reason : 'error'

const system = createSystem()
let airlines: RunningAirline[]
/** A gateway that only asks, with no policies. */
let bare: Running
let asked = 0

beforeAll(async () => {
  airlines = await Promise.all(
    names.map((name) => system.startAirline(name, { [`${name.toUpperCase()}_RATE_LIMIT`]: '0' })),
  )
  bare = await system.startGateway(airlines, { ...uncached, ...hurried, AIRLINE_POLICIES: 'off' })
})

const uncached = { SEARCH_FRESH_MS: '0', SEARCH_STALE_MS: '0' }
const hurried = { SEARCH_DEADLINE_MS: `${deadlineMs}`, ITINERARY_DEADLINE_MS: `${deadlineMs}` }

afterAll(() => system.close())

/** A question that was not asked before. */
function question(): { origin: string; destination: string; departureDate: string } {
  const [origin = '', destination = ''] = routes[Math.floor(asked / days)] ?? []
  return { origin, destination, departureDate: daysAhead(20 + (asked++ % days)) }
}

function airline(name: string): RunningAirline {
  const found = airlines.find((one) => one.name === name)
  if (!found) throw new Error(`no airline is called ${name}`)
  return found
}

/** With the airline going wrong in this way, and well again afterwards. */
async function under<T>(name: string, fault: FaultSwitch, act: () => Promise<T>): Promise<T> {
  await airline(name).setFaults([fault])
  try {
    const result = await act()
    const struck = await airline(name).struck()
    expect(struck.get(`${fault.operation}/${fault.kind}`), 'the fault never struck').toBeGreaterThan(0)
    return result
  } finally {
    await airline(name).setFaults([])
  }
}

/** The airline answers this gateway again: what it remembers of failures has passed. */
async function wellAgain(api: Api, name: string): Promise<void> {
  await until(`${name} takes part again`, async () => {
    const { complete } = await api.search({ ...question(), airlines: name })
    return complete
  })
}

async function offerOf(api: Api, name: string): Promise<string> {
  return until(`${name} has an offer`, async () => {
    const { slices } = await api.search({ ...question(), airlines: name })
    return slices[0]?.offers[0]?.id
  })
}

describe.each(names)('while %s goes wrong', (name) => {
  it.each(faults)('a search says so for $kind, and has the others whole', async ({ kind, delayMs, reasons }) => {
    const api = createApi(bare.url)
    const asked = question()
    const whole = await until('all airlines answer', async () => {
      const result = await api.search(asked)
      return result.complete && result
    })
    const partial = await under(name, { operation: 'search', kind, ...(delayMs && { delayMs }) }, () =>
      api.search(asked),
    )
    expect(partial.complete).toBe(false)
    for (const source of partial.sources) {
      if (source.airline !== name) {
        expect(source).toMatchObject({ status: 'ok', reason: null })
        continue
      }
      expect(reasons).toContain(source.reason)
      expect(source).toMatchObject({ status: statusOf(source.reason), offerCount: 0 })
      expect(source.detail).toBeTruthy()
    }
    // Without what of an id changes when airlines renew their offers, each five minutes: when it expires, and the seal on that.
    const lasting = (id: string) => id.replace(/\.[a-z0-9]+\.[a-z0-9]+$/, '')
    const offers = (of: typeof whole) =>
      of.slices
        .flatMap((slice) => slice.offers)
        .flatMap(({ id, airline: seller, price, sameFlight }) => [
          { id: lasting(id), seller, price },
          ...sameFlight.map((other) => ({ id: lasting(other.offerId), seller: other.airline, price: other.price })),
        ])
        .sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(offers(partial)).toEqual(offers(whole).filter(({ seller }) => seller !== name))
    await wellAgain(api, name)
  })

  it.each(faults)('no price is told for $kind', async ({ kind, delayMs, problem }) => {
    const api = createApi(bare.url)
    const offerId = await offerOf(api, name)
    const answer = await under(name, { operation: 'price', kind, ...(delayMs && { delayMs }) }, () =>
      api.call('GET', `/v1/itinerary?offerId=${encodeURIComponent(offerId)}`),
    )
    expect(api.problem(answer).code).toMatch(new RegExp(`^${problem}$`))
    await wellAgain(api, name)
  })

  it.each(faults)('an itinerary lacks what $kind took, and says so', async ({ kind, delayMs, reasons }) => {
    const api = createApi(bare.url)
    for (const [operation, field] of [
      ['seat_maps', 'seatMaps'],
      ['baggage', 'baggage'],
    ] as const) {
      const offerId = await offerOf(api, name)
      const itinerary = await under(name, { operation, kind, ...(delayMs && { delayMs }) }, async () => {
        const { status, body } = await api.call('GET', `/v1/itinerary?offerId=${encodeURIComponent(offerId)}`)
        expect(status, JSON.stringify(body)).toBe(200)
        return parseAs<Itinerary>('Itinerary', body)
      })
      expect(itinerary[field]).toBeNull()
      expect(itinerary.complete).toBe(false)
      const source = itinerary.sources.find((one) => one.operation === operation)
      expect(reasons).toContain(source?.reason)
      await wellAgain(api, name)
    }
  })

  const passing = faults.filter(({ kind }) =>
    ['reset', 'error', 'lost_answer', 'error_after', 'truncated'].includes(kind),
  )
  // Of extra calls a new gateway has enough for one of each.
  it('a single failure is not seen from outside', async () => {
    const calm = await system.startGateway(airlines, uncached)
    const api = createApi(calm.url)
    for (const { kind } of passing) {
      const answer = await under(name, { operation: 'search', kind, next: 1 }, () => api.search(question()))
      expect(
        answer.sources.filter(({ status }) => status !== 'ok'),
        kind,
      ).toEqual([])
      expect(answer.complete).toBe(true)
    }
    await calm.stop()
  })
})
