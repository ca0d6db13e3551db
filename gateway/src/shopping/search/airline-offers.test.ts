import { describe, expect, test, vi } from 'vitest'
import type { Offer } from '../../schemas/offer.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { ClientLeft } from '../../upstream/wait.ts'
import { createMemoryTier } from '../cache/memory-tier.ts'
import { createStore } from '../cache/store.ts'
import { createMalformedWatch, noMalformedMeter } from '../malformed.ts'
import { defaultSettings } from '../settings.ts'
import { delhiMumbai, makeConnector, makeOffer, noLog, noon } from '../testing.ts'
import { createAirlineDesk, keyOf } from './airline-offers.ts'
import { listOffers } from './offer-list.ts'

interface Call {
  give: (offers: Offer[]) => void
  fail: (error: unknown) => void
}

/** A desk whose airline the test plays. */
function open() {
  const clock = { time: noon }
  const now = () => clock.time
  const calls: Call[] = []
  const connector = makeConnector('alpha', {
    search: () => new Promise((give, fail) => calls.push({ give, fail })),
  })
  const memory = createMemoryTier(1_000_000)
  const store = createStore({ memory, redis: null, now })
  const log = { ...noLog, warn: vi.fn() }
  const malformed = createMalformedWatch({ log, meter: noMalformedMeter, now })
  const desk = createAirlineDesk({ connector, store, settings: defaultSettings, now, malformed })
  const ask = (signal = new AbortController().signal, query = delhiMumbai) => desk.ask(query, signal)
  return { clock, calls, ask, log, memory }
}

/** Until the airline was called so often. */
const called = (calls: Call[], times: number) => vi.waitFor(() => expect(calls).toHaveLength(times))

async function openWith(found: Offer[]) {
  const desk = open()
  const first = desk.ask()
  await called(desk.calls, 1)
  desk.calls[0]?.give(found)
  await first
  return desk
}

/** What the airline gives, and what the desk makes of it. */
const given = [makeOffer({ expiresAt: '2030-01-10T18:00:00Z' })]
const { offers } = listOffers(given)

