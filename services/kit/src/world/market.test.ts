import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import type { Inventory } from '../orders/inventory.ts'
import { Refusal } from '../orders/types.ts'
import { carriers, lotus, saffron } from './carriers.ts'
import { countOf } from './fares.ts'
import { createMarket } from './market.ts'
import { sellableSeats } from './seats.ts'
import type { Offer, PassengerMix, ShopRequest } from './types.ts'

const start = Date.parse('2026-11-22T08:00:00Z')
const dayMs = 86_400_000
const one: PassengerMix = { adults: 1, children: 0, infants: 0 }
const delhiMumbai: ShopRequest = {
  origin: 'DEL',
  destination: 'BOM',
  date: '2026-12-22',
  passengers: one,
  cabin: 'economy',
}

/** Orders that a test sets by hand. */
function handMade() {
  const owned = new Map<string, Set<string>>()
  const unseated = new Map<string, number>()
  let version = 0
  const inventory: Inventory = {
    ownedSeats: (flight) => owned.get(flight) ?? new Set(),
    unseated: (flight) => unseated.get(flight) ?? 0,
    version: () => version,
  }
  return {
    inventory,
    own(flight: string, seats: string[], without = 0) {
      owned.set(flight, new Set(seats))
      unseated.set(flight, without)
      version++
    },
  }
}

function open(carrier = saffron, seed = 'fanfare') {
  const clock = createClock(start)
  const { inventory, own } = handMade()
  return { clock, own, market: createMarket({ carrier, seed, clock, inventory }) }
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'none'
}

function first(offers: readonly Offer[]): Offer {
  const [offer] = offers
  if (!offer) throw new Error('no offers')
  return offer
}

