import { type Static, Type } from 'typebox'
import { ServiceId } from './baggage.ts'
import { Money } from './money.ts'
import { AirlineName, OfferId, Segment, SegmentId } from './offer.ts'
import { Contact, Passenger, PassengerId } from './passenger.ts'
import { component, nullable, oneOf, ref } from './ref.ts'
import { Designator } from './seat-map.ts'
import { FaultHeaders } from './simulation.ts'

export const SeatChoice = component(
  'SeatChoice',
  { segmentId: SegmentId, passengerId: PassengerId, designator: Designator },
  'One passenger’s seat on one flight',
)
export type SeatChoice = Static<typeof SeatChoice>

export const BaggageChoice = component(
  'BaggageChoice',
  {
    serviceId: ServiceId,
    passengerId: PassengerId,
    quantity: Type.Integer({ minimum: 1, maximum: 9, description: 'Units' }),
  },
  'Baggage bought for one passenger',
)
export type BaggageChoice = Static<typeof BaggageChoice>

export const BookingRequest = component(
  'BookingRequest',
  {
    offerIds: Type.Array(OfferId, { minItems: 1, maxItems: 6, uniqueItems: true, description: 'One offer per slice' }),
    passengers: Type.Array(ref(Passenger), {
      minItems: 1,
      maxItems: 9,
      description: 'As many of each type as the offers are for',
    }),
    contact: ref(Contact),
    seats: Type.Array(ref(SeatChoice), { maxItems: 54, default: [] }),
    baggage: Type.Array(ref(BaggageChoice), { maxItems: 54, default: [] }),
    expectedTotal: ref(Money, {
      description:
        'What the client expects to pay: offers, seats and baggage. A different total is refused with 409 price_changed. Its currency is the booking’s.',
    }),
    payment: oneOf(['now', 'hold'], {
      description: 'now: pay and confirm; hold: keep the seats and pay later, where every airline allows it',
    }),
  },
  'What to book',
)
export type BookingRequest = Static<typeof BookingRequest>

export const BookingStatus = oneOf(['pending', 'held', 'confirmed', 'failed', 'cancelled'], {
  description: 'pending: an airline’s answer is not known yet; held: to be paid by payBy',
})
export type BookingStatus = Static<typeof BookingStatus>

export const OrderStatus = oneOf(['pending', 'held', 'confirmed', 'failed', 'cancelled'])
export type OrderStatus = Static<typeof OrderStatus>

export const BookedOrder = component(
  'BookedOrder',
  {
    airline: AirlineName,
    airlineReference: nullable(
      Type.String(),
      'The airline’s record locator; null until the airline has answered, or when it refused',
    ),
    status: OrderStatus,
    offerId: OfferId,
    price: nullable(
      ref(Money),
      'Offer, seats and baggage of this airline, in the booking’s currency; null until the airline has priced it',
    ),
    airlinePrice: nullable(ref(Money), 'The same in the airline’s own currency; null until the airline has priced it'),
  },
  'One airline’s part of a booking',
)

export const BookedSeat = component(
  'BookedSeat',
  { passengerId: PassengerId, designator: Designator, price: ref(Money) },
  'A seat that was booked',
)

export const BookedBaggage = component(
  'BookedBaggage',
  {
    passengerIds: Type.Array(PassengerId),
    kind: oneOf(['carry_on', 'checked']),
    pieces: nullable(Type.Integer()),
    weightKg: nullable(Type.Integer()),
    purchased: Type.Boolean({ description: 'False where the fare includes it' }),
  },
  'Baggage that travels on this flight',
)

export const BookedSegment = component(
  'BookedSegment',
  {
    ...Segment.properties,
    airline: AirlineName,
    seats: Type.Array(ref(BookedSeat)),
    baggage: Type.Array(ref(BookedBaggage)),
  },
  'A flight of the booking, with its seats and baggage',
)

export const BookingPrice = component(
  'BookingPrice',
  {
    base: ref(Money),
    taxes: ref(Money),
    seats: ref(Money),
    baggage: ref(Money),
    total: ref(Money),
  },
  'What the booking costs, in the booking’s currency',
)

