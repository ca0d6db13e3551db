import type { PurchasableBaggage } from '../../gateway/src/schemas/baggage.ts'
import type { BookingRequest, SeatChoice } from '../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../gateway/src/schemas/itinerary.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
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
  if (segmentId === undefined || !seat?.price || bag === undefined)
    throw new Error('the itinerary lacks seats or baggage')
  const total = minor(itinerary.total) + minor(seat.price) + minor(bag.price)
  const seats: SeatChoice[] = [{ segmentId, passengerId: 'p1', designator: seat.designator }]
  return {
    itinerary,
    seat,
    bag,
    request: {
      offerIds: [offer.id],
      passengers: [
        {
          id: 'p1',
          type: 'adult',
          title: 'ms',
          givenName: 'Asha',
          familyName: 'Verma',
          bornOn: '1990-04-12',
          gender: 'female',
        },
      ],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      seats,
      baggage: [{ serviceId: bag.serviceId, passengerId: 'p1', quantity: 1 }],
      expectedTotal: moneyLike(itinerary.total, total),
      payment,
    },
  }
}

/** Window seats that are free on a flight. */
export function windowSeats({ seatMaps }: Itinerary, segmentId: string | undefined): Seat[] {
  return (seatMaps ?? [])
    .filter((map) => map.segmentId === segmentId)
    .flatMap(({ cabins }) =>
      cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats.flatMap((seat) => seat ?? []))),
    )
    .filter(({ kind, available, traits }) => kind === 'window' && available && !traits.includes('exit_row'))
}
