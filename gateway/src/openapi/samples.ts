import type { Airline } from '../schemas/airline.ts'
import type { Booking, Cancellation } from '../schemas/booking.ts'
import type { Itinerary } from '../schemas/itinerary.ts'
import type { Money } from '../schemas/money.ts'
import type { Offer, Segment } from '../schemas/offer.ts'
import type { Contact, Passenger } from '../schemas/passenger.ts'
import type { SearchResult } from '../schemas/search.ts'
import type { Seat, SeatMap } from '../schemas/seat-map.ts'
import type { Source } from '../schemas/source.ts'

/** One traveller's way to a booking: what each call answered. */
export interface Trip {
  search: SearchResult
  itinerary: Itinerary
}

/** Days ahead of today that the examples fly. */
const daysAhead = 30
const day = 86_400_000

/** The date that examples depart on: YYYY-MM-DD, always in the future. */
export function exampleDate(now: number, days = daysAhead): string {
  return new Date(now + days * day).toISOString().slice(0, 10)
}

const rupees = (amount: string): Money => ({ amount, currency: 'INR' })

export const sampleTraveller: Passenger = {
  id: 'p1',
  type: 'adult',
  title: 'ms',
  givenName: 'Asha',
  familyName: 'Verma',
  bornOn: '1990-04-12',
  gender: 'female',
}

export const sampleContact: Contact = { email: 'asha@example.com', phone: '+919810012345' }

/** A made-up trip Delhi–Mumbai on an airline, for when no airline can be asked for a real one. */
export function sampleTrip(airline: Pick<Airline, 'name' | 'designator'>, now: number): Trip & { booking: Booking } {
  const search = sampleSearch(airline, now)
  const itinerary = sampleItinerary(search, sampleOffer(airline, now))
  return { search, itinerary, booking: sampleBooking(sampleOffer(airline, now), itinerary, now) }
}

function sampleSegment({ designator }: Pick<Airline, 'designator'>, date: string): Segment {
  return {
    id: `${designator}101-${date}-DEL`,
    flightNumber: `${designator}101`,
    marketingCarrier: designator,
    operatingCarrier: designator,
    origin: 'DEL',
    destination: 'BOM',
    departingAt: `${date}T06:10:00+05:30`,
    arrivingAt: `${date}T08:20:00+05:30`,
    originTimeZone: 'Asia/Kolkata',
    destinationTimeZone: 'Asia/Kolkata',
    duration: 'PT2H10M',
    aircraft: '32N',
    cabin: 'economy',
    bookingClass: 'Y',
    fareBasisCode: 'YOWIN',
  }
}

function sampleOffer(airline: Pick<Airline, 'name' | 'designator'>, now: number): Offer {
  const date = exampleDate(now)
  const segment = sampleSegment(airline, date)
  const { origin, destination, departingAt, arrivingAt, duration } = segment
  const amounts = { price: rupees('4250.00'), basePrice: rupees('3650.00'), taxes: rupees('600.00') }
  return {
    id: `${airline.name}~4250.00INR~${airline.designator}101.${date.replaceAll('-', '')}.Y`,
    airline: airline.name,
    slice: { origin, destination, departingAt, arrivingAt, duration, stops: 0, segments: [segment] },
    fareBrand: 'Classic',
    ...amounts,
    airlinePrice: amounts.price,
    perPassenger: [{ passengerId: 'p1', type: 'adult', ...amounts }],
    conditions: {
      change: { allowed: true, fee: rupees('1500.00') },
      cancel: { allowed: true, fee: rupees('2500.00') },
    },
    baggage: [{ segmentIds: [segment.id], passengerIds: ['p1'], kind: 'checked', pieces: null, weightKg: 20 }],
    seatsLeft: 7,
    expiresAt: new Date(now + 1_200_000).toISOString(),
    sameFlight: [],
  }
}

function sampleSource(airline: string, operation: Source['operation'], offerCount: number): Source {
  const rest = { status: 'ok', cache: 'miss', ageMs: 0, reason: null, detail: null } as const
  return { airline, operation, durationMs: 84, offerCount, ...rest }
}

