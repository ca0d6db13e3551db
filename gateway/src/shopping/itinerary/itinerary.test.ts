import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connector } from '../../airlines/connector.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { PricedOffer } from '../../schemas/offer.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import { createShopping } from '../shopping.ts'
import { makeConnector, makePricedOffer, makeSeatMap, noLog, noon } from '../testing.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const out = makePricedOffer({ airline: 'alpha', ref: 'out', amount: '1000.00' })
const backTraits = {
  airline: 'beta',
  ref: 'back',
  amount: '50.00',
  currency: 'USD',
  departingAt: '2030-01-20T06:00:00+05:30',
  arrivingAt: '2030-01-20T08:00:00+05:30',
  expiresAt: '2030-01-10T12:30:00Z',
}
const back = makePricedOffer(backTraits)
const outSegment = '0A1-2030-01-15-DEL'
const backSegment = '0A1-2030-01-20-DEL'

function makeBaggage(airline: string, segmentId: string, currency: string): BaggageOptions {
  return {
    included: [{ segmentIds: [segmentId], passengerIds: ['p1'], kind: 'carry_on', pieces: 1, weightKg: 7 }],
    purchasable: [
      {
        serviceId: `${airline}~${segmentId}~XBAG`,
        kind: 'checked',
        pieces: 1,
        weightKg: 15,
        segmentIds: [segmentId],
        passengerIds: ['p1'],
        price: { amount: '10.00', currency },
        maxQuantity: 2,
      },
    ],
  }
}

type Answers = Partial<Omit<Connector, 'airline'>>
const alphaAnswers: Answers = {
  price: async () => out,
  seatMaps: async () => [makeSeatMap(outSegment)],
  baggage: async () => makeBaggage('alpha', outSegment, 'INR'),
}
const betaAnswers: Answers = {
  price: async () => back,
  seatMaps: async () => [makeSeatMap(backSegment, 'USD')],
  baggage: async () => makeBaggage('beta', backSegment, 'USD'),
}

function open({ alpha = {}, beta = {} }: { alpha?: Answers; beta?: Answers } = {}) {
  const clock = { time: noon }
  const connectors = new Map([
    ['alpha', makeConnector('alpha', { ...alphaAnswers, ...alpha })],
    ['beta', makeConnector('beta', { ...betaAnswers, ...beta }, 'USD')],
  ])
  const shopping = createShopping({ connectors, now: () => clock.time, log: noLog })
  const itinerary = (offerIds = [out.id, back.id], currency = 'INR') => shopping.itinerary({ offerIds, currency })
  return { clock, shopping, itinerary }
}

const fails = (error: unknown) => () => Promise.reject(error)
const never = () => new Promise<never>(() => {})
const code = (name: string) => expect.objectContaining({ code: name })

describe('an itinerary', () => {
  test('merges prices, seat maps and baggage of all airlines in the currency asked for', async () => {
    const result = await open().itinerary([back.id, out.id])
    expect(result.offers.map(({ id }) => id)).toEqual([back.id, out.id])
    expect(result.offers.map(({ price }) => price.amount)).toEqual(['4436.20', '1000.00'])
    expect(result.offers[0]?.airlinePrice).toEqual({ amount: '50.00', currency: 'USD' })
    expect(result.total).toEqual({ amount: '5436.20', currency: 'INR' })
    expect(result.priceChanged).toBe(false)
    expect(result.seatMaps?.map(({ segmentId }) => segmentId)).toEqual([backSegment, outSegment])
    expect(result.seatMaps?.map(({ cabins }) => cabins[0]?.rows[0]?.seats)).toMatchObject([
      [{ price: { amount: '8872.40', currency: 'INR' } }, null],
      [{ price: { amount: '100.00', currency: 'INR' } }, null],
    ])
    expect(result.baggage?.included).toHaveLength(2)
    expect(result.baggage?.purchasable.map(({ price }) => price.amount)).toEqual(['887.24', '10.00'])
    expect(result.expiresAt).toBe('2030-01-10T12:30:00.000Z')
    expect(result.complete).toBe(true)
    expect(result.sources.map(({ airline, operation, status }) => [airline, operation, status])).toEqual([
      ['beta', 'price', 'ok'],
      ['beta', 'seat_maps', 'ok'],
      ['beta', 'baggage', 'ok'],
      ['alpha', 'price', 'ok'],
      ['alpha', 'seat_maps', 'ok'],
      ['alpha', 'baggage', 'ok'],
    ])
  })

  test('says when a price moved', async () => {
    const quotedPrice = { amount: '49.00', currency: 'USD' }
    const id = back.id.replace('50.00', '49.00')
    const moved: PricedOffer = { ...back, id, quotedPrice, priceChanged: true }
    expect((await open({ beta: { price: async () => moved } }).itinerary([out.id, id])).priceChanged).toBe(true)
  })

  test('has one source per airline and operation for two offers of one airline', async () => {
    const other = makePricedOffer({ airline: 'alpha', ref: 'other', departingAt: '2030-01-20T06:00:00+05:30' })
    const { itinerary } = open({ alpha: { price: async ({ ref }) => (ref === 'out' ? out : other) } })
    const { sources } = await itinerary([out.id, other.id])
    expect(sources).toHaveLength(3)
    expect(sources[0]).toMatchObject({ operation: 'price', offerCount: 2 })
  })
})

