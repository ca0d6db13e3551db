import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { withSimulation } from '../faults/faulty-system.ts'
import { profileNames, profileOf } from '../faults/profiles.ts'
import { createSimulation } from '../faults/simulation.ts'
import type { OrderRequest } from '../orders/types.ts'
import { saffron } from '../world/carriers.ts'
import { type AirlineApp, buildAirlineApp } from './app.ts'

const noon = Date.UTC(2030, 0, 5, 12)
let folder: string
let system: AirlineSystem
let app: AirlineApp

/** The airline on the file, to which real time stands still at noon. */
async function open(profile: (typeof profileNames)[number] = 'instant'): Promise<void> {
  const database = join(folder, 'saffron.sqlite')
  const plain = openAirlineSystem({ carrier: saffron, seed: 'fanfare', clock: createClock(noon), database })
  system = withSimulation(plain, createSimulation({ seed: 'fanfare', airline: 'saffron', profile }))
  app = await buildAirlineApp({ system, title: 'T', description: 'D', simToken: 'token', logLevel: 'silent' })
}

async function close(): Promise<void> {
  await app.close()
  system.close()
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'control-'))
  await open()
})
afterEach(async () => {
  await close()
  rmSync(folder, { recursive: true })
})

async function call(method: 'GET' | 'PUT' | 'POST', path: string, payload?: object) {
  const headers = { 'fanfare-sim-token': 'token' }
  const answer = await app.inject({ method, url: `/_sim${path}`, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, json: answer.json() }
}

const question = {
  origin: 'DEL',
  destination: 'BOM',
  date: '2030-02-01',
  cabin: 'economy' as const,
  passengers: { adults: 1, children: 0, infants: 0 },
}
const offers = () => system.shop(question)
const cheapest = () => {
  const [offer] = offers()
  if (!offer) throw new Error('no offer')
  return offer
}

function orderFor(clientReference: string, seats: OrderRequest['seats'] = []): OrderRequest {
  const traveller = { title: 'ms', givenName: 'Asha', familyName: 'Verma', bornOn: '1990-04-12' }
  return {
    clientReference,
    offerId: cheapest().id,
    passengers: [{ id: 'p1', type: 'adult', gender: 'female', ...traveller }],
    contact: { email: 'a@example.com', phone: '+919810012345' },
    seats,
    baggage: [],
    expectedTotal: null,
    pay: false,
  }
}

describe('clock', () => {
  it('moves to a moment, stands still, and runs again', async () => {
    const later = '2030-01-06T00:00:00.000Z'
    const epochMs = Date.parse(later)
    expect((await call('POST', '/clock', { now: later, frozen: true })).json).toEqual({
      now: later,
      epochMs,
      frozen: true,
    })
    expect((await call('POST', '/clock', { advanceMs: 500 })).json).toMatchObject({
      epochMs: epochMs + 500,
      frozen: true,
    })
    expect((await call('POST', '/clock', { frozen: false })).json).toMatchObject({
      epochMs: epochMs + 500,
      frozen: false,
    })
    expect((await call('GET', '/clock')).json).toMatchObject({ epochMs: epochMs + 500, frozen: false })
  })

  it.each([
    [{ now: '2030-01-05T11:59:59.999Z' }, 'body/now is before the present, 2030-01-05T12:00:00.000Z'],
    [{ now: '2041-01-05T12:00:00Z' }, 'body/now is more than ten years ahead'],
    [{ now: 'tomorrow' }, 'body/now must match format "date-time"'],
    [
      { now: '2030-01-06T00:00:00Z', advanceMs: 1 },
      'body/now and body/advanceMs both move the clock: give one of them',
    ],
    [{ frozen: 'yes' }, 'body/frozen must be boolean'],
    [{ advanceMs: 1, back: true }, 'body has an unknown field back'],
    [{}, 'body must NOT have fewer than 1 properties'],
  ])('refuses %o', async (payload, error) => {
    expect(await call('POST', '/clock', payload)).toEqual({ status: 400, json: { error } })
    expect(system.clock.now()).toBe(noon)
  })

  it('is where it was after a restart: what has lapsed stays lapsed', async () => {
    const { locator, payBy } = system.order(orderFor('lapsing'))
    await call('POST', '/clock', { now: new Date(payBy ?? 0).toISOString(), frozen: true })
    expect(system.retrieve(locator).status).toBe('lapsed')
    await close()
    await open()
    expect((await call('GET', '/clock')).json).toMatchObject({ epochMs: payBy, frozen: true })
    expect(system.retrieve(locator).status).toBe('lapsed')
    await call('POST', '/clock', { frozen: false })
    await close()
    await open()
    expect((await call('GET', '/clock')).json).toMatchObject({ epochMs: payBy, frozen: false })
  })
})

describe('settings', () => {
  it('gives back what was set, with what was left out', async () => {
    const faults = [{ operation: '*', kind: 'late', share: 0.5 }]
    const { json } = await call('PUT', '/faults', { faults })
    expect(json).toEqual({ faults: [{ ...faults[0], next: null, delayMs: 5_000 }], struck: {} })
    expect((await call('GET', '/faults')).json).toEqual(json)
    const latency = {
      search: { fixedMs: 5 },
      '*': { medianMs: 100, p99Ms: 300, maxMs: 900, slow: { share: 0.1, factor: 2 } },
    }
    expect((await call('PUT', '/latency', { latency })).json).toEqual({ latency })
    expect((await call('GET', '/latency')).json).toEqual({ latency })
    const brownOut = { everyMs: 1_000, forMs: 100, factor: 2, errorShare: 0.5 }
    expect((await call('PUT', '/brown-out', { brownOut })).json).toEqual({ brownOut })
    expect((await call('PUT', '/brown-out', { brownOut: null })).json).toEqual({ brownOut: null })
  })

  it.each(profileNames)('takes the profile %s whole', async (profile) => {
    expect((await call('PUT', '/profile', { profile })).json).toEqual({ profile })
    const { latency, faults, brownOut } = profileOf(profile, 'saffron')
    expect((await call('GET', '/latency')).json).toEqual({ latency })
    expect((await call('GET', '/faults')).json).toMatchObject({ faults })
    expect((await call('GET', '/brown-out')).json).toEqual({ brownOut })
    expect((await call('GET', '/profile')).json).toEqual({ profile })
  })

  it.each([
    ['/faults', { faults: [{ operation: 'fly', kind: 'late' }] }, /body\/faults\/0\/operation must be equal to one of/],
    [
      '/faults',
      { faults: [{ operation: 'hold', kind: 'lost_request' }] },
      /body\/faults\/0\/kind must be equal to one of/,
    ],
    [
      '/faults',
      { faults: [{ operation: 'hold', kind: 'late', deed: 1 }] },
      /^body\/faults\/0 has an unknown field deed$/,
    ],
    [
      '/faults',
      { faults: [{ operation: 'sign_in', kind: 'sold_out' }] },
      /^body\/faults\/0\/kind sold_out happens to flights/,
    ],
    ['/latency', { latency: { fly: { fixedMs: 1 } } }, /^body\/latency has an unknown field fly$/],
    ['/latency', { latency: { search: { fixedMs: 1, medianMs: 1 } } }, /^body\/latency\/search must have either/],
    ['/latency', { latency: { search: {} } }, /^body\/latency\/search must have either/],
    [
      '/latency',
      { latency: { '*': { medianMs: 5, p99Ms: 4, maxMs: 9 } } },
      /^body\/latency\/\*\/p99Ms must not be less/,
    ],
    [
      '/latency',
      { latency: { '*': { medianMs: 5, p99Ms: 6, maxMs: 4 } } },
      /^body\/latency\/\*\/maxMs must not be less/,
    ],
    [
      '/brown-out',
      { brownOut: { everyMs: 1, forMs: 2, factor: 1, errorShare: 0 } },
      /^body\/brownOut\/forMs must not be more/,
    ],
    ['/profile', { profile: 'calm' }, /^body\/profile must be equal to one of/],
    ['/profile', { profile: 'chaos', hard: true }, /^body has an unknown field hard$/],
  ])('%s refuses %o', async (path, payload, error) => {
    const before = await call('GET', path)
    const { status, json } = await call('PUT', path, payload)
    expect(status).toBe(400)
    expect(json.error).toMatch(error)
    expect(await call('GET', path)).toEqual(before)
  })
})

it('counts what each operation was asked, how it was struck and kept back', async () => {
  system.simulation?.statistics.count('search', null, 7)
  system.simulation?.statistics.count('search', 'late', 3)
  expect((await call('GET', '/statistics')).json).toEqual({
    operations: { search: { requests: 2, faults: { late: 1 }, latency: { totalMs: 10, mostMs: 7 } } },
  })
})

describe('reset', () => {
  it('makes everything as it was on a fresh database', async () => {
    await call('PUT', '/profile', { profile: 'instant' })
    const answers = () =>
      JSON.stringify([offers(), system.offer(cheapest().id), [...(system.seatMaps(cheapest().id)[0]?.seats ?? [])]])
    const fresh = answers()
    const first = system.order(orderFor('one'))
    const dearest = offers().at(-1)?.journey.flights[0]?.key ?? ''
    system.changes.movePrice(
      cheapest().journey.flights.map(({ key }) => key),
      1.1,
    )
    system.changes.sellOut(dearest, 'economy')
    await call('PUT', '/faults', { faults: [{ operation: 'search', kind: 'error' }] })
    await call('PUT', '/latency', { latency: { '*': { fixedMs: 1 } } })
    await call('POST', '/clock', { advanceMs: 86_400_000, frozen: true })
    expect(answers()).not.toBe(fresh)

    const { json } = await call('POST', '/reset')
    expect(json).toEqual({ now: '2030-01-05T12:00:00.000Z', epochMs: noon, frozen: false })
    expect(answers()).toBe(fresh)
    expect((await call('GET', '/orders')).json).toEqual({ orders: [] })
    expect((await call('GET', '/faults')).json).toEqual({ faults: [], struck: {} })
    expect((await call('GET', '/latency')).json).toEqual({ latency: {} })
    expect((await call('GET', '/statistics')).json).toEqual({ operations: {} })
    expect((await call('GET', '/audit')).json).toMatchObject({ holds: true })
    expect(system.order(orderFor('one'))).toEqual(first)

    await call('POST', '/reset')
    await close()
    await open()
    expect(answers()).toBe(fresh)
    expect((await call('GET', '/clock')).json).toMatchObject({ epochMs: noon, frozen: false })
  })

  it('goes back to the profile that it was started with, and lets draws start afresh', async () => {
    await close()
    await open('chaos')
    const fate = () =>
      Array.from({ length: 300 }, () =>
        system.simulation?.judge({ operation: 'search', key: () => 'same', ordered: null, latencyShare: 1 }),
      )
    await call('PUT', '/brown-out', { brownOut: null })
    const first = fate()
    await call('PUT', '/profile', { profile: 'instant' })
    await call('POST', '/reset')
    expect((await call('GET', '/profile')).json).toEqual({ profile: 'chaos' })
    expect((await call('GET', '/brown-out')).json.brownOut).not.toBeNull()
    await call('PUT', '/brown-out', { brownOut: null })
    expect(fate()).toEqual(first)
    expect(first.some((verdict) => verdict?.fault)).toBe(true)
  })

  it('forgets what was to be done later, and tells who keeps things in memory', async () => {
    let heard = 0
    system.onReset(() => heard++)
    await call('PUT', '/faults', { faults: [{ operation: 'hold', kind: 'done_later', delayMs: 1 }] })
    const request = orderFor('later')
    expect(() => system.order(request)).toThrow('done_later')
    await call('POST', '/reset')
    expect(heard).toBe(1)
    // A timer of the same length that was set later fires later.
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(system.findByClientReference('later')).toBeNull()
  })
})

describe('what happens to flights', () => {
  const flightsOf = () => cheapest().journey.flights.map(({ key }) => key)

  it('stays after a restart, and keeps every invariant', async () => {
    const [offer, flights] = [cheapest(), flightsOf()]
    const seat = [...(system.seatMaps(offer.id)[0]?.seats ?? [])].find(([, { available }]) => available)?.[0] ?? ''
    const [flight = ''] = flights
    const owned = system.order(orderFor('owner', [{ passengerId: 'p1', flightKey: flight, designator: seat }]))
    system.changes.takeSeat(flight, seat)
    expect(system.retrieve(owned.locator).seats).toHaveLength(1)
    system.changes.movePrice(flights, 1.1)
    const moved = system.offer(offer.id).base
    expect(moved / offer.base).toBeGreaterThan(1.05)
    await close()
    await open()
    expect(system.offer(offer.id).base).toBe(moved)
    // Given back by its owner, the seat goes to whoever waits for it.
    system.cancel(owned.locator)
    expect(system.seatMaps(offer.id)[0]?.seats.get(seat)?.available).toBe(false)
    system.changes.sellOut(flight, 'economy')
    expect(() => system.offer(offer.id)).toThrow('not enough seats')
    expect(offers().some((one) => one.journey.flights.some(({ key }) => key === flight))).toBe(false)
    expect(system.audit().filter(({ holds }) => !holds)).toEqual([])
  })

  it('leaves a flight that is sold out to those who hold it already', () => {
    const [flight = ''] = flightsOf()
    const held = system.order(orderFor('holder'))
    system.changes.sellOut(flight, 'economy')
    expect(system.pay(held.locator, null).status).toBe('confirmed')
    expect(system.audit().every(({ holds }) => holds)).toBe(true)
  })
})
