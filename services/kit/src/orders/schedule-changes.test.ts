import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { banyan } from '../world/carriers.ts'
import type { Offer } from '../world/types.ts'
import { NotMoved } from './schedule-changes.ts'
import { makeFolder, passenger, refusal } from './testing/tiny-airline.ts'

const noon = Date.UTC(2030, 0, 5, 12)
const minute = 60_000
const party = { adults: 1, children: 0, infants: 0 }
const oneWay = (origin: string, destination: string) => ({
  origin,
  destination,
  date: '2030-02-01',
  cabin: 'economy' as const,
  passengers: party,
})

let folder: ReturnType<typeof makeFolder>
let system: AirlineSystem
let references = 0

const open = () =>
  openAirlineSystem({
    carrier: banyan,
    seed: 'fanfare',
    clock: createClock(noon),
    database: join(folder.path, 'banyan.sqlite'),
  })

beforeEach(() => {
  folder = makeFolder()
  system = open()
})
afterEach(() => {
  system.close()
  folder.remove()
})

function cheapest(offers: readonly Offer[], flightCount: number): Offer {
  const offer = offers.find(({ journey }) => journey.flights.length === flightCount)
  if (!offer) throw new Error(`no offer of ${flightCount} flights`)
  return offer
}

/** The flights of an offer, by place. */
function flightAt({ journey }: Offer, place: number) {
  const flight = journey.flights[place]
  if (!flight) throw new Error(`no flight at ${place}`)
  return flight
}

function buy(offer: Offer, pay = true) {
  return system.order({
    clientReference: `ref-${references++}`,
    offerId: offer.id,
    passengers: [passenger('p1', 'adult')],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [],
    baggage: [],
    expectedTotal: null,
    pay,
  })
}

function failure(work: () => unknown): NotMoved | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof NotMoved) return error
    throw error
  }
}

const broken = () => system.audit().filter(({ holds }) => !holds)

