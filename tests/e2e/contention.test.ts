import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import type { Booking, BookingRequest } from '../../gateway/src/schemas/booking.ts'
import type { Money } from '../../gateway/src/schemas/money.ts'
import type { Api } from '../support/api.ts'
import { type Cluster, holding, offersInTurn, sellingAtOnce, startCluster } from '../support/cluster.ts'
import { parseAs } from '../support/schema-check.ts'
import { freeSeats, requestFor } from '../support/trip.ts'

const travellers = 500
const wantedSeats = 20
/** How often a traveller takes a new price for the same seat. */
const mostTries = 20

let cluster: Cluster

beforeAll(async () => {
  // So many at once take longer than a traveller would wait; nobody is to be told "not known yet" here.
  cluster = await startCluster({ BOOKING_DEADLINE_MS: '120000' })
})

afterAll(() => cluster.system.close())

/** What a traveller ended with: a booking, or the code of the refusal. */
type Outcome = { booking: Booking } | { code: string }

/** Books, and at the new price where that has moved meanwhile, as it does while a flight fills. */
async function insist(api: Api, request: BookingRequest): Promise<Outcome> {
  let wanted = request
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await api.book(wanted)
    if (answer.status === 201) return { booking: parseAs<Booking>('Booking', answer.body) }
    if (answer.status === 202) return { code: 'pending' }
    const { code, facts } = api.problem(answer)
    if (code !== 'price_changed') return { code }
    wanted = { ...wanted, expectedTotal: parseAs<Money>('Money', facts?.total) }
  }
  return { code: 'price_changed' }
}

/** A flight of the airline with enough seats to choose from. */
async function roomyFlight(api: Api, name: string) {
  const [offers = []] = await offersInTurn(api, [name], 200)
  for (const { id, slice } of offers) {
    const itinerary = await api.itinerary([id])
    const segmentId = slice.segments[0]?.id ?? ''
    const seats = freeSeats(itinerary, segmentId).slice(0, wantedSeats)
    if (seats.length === wantedSeats) return { itinerary, segmentId, seats }
  }
  throw new Error(`${name} has no flight with ${wantedSeats} seats to choose from`)
}

describe(`${travellers} travellers who want ${wantedSeats} seats at two gateways`, () => {
  it('is tried on an airline that holds and on one that sells at once', () => {
    expect(holding).not.toEqual([])
    expect(sellingAtOnce).not.toEqual([])
  })

  it.each(airlines.map(({ airline }) => airline))(
    'get a seat of $name each, and only so many as there are seats',
    async ({ name, capabilities }) => {
      const { apis } = cluster
      const airline = cluster.airline(name)
      const { itinerary, segmentId, seats } = await roomyFlight(apis[0], name)
      const before = await airline.orders()

      const outcomes = await Promise.all(
        Array.from({ length: travellers }, (_, index) => {
          const seat = seats[index % wantedSeats]
          if (!seat) throw new Error('no seat')
          const extras = { seats: [{ segmentId, passengerId: 'p1', seat }], bags: [] }
          // Half of them only want it held, where that is done.
          const payment = capabilities.hold && index % 2 === 0 ? 'hold' : 'now'
          const [one, other] = apis
          return insist(index % 3 === 0 ? other : one, requestFor(itinerary, extras, payment))
        }),
      )

      const won = outcomes.flatMap((outcome) => ('booking' in outcome ? [outcome.booking] : []))
      const codes = outcomes.flatMap((outcome) => ('code' in outcome ? [outcome.code] : []))
      expect(new Set(codes)).toEqual(new Set(['seat_taken']))
      const wonSeats = won.flatMap(({ segments }) =>
        segments.flatMap((one) => one.seats.map((seat) => seat.designator)),
      )
      expect(wonSeats.sort()).toEqual(seats.map(({ designator }) => designator).sort())
      expect(won).toHaveLength(wantedSeats)

      const orders = (await airline.orders()).slice(before.length)
      const live = orders.filter(({ status }) => status === 'held' || status === 'confirmed')
      expect(live.map(({ locator, status }) => `${locator} ${status}`).sort()).toEqual(
        won.map((booking) => `${booking.orders[0]?.airlineReference} ${booking.status}`).sort(),
      )
      expect(await airline.audit()).toEqual([])
      const later = await apis[1].itinerary(itinerary.offers.map(({ id }) => id))
      const free = freeSeats(later, segmentId).map(({ designator }) => designator)
      expect(free.filter((designator) => wonSeats.includes(designator))).toEqual([])
    },
    180_000,
  )
})
