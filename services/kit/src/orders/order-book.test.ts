import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClock } from '../clock.ts'
import { createOrderBook } from './order-book.ts'
import {
  createTinyMarket,
  departures,
  economySeats,
  flights,
  hour,
  makeFolder,
  openTinyAirline,
  passenger,
  refusal,
  request,
  start,
  tinyCarrier,
} from './testing/tiny-airline.ts'
import type { AuditCheck } from './types.ts'

const first = flights.first.key
const second = flights.second.key
const family = { adults: 1, children: 1, infants: 1 }

type Tiny = ReturnType<typeof openTinyAirline>
let tiny: Tiny
let file: string
let folder: ReturnType<typeof makeFolder>

beforeEach(() => {
  folder = makeFolder()
  file = join(folder.path, 'tiny.sqlite')
  tiny = openTinyAirline({ file })
})

afterEach(() => {
  expect(failures(tiny.book.audit())).toEqual([])
  tiny.close()
  folder.remove()
})

function failures(checks: AuditCheck[]): AuditCheck[] {
  return checks.filter((check) => !check.holds)
}

function reopen(options: Partial<Parameters<typeof openTinyAirline>[0]> = {}): void {
  tiny.close()
  tiny = openTinyAirline({ file, clock: tiny.clock, ...options })
}

const seat = (passengerId: string, designator: string, flightKey = first) => ({ passengerId, flightKey, designator })

