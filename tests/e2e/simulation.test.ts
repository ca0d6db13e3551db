import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import type { Source } from '../../gateway/src/schemas/source.ts'
import { type Api, createApi } from '../support/api.ts'
import { createSystem, type Running, type RunningAirline } from '../support/system.ts'
import { daysAhead, planTrip } from '../support/trip.ts'
import { until } from '../support/until.ts'

const names = airlines.map(({ airline }) => airline.name)
const token = 'control'
const hourMs = 3_600_000
const trip = { origin: 'DEL', destination: 'BOM', departureDate: daysAhead(30) }

type Json = Record<string, unknown>

/** A control plane, as its clients speak to it. */
function controlOf(url: string, shown: string | null = token) {
  return async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
    const response = await fetch(`${url}/_sim${path}`, {
      method,
      headers: {
        ...(shown !== null && { 'fanfare-sim-token': shown }),
        ...(text !== undefined && { 'content-type': type }),
      },
      ...(text !== undefined && { body: text }),
    })
    const answer: Json = JSON.parse(await response.text())
    return { status: response.status, body: answer }
  }
}

/** When each airline last failed, as the gateway has seen it. */
async function failuresOf(api: Api) {
  const { airlines: listed } = JSON.parse(JSON.stringify((await api.call('GET', '/v1/airlines')).body))
  return listed.map(({ name, health }: { name: string; health: Json }) => [name, health.lastFailureAt])
}

