import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connector } from '../../airlines/connector.ts'
import type { Offer } from '../../schemas/offer.ts'
import type { SearchQuery, SearchResult } from '../../schemas/search.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import type { Answer } from '../answer/answer.ts'
import { createShopping } from '../shopping.ts'
import { delhiMumbaiSearch as base, makeConnector, makeOffer, noLog, noon } from '../testing.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const later = '2030-01-10T18:00:00Z'
const alphaOffer = makeOffer({ airline: 'alpha', ref: 'A1', amount: '200.00', expiresAt: later })
const betaOffer = makeOffer({ airline: 'beta', ref: 'B1', amount: '100.00', expiresAt: later })

/** Shopping with airlines that the test plays. */
function open(...searches: Connector['search'][]) {
  const clock = { time: noon }
  const names = ['alpha', 'beta', 'gamma']
  const spies = searches.map((search) => vi.fn(search))
  const connectors = new Map(
    spies.map((search, index): [string, Connector] => {
      const name = names[index] ?? 'omega'
      return [name, makeConnector(name, { search })]
    }),
  )
  const shopping = createShopping({ connectors, now: () => clock.time, log: noLog })
  const search = (changes: Partial<SearchQuery> = {}) => shopping.search(shopping.read({ ...base, ...changes }))
  return { clock, shopping, search, spies }
}

const gives = (offers: Offer[]) => async () => offers
const fails = (error: unknown) => () => Promise.reject(error)

function resultOf({ entry }: Answer): SearchResult {
  return JSON.parse(entry.body.toString())
}

/** Once the airlines were asked. */
const asked = (spy: { mock: { calls: unknown[] } }, times = 1) =>
  vi.waitFor(() => expect(spy.mock.calls).toHaveLength(times))

describe('an answer', () => {
  test('merges all airlines, and says who took part', async () => {
    const { search } = open(gives([alphaOffer]), gives([betaOffer]))
    const result = resultOf(await search())
    expect(result.complete).toBe(true)
    expect(result.slices).toHaveLength(1)
    expect(result.slices[0]?.offers.map(({ id }) => id)).toEqual([betaOffer.id])
    expect(result.slices[0]?.offers[0]?.sameFlight.map(({ offerId }) => offerId)).toEqual([alphaOffer.id])
    expect(result.sources).toEqual(
      ['alpha', 'beta'].map((airline) => ({
        airline,
        operation: 'search',
        status: 'ok',
        cache: 'miss',
        ageMs: 0,
        durationMs: 0,
        offerCount: 1,
        reason: null,
        detail: null,
      })),
    )
  })

  test('asks only the airlines that are named', async () => {
    const { search, spies } = open(gives([alphaOffer]), gives([betaOffer]))
    const result = resultOf(await search({ airlines: 'beta' }))
    expect(result.sources.map(({ airline }) => airline)).toEqual(['beta'])
    expect(spies[0]).not.toHaveBeenCalled()
  })

  test('of a return trip has two slices and one source per airline, the worse of its two', async () => {
    const back = makeOffer({
      airline: 'beta',
      ref: 'B2',
      origin: 'BOM',
      destination: 'DEL',
      departingAt: '2030-01-20T06:00:00+05:30',
      expiresAt: later,
    })
    const { search } = open(
      async ({ origin }) => {
        if (origin === 'DEL') return [alphaOffer]
        throw new AirlineError('alpha', 'unavailable', 'alpha is down')
      },
      async ({ origin }) => (origin === 'DEL' ? [betaOffer] : [back]),
    )
    const result = resultOf(await search({ returnDate: '2030-01-20' }))
    expect(result.slices.map(({ offers }) => offers.length)).toEqual([1, 1])
    expect(result.complete).toBe(false)
    expect(result.sources).toMatchObject([
      { airline: 'alpha', status: 'error', reason: 'unavailable', offerCount: 1, detail: 'alpha is down' },
      { airline: 'beta', status: 'ok', offerCount: 2, detail: null },
    ])
  })

  test('to a cursor has only the slice that it continues, and asks nobody for the other', async () => {
    const outbound = ['1', '2', '3'].map((hour) =>
      makeOffer({ ref: `O${hour}`, departingAt: `2030-01-15T0${hour}:00:00+05:30`, expiresAt: later }),
    )
    const back = ['1', '2', '3'].map((hour) =>
      makeOffer({
        ref: `B${hour}`,
        origin: 'BOM',
        destination: 'DEL',
        departingAt: `2030-01-20T0${hour}:00:00+05:30`,
        expiresAt: later,
      }),
    )
    const { search, clock, spies } = open(async ({ origin }) => (origin === 'DEL' ? outbound : back))
    const first = resultOf(await search({ returnDate: '2030-01-20', sort: 'departure', limit: 2 }))
    const cursor = first.slices[1]?.nextCursor ?? ''
    clock.time += 600_000
    const next = resultOf(await search({ returnDate: '2030-01-20', sort: 'departure', limit: 2, cursor }))
    expect(next.slices).toHaveLength(1)
    expect(next.slices[0]).toMatchObject({ origin: 'BOM', destination: 'DEL', nextCursor: null })
    expect(next.slices[0]?.offers.map(({ id }) => id)).toEqual([back[2]?.id])
    expect(spies[0]?.mock.calls.map(([query]) => query.origin)).toEqual(['DEL', 'BOM', 'BOM'])
  })
})