describe('ordering', () => {
  it('sells at once, with seats and baggage on every flight of the offer', () => {
    const order = tiny.book.order(
      request('ref-1', {
        mix: family,
        journey: 'first_second',
        seats: [seat('p1', '2A'), seat('p2', '2B'), seat('p1', '3A', second)],
        baggage: [{ passengerId: 'p2', code: 'BAG', quantity: 2 }],
        expectedTotal: 3300 + 150 + 140,
      }),
    )
    expect(order).toMatchObject({
      clientReference: 'ref-1',
      status: 'confirmed',
      createdAt: start,
      payBy: null,
      offer: { flights: [first, second], brand: 'FLEX', passengers: family },
      passengerMix: family,
      seats: [
        { passengerId: 'p1', flightKey: first, designator: '2A', price: 50 },
        { passengerId: 'p2', flightKey: first, designator: '2B', price: 50 },
        { passengerId: 'p1', flightKey: second, designator: '3A', price: 50 },
      ],
      baggage: [{ passengerId: 'p2', code: 'BAG', flightKeys: [first, second], quantity: 2, price: 140 }],
      price: { base: 3000, tax: 300, seats: 150, baggage: 140, total: 3590 },
      refund: null,
      fee: null,
    })
    expect(order.passengers).toEqual([passenger('p1', 'adult'), passenger('p2', 'child'), passenger('p3', 'infant')])
    expect(order.locator).toMatch(/^[A-Z2-9]{6}$/)
    expect([...tiny.inventory.ownedSeats(first)]).toEqual(['2A', '2B'])
    expect(tiny.inventory.unseated(first, 'economy')).toBe(0)
    expect(tiny.inventory.unseated(second, 'economy')).toBe(1)
    expect(tiny.inventory.unseated(second, 'business')).toBe(0)
    expect(tiny.inventory.version(first)).toBeGreaterThan(0)
    reopen()
    expect(tiny.book.retrieve(order.locator)).toEqual(order)
    expect(tiny.book.findByClientReference('ref-1')).toEqual(order)
    expect([...tiny.inventory.ownedSeats(first)]).toEqual(['2A', '2B'])
    expect(tiny.inventory.unseated(second, 'economy')).toBe(1)
  })

  it('gives the same order for the same reference and content, in whatever order its lists are, and sells once', () => {
    const asked = request('ref-1', { mix: family, seats: [seat('p1', '2A'), seat('p2', '2B')] })
    const order = tiny.book.order(asked)
    tiny.clock.advance(2 * hour)
    const again = tiny.book.order({
      ...asked,
      passengers: asked.passengers.toReversed(),
      seats: asked.seats.toReversed(),
    })
    expect(again).toEqual(order)
    expect(tiny.inventory.ownedSeats(first).size).toBe(2)
    tiny.book.cancel(order.locator)
    expect(tiny.book.order(asked)).toMatchObject({ locator: order.locator, status: 'cancelled' })
  })

  it.each([
    ['offer', { code: 'DEAR' }],
    ['payment', { pay: false }],
    ['expected total', { expectedTotal: 1100 }],
    ['seats', { seats: [seat('p1', '2A')] }],
    ['baggage', { baggage: [{ passengerId: 'p1', code: 'BAG', quantity: 1 }] }],
    ['contact', { contact: { email: 'other@example.com', phone: '+919800000000' } }],
    ['name', { passengers: [{ ...passenger('p1', 'adult'), familyName: 'Iyer' }] }],
  ])('refuses a used reference with another %s', (_what, change) => {
    tiny.book.order(request('ref-1'))
    expect(refusal(() => tiny.book.order(request('ref-1', change)))?.code).toBe('client_reference_reused')
    expect(tiny.inventory.unseated(first, 'economy')).toBe(1)
  })

  it('a refused request leaves its reference free', () => {
    expect(refusal(() => tiny.book.order(request('ref-1', { expectedTotal: 1 })))).toMatchObject({
      code: 'price_changed',
      currentTotal: 1100,
    })
    expect(tiny.book.findByClientReference('ref-1')).toBeNull()
    expect(tiny.book.order(request('ref-1')).status).toBe('confirmed')
  })

  it.each([
    ['a seat that others have', { seats: [seat('p1', '3B')] }, 'seat_taken'],
    ['a seat that an order owns', { seats: [seat('p1', '2A')] }, 'seat_taken'],
    ['one seat for two', { seats: [seat('p1', '2C'), seat('p2', '2C')] }, 'seat_taken'],
    ['two seats for one', { seats: [seat('p1', '2B'), seat('p1', '2C')] }, 'seat_unknown'],
    ['a seat of another cabin', { seats: [seat('p1', '1A')] }, 'seat_unknown'],
    ['a blocked seat', { seats: [seat('p1', '3C')] }, 'seat_unknown'],
    ['a seat that is not there', { seats: [seat('p1', '99Z')] }, 'seat_unknown'],
    ['a seat on another flight', { seats: [seat('p1', '2B', second)] }, 'seat_unknown'],
    ['a seat for an infant', { seats: [seat('p3', '2B')] }, 'seat_unknown'],
    ['a seat for nobody', { seats: [seat('p9', '2B')] }, 'passengers_mismatch'],
    ['a bag for an infant', { baggage: [{ passengerId: 'p3', code: 'BAG', quantity: 1 }] }, 'baggage_unknown'],
    ['a bag for nobody', { baggage: [{ passengerId: 'p9', code: 'BAG', quantity: 1 }] }, 'passengers_mismatch'],
    ['an unknown bag', { baggage: [{ passengerId: 'p1', code: 'NONE', quantity: 1 }] }, 'baggage_unknown'],
    ['too many bags', { baggage: [{ passengerId: 'p1', code: 'BAG', quantity: 3 }] }, 'baggage_unknown'],
    ['no bags', { baggage: [{ passengerId: 'p1', code: 'BAG', quantity: 0 }] }, 'baggage_unknown'],
    ['half a bag', { baggage: [{ passengerId: 'p1', code: 'BAG', quantity: 0.5 }] }, 'baggage_unknown'],
    [
      'a bag in two lines',
      { baggage: [1, 2].map(() => ({ passengerId: 'p1', code: 'BAG', quantity: 1 })) },
      'baggage_unknown',
    ],
    ['an unknown offer', { offerId: 'forged' }, 'offer_not_found'],
    [
      'one passenger too few',
      { passengers: [passenger('p1', 'adult'), passenger('p2', 'child')] },
      'passengers_mismatch',
    ],
    [
      'another type',
      { passengers: [passenger('p1', 'adult'), passenger('p2', 'adult'), passenger('p3', 'infant')] },
      'passengers_mismatch',
    ],
    [
      'two of one id',
      { passengers: [passenger('p1', 'adult'), passenger('p1', 'child'), passenger('p3', 'infant')] },
      'passengers_mismatch',
    ],
  ])('refuses %s', (_what, change, code) => {
    reopen({ others: new Set(['3B']) })
    tiny.book.order(request('earlier', { seats: [seat('p1', '2A')] }))
    expect(refusal(() => tiny.book.order(request('ref-1', { mix: family, ...change })))?.code).toBe(code)
    expect(tiny.book.findByClientReference('ref-1')).toBeNull()
    expect([...tiny.inventory.ownedSeats(first)]).toEqual(['2A'])
  })

  it('sells a cabin to its last seat and no further, with and without chosen seats, beside other travellers', () => {
    reopen({ others: new Set(['3A']) })
    tiny.book.order(request('ref-1', { mix: { adults: 2, children: 0, infants: 2 }, seats: [seat('p1', '2A')] }))
    expect(
      refusal(() => tiny.book.order(request('ref-2', { mix: { adults: 3, children: 0, infants: 0 } })))?.code,
    ).toBe('sold_out')
    tiny.book.order(request('ref-3', { mix: { adults: 1, children: 1, infants: 0 } }))
    expect(refusal(() => tiny.book.order(request('ref-4', { seats: [seat('p1', '2C')] })))?.code).toBe('sold_out')
    expect(tiny.book.order(request('ref-5', { code: 'BIZ', seats: [seat('p1', '1A')] })).status).toBe('confirmed')
    expect(refusal(() => tiny.book.order(request('ref-6', { code: 'BIZ' })))?.code).toBe('sold_out')
  })

  it('takes the database’s word for what is left, whatever the market believes', () => {
    tiny.book.order(request('ref-1', { mix: { adults: 4, children: 0, infants: 0 }, seats: [seat('p1', '2A')] }))
    const { database, inventory, clock } = tiny
    const blind = createTinyMarket({ ownedSeats: () => new Set(), unseated: () => 0, version: () => 0 }, clock)
    const book = createOrderBook({ carrier: tinyCarrier, seed: 'seed', clock, database, inventory, market: blind })
    expect(refusal(() => book.order(request('ref-2', { seats: [seat('p1', '2A')] })))?.code).toBe('seat_taken')
    expect(refusal(() => book.order(request('ref-3', { mix: { adults: 2, children: 0, infants: 0 } })))?.code).toBe(
      'sold_out',
    )
    const { othersSeats } = createTinyMarket(inventory, clock, new Set(['3A']))
    const crowded = { ...blind, othersSeats }
    const beside = createOrderBook({ carrier: tinyCarrier, seed: 'seed', clock, database, inventory, market: crowded })
    expect(refusal(() => beside.order(request('ref-4')))?.code).toBe('sold_out')
    expect(book.order(request('ref-4', { seats: [seat('p1', '2B')] })).status).toBe('confirmed')
  })

  it('refuses a departed flight', () => {
    tiny.clock.advance(departures[0] - start - 1)
    expect(tiny.book.order(request('ref-1')).status).toBe('confirmed')
    tiny.clock.advance(1)
    expect(refusal(() => tiny.book.order(request('ref-2')))?.code).toBe('offer_expired')
    expect(tiny.book.order(request('ref-3', { journey: 'second' })).status).toBe('confirmed')
  })

  it('gives every order a locator of its own, the same ones in the same world', () => {
    const locators = economySeats.map((_, index) => tiny.book.order(request(`ref-${index}`)).locator)
    expect(new Set(locators).size).toBe(economySeats.length)
    const other = openTinyAirline({ file: ':memory:' })
    expect(economySeats.map((_, index) => other.book.order(request(`other-${index}`)).locator)).toEqual(locators)
    other.close()
  })
})