describe('offers', () => {
  test('come from the airline once, then from memory while they are fresh', async () => {
    const { ask, calls, clock } = open()
    const [one, other] = [ask(), ask()]
    await called(calls, 1)
    calls[0]?.give(given)
    expect(await one).toEqual({
      status: 'ok',
      offers,
      cache: 'miss',
      storedAt: noon,
      freshUntil: noon + 60_000,
      reason: null,
      detail: null,
    })
    expect(await other).toEqual(await one)
    clock.time += 59_999
    expect(await ask()).toMatchObject({ status: 'ok', offers, cache: 'memory', storedAt: noon })
    expect(calls).toHaveLength(1)
  })

  test('are read from memory once, and anew when they were asked for anew', async () => {
    const { ask, calls, clock } = await openWith(given)
    const { offers: first } = await ask()
    expect((await ask()).offers).toBe(first)
    clock.time += 60_000
    await ask()
    const newer = [makeOffer({ ref: 'B2', expiresAt: '2030-01-10T18:00:00Z' })]
    calls[1]?.give(newer)
    await vi.waitFor(async () => expect((await ask()).offers).toEqual(listOffers(newer).offers))
  })

  test('no offers are an answer too', async () => {
    const { ask, calls } = await openWith([])
    expect(await ask()).toMatchObject({ status: 'ok', offers: [], cache: 'memory' })
    expect(calls).toHaveLength(1)
  })

  test('are served stale while they are refreshed, by one call', async () => {
    const { ask, calls, clock } = await openWith(given)
    clock.time += 60_000
    expect(await ask()).toMatchObject({ status: 'stale', offers, detail: null })
    expect(await ask()).toMatchObject({ status: 'stale', offers })
    expect(calls).toHaveLength(2)
    const newer = [makeOffer({ ref: 'B2', expiresAt: '2030-01-10T18:00:00Z' })]
    calls[1]?.give(newer)
    await vi.waitFor(async () =>
      expect(await ask()).toMatchObject({ status: 'ok', offers: listOffers(newer).offers, cache: 'memory' }),
    )
  })

  test('are served stale while the airline is down, for ten minutes', async () => {
    const { ask, calls, clock } = await openWith(given)
    clock.time += 60_000
    await ask()
    calls[1]?.fail(new AirlineError('alpha', 'unavailable', 'alpha cannot be reached'))
    await vi.waitFor(async () =>
      expect(await ask()).toMatchObject({ status: 'stale', offers, detail: 'alpha cannot be reached' }),
    )
    clock.time = noon + 599_999
    expect(await ask()).toMatchObject({ status: 'stale', offers })
    clock.time = noon + 600_000
    const controller = new AbortController()
    const gone = ask(controller.signal)
    controller.abort()
    expect(await gone).toMatchObject({ status: 'timeout' })
  })

  test('are fresh no longer than the first of them holds', async () => {
    const { ask, clock } = await openWith([
      ...given,
      makeOffer({ ref: 'B2', expiresAt: new Date(noon + 20_000).toISOString() }),
    ])
    clock.time += 19_999
    expect(await ask()).toMatchObject({ status: 'ok' })
    clock.time += 1
    expect(await ask()).toMatchObject({ status: 'stale' })
  })

  test('that come expired are not asked for again at once', async () => {
    const { ask, clock } = await openWith([makeOffer({ expiresAt: new Date(noon - 1).toISOString() })])
    clock.time += 2_999
    expect(await ask()).toMatchObject({ status: 'ok' })
  })

  test('that come after everybody left still fill the cache', async () => {
    const { ask, calls } = open()
    const controller = new AbortController()
    const left = ask(controller.signal)
    await called(calls, 1)
    controller.abort()
    expect(await left).toEqual({ status: 'timeout', reason: 'timeout', detail: 'alpha did not answer in time' })
    calls[0]?.give(given)
    await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 'ok', offers, cache: 'memory' }))
    expect(calls).toHaveLength(1)
  })

  test.each([
    ['do not read', (body: Buffer) => body.subarray(0, 20)],
    ['do not unpack', () => unreadable()],
  ])('whose bytes %s are fetched again', async (_, broken) => {
    const { ask, calls, memory } = await openWith(given)
    const entry = memory.get(keyOf('alpha', delhiMumbai))
    if (!entry) throw new Error('the offers were stored')
    const { length } = entry.body
    memory.set(keyOf('alpha', delhiMumbai), {
      ...entry,
      length,
      get body() {
        return broken(entry.body)
      },
    })
    const again = ask()
    await called(calls, 2)
    calls[1]?.give(given)
    expect(await again).toMatchObject({ status: 'ok', cache: 'miss' })
  })
})

describe('a failure', () => {
  test.each([
    [new AirlineError('alpha', 'timeout', 'alpha is late'), 'timeout', 'timeout', 'alpha is late'],
    [new AirlineError('alpha', 'unavailable', 'alpha is down'), 'error', 'unavailable', 'alpha is down'],
    [new AirlineError('alpha', 'malformed', 'alpha babbles'), 'error', 'malformed', 'alpha babbles'],
    [
      new AirlineError('alpha', 'rejected', 'alpha says no', { reason: 'invalid' }),
      'error',
      'rejected',
      'alpha says no',
    ],
    [new TypeError('x is undefined'), 'error', 'malformed', 'The answer of alpha could not be processed'],
  ])('%s is a source of status %s, remembered for three seconds', async (error, status, reason, detail) => {
    const { ask, calls, clock, log } = open()
    const failed = ask()
    await called(calls, 1)
    calls[0]?.fail(error)
    expect(await failed).toEqual({ status, reason, detail })
    expect(log.warn).toHaveBeenCalledTimes(reason === 'malformed' ? 1 : 0)
    clock.time += 2_999
    expect(await ask()).toEqual({ status, reason, detail })
    expect(calls).toHaveLength(1)
    clock.time += 1
    ask()
    await called(calls, 2)
  })

  test('of one slice says nothing of another', async () => {
    const { ask, calls } = open()
    const failed = ask()
    await called(calls, 1)
    calls[0]?.fail(new AirlineError('alpha', 'malformed', 'alpha babbles'))
    await failed
    ask(undefined, { ...delhiMumbai, departureDate: '2030-01-16' })
    await called(calls, 2)
  })
})