function sampleSearch(airline: Pick<Airline, 'name' | 'designator'>, now: number): SearchResult {
  const departureDate = exampleDate(now)
  return {
    query: {
      origin: 'DEL',
      destination: 'BOM',
      departureDate,
      returnDate: null,
      adults: 1,
      children: 0,
      infants: 0,
      cabin: 'economy',
      currency: 'INR',
      sort: 'price',
      maxStops: null,
      airlines: null,
      maxPrice: null,
      limit: 50,
    },
    complete: true,
    slices: [
      { origin: 'DEL', destination: 'BOM', departureDate, offers: [sampleOffer(airline, now)], nextCursor: null },
    ],
    sources: [sampleSource(airline.name, 'search', 1)],
  }
}

function sampleSeats(segmentId: string): SeatMap {
  const seat = (designator: string, kind: Seat['kind'], available = true): Seat => {
    return { designator, kind, available, price: rupees(kind === 'window' ? '350.00' : '0.00'), traits: [] }
  }
  const seats = [
    seat('14A', 'window'),
    seat('14B', 'middle'),
    seat('14C', 'aisle', false),
    seat('14D', 'aisle'),
    seat('14E', 'middle'),
    seat('14F', 'window', false),
  ]
  const rows = [{ number: 14, exit: false, wing: true, seats }]
  return {
    segmentId,
    aircraft: '32N',
    cabins: [{ cabin: 'economy', columns: ['A', 'B', 'C', null, 'D', 'E', 'F'], rows }],
  }
}

function sampleItinerary(search: SearchResult, { sameFlight: _, ...offer }: Offer): Itinerary {
  const segmentIds = offer.slice.segments.map(({ id }) => id)
  const operations = ['price', 'seat_maps', 'baggage'] as const
  return {
    offers: [{ ...offer, quotedPrice: offer.airlinePrice, priceChanged: false }],
    priceChanged: false,
    total: offer.price,
    seatMaps: segmentIds.map(sampleSeats),
    baggage: {
      included: offer.baggage,
      purchasable: [
        {
          serviceId: `${offer.airline}~${segmentIds[0]}~XBAG5`,
          kind: 'checked',
          pieces: null,
          weightKg: 5,
          segmentIds,
          passengerIds: ['p1'],
          price: rupees('1800.00'),
          maxQuantity: 3,
        },
      ],
    },
    sources: operations.map((operation) => sampleSource(offer.airline, operation, 0)),
    complete: search.complete,
    expiresAt: offer.expiresAt,
  }
}

function sampleBooking(offer: Offer, itinerary: Itinerary, now: number): Booking {
  const at = new Date(now).toISOString()
  const total = rupees('6400.00')
  const weights = [
    { weightKg: 20, purchased: false },
    { weightKg: 5, purchased: true },
  ]
  return {
    reference: 'FN7K2Q9P',
    status: 'confirmed',
    createdAt: at,
    orders: [
      {
        airline: offer.airline,
        airlineReference: 'K7QW2M',
        status: 'confirmed',
        offerId: offer.id,
        price: total,
        airlinePrice: total,
      },
    ],
    passengers: [sampleTraveller],
    contact: sampleContact,
    segments: offer.slice.segments.map((segment) => ({
      ...segment,
      airline: offer.airline,
      movedFrom: null,
      seats: [{ passengerId: 'p1', designator: '14A', price: rupees('350.00') }],
      baggage: weights.map((weight) => ({ passengerIds: ['p1'], kind: 'checked', pieces: null, ...weight })),
    })),
    price: {
      base: offer.basePrice,
      taxes: offer.taxes,
      seats: rupees('350.00'),
      baggage: itinerary.baggage?.purchasable[0]?.price ?? rupees('0.00'),
      total,
    },
    payBy: null,
    history: [
      { at, airline: null, event: 'booking_created', detail: 'Paid at once' },
      { at, airline: offer.airline, event: 'order_confirmed', detail: 'K7QW2M' },
    ],
  }
}

/** What cancelling the sample booking would give back. */
export function sampleCancellation(booking: Booking): Cancellation {
  const refund = rupees('3900.00')
  const fee = rupees('2500.00')
  return {
    reference: booking.reference,
    status: 'quoted',
    refund,
    fee,
    orders: booking.orders.map(({ airline, airlineReference }) => ({ airline, airlineReference, refund, fee })),
    booking,
  }
}