test('without any airline there is an answer too, and it does not last for ever', async () => {
  const { search } = open()
  const answer = await search()
  expect(resultOf(answer)).toMatchObject({ complete: true, slices: [{ offers: [], nextCursor: null }], sources: [] })
  expect(answer.entry.freshUntil).toBe(noon + 60_000)
})

describe('the deadline', () => {
  test('answers with who is in by then; what comes later is there next time', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { search, spies, clock } = open(gives([alphaOffer]), () => late.promise)
    const answer = search()
    await asked(spies[1] ?? vi.fn())
    clock.time += 2_000
    vi.advanceTimersByTime(2_000)
    const result = resultOf(await answer)
    expect(result.complete).toBe(false)
    expect(result.slices[0]?.offers.map(({ id }) => id)).toEqual([alphaOffer.id])
    expect(result.sources).toMatchObject([
      { airline: 'alpha', status: 'ok' },
      { airline: 'beta', status: 'timeout', durationMs: 2_000, offerCount: 0 },
    ])
    late.resolve([betaOffer])
    clock.time += 3_000
    await vi.waitFor(async () => expect(resultOf(await search()).complete).toBe(true))
    expect(spies[1]).toHaveBeenCalledTimes(1)
  })

  test('is each client’s own, and the airlines are asked once', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { shopping, spies, clock } = open(gives([alphaOffer]), () => late.promise)
    const wait = (deadlineMs: number | null, passedMs = 0) =>
      shopping.search(shopping.read(base), { deadlineMs, passedMs, left: null })
    const [short, usual, long] = [wait(500, 100), wait(null), wait(5_000)]
    await asked(spies[1] ?? vi.fn())
    vi.advanceTimersByTime(399)
    clock.time += 400
    vi.advanceTimersByTime(1)
    expect(resultOf(await short)).toMatchObject({ complete: false, sources: [{ status: 'ok' }, { reason: 'timeout' }] })
    // Less than is usual is kept from others.
    expect(shopping.ready(shopping.read(base))).toBeNull()
    vi.advanceTimersByTime(1_600)
    expect(resultOf(await usual).complete).toBe(false)
    expect(shopping.ready(shopping.read(base))).not.toBeNull()
    late.resolve([betaOffer])
    expect(resultOf(await long).complete).toBe(true)
    expect(resultOf(await wait(1)).complete).toBe(true)
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([1, 1])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not waited for when everybody answered', async () => {
    const { search } = open(gives([alphaOffer]), fails(new AirlineError('beta', 'unavailable', 'beta is down')))
    expect(resultOf(await search()).complete).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a client that leaves', () => {
  const leaving = (left: AbortSignal) => ({ deadlineMs: null, passedMs: 0, left })

  test('ends the calls that nobody else waits for, and what it asked can be asked again at once', async () => {
    const signals: AbortSignal[] = []
    const { shopping, search, spies } = open((_query, signal) => {
      signals.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    })
    const [one, other] = [new AbortController(), new AbortController()]
    const both = [one, other].map(({ signal }) => shopping.search(shopping.read(base), leaving(signal)))
    const ended = Promise.allSettled(both)
    await asked(spies[0] ?? vi.fn())
    one.abort()
    expect(signals[0]?.aborted).toBe(false)
    other.abort()
    expect(signals[0]?.aborted).toBe(true)
    for (const outcome of await ended) expect(outcome).toMatchObject({ reason: { name: 'ClientLeft' } })
    search().catch(() => {})
    await asked(spies[0] ?? vi.fn(), 2)
  })

  test('does not end what another search waits for', async () => {
    const found = Promise.withResolvers<Offer[]>()
    const signals: AbortSignal[] = []
    const { shopping, search, spies } = open((_query, signal) => {
      signals.push(signal)
      return found.promise
    })
    const controller = new AbortController()
    const left = shopping.search(shopping.read(base), leaving(controller.signal))
    const stays = search({ currency: 'USD' })
    await asked(spies[0] ?? vi.fn())
    controller.abort()
    await expect(left).rejects.toMatchObject({ name: 'ClientLeft' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    found.resolve([alphaOffer])
    expect(resultOf(await stays).complete).toBe(true)
  })
})

describe('the bound', () => {
  test('refuses at once what is one search too many, but neither who joins one nor what lies ready', async () => {
    const pending = Promise.withResolvers<Offer[]>()
    const connectors = new Map([['alpha', makeConnector('alpha', { search: () => pending.promise })]])
    const shopping = createShopping({ connectors, settings: { atOnce: 1 }, now: () => noon, log: noLog })
    const search = (changes: Partial<SearchQuery> = {}) => shopping.search(shopping.read({ ...base, ...changes }))
    const [one, same] = [search(), search()]
    const other = search({ limit: 1 })
    await expect(other).rejects.toMatchObject({ code: 'overloaded', options: { retryAfter: 1 } })
    const itinerary = shopping.itinerary({ offerIds: [alphaOffer.id], currency: 'INR' })
    await expect(itinerary).rejects.toMatchObject({ code: 'overloaded' })
    pending.resolve([alphaOffer])
    expect((await one).entry).toBe((await same).entry)
    expect(resultOf(await search({ limit: 1 })).complete).toBe(true)
    expect(resultOf(await search()).complete).toBe(true)
  })
})

test('an airline that quotes in a currency without a rate is the only one to suffer', async () => {
  const odd = makeOffer({ airline: 'beta', ref: 'B1', currency: 'XTS', expiresAt: later })
  const { search } = open(gives([alphaOffer]), gives([odd]))
  expect(resultOf(await search())).toMatchObject({
    complete: false,
    slices: [{ offers: [{ airline: 'alpha' }] }],
    sources: [{ status: 'ok' }, { airline: 'beta', status: 'error', reason: 'malformed', offerCount: 0 }],
  })
})

describe('the cache', () => {
  test('gives the same bytes and tag until the first part is no longer fresh', async () => {
    const { shopping, search, clock, spies } = open(gives([alphaOffer]), gives([betaOffer]))
    const first = await search()
    expect(first).toMatchObject({ from: 'miss', ageMs: 0 })
    clock.time += 59_999
    const ready = shopping.ready(shopping.read(base))
    expect(ready).toMatchObject({ from: 'memory', ageMs: 59_999 })
    expect(ready?.entry).toBe(first.entry)
    clock.time += 1
    expect(shopping.ready(shopping.read(base))).toBeNull()
    const stale = resultOf(await search())
    expect(stale.sources.map(({ status }) => status)).toEqual(['stale', 'stale'])
    expect(stale.complete).toBe(true)
    expect(spies[0]).toHaveBeenCalledTimes(2)
  })

  test('shares what airlines said among searches that differ in what is made of it', async () => {
    const { search, spies } = open(gives([alphaOffer]), gives([betaOffer]))
    await search()
    const result = resultOf(await search({ currency: 'USD', sort: 'departure', limit: 1 }))
    expect(result.slices[0]?.offers[0]?.price.currency).toBe('USD')
    expect(result.sources.map(({ cache }) => cache)).toEqual(['memory', 'memory'])
    expect(spies[0]).toHaveBeenCalledTimes(1)
  })

  test('keeps an answer with somebody missing for three seconds only', async () => {
    const { shopping, search, clock } = open(gives([alphaOffer]), fails(new AirlineError('beta', 'unavailable', 'no')))
    await search()
    clock.time += 2_999
    expect(shopping.ready(shopping.read(base))).not.toBeNull()
    clock.time += 1
    expect(shopping.ready(shopping.read(base))).toBeNull()
  })

  test('lets no offer outlive its time', async () => {
    const soon = makeOffer({ ref: 'soon', expiresAt: new Date(noon + 10_000).toISOString() })
    const { search, clock } = open(gives([soon, alphaOffer]))
    expect(resultOf(await search()).slices[0]?.offers[0]?.sameFlight).toHaveLength(1)
    clock.time += 10_000
    const result = resultOf(await search())
    expect(result.slices[0]?.offers[0]?.sameFlight).toHaveLength(0)
  })

  test('all who ask the same at the same time get the one Buffer that was made', async () => {
    const { search, spies } = open(gives([alphaOffer]), gives([betaOffer]))
    const answers = await Promise.all(Array.from({ length: 50 }, () => search()))
    expect(new Set(answers.map(({ entry }) => entry.body)).size).toBe(1)
    expect(answers.map(({ from }) => from)).toEqual(['miss', ...Array(49).fill('collapsed')])
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([1, 1])
  })

  test('compresses an answer once, and keeps it', async () => {
    const { shopping, search } = open(gives([alphaOffer]))
    const answer = await search()
    const [one, other] = await Promise.all([shopping.gzip(answer), shopping.gzip(answer)])
    expect(one).toBe(other)
    const ready = shopping.ready(shopping.read(base))
    expect(ready?.entry.gzip).toBe(one)
    expect(ready?.entry.body).toBe(answer.entry.body)
  })
})