export const HistoryEntry = component(
  'HistoryEntry',
  {
    at: Type.String({ format: 'date-time', description: 'UTC' }),
    airline: nullable(AirlineName, 'null for what concerns the whole booking'),
    event: Type.String({ examples: ['order_confirmed'] }),
    detail: Type.String(),
  },
  'Something that happened to the booking',
)

export const Booking = component(
  'Booking',
  {
    reference: Type.String({
      pattern: '^[A-Z0-9]{8}$',
      description: 'Fanfare’s own reference',
      examples: ['FN7K2Q9P'],
    }),
    status: BookingStatus,
    createdAt: Type.String({ format: 'date-time', description: 'UTC' }),
    orders: Type.Array(ref(BookedOrder)),
    passengers: Type.Array(ref(Passenger)),
    contact: ref(Contact),
    segments: Type.Array(ref(BookedSegment)),
    price: nullable(
      ref(BookingPrice),
      'null until every airline has priced its offer; a booking that failed before stays so',
    ),
    payBy: nullable(Type.String({ format: 'date-time' }), 'When a held booking lapses, UTC; null unless held'),
    history: Type.Array(ref(HistoryEntry), { description: 'Oldest first' }),
  },
  'One booking across airlines',
)
export type Booking = Static<typeof Booking>

export const BookingList = component(
  'BookingList',
  {
    bookings: Type.Array(ref(Booking), { description: 'Newest first' }),
    nextCursor: nullable(Type.String(), 'Pass as `cursor` for older ones; null at the end'),
  },
  'Bookings',
)
export type BookingList = Static<typeof BookingList>

/** The path of one booking. */
export const BookingPath = Type.Object(
  {
    reference: Type.String({
      pattern: '^[A-Z0-9]{8}$',
      description: 'A booking’s reference',
      examples: ['FN7K2Q9P'],
    }),
  },
  { additionalProperties: false },
)

/** The headers of `POST /v1/bookings`. */
export const BookingHeaders = Type.Object({
  'idempotency-key': Type.String({
    pattern: '^[A-Za-z0-9_-]{8,64}$',
    description:
      'Chosen by the client, new for each booking, for instance a UUID. The same key with the same body gives the same booking for 24 hours, however often it is sent; with another body it is refused.',
    examples: ['7f1f3c52-5b0e-4f0a-9a53-0f1f2f6d8c11'],
  }),
  ...FaultHeaders.properties,
})

/** The query string of `GET /v1/bookings`. Defaults are filled in by the validator. */
export const BookingsQuery = Type.Object(
  {
    status: Type.Optional(
      oneOf(['pending', 'held', 'confirmed', 'failed', 'cancelled'], {
        description: 'Only bookings of this status',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Most bookings in one answer' }),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'A `nextCursor` of an answer with the same status: older bookings',
      }),
    ),
  },
  { additionalProperties: false },
)

export const PaymentRequest = component(
  'PaymentRequest',
  {
    expectedTotal: Type.Optional(
      ref(Money, {
        description:
          'What the client expects to pay; another total is refused and the booking stays held. Left out: the total agreed when it was held',
      }),
    ),
  },
  'The payment of a held booking',
)

export const CancellationRequest = component(
  'CancellationRequest',
  { confirm: Type.Boolean({ default: false, description: 'false: only quote the refund; true: cancel' }) },
  'Whether to cancel or only to ask what it would give back',
)

export const Cancellation = component(
  'Cancellation',
  {
    reference: Type.String(),
    status: oneOf(['quoted', 'cancelled', 'pending'], {
      description: 'pending: an airline’s answer to the cancellation is not known yet',
    }),
    refund: ref(Money, { description: 'What the traveller gets back, in the booking’s currency' }),
    fee: ref(Money, { description: 'What the airlines keep' }),
    orders: Type.Array(
      Type.Object(
        { airline: AirlineName, airlineReference: nullable(Type.String()), refund: ref(Money), fee: ref(Money) },
        { additionalProperties: false },
      ),
    ),
    booking: ref(Booking),
  },
  'What a cancellation gives back, airline by airline',
)
export type Cancellation = Static<typeof Cancellation>