describe('holds', () => {
  it('a hold takes its seats, is paid later at its price, and paying twice pays once', () => {
    const held = tiny.book.order(request('ref-1', { pay: false, seats: [seat('p1', '2A')] }))
    expect(held).toMatchObject({ status: 'held', payBy: start + 24 * hour })
    expect(refusal(() => tiny.book.order(request('ref-2', { seats: [seat('p1', '2A')] })))?.code).toBe('seat_taken')
    tiny.clock.advance(24 * hour - 1)
    expect(refusal(() => tiny.book.pay(held.locator, 1))).toMatchObject({ code: 'price_changed', currentTotal: 1150 })
    const paid = tiny.book.pay(held.locator, 1150)
    expect(paid).toEqual({ ...held, status: 'confirmed', payBy: null })
    tiny.clock.advance(hour)
    expect(tiny.book.pay(held.locator, null)).toEqual(paid)
  })

  it('an unpaid hold lapses at its time, even across a restart, and gives its seats back', () => {
    const held = tiny.book.order(request('ref-1', { pay: false, seats: [seat('p1', '2A')] }))
    reopen()
    tiny.clock.advance(24 * hour - 1)
    expect(tiny.book.retrieve(held.locator).status).toBe('held')
    const before = tiny.inventory.version(first)
    tiny.clock.advance(1)
    tiny.book.lapseDue()
    expect(tiny.inventory.ownedSeats(first).size).toBe(0)
    expect(tiny.inventory.version(first)).toBeGreaterThan(before)
    expect(tiny.book.retrieve(held.locator)).toMatchObject({ status: 'lapsed', refund: null, fee: null })
    expect(refusal(() => tiny.book.pay(held.locator, null))?.code).toBe('hold_lapsed')
    expect(tiny.book.cancel(held.locator)).toMatchObject({ order: { status: 'lapsed' }, quote: { refund: 0, fee: 0 } })
    expect(tiny.book.order(request('ref-2', { seats: [seat('p1', '2A')] })).status).toBe('confirmed')
  })

  it.each(['retrieve', 'pay', 'cancel', 'order', 'findByClientReference', 'quoteCancellation', 'audit'] as const)(
    '%s sweeps first',
    (operation) => {
      const { locator } = tiny.book.order(request('ref-1', { pay: false, seats: [seat('p1', '2A')] }))
      tiny.clock.advance(24 * hour)
      const { book } = tiny
      const run = {
        retrieve: () => book.retrieve(locator),
        pay: () => refusal(() => book.pay(locator, null)),
        cancel: () => book.cancel(locator),
        order: () => book.order(request('ref-2', { journey: 'second' })),
        findByClientReference: () => book.findByClientReference('ref-1'),
        quoteCancellation: () => book.quoteCancellation(locator),
        audit: () => book.audit(),
      }
      run[operation]()
      expect(tiny.inventory.ownedSeats(first).size).toBe(0)
    },
  )

  it('ends an hour before departure at the latest, and is not offered later than that', () => {
    tiny.clock.advance(departures[0] - start - 2 * hour)
    expect(tiny.book.order(request('ref-1', { pay: false })).payBy).toBe(departures[0] - hour)
    tiny.clock.advance(hour)
    expect(refusal(() => tiny.book.order(request('ref-2', { pay: false })))?.code).toBe('holds_not_offered')
  })

  it('are not offered by a carrier that sells at once', () => {
    reopen({ carrier: { ...tinyCarrier, holdMinutes: 0 } })
    expect(refusal(() => tiny.book.order(request('ref-1', { pay: false })))?.code).toBe('holds_not_offered')
  })
})

