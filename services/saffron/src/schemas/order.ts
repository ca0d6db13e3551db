import { type Static, Type } from 'typebox'
import { FlightLeg } from './availability.ts'
import {
  Amount,
  ClientReference,
  CurrencyCode,
  FareFamilyCode,
  FlightId,
  Instant,
  OfferId,
  ProductCode,
  RecordLocator,
  SeatNumber,
  TravellerId,
  TravellerType,
} from './common.ts'
import { component, nullable, ref } from './ref.ts'

const Name = (examples: string[]) =>
  Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: "^\\p{L}[\\p{L}\\p{M} .'’-]*$",
    description: 'As in the travel document',
    examples,
  })

export const titles = ['MR', 'MS', 'MRS', 'MISS', 'MSTR', 'DR'] as const

export const Traveller = component(
  'Traveller',
  {
    travellerId: TravellerId,
    travellerType: TravellerType,
    title: Type.Enum(titles),
    firstName: Name(['Asha']),
    lastName: Name(['Verma']),
    dateOfBirth: Type.String({ format: 'date', examples: ['1990-04-12'] }),
    gender: Type.Enum(['F', 'M', 'X']),
  },
  'A traveller of an order',
)
export type Traveller = Static<typeof Traveller>

export const Contact = component(
  'Contact',
  {
    email: Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.com'] }),
    phone: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164', examples: ['+919810012345'] }),
  },
  'How the travellers are reached',
)

const ExpectedTotal = Type.Optional(
  Type.String({
    pattern: '^\\d{1,12}\\.\\d{2}$',
    description: 'What the seller expects to pay in all, in INR; any other total is refused with PRICE_CHANGED',
    examples: ['4250.00'],
  }),
)

export const OrderRequest = component(
  'OrderRequest',
  {
    clientReference: ClientReference,
    offerId: OfferId,
    travellers: Type.Array(ref(Traveller), { minItems: 1, maxItems: 9, description: 'Those the offer is for' }),
    contact: ref(Contact),
    seats: Type.Array(
      Type.Object(
        { travellerId: TravellerId, flightId: FlightId, seatNumber: SeatNumber },
        { additionalProperties: false },
      ),
      { maxItems: 54, default: [] },
    ),
    baggage: Type.Array(
      Type.Object(
        {
          travellerId: TravellerId,
          productCode: ProductCode,
          units: Type.Integer({ minimum: 1, maximum: 9, description: 'Each covers every flight of the offer' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 54, default: [] },
    ),
    expectedTotal: ExpectedTotal,
    payment: Type.Enum(['PAY_NOW', 'HOLD'], {
      description: 'PAY_NOW: charged and confirmed; HOLD: kept until `paymentDeadline`',
    }),
  },
  'What to sell',
)
export type OrderRequest = Static<typeof OrderRequest>

export const OrderParams = Type.Object({ recordLocator: RecordLocator }, { additionalProperties: false })

/** The question for an order by its client reference, with an example that the example of an order carries. */
export const orderQuery = (example: string) =>
  Type.Object(
    { clientReference: Type.String({ ...ClientReference, examples: [example] }) },
    { additionalProperties: false },
  )

export const PaymentRequest = component('PaymentRequest', { expectedTotal: ExpectedTotal }, 'Payment of a held order')

export const BookedFlight = component(
  'BookedFlight',
  {
    ...FlightLeg.properties,
    retimedMinutes: Type.Integer({
      description:
        'By how many minutes Saffron Airways has moved the flight since it was first sold; the times are those of now. 0: not at all; negative: earlier',
      examples: [0],
    }),
  },
  'A flight of an order',
)

export const Order = component(
  'Order',
  {
    recordLocator: RecordLocator,
    clientReference: ClientReference,
    status: Type.Enum(['HELD', 'CONFIRMED', 'CANCELLED', 'LAPSED'], {
      description: 'LAPSED: was not paid in time',
    }),
    createdAt: Instant('When it was made'),
    paymentDeadline: nullable(Instant('When the hold lapses'), 'null unless held'),
    fareFamily: FareFamilyCode,
    flights: Type.Array(ref(BookedFlight)),
    travellers: Type.Array(ref(Traveller)),
    contact: ref(Contact),
    seats: Type.Array(
      Type.Object(
        { travellerId: TravellerId, flightId: FlightId, seatNumber: SeatNumber, price: Amount('Price') },
        { additionalProperties: false },
      ),
    ),
    baggage: Type.Array(
      Type.Object(
        {
          travellerId: TravellerId,
          productCode: ProductCode,
          units: Type.Integer({ minimum: 1 }),
          price: Amount('Price of all units and flights'),
        },
        { additionalProperties: false },
      ),
    ),
    pricing: Type.Object(
      {
        currency: CurrencyCode,
        base: Amount('Fares'),
        taxTotal: Amount('Taxes, fees and surcharges'),
        seats: Amount('Seats'),
        baggage: Amount('Baggage'),
        total: Amount('Everything'),
      },
      { additionalProperties: false },
    ),
    cancellation: nullable(
      Type.Object({ refund: Amount('Given back'), fee: Amount('Kept') }, { additionalProperties: false }),
      'null unless cancelled',
    ),
  },
  'An order as Saffron Airways keeps it',
)
export type Order = Static<typeof Order>

export const OrderList = component('OrderList', { orders: Type.Array(ref(Order)) }, 'Orders that were found')

export const CancellationQuote = component(
  'CancellationQuote',
  {
    recordLocator: RecordLocator,
    currency: CurrencyCode,
    refund: Amount('What the seller gets back'),
    fee: Amount('What Saffron Airways keeps; refund + fee is what was paid'),
  },
  'What cancelling gives back',
)

export const Cancellation = component(
  'Cancellation',
  { ...CancellationQuote.properties, status: Type.Enum(['CANCELLED']) },
  'A cancelled order',
)
