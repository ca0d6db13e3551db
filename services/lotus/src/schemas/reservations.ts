import { type Static, Type } from 'typebox'
import {
  Amount,
  BagCode,
  BundleCode,
  Currency,
  FlightKey,
  GuestRef,
  GuestType,
  IdempotencyKey,
  Instant,
  OfferToken,
  ReservationCode,
  SeatName,
} from './common.ts'
import { closed, component, nullable, ref } from './ref.ts'
import { Sector } from './searches.ts'

const Name = (examples: string[]) =>
  Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: "^\\p{L}[\\p{L}\\p{M} .'’-]*$",
    description: 'As in the travel document',
    examples,
  })

export const honorifics = ['mr', 'ms', 'mrs', 'miss', 'mstr', 'dr'] as const

export const Guest = component(
  'Guest',
  {
    guestRef: GuestRef,
    guestType: GuestType,
    honorific: Type.Enum(honorifics),
    given: Name(['Asha']),
    family: Name(['Verma']),
    birthDate: Type.String({ format: 'date', examples: ['1990-04-12'] }),
    sex: Type.Enum(['female', 'male', 'undisclosed']),
  },
  'Someone who travels',
)
export type Guest = Static<typeof Guest>

export const Reach = component(
  'Reach',
  {
    email: Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.com'] }),
    mobile: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164', examples: ['+919810012345'] }),
  },
  'How the guests are reached',
)

const ExpectedTotal = Type.Optional(
  Amount('What the seller expects to pay for everything, in THB. Any other total is refused with price-moved'),
)

export const ReservationRequest = component(
  'ReservationRequest',
  {
    idempotencyKey: IdempotencyKey,
    offerToken: OfferToken,
    guests: Type.Array(ref(Guest), { minItems: 1, maxItems: 9, description: 'Those the offer is for' }),
    reach: ref(Reach),
    seats: Type.Array(closed({ guestRef: GuestRef, flightKey: FlightKey, seat: SeatName }), {
      maxItems: 54,
      default: [],
    }),
    bags: Type.Array(
      closed({
        guestRef: GuestRef,
        bagCode: BagCode,
        units: Type.Integer({ minimum: 1, maximum: 9, description: 'Each covers every flight of the offer' }),
      }),
      { maxItems: 54, default: [] },
    ),
    expectedTotal: ExpectedTotal,
    settle: Type.Enum(['now', 'later'], { description: 'now: paid and ticketed; later: kept on hold for 30 minutes' }),
  },
  'What to reserve',
)
export type ReservationRequest = Static<typeof ReservationRequest>

export const PaymentRequest = component('PaymentRequest', { expectedTotal: ExpectedTotal }, 'Payment of a hold')

export const ReservationParams = closed({ reservationCode: ReservationCode })

/** The question for a reservation by its idempotency key, with an example that the example of a reservation carries. */
export const reservationQuery = (example: string) =>
  closed({ idempotencyKey: Type.String({ ...IdempotencyKey, examples: [example] }) })

export const BookedSector = component(
  'BookedSector',
  {
    ...Sector.properties,
    movedBy: Type.Integer({
      description:
        'Minutes by which Lotus Air has moved the flight since it was first sold; `departs` and `arrives` are as it flies now. 0: not moved; negative: earlier',
      examples: [0],
    }),
  },
  'A flight of a reservation',
)

export const Reservation = component(
  'Reservation',
  {
    reservationCode: ReservationCode,
    idempotencyKey: IdempotencyKey,
    state: Type.Enum(['on-hold', 'ticketed', 'cancelled', 'lapsed'], { description: 'lapsed: was not paid in time' }),
    madeAt: Instant('When it was made'),
    payBefore: nullable(Instant('When the hold lapses'), 'null unless on hold'),
    bundle: BundleCode,
    sectors: Type.Array(ref(BookedSector)),
    guests: Type.Array(ref(Guest)),
    reach: ref(Reach),
    seats: Type.Array(closed({ guestRef: GuestRef, flightKey: FlightKey, seat: SeatName, price: Amount('Price') })),
    bags: Type.Array(
      closed({
        guestRef: GuestRef,
        bagCode: BagCode,
        units: Type.Integer({ minimum: 1 }),
        price: Amount('Price of all units and flights'),
      }),
    ),
    charges: closed({
      currency: Currency,
      fare: Amount('Fares'),
      taxes: Amount('Taxes, fees and surcharges'),
      seats: Amount('Seats'),
      bags: Amount('Baggage'),
      total: Amount('Everything'),
    }),
    givenBack: nullable(closed({ refund: Amount('Given back'), fee: Amount('Kept') }), 'null unless cancelled'),
  },
  'A reservation as Lotus Air keeps it',
)
export type Reservation = Static<typeof Reservation>

export const ReservationList = component(
  'ReservationList',
  { reservations: Type.Array(ref(Reservation)) },
  'Reservations that were found',
)

const cancellation = {
  reservationCode: ReservationCode,
  currency: Currency,
  refund: Amount('What the seller gets back'),
  fee: Amount('What Lotus Air keeps; refund + fee is what was paid'),
}

export const CancellationQuote = component('CancellationQuote', cancellation, 'What cancelling would give back')
export type CancellationQuote = Static<typeof CancellationQuote>

export const Cancellation = component(
  'Cancellation',
  { ...cancellation, state: Type.Enum(['cancelled']) },
  'A cancelled reservation',
)