describe('cancelling', () => {
  const extras = { seats: [seat('p1', '2A')], baggage: [{ passengerId: 'p1', code: 'BAG', quantity: 1 }] }

  it('gives a hold back for nothing', () => {
    const { locator } = tiny.book.order(request('ref-1', { pay: false, ...extras }))
    expect(tiny.book.quoteCancellation(locator)).toEqual({ refund: 0, fee: 0 })
    expect(tiny.book.retrieve(locator).status).toBe('held')
    expect(tiny.book.cancel(locator)).toMatchObject({ order: { status: 'cancelled', refund: 0, fee: 0 } })
    expect(tiny.inventory.ownedSeats(first).size).toBe(0)
    expect(refusal(() => tiny.book.pay(locator, null))?.code).toBe('not_held')
  })

  it('is free within the carrier’s time, and then costs the fee', () => {
    const early = tiny.book.order(request('ref-1', { mix: family, ...extras }))
    const late = tiny.book.order(request('ref-2', { mix: family }))
    tiny.clock.advance(24 * hour - 1)
    expect(tiny.book.cancel(early.locator).quote).toEqual({ refund: 3420, fee: 0 })
    tiny.clock.advance(1)
    expect(tiny.book.cancel(late.locator).quote).toEqual({ refund: 2700, fee: 600 })
  })

  it.each([
    ['FLEX', { refund: 800, fee: 420 }],
    ['DEAR', { refund: 0, fee: 1220 }],
    ['FIXED', { refund: 100, fee: 1120 }],
  ])('of %s later keeps seats, baggage and the fee, and says the same when asked again', (code, quote) => {
    const { locator } = tiny.book.order(request('ref-1', { code, ...extras }))
    tiny.clock.advance(24 * hour)
    expect(tiny.book.quoteCancellation(locator)).toEqual(quote)
    const cancelled = tiny.book.cancel(locator)
    expect(cancelled).toMatchObject({ quote, order: { status: 'cancelled', ...quote } })
    expect(tiny.inventory.ownedSeats(first).size).toBe(0)
    tiny.clock.advance(departures[1] - start)
    expect(tiny.book.cancel(locator)).toEqual(cancelled)
    expect(tiny.book.quoteCancellation(locator)).toEqual(quote)
  })

  it('costs the fee from the first minute where the carrier has no free time', () => {
    reopen({ carrier: { ...tinyCarrier, freeCancelMinutes: 0 } })
    const { locator } = tiny.book.order(request('ref-1'))
    expect(tiny.book.cancel(locator).quote).toEqual({ refund: 800, fee: 300 })
  })

  it('goes by the fee that the fare was sold with', () => {
    const { locator } = tiny.book.order(request('ref-1'))
    tiny.clock.advance(48 * hour)
    const brands = tinyCarrier.brands.map((brand) => ({ ...brand, cancelFee: 999 }))
    reopen({ carrier: { ...tinyCarrier, brands } })
    expect(tiny.book.cancel(locator).quote).toEqual({ refund: 800, fee: 300 })
  })

  it('is refused once the first flight has left', () => {
    const { locator } = tiny.book.order(request('ref-1', { journey: 'first_second' }))
    tiny.clock.advance(departures[0] - start)
    expect(refusal(() => tiny.book.quoteCancellation(locator))?.code).toBe('not_cancellable')
    expect(refusal(() => tiny.book.cancel(locator))?.code).toBe('not_cancellable')
    expect(tiny.book.retrieve(locator).status).toBe('confirmed')
  })
})

