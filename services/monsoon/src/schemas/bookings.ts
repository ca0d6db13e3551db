import { type Static, Type } from 'typebox'
import {
  ExternalReference,
  ExtraCode,
  FareKey,
  FlightKey,
  Instant,
  PaxRef,
  PaxType,
  Pnr,
  Price,
  SeatNo,
} from './common.ts'
import { Leg } from './flights.ts'
import { component, nullable, ref } from './ref.ts'

const Name = (example: string) =>
  Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: "^\\p{L}[\\p{L}\\p{M} .'’-]*$",
    description: 'As in the travel document',
    examples: [example],
  })

export const Pax = component(
  'Pax',
  {
    pax_ref: PaxRef,
    pax_type: PaxType,
    title: Type.String({ pattern: '^(MR|MS|MRS|MISS|MSTR|DR)$', description: 'Form of address', examples: ['MS'] }),
    first_name: Name('Asha'),
    last_name: Name('Verma'),
    dob: Type.String({ format: 'date', description: 'Date of birth, YYYY-MM-DD', examples: ['1990-04-12'] }),
    sex: Type.Enum(['F', 'M', 'X']),
  },
  'A passenger',
)
export type Pax = Static<typeof Pax>

export const Contact = component(
  'Contact',
  {
    email: Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.com'] }),
    mobile: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164', examples: ['+919810012345'] }),
  },
  'How the passengers are reached',
)

const seatChoice = { pax_ref: PaxRef, flight_key: FlightKey, seat_no: SeatNo }
const extraChoice = {
  pax_ref: PaxRef,
  extra_code: ExtraCode,
  quantity: Type.Integer({ minimum: 1, maximum: 9, description: 'Units' }),
}

export const BookingRequest = component(
  'BookingRequest',
  {
    external_reference: ExternalReference,
    fare_key: FareKey,
    pax: Type.Array(ref(Pax), { minItems: 1, maxItems: 9, description: 'As many of each type as the fare is for' }),
    contact: ref(Contact),
    seats: Type.Optional(
      Type.Array(Type.Object(seatChoice, { additionalProperties: false }), {
        maxItems: 54,
        description: 'Who has no seat here gets one at check-in',
      }),
    ),
    extras: Type.Optional(Type.Array(Type.Object(extraChoice, { additionalProperties: false }), { maxItems: 54 })),
    agreed_total: Type.Optional(
      ref(Price, {
        description: 'What the seller expects to pay in all; at another price nothing is sold (PRICE_MOVED)',
      }),
    ),
  },
  'What to sell. It is paid from the seller’s account at once.',
)
export type BookingRequest = Static<typeof BookingRequest>

export const Charges = component(
  'Charges',
  {
    base: ref(Price),
    taxes: ref(Price),
    seats: ref(Price),
    extras: ref(Price),
    total: ref(Price),
  },
  'What was paid',
)

export const Refund = component(
  'Refund',
  {
    refund: ref(Price, { description: 'What goes back to the seller’s account' }),
    cancellation_fee: ref(Price, { description: 'What Monsoon keeps; with the refund, all that was paid' }),
  },
  'What a cancellation gives back',
)

export const BookedLeg = component(
  'BookedLeg',
  {
    ...Leg.properties,
    schedule_change_min: Type.Integer({
      description:
        'Minutes that Monsoon has moved the flight by since it was first sold. `departs` and `arrives` are the times now. 0: none; negative: earlier',
      examples: [0],
    }),
  },
  'A flight of a booking',
)

export const Booking = component(
  'Booking',
  {
    pnr: Pnr,
    external_reference: ExternalReference,
    status: Type.Enum(['CONFIRMED', 'CANCELLED']),
    booked_at: Instant('When it was sold'),
    fare_code: Type.String({ pattern: '^[A-Z0-9]{1,12}$', examples: ['GO'] }),
    flight_keys: Type.Array(FlightKey, { minItems: 1 }),
    legs: Type.Array(ref(BookedLeg), { minItems: 1, description: 'As they fly now' }),
    pax: Type.Array(ref(Pax)),
    contact: ref(Contact),
    seats: Type.Array(
      Type.Object({ ...seatChoice, price: ref(Price) }, { additionalProperties: false, description: 'A seat sold' }),
    ),
    extras: Type.Array(
      Type.Object(
        { ...extraChoice, price: ref(Price, { description: 'For all units and flights together' }) },
        { additionalProperties: false, description: 'An extra sold' },
      ),
    ),
    charges: ref(Charges),
    refund: nullable(ref(Refund), 'null unless cancelled'),
  },
  'A booking',
)
export type Booking = Static<typeof Booking>

export const BookingList = component(
  'BookingList',
  { bookings: Type.Array(ref(Booking), { description: 'None or one' }) },
  'Bookings that were found',
)

/** Finds bookings by the seller’s own reference, with the example that the example of a booking carries. */
export const bookingQuery = (example: string) =>
  Type.Object(
    { external_reference: Type.String({ ...ExternalReference, examples: [example] }) },
    { additionalProperties: false },
  )

/** Names a booking in a path. */
export const PnrParams = Type.Object({ pnr: Pnr }, { additionalProperties: false })
