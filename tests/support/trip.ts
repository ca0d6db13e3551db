import type { PurchasableBaggage } from '../../gateway/src/schemas/baggage.ts'
import type { BookingRequest } from '../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import type { Passenger } from '../../gateway/src/schemas/passenger.ts'
import type { Seat } from '../../gateway/src/schemas/seat-map.ts'
import type { Api } from './api.ts'
import { minor, moneyLike } from './money.ts'

/** A trip for one adult, chosen as a traveller would. */
export interface Trip {
  itinerary: Itinerary
  /** A window seat on the first flight. */
  seat: Seat
  /** Baggage to buy, one unit. */
  bag: PurchasableBaggage
  /** The booking of it: the seat, the bag, and what they cost with the offers. */
  request: BookingRequest
}

/** Seats and baggage for passengers, as an itinerary shows them. */
export interface Extras {
  seats: { segmentId: string; passengerId: string; seat: Seat }[]
  /** One unit each. */
  bags: { passengerId: string; bag: PurchasableBaggage }[]
}

const asha: Passenger = {
  id: 'p1',
  type: 'adult',
  title: 'ms',
  givenName: 'Asha',
  familyName: 'Verma',
  bornOn: '1990-04-12',
  gender: 'female',
}

/** So many days from now where the trip starts, YYYY-MM-DD. */
export function daysAhead(days: number): string {
  return Temporal.Now.plainDateISO('Asia/Kolkata').add({ days }).toString()
}

/** Takes an offer through the itinerary to the booking request for it. */
export async function planTrip(api: Api, offer: Pick<Offer, 'id'>, payment: 'now' | 'hold' = 'now'): Promise<Trip> {
  const itinerary = await api.itinerary([offer.id])
  const segmentId = itinerary.offers[0]?.slice.segments[0]?.id
  const seat = windowSeats(itinerary, segmentId)[0]
  const bag = itinerary.baggage?.purchasable[0]
  if (segmentId === undefined || !seat || bag === undefined) throw new Error('the itinerary lacks seats or baggage')
  const extras = { seats: [{ segmentId, passengerId: 'p1', seat }], bags: [{ passengerId: 'p1', bag }] }
  return { itinerary, seat, bag, request: requestFor(itinerary, extras, payment) }
}

/** The booking of an itinerary with these extras, at what it all costs together. For one adult unless others are named. */
export function requestFor(
  { offers, total }: Itinerary,
  { seats, bags }: Extras,
  payment: 'now' | 'hold',
  passengers: readonly Passenger[] = [asha],
): BookingRequest {
  const prices = [total, ...seats.flatMap(({ seat }) => seat.price ?? []), ...bags.map(({ bag }) => bag.price)]
  return {
    offerIds: offers.map(({ id }) => id),
    passengers: [...passengers],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: seats.map(({ seat: { designator }, ...whose }) => ({ ...whose, designator })),
    baggage: bags.map(({ bag: { serviceId }, passengerId }) => ({ serviceId, passengerId, quantity: 1 })),
    expectedTotal: moneyLike(
      total,
      prices.reduce((sum, price) => sum + minor(price), 0),
    ),
    payment,
  }
}

/** Seats that can be chosen on a flight, from the front, none at an exit. */
export function freeSeats({ seatMaps }: Itinerary, segmentId: string | undefined): Seat[] {
  return (seatMaps ?? [])
    .filter((map) => map.segmentId === segmentId)
    .flatMap(({ cabins }) =>
      cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats.flatMap((seat) => seat ?? []))),
    )
    .filter(({ available, price, traits }) => available && price !== null && !traits.includes('exit_row'))
}

/** Window seats among them. */
export function windowSeats(itinerary: Itinerary, segmentId: string | undefined): Seat[] {
  return freeSeats(itinerary, segmentId).filter(({ kind }) => kind === 'window')
}