describe('the market', () => {
  test('adds up: total = base + tax = the sum over passengers, for every party and carrier', () => {
    const party = fc
      .record({
        adults: fc.integer({ min: 1, max: 5 }),
        children: fc.integer({ min: 0, max: 4 }),
        infants: fc.integer({ min: 0, max: 5 }),
      })
      .filter(({ adults, infants }) => infants <= adults)
    const route = fc.constantFrom(['DEL', 'BOM'], ['BLR', 'DXB'], ['LHR', 'SYD'], ['IXB', 'TRV'], ['DEL', 'JFK'])
    fc.assert(
      fc.property(
        party,
        route,
        fc.constantFrom(...carriers.values()),
        (passengers, [origin = '', destination = ''], carrier) => {
          const { market } = open(carrier)
          for (const offer of market.shop({ origin, destination, date: '2027-01-15', passengers, cabin: null })) {
            expect(offer.total).toBe(offer.base + offer.tax)
            expect(offer.total).toBe(
              offer.perPassenger.reduce((sum, fare) => sum + fare.total * countOf(passengers, fare.type), 0),
            )
            for (const fare of offer.perPassenger) {
              expect(fare.tax).toBe(fare.taxes.reduce((sum, { amount }) => sum + amount, 0))
              for (const amount of [fare.base, fare.tax, fare.total])
                expect(Number.isSafeInteger(amount) && amount > 0).toBe(true)
            }
            expect(offer.seatsLeft).toBeGreaterThanOrEqual(Math.min(passengers.adults + passengers.children, 9))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('an offer is found again by its id, and its price stands while nothing changes', () => {
    const { market } = open()
    for (const offer of market.shop(delhiMumbai)) expect(market.offer(offer.id)).toEqual(offer)
  })

  test('gives the very same array while nothing changes, and another once inventory, span or day does', () => {
    const { market, clock, own } = open()
    const offers = market.shop(delhiMumbai)
    expect(market.shop({ ...delhiMumbai })).toBe(offers)
    own(first(offers).journey.flights[0]?.key ?? '', [], 5)
    const after = market.shop(delhiMumbai)
    expect(after).not.toBe(offers)
    clock.advance(5 * 60_000)
    expect(market.shop(delhiMumbai)).not.toBe(after)
  })

  test('a changed, forged or foreign id is no offer', () => {
    const { market } = open()
    const { id } = first(market.shop(delhiMumbai))
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: id.length - 1 }),
        fc.constantFrom(...'abcxyzABCXYZ019.-_'),
        (at, character) => {
          fc.pre(id[at] !== character)
          expect(codeOf(() => market.offer(id.slice(0, at) + character + id.slice(at + 1)))).toBe('offer_not_found')
        },
      ),
    )
    expect(codeOf(() => market.offer(''))).toBe('offer_not_found')
    expect(codeOf(() => open(saffron, 'another seed').market.offer(id))).toBe('offer_not_found')
  })

  test('offers expire, and sale ends an hour before departure', () => {
    const { market, clock } = open()
    const { id } = first(market.shop(delhiMumbai))
    clock.advance(36 * 60_000)
    expect(codeOf(() => market.offer(id))).toBe('offer_expired')
    const departure = first(market.shop(delhiMumbai)).journey.flights[0]?.departure.epochMs ?? 0
    clock.advance(departure - clock.now() - 61 * 60_000)
    const late = market.shop(delhiMumbai).find(({ journey }) => journey.flights[0]?.departure.epochMs === departure)
    clock.advance(2 * 60_000)
    if (late) expect(codeOf(() => market.offer(late.id))).toBe('offer_expired')
    expect(market.shop(delhiMumbai).some(({ journey }) => journey.flights[0]?.departure.epochMs === departure)).toBe(
      false,
    )
  })

  test('nothing is sold on a full cabin', () => {
    const { market, own } = open()
    const offer = first(market.shop(delhiMumbai))
    const flight = offer.journey.flights[0]
    if (!flight) throw new Error('no flight')
    own(flight.key, [], sellableSeats(flight, 'economy').size)
    expect(codeOf(() => market.offer(offer.id))).toBe('sold_out')
    expect(market.shop(delhiMumbai).every(({ journey }) => journey.flights[0] !== flight)).toBe(true)
    expect(
      market
        .seatMaps(offer.id)[0]
        ?.seats.values()
        .some(({ available }) => available),
    ).toBe(false)
  })

  test('orders and other travellers together never exceed the cabin, on any day, and no seat has both', () => {
    const { market, clock, own } = open()
    const flight = first(market.shop(delhiMumbai)).journey.flights[0]
    if (!flight) throw new Error('no flight')
    const designators = [...sellableSeats(flight, 'economy').keys()]
    fc.assert(
      fc.property(fc.subarray(designators), fc.integer({ min: 0, max: 40 }), (seats, without) => {
        const unseated = Math.min(without, designators.length - seats.length)
        own(flight.key, seats, unseated)
        const others = market.othersSeats(flight, 'economy')
        expect(others.size + seats.length + unseated).toBeLessThanOrEqual(market.capacity(flight, 'economy'))
        expect(seats.some((seat) => others.has(seat))).toBe(false)
      }),
    )
    own(flight.key, [])
    let before = market.othersSeats(flight, 'economy')
    for (let day = 0; day < 30; day++) {
      clock.advance(dayMs)
      const now = market.othersSeats(flight, 'economy')
      expect([...before].every((seat) => now.has(seat))).toBe(true)
      before = now
    }
    expect(before.size).toBeGreaterThan(designators.length / 2)
  })

  test('fares rise towards departure and with load, and brands keep their order', () => {
    const { market, clock, own } = open()
    const key = first(market.shop(delhiMumbai)).journey.flights[0]?.key ?? ''
    const price = (brand: string) =>
      market.shop(delhiMumbai).find((offer) => offer.brand.code === brand && offer.journey.flights[0]?.key === key)
        ?.total ?? 0
    expect(price('ESAVER')).toBeLessThan(price('ECLASSIC'))
    expect(price('ECLASSIC')).toBeLessThan(price('EFLEX'))
    const early = price('ESAVER')
    own(key, [], 20)
    const fuller = price('ESAVER')
    expect(fuller).toBeGreaterThan(early)
    clock.advance(27 * dayMs)
    expect(price('ESAVER')).toBeGreaterThan(fuller)
  })

  test('a drifting carrier moves a few fares between the search and the next look, and every look in a span sees the same', () => {
    const { market, clock } = open(lotus)
    const offers = ['2026-12-20', '2026-12-21', '2026-12-22', '2026-12-23'].flatMap((date) =>
      ['BOM', 'LHR', 'SIN', 'NRT'].flatMap((destination) =>
        market.shop({ ...delhiMumbai, date, destination, cabin: null }),
      ),
    )
    expect(offers.length).toBeGreaterThan(300)
    const look = () => offers.map(({ id }) => market.offer(id))
    const now = look()
    expect(look()).toEqual(now)
    for (const [index, offer] of offers.entries()) {
      const { base, tax, total, perPassenger, ...facts } = now[index] ?? offer
      expect(offer).toMatchObject(facts)
      expect(total).toBe(base + tax)
      expect(Math.abs(base / offer.base - 1)).toBeLessThan(0.0605)
    }
    const moved = (looked: Offer[]) => looked.filter(({ total }, index) => total !== offers[index]?.total)
    const share = moved(now).length / offers.length
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.2)
    expect(
      moved(now).filter((offer) => offer.total > (offers.find(({ id }) => id === offer.id)?.total ?? 0)),
    ).not.toEqual(moved(now))

    clock.advance(15 * 60_000)
    const later = look()
    expect(later.map(({ total }) => total)).not.toEqual(now.map(({ total }) => total))
    expect(market.shop(delhiMumbai).map(({ total }) => total)).toEqual(
      open(lotus)
        .market.shop(delhiMumbai)
        .map(({ total }) => total),
    )
  })

  test('a carrier without drift asks what its search said, in every span', () => {
    const { market, clock } = open()
    const offers = market.shop(delhiMumbai)
    clock.advance(20 * 60_000)
    for (const { id, total } of offers) expect(market.offer(id).total).toBe(total)
  })

  test('knows no airport that the world has not, and nothing beyond the horizon or in the past', () => {
    const { market } = open()
    expect(codeOf(() => market.shop({ ...delhiMumbai, origin: 'XXX' }))).toBe('unknown_airport')
    expect(market.shop({ ...delhiMumbai, date: '2027-12-22' })).toEqual([])
    expect(market.shop({ ...delhiMumbai, date: '2026-11-21' })).toEqual([])
    expect(market.shop({ ...delhiMumbai, destination: 'DEL' })).toEqual([])
    expect(market.shop({ ...delhiMumbai, cabin: 'first' })).toEqual([])
  })
})