describe('control of the whole world', () => {
  const system = createSystem()
  let running: RunningAirline[]
  let gateway: Running
  let api: Api
  let control: ReturnType<typeof controlOf>

  const named = (name: string) => {
    const airline = running.find((one) => one.name === name)
    if (!airline) throw new Error(name)
    return airline
  }

  beforeAll(async () => {
    running = await Promise.all(names.map((name) => system.startAirline(name)))
    // What airlines do is to be seen as it is: each call is made once.
    const env = { FANFARE_SIM_TOKEN: token, BOOKING_POLL_MS: '100', AIRLINE_POLICIES: 'off' }
    gateway = await system.startGateway(running, env)
    api = createApi(gateway.url)
    control = controlOf(gateway.url)
  })
  afterAll(() => system.close())
  beforeEach(async () => {
    expect(await control('POST', '/reset', { bookings: true })).toMatchObject({ status: 200, body: { complete: true } })
  })

  const offerOf = async (airline: string, query: Record<string, string | number> = {}) => {
    const { slices } = await api.search({ ...trip, airlines: airline, ...query })
    const offer = slices[0]?.offers[0]
    if (!offer) throw new Error(`${airline} offers nothing`)
    return offer
  }
  const searchUnder = async (fault: string, query = {}) => {
    const path = `/v1/search?${new URLSearchParams({ ...trip, ...query })}`
    const answer = await api.call('GET', path, { headers: { 'fanfare-fault': fault } })
    const body = JSON.parse(JSON.stringify(answer.body))
    const sources: Source[] = body.sources ?? []
    return { ...answer, body, sources, sourceOf: (name: string) => sources.find(({ airline }) => airline === name) }
  }

  it.each([null, '', 'wrong', 'control '])('opens to the right token alone, not to %j', async (shown) => {
    for (const [method, path] of [
      ['GET', '/clock'],
      ['PUT', '/faults'],
      ['POST', '/reset'],
      ['DELETE', '/scenario'],
    ] as const) {
      const { status, body } = await controlOf(gateway.url, shown)(method, path)
      expect({ status, code: body.code }, `${method} ${path}`).toEqual(
        // Header values are sent without white space around them.
        shown === 'control ' ? expect.anything() : { status: 403, code: 'simulation_off' },
      )
    }
  })

  describe('one clock', () => {
    it('moves everyone to the same instant, where all stand still', async () => {
      const target = Date.now() + 5 * hourMs
      const now = new Date(target).toISOString()
      const { body } = await control('POST', '/clock', { now, frozen: true })
      expect(body).toMatchObject({ epochMs: target, now, frozen: true, complete: true, failed: [] })
      for (const name of names) expect(body.airlines).toHaveProperty(name, { epochMs: target, now, frozen: true })
      for (const airline of running) expect(await airline.now()).toBe(target)
      expect((await control('GET', '/clock')).body).toMatchObject({ epochMs: target, frozen: true })

      const later = await control('POST', '/clock', { advanceMs: 1_500 })
      expect(later.body).toMatchObject({ epochMs: target + 1_500, frozen: true })
      for (const airline of running) expect(await airline.now()).toBe(target + 1_500)
      expect((await control('POST', '/clock', { frozen: false })).body).toMatchObject({ frozen: false })
      await until('time goes on', async () => (await named('lotus').now()) > target + 1_500)
    })

    it('never goes back but by a reset, and takes all to whoever is ahead', async () => {
      const earlier = await control('POST', '/clock', { now: '2020-01-01T00:00:00Z' })
      expect(earlier).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path: '/now' }] } })
      const both = await control('POST', '/clock', { now: '2040-01-01T00:00:00Z', advanceMs: 1 })
      expect(both).toMatchObject({ status: 400, body: { errors: [{ path: '/now' }] } })
      await named('monsoon').advanceClock(3 * hourMs)
      const { body } = await control('POST', '/clock', { frozen: true })
      expect(Number(body.epochMs)).toBeGreaterThan(Date.now() + 2 * hourMs)
      for (const airline of running) expect(await airline.now()).toBe(body.epochMs)
      const reset = await control('POST', '/reset')
      expect(Math.abs(Number(reset.body.epochMs) - Date.now())).toBeLessThan(60_000)
      expect(reset.body.frozen).toBe(false)
    })

    it('outlives a restart of the gateway', async () => {
      const { body } = await control('POST', '/clock', { advanceMs: 26 * hourMs, frozen: true })
      await gateway.kill()
      await gateway.restart()
      expect((await control('GET', '/clock')).body).toMatchObject({
        epochMs: body.epochMs,
        frozen: true,
        complete: true,
      })
    })

    it.each(names.filter((_, index) => airlines[index]?.airline.capabilities.hold))(
      'lapses a hold of %s at the gateway and at the airline',
      async (name) => {
        const { request } = await planTrip(api, await offerOf(name), 'hold')
        const held = await api.booked(request)
        expect(held.status).toBe('held')
        await control('POST', '/clock', { now: held.payBy, frozen: true })
        expect(await api.read(held.reference)).toMatchObject({ status: 'failed', payBy: null })
        expect(api.problem(await api.call('POST', `/v1/bookings/${held.reference}/payment`))).toMatchObject({
          code: 'hold_lapsed',
        })
        // With the clock standing still, the work that is left gets done nevertheless.
        await until('it is given back', async () => {
          const { history } = await api.read(held.reference)
          return history.some(({ event }) => event === 'booking_failed')
        })
        expect(await api.read(held.reference)).toMatchObject({ status: 'failed', orders: [{ status: 'cancelled' }] })
        const [order] = await named(name).orders()
        expect(['lapsed', 'cancelled']).toContain(order?.status)
        expect((await control('GET', '/audit')).body).toMatchObject({ holds: true, complete: true })
      },
    )

    it('takes signed, tokened and sessioned airlines along: every search goes on, nothing of before is shown', async () => {
      await api.search({ ...trip })
      for (const move of [{ advanceMs: 26 * hourMs, frozen: true }, { advanceMs: 26 * hourMs }, { frozen: false }]) {
        await control('POST', '/clock', move)
        const { sources, slices } = await api.search({ ...trip })
        for (const source of sources) expect(source).toMatchObject({ status: 'ok', cache: 'miss' })
        const now = Number((await control('GET', '/clock')).body.epochMs)
        for (const { expiresAt } of slices[0]?.offers ?? []) expect(Date.parse(expiresAt)).toBeGreaterThan(now)
      }
      const yesterday = await api.call(
        'GET',
        `/v1/search?${new URLSearchParams({ ...trip, departureDate: daysAhead(1) })}`,
      )
      expect(api.problem(yesterday).code).toBe('date_in_past')
    })

    it('does not keep a pending booking from being settled while it stands still', async () => {
      const { request } = await planTrip(api, await offerOf('saffron'))
      await control('POST', '/clock', { frozen: true })
      await named('saffron').setFaults([{ operation: 'purchase', kind: 'lost_answer', next: 1 }])
      const answer = await api.book(request)
      expect([201, 202]).toContain(answer.status)
      await until('it is settled', async () => (await api.list()).bookings[0]?.status === 'confirmed')
      expect(await named('saffron').orders()).toHaveLength(1)
    })
  })

  describe('faults, latency, brown-outs and profiles', () => {
    it('are set for those that are named, and shown of all', async () => {
      const set = await control('PUT', '/faults', { banyan: [{ operation: 'search', kind: 'error' }], '*': [] })
      expect(set).toMatchObject({ status: 200, body: { complete: true } })
      expect(set.body.airlines).toMatchObject({
        banyan: { faults: [{ operation: 'search', kind: 'error', share: 1, next: null, delayMs: 5000 }] },
        lotus: { faults: [] },
      })
      const { sources } = await api.search({ ...trip })
      expect(sources.find(({ airline }) => airline === 'banyan')).toMatchObject({ status: 'error' })
      expect((await control('GET', '/faults')).body.airlines).toMatchObject({
        banyan: { struck: { 'search/error': 1 } },
      })
      expect((await control('GET', '/statistics')).body.airlines).toMatchObject({
        lotus: { operations: { search: { faults: {} } } },
      })

      const latency = { search: { fixedMs: 7 }, '*': { medianMs: 2, p99Ms: 3, maxMs: 4 } }
      await control('PUT', '/latency', { lotus: latency })
      expect((await control('GET', '/latency')).body.airlines).toMatchObject({ lotus: latency, banyan: {} })
      const brownOut = { everyMs: 100, forMs: 10, factor: 2, errorShare: 0 }
      await control('PUT', '/brown-out', { '*': brownOut, saffron: null })
      expect((await control('GET', '/brown-out')).body.airlines).toMatchObject({ saffron: null, nilgiri: brownOut })
      await control('PUT', '/profile', { monsoon: 'chaos' })
      expect((await control('GET', '/profile')).body.airlines).toMatchObject({ monsoon: 'chaos', lotus: 'instant' })

      await control('POST', '/reset')
      expect((await control('GET', '/profile')).body.airlines).toMatchObject({ monsoon: 'instant' })
      expect((await control('GET', '/faults')).body.airlines).toMatchObject({ banyan: { faults: [], struck: {} } })
    })

    it.each<[string, unknown, string]>([
      ['/faults', { atlantis: [] }, '/atlantis'],
      ['/faults', { banyan: [{ operation: 'fly', kind: 'error' }] }, '/banyan/0/operation'],
      ['/faults', { banyan: [{ operation: 'search', kind: 'error', share: 2 }] }, '/banyan/0/share'],
      ['/latency', { banyan: { search: { medianMs: 10 } } }, '/banyan/search'],
      ['/latency', { banyan: { search: { medianMs: 10, p99Ms: 9, maxMs: 20 } } }, '/banyan/search/p99Ms'],
      ['/brown-out', { banyan: { everyMs: 1, forMs: 2, factor: 1, errorShare: 0 } }, '/banyan/forMs'],
      ['/profile', { banyan: 'sunny' }, '/banyan'],
    ])('PUT %s of %j names %s and changes nothing', async (path, body, field) => {
      const answer = await control('PUT', path, body)
      expect(answer.status).toBe(400)
      expect(JSON.stringify(answer.body.errors)).toContain(`"${field}"`)
      expect((await control('GET', '/faults')).body.airlines).toMatchObject({ banyan: { faults: [] } })
    })

    it('names an airline that cannot be reached, whatever is asked', async () => {
      const gone = named('nilgiri')
      await gone.kill()
      try {
        const missing = {
          complete: false,
          failed: [{ airline: 'nilgiri', detail: expect.stringContaining('nilgiri') }],
        }
        for (const [method, path, body] of [
          ['GET', '/clock', undefined],
          ['POST', '/clock', { advanceMs: 1000 }],
          ['PUT', '/faults', { '*': [] }],
          ['GET', '/statistics', undefined],
          ['POST', '/reset', {}],
        ] as const) {
          const answer = await control(method, path, body)
          expect(answer, `${method} ${path}`).toMatchObject({ status: 200, body: missing })
          expect(Object.keys(Object(answer.body.airlines))).toEqual(names.filter((name) => name !== 'nilgiri'))
        }
        expect((await control('GET', '/audit')).body).toMatchObject({ holds: false, ...missing })
      } finally {
        await gone.restart()
      }
    })
  })

  describe('the header Fanfare-Fault', () => {
    it('fails one airline for one request, and leaves no trace', async () => {
      const before = await api.search({ ...trip })
      const failures = await failuresOf(api)
      const struck = await searchUnder('banyan=error, lotus=html')
      expect(struck.status).toBe(200)
      expect(struck.body.complete).toBe(false)
      expect(struck.sourceOf('banyan')).toMatchObject({ status: 'error', offerCount: 0 })
      expect(struck.sourceOf('lotus')).toMatchObject({ status: 'error' })
      expect(struck.sourceOf('saffron')).toMatchObject({ status: 'ok', cache: 'miss' })
      expect(struck.headers.get('cache-control')).toBe('no-store')
      const after = await api.search({ ...trip })
      expect(after).toEqual(before)
      const fresh = await api.search({ ...trip, departureDate: daysAhead(31) })
      expect(fresh.complete).toBe(true)
      expect(await failuresOf(api)).toEqual(failures)
    })

    it('is not answered from the cache, nor are others answered by it while it is under way', async () => {
      const [struck, clean] = await Promise.all([
        searchUnder('saffron=error', { departureDate: daysAhead(40) }),
        api.search({ ...trip, departureDate: daysAhead(40) }),
      ])
      expect(struck.sourceOf('saffron')?.status).toBe('error')
      expect(clean.complete).toBe(true)
      const offer = await offerOf('saffron')
      expect((await api.itinerary([offer.id])).complete).toBe(true)
      const path = `/v1/itinerary?offerId=${encodeURIComponent(offer.id)}`
      const failed = await api.call('GET', path, { headers: { 'fanfare-fault': 'saffron=error' } })
      expect(api.problem(failed).code).toBe('airline_unavailable')
      expect((await api.itinerary([offer.id])).complete).toBe(true)
    })

    it('loses the answer to a sale, which is looked up and found', async () => {
      const { request } = await planTrip(api, await offerOf('saffron'))
      const answer = await api.call('POST', '/v1/bookings', {
        body: request,
        headers: { 'idempotency-key': 'lost-answer-1', 'fanfare-fault': 'saffron=lost_answer' },
      })
      expect([201, 202]).toContain(answer.status)
      const confirmed = await until('it is found', async () => {
        const [booking] = (await api.list()).bookings
        return booking?.status === 'confirmed' && booking
      })
      expect(confirmed.history.map(({ event }) => event)).toContain('outcome_unknown')
      expect(await named('saffron').orders()).toHaveLength(1)
    })

    it.each<[string, RegExp]>([
      ['', /form <airline>=<kind>/],
      ['banyan', /form <airline>=<kind>/],
      ['banyan=timeout,', /form <airline>=<kind>/],
      ['banyan=timeout;lotus=error', /form <airline>=<kind>/],
      ['atlantis=timeout', /no airline is called atlantis.*saffron/],
      ['banyan=sleepy', /sleepy is no kind of fault.*timeout/],
      ['banyan=error,banyan=error', /banyan is named twice/],
    ])('that reads %j is refused and told why', async (header, message) => {
      const { status, body } = await searchUnder(header)
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' })
      expect(body.detail).toMatch(message)
      expect(body.errors).toMatchObject([{ path: '/fanfare-fault' }])
    })
  })

  describe('a scenario', () => {
    const state = async () => (await control('GET', '/scenario')).body
    const ended = () => until('it is over', async () => ((await state()).status === 'playing' ? false : state()))

    it('plays its steps, undoes each at its end, and says so', async () => {
      await control('PUT', '/faults', { lotus: [{ operation: 'pay', kind: 'error', share: 0.5 }] })
      await control('PUT', '/latency', { banyan: { search: { fixedMs: 10 } } })
      const yaml = `
name: slow, then gone
steps:
  - { at: 0s, airline: banyan, latency: { factor: 4 }, for: 2400ms }
  - { at: 800ms, airline: banyan, latency: { factor: 2, price: { fixedMs: 3 } }, for: 400ms }
  - at: 1s
    airline: "*"
    for: 1s
    faults: [{ operation: search, kind: html, share: 0.1 }]
`
      const latencies: unknown[] = []
      const started = await control('PUT', '/scenario', yaml, 'application/yaml')
      expect(started).toMatchObject({
        status: 200,
        body: { status: 'playing', name: 'slow, then gone', lengthMs: 2400 },
      })
      expect(started.body).toMatchObject({
        done: [{ atMs: 0, airline: 'banyan', event: 'begins', what: 'latency × 4' }],
      })
      expect(started.body).toMatchObject({ next: { atMs: 800, airline: 'banyan', event: 'begins' } })
      await until('it is over', async () => {
        const { airlines: found } = (await control('GET', '/latency')).body
        latencies.push(JSON.stringify(Object(found).banyan))
        return (await state()).status === 'done'
      })
      expect(await state()).toMatchObject({
        next: null,
        done: [
          { atMs: 0, event: 'begins', error: null },
          { atMs: 800, event: 'begins', what: 'latency × 2; latency of price set' },
          { atMs: 1000, airline: '*', what: 'html of 10 % at search' },
          { atMs: 1200, event: 'ends', what: 'latency × 2; latency of price set' },
          { atMs: 2000, airline: '*', event: 'ends' },
          { atMs: 2400, airline: 'banyan', event: 'ends' },
        ],
      })
      expect(latencies).toContain('{"search":{"fixedMs":40}}')
      expect((await control('GET', '/latency')).body.airlines).toMatchObject({ banyan: { search: { fixedMs: 10 } } })
      const { airlines: switched } = (await control('GET', '/faults')).body
      expect(switched).toMatchObject({ banyan: { faults: [] }, lotus: { faults: [{ operation: 'pay', share: 0.5 }] } })
    })

    it('gives everything back when it is stopped, and by a reset', async () => {
      const scenario = {
        name: 'until the end',
        steps: [
          { at: '0s', airline: 'monsoon', stop: true },
          { at: '0s', airline: 'saffron', profile: 'chaos' },
          { at: '1h', airline: 'lotus', stop: true },
        ],
      }
      await control('PUT', '/scenario', scenario)
      const { sources } = await api.search({ ...trip })
      expect(sources.find(({ airline }) => airline === 'monsoon')).toMatchObject({ status: 'error' })
      expect((await control('GET', '/profile')).body.airlines).toMatchObject({ saffron: 'chaos', lotus: 'instant' })
      expect(await control('DELETE', '/scenario')).toMatchObject({
        status: 200,
        body: { status: 'stopped', next: null },
      })
      expect((await control('GET', '/profile')).body.airlines).toMatchObject({ saffron: 'instant' })
      for (const name of names) {
        expect((await control('GET', '/faults')).body.airlines).toMatchObject({ [name]: { faults: [] } })
      }
      await control('PUT', '/scenario', scenario)
      await control('POST', '/reset')
      expect((await state()).status).toBe('stopped')
      expect((await control('GET', '/faults')).body.airlines).toMatchObject({ monsoon: { faults: [] } })
    })

    it('strikes so many and no more, though another step comes in between', async () => {
      const search = () => searchUnder('lotus=error', { airlines: 'monsoon' })
      await control('PUT', '/scenario', {
        name: 'twice',
        steps: [
          { at: '0s', airline: 'monsoon', faults: [{ operation: 'search', kind: 'error', next: 2 }] },
          { at: '300ms', airline: 'monsoon', faults: [{ operation: 'pay', kind: 'error' }] },
        ],
      })
      expect((await search()).sourceOf('monsoon')?.status).toBe('error')
      await ended()
      const statuses = [await search(), await search()].map(({ sourceOf }) => sourceOf('monsoon')?.status)
      expect(statuses).toEqual(['error', 'ok'])
    })

    it('says which airline a step did not reach, and goes on', async () => {
      const gone = named('nilgiri')
      await gone.kill()
      try {
        await control('PUT', '/scenario', {
          name: 'one is away',
          steps: [{ at: '0s', airline: '*', latency: { '*': { fixedMs: 1 } }, for: '10ms' }],
        })
        const { done } = Object(await ended())
        expect(done).toMatchObject([{ error: expect.stringMatching(/^nilgiri cannot be reached/) }, { event: 'ends' }])
      } finally {
        await gone.restart()
      }
    })

    it.each<[string, RegExp]>([
      ['name: x\nsteps:\n  - { at: soon, airline: banyan, stop: true }', /line 3: \/steps\/0\/at must be a duration/],
      ['name: x\nsteps:\n  - { at: 1s, airline: atlantis, stop: true }', /line 3: \/steps\/0\/airline must be one of/],
      [
        'name: x\nsteps:\n  - at: 1s\n    airline: banyan\n    explode: true',
        /line 5: \/steps\/0\/explode is not known/,
      ],
      ['name: x\nsteps:\n  - { at: 1s, airline: banyan }', /line 3: \/steps\/0 must have latency, faults/],
      ['name: x\nsteps: [', /line 2: /],
      ['- 1', /must be object/],
    ])('that cannot be played is refused with its line: %j', async (yaml, message) => {
      const { status, body } = await control('PUT', '/scenario', yaml, 'application/yaml')
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' })
      expect(body.detail).toMatch(message)
    })
  })
})

describe('a gateway without a token', () => {
  const system = createSystem()
  let url: string
  beforeAll(async () => {
    url = (await system.startGateway([await system.startAirline('saffron')])).url
  })
  afterAll(() => system.close())

  it('has no control plane and obeys no fault, and says so', async () => {
    for (const shown of [null, token, '', 'undefined']) {
      expect(await controlOf(url, shown)('GET', '/clock')).toMatchObject({
        status: 403,
        body: { code: 'simulation_off' },
      })
    }
    const api = createApi(url)
    for (const [method, path, body] of [
      ['GET', `/v1/search?${new URLSearchParams(trip)}`, undefined],
      ['GET', '/v1/itinerary?offerId=saffron~1.00INR~x', undefined],
      ['POST', '/v1/bookings/FN7K2Q9P/payment', {}],
      ['POST', '/v1/bookings/FN7K2Q9P/cancellation', { confirm: true }],
    ] as const) {
      const answer = await api.call(method, path, { body, headers: { 'fanfare-fault': 'saffron=timeout' } })
      expect(api.problem(answer), path).toMatchObject({ status: 403, code: 'simulation_off' })
    }
  })
})
