import { type Static, type TSchema, Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { AirlineError } from '../../upstream/airline-error.ts'
import { isMoment } from '../calendar.ts'

/**
 * What Monsoon sends, as far as it is used here: other fields are let pass, these are checked before anything reads them.
 * Amounts are whole paise.
 */

const Price = Type.Object({
  amount_minor: Type.Integer({ minimum: 0, maximum: 99_999_999_999_999 }),
  currency: Type.Literal('INR'),
})
export type WirePrice = Static<typeof Price>

const PaxType = Type.Enum(['ADT', 'CHD', 'INF'])
export type WirePaxType = Static<typeof PaxType>

const AirportCode = Type.String({ pattern: '^[A-Z]{3}$' })
const CarrierCode = Type.String({ pattern: '^[A-Z0-9]{2}$' })
const FlightKey = Type.String({ pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$' })
const second = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}'
const Instant = Type.Refine(
  Type.String({ pattern: `^${second}Z$` }),
  (text) => isMoment(text.slice(0, -1)),
  () => 'must be a moment that the calendar has',
)

/** Zones lie between 12 hours behind UTC and 14 hours ahead of it. */
const furthestZone = 14 * 60

const AirportTime = Type.Refine(
  Type.Object({ utc: Instant, local: Type.String({ pattern: `^${second}$` }), zone: Type.String({ minLength: 1 }) }),
  (time) => {
    const minutes = minutesAhead(time)
    return Number.isInteger(minutes) && Math.abs(minutes) <= furthestZone
  },
  () => 'local and utc must be the same moment',
)
export type WireTime = Static<typeof AirportTime>

/** Minutes by which the airport's clocks are ahead of UTC. */
export function minutesAhead({ utc, local }: { utc: string; local: string }): number {
  return (Date.parse(`${local}Z`) - Date.parse(utc)) / 60_000
}

const Minutes = Type.Integer({ minimum: 0, maximum: 7 * 24 * 60 })

const BookedLeg = Type.Object({
  flight_key: FlightKey,
  flight_no: Type.String({ pattern: '^[A-Z0-9]{3,7}$' }),
  departs: AirportTime,
  arrives: AirportTime,
})

const Leg = Type.Object({
  ...BookedLeg.properties,
  carrier: CarrierCode,
  operated_by: CarrierCode,
  from: AirportCode,
  to: AirportCode,
  duration_min: Minutes,
  aircraft: Type.String(),
})
export type WireLeg = Static<typeof Leg>

const BagKind = Type.Enum(['CABIN', 'CHECKED'])
export type WireBagKind = Static<typeof BagKind>

const Count = Type.Integer({ minimum: 0 })

/** Nobody sells to more at once. */
const mostTravellers = 9

const Bag = Type.Object({
  kind: BagKind,
  pieces: Type.Union([Count, Type.Null()]),
  kg: Type.Union([Count, Type.Null()]),
  pax_types: Type.Array(PaxType),
})
export type WireBag = Static<typeof Bag>

const PaxFare = Type.Object({
  pax_type: PaxType,
  count: Type.Integer({ minimum: 1 }),
  base: Price,
  taxes: Price,
  total: Price,
})

const Fare = Type.Object({
  fare_key: Type.String({ pattern: '^[A-Za-z0-9._-]{1,900}$' }),
  fare_name: Type.String(),
  fare_basis: Type.String(),
  booking_class: Type.String({ pattern: '^[A-Z]$' }),
  base: Price,
  taxes: Price,
  total: Price,
  per_pax: Type.Refine(
    Type.Array(PaxFare, { minItems: 1, maxItems: 3 }),
    (fares) => fares.reduce((all, { count }) => all + count, 0) <= mostTravellers,
    () => `at most ${mostTravellers} travel`,
  ),
  bags: Type.Array(Bag),
  change_fee: Type.Union([Price, Type.Null()]),
  cancel_fee: Type.Union([Price, Type.Null()]),
  seats_left: Count,
  valid_until: Instant,
})
export type WireFare = Static<typeof Fare>

const journey = {
  from: AirportCode,
  to: AirportCode,
  duration_min: Minutes,
  legs: Type.Array(Leg, { minItems: 1 }),
}
const Journey = Type.Object(journey)
export type WireJourney = Static<typeof Journey>

const FlightResults = Type.Object({
  journeys: Type.Array(Type.Object({ ...journey, fares: Type.Array(Fare) })),
})
export type WireFlightResults = Static<typeof FlightResults>

const Quote = Type.Object({ journey: Journey, fare: Fare })
export type WireQuote = Static<typeof Quote>

const Seat = Type.Object({
  seat_no: Type.String({ pattern: '^[1-9]\\d?[A-L]$' }),
  zone: Type.String(),
  position: Type.Enum(['WINDOW', 'MIDDLE', 'AISLE']),
  state: Type.String(),
  features: Type.Array(Type.String()),
})
export type WireSeat = Static<typeof Seat>

const SeatChart = Type.Object({
  flight_key: FlightKey,
  aircraft: Type.Object({ code: Type.String() }),
  zones: Type.Array(Type.Object({ zone: Type.String(), price: Price })),
  layout: Type.String({ pattern: '^[A-L]+(-[A-L]+)*$' }),
  rows: Type.Array(
    Type.Object({
      row: Type.Integer({ minimum: 1, maximum: 99 }),
      exit: Type.Boolean(),
      over_wing: Type.Boolean(),
      seats: Type.Array(Seat),
    }),
  ),
})
export type WireSeatChart = Static<typeof SeatChart>

const SeatCharts = Type.Object({ flights: Type.Array(SeatChart) })
export type WireSeatCharts = Static<typeof SeatCharts>

const PaxCount = Type.Refine(
  Type.Object({ adt: Count, chd: Count, inf: Count }),
  ({ adt, chd, inf }) => adt + chd + inf <= mostTravellers,
  () => `at most ${mostTravellers} travel`,
)
export type WirePaxCount = Static<typeof PaxCount>

const Extra = Type.Object({
  extra_code: Type.String({ pattern: '^[A-Z0-9]{1,12}$' }),
  kind: BagKind,
  pieces: Type.Union([Count, Type.Null()]),
  kg: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  price: Price,
  max_per_pax: Type.Integer({ minimum: 1 }),
  pax_types: Type.Array(PaxType),
})

const Extras = Type.Object({
  flight_keys: Type.Array(FlightKey, { minItems: 1 }),
  pax: PaxCount,
  bags: Type.Array(Bag),
  extras: Type.Array(Extra),
})
export type WireExtras = Static<typeof Extras>

const Refund = Type.Object({ refund: Price, cancellation_fee: Price })
export type WireRefund = Static<typeof Refund>

const Booking = Type.Object({
  pnr: Type.String({ pattern: '^[A-Z0-9]{6}$' }),
  external_reference: Type.String(),
  status: Type.Enum(['CONFIRMED', 'CANCELLED']),
  legs: Type.Array(BookedLeg, { minItems: 1 }),
  charges: Type.Object({ base: Price, taxes: Price, seats: Price, extras: Price, total: Price }),
})
export type WireBooking = Static<typeof Booking>

const CancelledBooking = Type.Object({ status: Type.Literal('CANCELLED'), refund: Refund })

const BookingList = Type.Object({ bookings: Type.Array(Booking) })

const ErrorReply = Type.Object({ error_code: Type.String({ minLength: 1 }), message: Type.String() })

const Token = Type.Object({
  access_token: Type.String({ pattern: '^[A-Za-z0-9._~+/-]+=*$' }),
  token_type: Type.String({ pattern: '^[Bb]earer$' }),
  expires_in: Type.Number({ exclusiveMinimum: 0 }),
})

/** Reads bytes as one kind of reply. Throws AirlineError malformed, or unknown_outcome where the call changed something. */
export type Reader<T> = (body: Buffer, changes?: boolean) => T

function reader<T extends TSchema>(name: string, schema: T): Reader<Static<T>> {
  const validator: Validator = Compile(schema)
  const isReply = (value: unknown): value is Static<T> => validator.Check(value)
  return (body, changes = false) => {
    const kind = changes ? 'unknown_outcome' : 'malformed'
    let value: unknown
    try {
      value = JSON.parse(body.toString())
    } catch (cause) {
      throw new AirlineError('monsoon', kind, `monsoon’s ${name} is not JSON`, { cause })
    }
    if (isReply(value)) return value
    const [error] = validator.Errors(value)
    const where = error === undefined ? '' : `: ${error.instancePath || '/'} ${error.message}`
    throw new AirlineError('monsoon', kind, `monsoon’s ${name} is not as its dialect says${where}`)
  }
}

export const readFlightResults = reader('search', FlightResults)
export const readQuote = reader('quote', Quote)
export const readSeatCharts = reader('seat charts', SeatCharts)
export const readExtras = reader('extras', Extras)
export const readBooking = reader('booking', Booking)
export const readBookingList = reader('list of bookings', BookingList)
export const readRefund = reader('refund quote', Refund)
export const readCancelledBooking = reader('cancellation', CancelledBooking)
export const readError = reader('error', ErrorReply)
export const readToken = reader('token', Token)

/** What Monsoon is asked to sell. */
export interface WireBookingRequest {
  external_reference: string
  fare_key: string
  pax: {
    pax_ref: string
    pax_type: WirePaxType
    title: string
    first_name: string
    last_name: string
    dob: string
    sex: 'F' | 'M' | 'X'
  }[]
  contact: { email: string; mobile: string }
  seats: { pax_ref: string; flight_key: string; seat_no: string }[]
  extras: { pax_ref: string; extra_code: string; quantity: number }[]
  agreed_total: { amount_minor: number; currency: string }
}