it.each(['retrieve', 'cancel', 'quoteCancellation'] as const)('%s knows no other locator', (operation) => {
  expect(refusal(() => tiny.book[operation]('NOSUCH'))?.code).toBe('order_not_found')
  expect(refusal(() => tiny.book.pay('NOSUCH', null))?.code).toBe('order_not_found')
})

it('two connections to one file never sell the same seat', () => {
  const other = openTinyAirline({ file, clock: createClock(start) })
  tiny.book.order(request('ref-1', { seats: [seat('p1', '2A')], pay: false }))
  expect(refusal(() => other.book.order(request('ref-2', { seats: [seat('p1', '2A')] })))?.code).toBe('seat_taken')
  expect([...other.inventory.ownedSeats(first)]).toEqual(['2A'])
  other.book.order(request('ref-3', { mix: { adults: 4, children: 0, infants: 0 } }))
  expect(refusal(() => tiny.book.order(request('ref-4')))?.code).toBe('sold_out')
  expect(tiny.inventory.unseated(first, 'economy')).toBe(4)
  other.close()
})

it('a hold that another connection took is not paid after its time', () => {
  const other = openTinyAirline({ file, clock: tiny.clock })
  const { locator } = other.book.order(request('ref-1', { pay: false }))
  tiny.clock.advance(24 * hour)
  expect(refusal(() => tiny.book.pay(locator, null))?.code).toBe('hold_lapsed')
  expect(other.book.retrieve(locator).status).toBe('lapsed')
  other.close()
})
