import { sum } from '../money/money.ts'
import { searchPlaces } from '../places/places.ts'
import type { Airline } from '../schemas/airline.ts'
import type { Booking, BookingRequest } from '../schemas/booking.ts'
import type { Itinerary } from '../schemas/itinerary.ts'
import type { Money } from '../schemas/money.ts'
import type { SearchResult } from '../schemas/search.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import { exampleDate, sampleCancellation, sampleContact, sampleTraveller, sampleTrip, type Trip } from './samples.ts'

/** A value to show, and what it shows. */
export interface Example {
  summary: string
  value: unknown
}

/** The examples of one operation. */
export interface OperationExamples {
  /** By parameter: what Swagger UI fills in. Of an optional parameter that is not here an example is shown, not filled in. */
  parameters?: Record<string, unknown>
  /** By parameter: shown, not filled in. */
  optional?: Record<string, unknown>
  /** By name: bodies to send; Swagger UI fills in the first. */
  requests?: Record<string, Example>
  /** By status, then by name. */
  responses: Record<string, Record<string, Example>>
}

/** What the examples are made from. */
export interface ExampleSources {
  airlines: readonly Airline[]
  /** Milliseconds since the epoch. */
  now: number
  /** A trip that airlines really offer; null: a made-up one. */
  trip: Trip | null
  /** Changes when the trip does: a key stands for one payload. */
  idempotencyKey: string
  /** The newest booking; null: none. */
  newest: Booking | null
  /** The newest booking that can be paid; null: none. */
  held: Booking | null
}

/** Examples of every operation, by method and path. With a real trip they work as they stand; all dates are ahead of now. */
export function examples(sources: ExampleSources): Record<string, OperationExamples> {
  const { airlines, now, trip, idempotencyKey, newest, held } = sources
  const made = sampleTrip(airlines[0] ?? { name: 'example', designator: '0X' }, now)
  const { search, itinerary } = trip ?? made
  const booking = newest ?? made.booking
  const at = new Date(now).toISOString()
  const reference = { reference: booking.reference }
  const offerId = itinerary.offers.map(({ id }) => id)
  const request = bookingRequest(itinerary)
  const canHold = airlines.some(({ name, capabilities }) => capabilities.hold && name === itinerary.offers[0]?.airline)
  const cancellation = sampleCancellation(made.booking)
  const operationHealth = {
    operation: 'search',
    breaker: 'closed',
    calls: 41,
    failures: 0,
    p50Ms: 121.4,
    p95Ms: 310.2,
    lastSuccessAt: at,
    lastFailureAt: null,
  }
  const health = {
    status: 'up',
    lastSuccessAt: at,
    lastFailureAt: null,
    lastFailure: null,
    operations: [operationHealth],
  }
  return {
    'get /v1/search': {
      parameters: { origin: 'DEL', destination: 'BOM', departureDate: exampleDate(now) },
      optional: { returnDate: exampleDate(now, 37), maxStops: 0 },
      responses: { 200: one('Flights of one day', shortSearch(search)) },
    },
    'get /v1/itinerary': {
      parameters: { offerId },
      responses: { 200: one('One offer with its seats and baggage', shortItinerary(itinerary)) },
    },
    'post /v1/bookings': {
      parameters: { 'idempotency-key': idempotencyKey },
      requests: {
        now: { summary: 'Pay now, with a seat and a bag where they can be had', value: request },
        ...(canHold && { hold: { summary: 'Hold, to be paid later', value: { ...request, payment: 'hold' } } }),
      },
      responses: {
        201: one('Confirmed', made.booking),
        202: one('An airline’s answer is not known yet', pending(made.booking)),
      },
    },
    'get /v1/bookings': { responses: { 200: one('Newest first', { bookings: [booking], nextCursor: null }) } },
    'get /v1/bookings/{reference}': { parameters: reference, responses: { 200: one('A booking', booking) } },
    'post /v1/bookings/{reference}/payment': {
      parameters: { reference: (held ?? booking).reference },
      requests: one('Pay what was agreed when it was held', {}),
      responses: {
        200: one('Confirmed', made.booking),
        202: one('An airline’s answer is not known yet', pending(made.booking)),
      },
    },
    'post /v1/bookings/{reference}/cancellation': {
      parameters: reference,
      requests: {
        quote: { summary: 'Ask what it would give back', value: { confirm: false } },
        cancel: { summary: 'Cancel', value: { confirm: true } },
      },
      responses: {
        200: one('What it would give back', cancellation),
        202: one('An airline’s answer is not known yet', { ...cancellation, status: 'pending' }),
      },
    },
    'get /v1/places': {
      parameters: { query: 'delhi' },
      responses: { 200: one('Delhi', { places: searchPlaces('delhi', 1) }) },
    },
    'get /v1/airlines': {
      responses: {
        200: one('All of them', {
          airlines: airlines.map((airline) => ({ ...airline, health })),
          extraCallsLeft: 12.3,
        }),
      },
    },
    'get /health/live': { responses: { 200: one('Live', { status: 'live' }) } },
    'get /health/ready': {
      responses: {
        200: one('Ready', { status: 'ready', checks: [storeCheck('ok', null)] }),
        503: one('Not ready', { status: 'not_ready', checks: [storeCheck('failed', 'The database cannot be read')] }),
      },
    },
  }
}

const one = (summary: string, value: unknown): Record<string, Example> => ({ example: { summary, value } })
const pending = <T extends object>(booking: T) => ({ ...booking, status: 'pending' })
const storeCheck = (status: string, detail: string | null) => ({ name: 'store', status, required: true, detail })

/** The itinerary's offers for the traveller of the examples, with a free window seat and a bag where there are any. */
function bookingRequest(itinerary: Itinerary): BookingRequest {
  const { total, seatMaps, baggage, offers } = itinerary
  const seat = seatMaps?.map(windowSeat).find((found) => found !== null)
  const bag = baggage?.purchasable.find(({ passengerIds }) => passengerIds.includes('p1'))
  const prices: Money[] = [total, ...(seat ? [seat.price] : []), ...(bag ? [bag.price] : [])]
  return {
    offerIds: offers.map(({ id }) => id),
    passengers: [sampleTraveller],
    contact: sampleContact,
    seats: seat ? [{ segmentId: seat.segmentId, passengerId: 'p1', designator: seat.designator }] : [],
    baggage: bag ? [{ serviceId: bag.serviceId, passengerId: 'p1', quantity: 1 }] : [],
    expectedTotal: sum(prices, total.currency),
    payment: 'now',
  }
}

/** The first window seat that can be sold and asks nothing special of who sits there. */
function windowSeat({ segmentId, cabins }: SeatMap) {
  for (const seat of cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats))) {
    if (seat?.kind !== 'window' || !seat.available || seat.price === null || seat.traits.includes('exit_row')) continue
    return { segmentId, designator: seat.designator, price: seat.price }
  }
  return null
}

/** Long answers are cut to what fits a page. */
function shortSearch(search: SearchResult): SearchResult {
  return { ...search, slices: search.slices.map((slice) => ({ ...slice, offers: slice.offers.slice(0, 1) })) }
}

function shortItinerary(itinerary: Itinerary): Itinerary {
  const seatMaps = itinerary.seatMaps?.map((map) => ({
    ...map,
    cabins: map.cabins.map((cabin) => ({ ...cabin, rows: cabin.rows.slice(0, 2) })),
  }))
  return { ...itinerary, seatMaps: seatMaps ?? null }
}
