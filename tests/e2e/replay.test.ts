import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { createApi } from '../support/api.ts'
import { createSystem, type System } from '../support/system.ts'
import { daysAhead, planTrip } from '../support/trip.ts'

const names = airlines.map(({ airline }) => airline.name)
const simToken = 'control'

/** What differs from run to run by its nature: how long things took, and the names of requests. */
const ofTheRun = new Set(['durationMs', 'requestId', 'ageMs'])

/** A whole system of its own, and everything that it answered, in order. */
async function play(system: System, seed: string, instant: string): Promise<string[]> {
  const env = { FANFARE_SEED: seed, FANFARE_LIE_RATE: '0.03', NILGIRI_LIE_RATE: '0.03' }
  const running = await Promise.all(names.map((name) => system.startAirline(name, env)))
  // A deadline that nobody meets by a hair: what is in the answer must not depend on how busy the machine is.
  const gateway = await system.startGateway(running, {
    FANFARE_SIM_TOKEN: simToken,
    SEARCH_DEADLINE_MS: '20000',
    ITINERARY_DEADLINE_MS: '20000',
    BOOKING_DEADLINE_MS: '2000',
  })
  const api = createApi(gateway.url)
  const answers: string[] = []
  const record = async (
    what: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const answer = await api.call(method, path, { body, headers: { 'fanfare-sim-token': simToken, ...headers } })
    answers.push(
      `${what} ${answer.status} ${JSON.stringify(answer.body, (key, value) => (ofTheRun.has(key) ? undefined : value))}`,
    )
    return answer.body
  }
  const search = (what: string, query: Record<string, string>, fault?: string) =>
    record(what, 'GET', `/v1/search?${new URLSearchParams(query)}`, undefined, fault ? { 'fanfare-fault': fault } : {})

  await record('clock', 'POST', '/_sim/clock', { now: instant, frozen: true })
  const kinds = ['error', 'html', 'missing_key', 'wrong_type', 'price_change', 'sold_out', 'seat_taken']
  const faults = kinds.flatMap((kind) =>
    ['search', 'price', 'seat_maps', 'baggage'].map((operation) => ({ operation, kind, share: 0.06 })),
  )
  await record('faults', 'PUT', '/_sim/faults', { '*': faults })

  const day = { origin: 'DEL', destination: 'BOM' }
  await Promise.all(
    Array.from({ length: 6 }, (_, index) => search('', { ...day, departureDate: daysAhead(40 + index) })),
  )
  // At the same time, and so in any order; what each got is to be the same.
  answers.sort()
  await search('struck', { ...day, departureDate: daysAhead(50) }, 'banyan=error,saffron=html')

  await record('calm', 'PUT', '/_sim/faults', { '*': [] })
  for (const [index, name] of names.entries()) {
    const { slices } = await api.search({ ...day, departureDate: daysAhead(60 + index), airlines: name })
    const offer = slices[0]?.offers[0]
    if (!offer) throw new Error(`${name} offers nothing`)
    const { request } = await planTrip(api, offer)
    await record(name, 'GET', `/v1/itinerary?offerId=${encodeURIComponent(offer.id)}`)
    const fault: Record<string, string> = index % 2 === 0 ? { 'fanfare-fault': `${name}=lost_answer` } : {}
    const key = { 'idempotency-key': `replay-key-${index}` }
    await record(`${name} books`, 'POST', '/v1/bookings', request, { ...key, ...fault })
    await record(`${name} asks again`, 'POST', '/v1/bookings', request, key)
  }
  await record('bookings', 'GET', '/v1/bookings')
  for (const airline of running) {
    const orders = (await airline.orders()).map(({ locator, clientReference, status, payBy, total }) =>
      [locator, clientReference, status, payBy, total].join(' '),
    )
    answers.push(`orders of ${airline.name}: ${orders.join(', ')}`)
  }
  await record('audit', 'GET', '/_sim/audit')
  await record('struck', 'GET', '/_sim/faults')
  for (const one of [gateway, ...running]) await one.stop()
  return answers
}

describe('a seed', () => {
  const systems = [createSystem(), createSystem(), createSystem()] as const
  const instant = new Date(Date.now() + 36 * 3_600_000).toISOString()
  let once: string[]
  let again: string[]
  beforeAll(async () => {
    once = await play(systems[0], 'replayed', instant)
    again = await play(systems[1], 'replayed', instant)
  }, 180_000)
  afterAll(async () => {
    for (const system of systems) await system.close()
  })

  it('replays: the same requests at the same instant get the same answers, to the byte', () => {
    expect(again.length).toBe(once.length)
    for (const [index, answer] of once.entries()) expect(again[index]).toBe(answer)
  })

  it('was tried on what goes well and on what goes wrong', () => {
    const all = once.join('\n')
    expect(all).toMatch(/"status":"confirmed"/)
    expect(all).toMatch(/outcome_unknown/)
    expect(all).toMatch(/^struck 200 .*"complete":false/m)
    expect(once.filter((answer) => answer.startsWith(' 200') && answer.includes('"complete":false'))).not.toEqual([])
    expect(all).toMatch(/"struck":\{"[a-z_]+\/[a-z_]+":\d/)
    expect(all).toMatch(/^audit 200 \{"holds":true/m)
  })

  it('is what matters: another gives another world', async () => {
    const other = await play(systems[2], 'another', instant)
    expect(other.find((answer) => answer.startsWith(' 200'))).not.toBe(once.find((answer) => answer.startsWith(' 200')))
  }, 120_000)
})
