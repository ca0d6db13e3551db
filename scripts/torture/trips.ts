import type { BookingRequest } from '../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import type { Passenger, PassengerType } from '../../gateway/src/schemas/passenger.ts'
import type { Api } from '../../tests/support/api.ts'
import { daysAhead, freeSeats, requestFor } from '../../tests/support/trip.ts'
import { until } from '../../tests/support/until.ts'
import type { Chance } from './chance.ts'

/** What is sold to whom in one round. */
export interface Market {
  /** `DEL–BOM in 40 days, 2 adults` and the like. */
  title: string
  party: Passenger[]
  /** By slice, then by airline: offers that go with any of the slices after it. */
  slices: Map<string, string[]>[]
}

/** Busy routes, so that most airlines fly them. */
const routes = [
  ['DEL', 'BOM'],
  ['BOM', 'BLR'],
  ['DEL', 'DXB'],
  ['BKK', 'DEL'],
  ['DEL', 'BLR'],
  ['BOM', 'DXB'],
] as const

const parties: PassengerType[][] = [['adult'], ['adult'], ['adult', 'adult'], ['adult', 'child']]

/** Offers of an airline for one slice that are booked. Few, so that many want the same seats. */
const offersOfEach = 2

/** Draws a route, a day and a party, and looks what every airline sells for there, back, and there again. */
export async function openMarket(api: Api, airlines: readonly string[], chance: Chance): Promise<Market> {
  const [origin, destination] = chance.pick(routes)
  const day = chance.integer(10, 300)
  const types = chance.pick(parties)
  const ask = (from: string, to: string, days: number) =>
    offersOn(api, airlines, from, to, daysAhead(day + days), types)
  return {
    title: `${origin}–${destination} in ${day} days for ${types.join(' and ')}`,
    party: types.map(traveller),
    slices: [await ask(origin, destination, 0), await ask(destination, origin, 3), await ask(origin, destination, 6)],
  }
}

async function offersOn(
  api: Api,
  airlines: readonly string[],
  origin: string,
  destination: string,
  departureDate: string,
  types: readonly PassengerType[],
) {
  const count = (type: PassengerType) => types.filter((one) => one === type).length
  const query = { origin, destination, departureDate, adults: count('adult'), children: count('child') }
  const found = await until(`every airline has answered for ${origin}–${destination} on ${departureDate}`, async () => {
    const answers = await Promise.all(airlines.map((airline) => api.search({ ...query, airlines: airline, limit: 20 })))
    return answers.every(({ complete }) => complete) && answers
  })
  const offers = found.map(({ slices }, index): [string, string[]] => [
    airlines[index] ?? '',
    (slices[0]?.offers ?? []).slice(0, offersOfEach).map(({ id }) => id),
  ])
  return new Map(offers.filter(([, ids]) => ids.length > 0))
}

const names = ['Asha', 'Ravi', 'Meera', 'Kabir']

function traveller(type: PassengerType, index: number): Passenger {
  return {
    id: `p${index + 1}`,
    type,
    title: type === 'adult' ? 'ms' : 'miss',
    givenName: names[index] ?? 'Tara',
    familyName: 'Verma',
    bornOn: daysAhead(type === 'adult' ? -34 * 365 : -7 * 365),
    gender: 'female',
  }
}

/** How many of the free seats of a flight are wanted: the foremost ones, by all. */
const wantedSeats = 15

/** The booking of an itinerary, with seats and baggage as chance has it; null where it lacks something. */
export function requestOf(
  itinerary: Itinerary,
  party: readonly Passenger[],
  payment: 'now' | 'hold',
  chance: Chance,
): BookingRequest | null {
  const { offers, baggage, complete } = itinerary
  if (!complete || baggage === null) return null
  const segments = offers.flatMap(({ slice }) => slice.segments)
  const seats = segments.flatMap(({ id: segmentId }) => {
    const free = chance.happens(0.7) ? freeSeats(itinerary, segmentId).slice(0, wantedSeats) : []
    return party.flatMap(({ id: passengerId }) => {
      const [seat] = free.splice(chance.integer(0, Math.max(0, free.length - 1)), 1)
      return seat ? [{ segmentId, passengerId, seat }] : []
    })
  })
  const bags = offers.flatMap(({ airline, slice }) => {
    const service = `${airline}~${slice.segments[0]?.id}~`
    const sold = baggage.purchasable.filter(({ serviceId }) => serviceId.startsWith(service))
    if (sold.length === 0 || !chance.happens(0.4)) return []
    const bag = chance.pick(sold)
    return [{ passengerId: chance.pick(bag.passengerIds), bag }]
  })
  return requestFor(itinerary, { seats, bags }, payment, party)
}