describe('nothing is remembered against an airline', () => {
  test('that was not asked because its circuit is open, and stale offers are shown meanwhile', async () => {
    const { ask, calls, clock } = await openWith(given)
    clock.time += 60_000
    await ask()
    calls[1]?.fail(new AirlineError('alpha', 'circuit_open', 'alpha failed too often'))
    await vi.waitFor(() => {
      void ask()
      expect(calls.length).toBeGreaterThan(2)
    })
    expect(await ask()).toMatchObject({ status: 'stale', offers })
    const other = ask(undefined, { ...delhiMumbai, departureDate: '2030-01-16' })
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(3))
    calls.at(-1)?.fail(new AirlineError('alpha', 'circuit_open', 'alpha failed too often'))
    expect(await other).toMatchObject({ status: 'circuit_open', reason: 'circuit_open' })
  })

  test('whose only client left', async () => {
    const { ask, calls } = open()
    const controller = new AbortController()
    const left = ask(controller.signal)
    await called(calls, 1)
    controller.abort(new ClientLeft())
    calls[0]?.fail(new AirlineError('alpha', 'timeout', 'alpha was given up'))
    await left
    ask()
    await called(calls, 2)
  })
})

test('a success ends the memory of the failure before', async () => {
  const { ask, calls, clock } = await openWith(given)
  clock.time += 60_000
  await ask()
  calls[1]?.fail(new AirlineError('alpha', 'unavailable', 'alpha is down'))
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 'stale', reason: 'unavailable' }))
  clock.time += 3_000
  await ask()
  await called(calls, 3)
  calls[2]?.give(given)
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 'ok', reason: null }))
  clock.time += 60_000
  expect(await ask()).toMatchObject({ status: 'stale', reason: null })
})

describe('an answer that makes no sense', () => {
  test('is the airline’s failure, counted and logged once a minute', async () => {
    const { ask, calls, clock, log } = open()
    for (let time = 1; time <= 3; time++) {
      const asked = ask()
      await called(calls, time)
      calls[time - 1]?.give([makeOffer({ amount: '0.00' })])
      expect(await asked).toMatchObject({ status: 'error', reason: 'malformed' })
      clock.time += 3_000
    }
    expect(log.warn).toHaveBeenCalledTimes(1)
    clock.time += 60_000
    const asked = ask()
    await called(calls, 4)
    calls[3]?.give([makeOffer({ amount: '0.00' })])
    await asked
    expect(log.warn).toHaveBeenLastCalledWith(expect.objectContaining({ unlogged: 2 }), expect.any(String))
  })
})

describe('a rate limit', () => {
  test('leaves the airline alone for as long as it asks, whatever the slice, and still serves what is kept', async () => {
    const { ask, calls, clock } = await openWith(given)
    clock.time += 60_000
    const other = { ...delhiMumbai, departureDate: '2030-01-16' }
    const limited = ask(undefined, other)
    await called(calls, 2)
    calls[1]?.fail(new AirlineError('alpha', 'rate_limited', 'alpha allows no more', { retryAfterMs: 20_000 }))
    expect(await limited).toEqual({ status: 'rate_limited', reason: 'rate_limited', detail: 'alpha allows no more' })
    clock.time += 19_999
    expect(await ask(undefined, { ...delhiMumbai, departureDate: '2030-01-17' })).toMatchObject({
      status: 'rate_limited',
    })
    expect(await ask()).toMatchObject({ status: 'stale', offers, detail: 'alpha allows no more' })
    expect(calls).toHaveLength(2)
    clock.time += 1
    ask(undefined, other)
    await called(calls, 3)
  })
})

describe('the key', () => {
  test('is another for everything that an airline is asked', () => {
    const queries = [
      delhiMumbai,
      { ...delhiMumbai, origin: 'BLR' },
      { ...delhiMumbai, destination: 'BLR' },
      { ...delhiMumbai, departureDate: '2030-01-16' },
      { ...delhiMumbai, cabin: 'business' as const },
      { ...delhiMumbai, passengers: [...delhiMumbai.passengers, { id: 'p2', type: 'adult' as const }] },
      { ...delhiMumbai, passengers: [...delhiMumbai.passengers, { id: 'p2', type: 'child' as const }] },
      { ...delhiMumbai, passengers: [...delhiMumbai.passengers, { id: 'p2', type: 'infant' as const }] },
    ]
    expect(new Set(queries.flatMap((query) => [keyOf('alpha', query), keyOf('beta', query)])).size).toBe(16)
  })
})

function unreadable(): never {
  throw new Error('these bytes do not unpack')
}