describe('a flight that is moved', () => {
  it('is shown with its new times in searches, offers, seat maps and by its key, which stays', () => {
    const before = cheapest(system.shop(oneWay('DEL', 'BOM')), 1)
    const flight = flightAt(before, 0)
    const seats = system.seatMaps(before.id)[0]?.seats
    expect(system.moveFlight(flight.key, 25)).toEqual({ flightKey: flight.key, minutes: 25, announcedAt: noon })

    const moved = {
      key: flight.key,
      movedMinutes: 25,
      departure: { epochMs: flight.departure.epochMs + 25 * minute },
      arrival: { epochMs: flight.arrival.epochMs + 25 * minute },
    }
    expect(system.flight(flight.key)).toMatchObject(moved)
    expect(system.offer(before.id)).toMatchObject({ total: before.total, journey: { flights: [moved] } })
    const after = system.shop(oneWay('DEL', 'BOM')).filter(({ journey }) => journey.flights[0]?.key === flight.key)
    expect(after.length).toBeGreaterThan(0)
    for (const { journey } of after) expect(journey.flights).toMatchObject([moved, ...journey.flights.slice(1)])
    expect(system.seatMaps(before.id)).toMatchObject([{ flight: moved }])
    expect(system.seatMaps(before.id)[0]?.seats).toEqual(seats)
  })

  it('leaves orders and money as they were, keeps the departure that refunds go by, and stays moved after a restart', () => {
    const offer = cheapest(system.shop(oneWay('DEL', 'BOM')), 1)
    const flight = flightAt(offer, 0)
    const order = buy(offer)
    system.moveFlight(flight.key, 60)
    system.moveFlight(flight.key, -15)
    expect(broken()).toEqual([])
    expect(system.retrieve(order.locator)).toEqual(order)

    system.close()
    system = open()
    expect(system.scheduleChanges()).toMatchObject([{ minutes: 60 }, { minutes: -15 }])
    expect(system.flight(flight.key)).toMatchObject({ movedMinutes: 45 })
    expect(broken()).toEqual([])
    // By the old time it has departed, by the new one it has not.
    system.clock.advance(flight.departure.epochMs + 44 * minute - system.clock.now())
    expect(system.quoteCancellation(order.locator).refund).toBeGreaterThan(0)
    system.clock.advance(minute)
    expect(refusal(() => system.quoteCancellation(order.locator))?.code).toBe('not_cancellable')
  })

  it('moves the departure of those who begin with it, not of those who change to it', () => {
    const connection = cheapest(system.shop(oneWay('IXC', 'SIN')), 2)
    const second = flightAt(connection, 1)
    const changing = buy(connection)
    system.moveFlight(second.key, 15)
    expect(broken()).toEqual([])
    system.clock.advance(flightAt(connection, 0).departure.epochMs - system.clock.now())
    expect(refusal(() => system.quoteCancellation(changing.locator))?.code).toBe('not_cancellable')
  })

  it('is not offered as a connection that cannot be made any more, while a sold one shows what became of it', () => {
    const connection = cheapest(system.shop(oneWay('IXC', 'SIN')), 2)
    const [first, second] = [flightAt(connection, 0), flightAt(connection, 1)]
    const order = buy(connection)
    const layover = (second.departure.epochMs - first.arrival.epochMs) / minute
    system.moveFlight(first.key, layover)

    expect(refusal(() => system.offer(connection.id))?.code).toBe('offer_expired')
    for (const { journey } of system.shop(oneWay('IXC', 'SIN'))) {
      const [one, other] = journey.flights
      if (one && other) expect(other.departure.epochMs - one.arrival.epochMs).toBeGreaterThanOrEqual(75 * minute)
    }
    const [one, other] = order.offer.flights.map((key) => system.flight(key))
    expect(one?.arrival.epochMs).toBe(other?.departure.epochMs)
    expect(system.quoteCancellation(order.locator)).toEqual({ refund: order.price.total, fee: 0 })
    expect(broken()).toEqual([])
  })

  it('cannot leave in the past, on another day, before a hold is due, once it has left, or when there is none', () => {
    const offer = cheapest(system.shop(oneWay('DEL', 'BOM')), 1)
    const flight = flightAt(offer, 0)
    const intoDay = (flight.departure.epochMs - Date.parse(`${flight.date}T00:00:00+05:30`)) / minute
    expect(failure(() => system.moveFlight('0B9999-2030-02-01-DEL', 10))).toMatchObject({ statusCode: 404 })
    expect(failure(() => system.moveFlight(flight.key, -intoDay - 1))).toMatchObject({ statusCode: 409 })
    expect(failure(() => system.moveFlight(flight.key, 24 * 60 - intoDay))).toMatchObject({ statusCode: 409 })
    expect(system.scheduleChanges()).toEqual([])

    system.clock.advance(flight.departure.epochMs - 120 * minute - noon)
    expect(failure(() => system.moveFlight(flight.key, -120))?.message).toContain('past')
    const held = buy(cheapest(system.shop(oneWay('DEL', 'BOM')), 1), false)
    const holdOn = flightAt(offer, 0).key === held.offer.flights[0] ? flight.key : (held.offer.flights[0] ?? '')
    const leaves = system.flight(holdOn)?.departure.epochMs ?? 0
    const tooEarly = Math.floor(((held.payBy ?? 0) - leaves) / minute)
    expect(failure(() => system.moveFlight(holdOn, tooEarly))?.message).toContain('hold')
    system.moveFlight(holdOn, tooEarly + 1)
    system.clock.advance(1440 * minute)
    expect(failure(() => system.moveFlight(flight.key, 10))?.message).toContain('departed')
    expect(broken()).toEqual([])
  })

  it('keeps all that holds of flights and orders, whatever is moved', () => {
    const offers = [...system.shop(oneWay('DEL', 'BOM')).slice(0, 6), cheapest(system.shop(oneWay('IXC', 'SIN')), 2)]
    const keys = [...new Set(offers.flatMap(({ journey }) => journey.flights.map(({ key }) => key)))]
    for (const offer of offers) buy(offer, references % 2 === 0)
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.integer({ min: -1440, max: 1440 }), (key, minutes) => {
        fc.pre(minutes !== 0)
        const before = system.flight(key)
        const isRefused = failure(() => system.moveFlight(key, minutes)) !== null
        const after = system.flight(key)
        expect(after?.movedMinutes).toBe((before?.movedMinutes ?? 0) + (isRefused ? 0 : minutes))
        expect(after?.departure.local.slice(0, 10)).toBe(after?.date)
        expect((after?.arrival.epochMs ?? 0) - (after?.departure.epochMs ?? 0)).toBe((after?.minutes ?? 0) * minute)
        expect(broken()).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