describe('what an airline cannot say', () => {
  const down = new AirlineError('beta', 'unavailable', 'beta is down')

  test('is left out and named', async () => {
    const { itinerary } = open({ beta: { seatMaps: fails(down), baggage: fails(down) } })
    const result = await itinerary()
    expect(result.complete).toBe(false)
    expect(result.seatMaps?.map(({ segmentId }) => segmentId)).toEqual([outSegment])
    expect(result.baggage?.purchasable).toHaveLength(1)
    expect(result.sources.filter(({ status }) => status !== 'ok')).toMatchObject([
      { airline: 'beta', operation: 'seat_maps', status: 'error', detail: 'beta is down' },
      { airline: 'beta', operation: 'baggage', status: 'error', detail: 'beta is down' },
    ])
  })

  test('is null when nobody can say', async () => {
    const { itinerary } = open({ beta: { seatMaps: fails(down), baggage: fails(down) } })
    expect(await itinerary([back.id])).toMatchObject({ seatMaps: null, baggage: null, complete: false })
  })

  test('is not waited for past the deadline', async () => {
    const { itinerary } = open({ alpha: { seatMaps: never } })
    const result = itinerary()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await result).toMatchObject({ complete: false, seatMaps: [{ segmentId: backSegment }] })
  })
})

describe('without a price there is no itinerary', () => {
  test.each([
    ['rejected', { reason: 'offer_not_found' as const }],
    ['rejected', { reason: 'sold_out' as const }],
    ['unavailable', {}],
    ['malformed', {}],
  ] as const)('%s %o', async (kind, options) => {
    const error = new AirlineError('beta', kind, 'no price', options)
    await expect(open({ beta: { price: fails(error) } }).itinerary()).rejects.toBe(error)
  })

  test('nor past the deadline, and the airline is left in peace', async () => {
    const signals: AbortSignal[] = []
    const { itinerary } = open({
      beta: {
        price(_ref, signal) {
          signals.push(signal)
          return never()
        },
      },
    })
    const failed = expect(itinerary()).rejects.toMatchObject({ kind: 'timeout', airline: 'beta' })
    await vi.advanceTimersByTimeAsync(5_000)
    await failed
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('nor for an offer whose time has passed', async () => {
    const { itinerary, clock } = open()
    clock.time = Date.parse('2030-01-10T12:30:00Z')
    await expect(itinerary()).rejects.toEqual(code('offer_expired'))
    await expect(itinerary([out.id])).resolves.toBeDefined()
  })
})

describe('offers that cannot be put together', () => {
  test('are refused', async () => {
    const { itinerary } = open()
    await expect(itinerary(['nonsense'])).rejects.toEqual(code('invalid_offer'))
    await expect(itinerary(['omega~1.00INR~x'])).rejects.toEqual(code('invalid_offer'))
    await expect(itinerary([out.id, out.id])).rejects.toEqual(code('offers_conflict'))
    await expect(itinerary([out.id, 'alpha~9.99INR~out'])).rejects.toEqual(code('offers_conflict'))
    await expect(itinerary([out.id], 'XXX')).rejects.toEqual(code('unknown_currency'))
  })

  test('when they overlap in time, though not when one begins as the other ends', async () => {
    const at = (departingAt: string): Answers => ({
      price: async () => makePricedOffer({ ...backTraits, departingAt, arrivingAt: '2030-01-20T08:00:00+05:30' }),
    })
    const late = open({ beta: at('2030-01-15T08:09:00+05:30') }).itinerary()
    await expect(late).rejects.toEqual(code('offers_conflict'))
    await expect(open({ beta: at('2030-01-15T02:40:00Z') }).itinerary()).resolves.toBeDefined()
  })

  test('when they are for different passengers', async () => {
    const [one] = back.perPassenger
    if (!one) throw new Error('an offer is for somebody')
    const nothing = { amount: '0.00', currency: 'USD' }
    const second = { ...one, passengerId: 'p2', price: nothing, basePrice: nothing, taxes: nothing }
    for (const perPassenger of [[one, second], [{ ...one, type: 'child' as const }]]) {
      const { itinerary } = open({ beta: { price: async () => ({ ...back, perPassenger }) } })
      await expect(itinerary()).rejects.toEqual(code('offers_conflict'))
    }
  })
})

describe('the cache', () => {
  function count() {
    const spies = {
      price: vi.fn(async () => out),
      seatMaps: vi.fn(async () => [makeSeatMap(outSegment)]),
      baggage: vi.fn(async () => makeBaggage('alpha', outSegment, 'INR')),
    }
    return { spies, times: () => Object.values(spies).map(({ mock }) => mock.calls.length) }
  }

  test('keeps seat maps and baggage for fifteen seconds, and never a price', async () => {
    const { spies, times } = count()
    const { itinerary, clock } = open({ alpha: spies })
    const first = await itinerary([out.id])
    clock.time += 14_999
    const second = await itinerary([out.id])
    expect(times()).toEqual([2, 1, 1])
    expect(second.seatMaps).toEqual(first.seatMaps)
    expect(second.baggage).toEqual(first.baggage)
    expect(second.sources).toMatchObject([
      { operation: 'price', cache: 'miss', ageMs: 0 },
      { operation: 'seat_maps', cache: 'memory', ageMs: 14_999 },
      { operation: 'baggage', cache: 'memory', ageMs: 14_999 },
    ])
    clock.time += 1
    await itinerary([out.id])
    expect(times()).toEqual([3, 2, 2])
  })

  test('drops what a booking touched, and nothing else', async () => {
    const { spies, times } = count()
    const { itinerary, shopping, clock } = open({ alpha: spies })
    await itinerary([out.id])
    clock.time += 1
    shopping.touched([backSegment])
    await itinerary([out.id])
    expect(times()).toEqual([2, 1, 1])
    shopping.touched([backSegment, outSegment])
    clock.time += 1
    await itinerary([out.id])
    expect(times()).toEqual([3, 2, 2])
    await itinerary([out.id])
    expect(times()).toEqual([4, 2, 2])
  })

  test('does not keep what was being read while a booking touched it', async () => {
    const reading = Promise.withResolvers<void>()
    const { spies, times } = count()
    spies.seatMaps.mockImplementation(async () => {
      await reading.promise
      return [makeSeatMap(outSegment)]
    })
    const { itinerary, shopping, clock } = open({ alpha: spies })
    const first = itinerary([out.id])
    clock.time += 5
    shopping.touched([outSegment])
    clock.time += 5
    const second = itinerary([out.id])
    expect(times()[1]).toBe(2)
    reading.resolve()
    await Promise.all([first, second])
    await itinerary([out.id])
    expect(times()[1]).toBe(2)
  })

  test('many who look at one offer at once make one read of each kind', async () => {
    const { spies, times } = count()
    const { itinerary } = open({ alpha: spies })
    await Promise.all(Array.from({ length: 20 }, () => itinerary([out.id])))
    expect(times()).toEqual([1, 1, 1])
  })
})
