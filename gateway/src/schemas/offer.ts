import { type Static, Type } from 'typebox'
import { Money } from './money.ts'
import { PassengerId, PassengerType } from './passenger.ts'
import { AirportCode } from './place.ts'
import { component, nullable, oneOf, ref } from './ref.ts'

export const AirlineName = Type.String({
  pattern: '^[a-z]{2,20}$',
  description: 'The airline’s name in Fanfare, as in `GET /v1/airlines`',
  examples: ['saffron'],
})

export const Cabin = oneOf(['economy', 'premium_economy', 'business', 'first'], {
  description: 'Cabin of travel',
})
export type Cabin = Static<typeof Cabin>

const LocalInstant = (what: string) =>
  Type.String({
    format: 'date-time',
    description: `${what}: local time at the airport with its offset from UTC (RFC 3339)`,
    examples: ['2030-01-15T06:10:00+05:30'],
  })
const Duration = Type.String({
  pattern: '^P(\\d+D)?(T(\\d+H)?(\\d+M)?)?$',
  description: 'ISO 8601 duration',
  examples: ['PT2H10M'],
})
const TimeZone = (where: string) =>
  Type.String({ description: `IANA time zone of the ${where}`, examples: ['Asia/Kolkata'] })

export const SegmentId = Type.String({
  pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$',
  description: 'Flight number, local departure date and origin; the same in search, itinerary and booking',
  examples: ['0S101-2030-01-15-DEL'],
})

export const Segment = component(
  'Segment',
  {
    id: SegmentId,
    flightNumber: Type.String({
      description: 'As sold: the marketing carrier’s designator and number',
      examples: ['0S101'],
    }),
    marketingCarrier: Type.String({ description: 'Designator of the airline that sells the flight', examples: ['0S'] }),
    operatingCarrier: Type.String({
      description: 'Designator of the airline that flies it; differs on a codeshare',
      examples: ['0S'],
    }),
    origin: AirportCode,
    destination: AirportCode,
    departingAt: LocalInstant('Departure'),
    arrivingAt: LocalInstant('Arrival'),
    originTimeZone: TimeZone('origin'),
    destinationTimeZone: TimeZone('destination'),
    duration: Duration,
    aircraft: Type.String({ description: 'IATA aircraft type code', examples: ['32N'] }),
    cabin: Cabin,
    bookingClass: Type.String({ pattern: '^[A-Z]$', description: 'RBD letter', examples: ['Y'] }),
    fareBasisCode: Type.String({ examples: ['YOWIN'] }),
  },
  'One flight',
)
export type Segment = Static<typeof Segment>

export const Slice = component(
  'Slice',
  {
    origin: AirportCode,
    destination: AirportCode,
    departingAt: LocalInstant('Departure of the first flight'),
    arrivingAt: LocalInstant('Arrival of the last flight'),
    duration: Duration,
    stops: Type.Integer({ minimum: 0, description: 'Number of stops: flights less one' }),
    segments: Type.Array(ref(Segment), { minItems: 1 }),
  },
  'One journey from origin to destination',
)
export type Slice = Static<typeof Slice>

export const Condition = component(
  'Condition',
  {
    allowed: Type.Boolean(),
    fee: nullable(
      ref(Money),
      'The airline’s fee per passenger in its own currency; null where it does not say or it is not allowed',
    ),
  },
  'Whether something is allowed before departure, and at what fee',
)
export type Condition = Static<typeof Condition>

export const Conditions = component(
  'Conditions',
  { change: ref(Condition), cancel: ref(Condition) },
  'What the fare allows before departure',
)
export type Conditions = Static<typeof Conditions>

export const IncludedBaggage = component(
  'IncludedBaggage',
  {
    segmentIds: Type.Array(SegmentId, { description: 'The flights it holds for' }),
    passengerIds: Type.Array(PassengerId, { description: 'The passengers who have it, each the whole of it' }),
    kind: oneOf(['carry_on', 'checked']),
    pieces: nullable(Type.Integer({ minimum: 0 }), 'Pieces; null where the airline counts weight alone'),
    weightKg: nullable(
      Type.Integer({ minimum: 0 }),
      'Kilograms: per piece where pieces are counted, in all where they are not; null where the airline does not say',
    ),
  },
  'Baggage that the fare includes',
)
export type IncludedBaggage = Static<typeof IncludedBaggage>

export const PassengerPrice = component(
  'PassengerPrice',
  {
    passengerId: PassengerId,
    type: PassengerType,
    basePrice: ref(Money),
    taxes: ref(Money),
    price: ref(Money),
  },
  'One passenger’s share of the price',
)

export const SameFlight = component(
  'SameFlight',
  {
    offerId: Type.String(),
    airline: AirlineName,
    fareBrand: Type.String(),
    price: ref(Money),
    conditions: ref(Conditions),
    baggage: Type.Array(ref(IncludedBaggage)),
    seatsLeft: nullable(Type.Integer({ minimum: 0 })),
  },
  'Another offer on the very same flights: another fare brand, or another airline that sells them',
)
export type SameFlight = Static<typeof SameFlight>

export const OfferId = Type.String({
  minLength: 3,
  maxLength: 1000,
  pattern: '^[A-Za-z0-9~._-]+$',
  description: 'Carries its airline and that airline’s own offer reference, so any gateway resolves it',
})

const offerProperties = {
  id: OfferId,
  airline: AirlineName,
  slice: ref(Slice),
  fareBrand: Type.String({ description: 'The fare family, as the airline sells it', examples: ['Classic'] }),
  price: ref(Money, { description: 'For all passengers, in the currency asked for' }),
  basePrice: ref(Money, { description: 'price without taxes' }),
  taxes: ref(Money, { description: 'Taxes, fees and surcharges in price' }),
  airlinePrice: ref(Money, { description: 'The same price as the airline quotes it, in the airline’s currency' }),
  perPassenger: Type.Array(ref(PassengerPrice)),
  conditions: ref(Conditions),
  baggage: Type.Array(ref(IncludedBaggage), { description: 'Included in the price' }),
  seatsLeft: nullable(Type.Integer({ minimum: 0 }), 'Seats left at this price; null where the airline does not say'),
  expiresAt: Type.String({ format: 'date-time', description: 'Until when the airline holds to the offer, UTC' }),
}

export const Offer = component(
  'Offer',
  {
    ...offerProperties,
    sameFlight: Type.Array(ref(SameFlight), { description: 'The other offers on the same flights, cheapest first' }),
  },
  'One airline’s price for one slice and these passengers',
)
export type Offer = Static<typeof Offer>

export const PricedOffer = component(
  'PricedOffer',
  {
    ...offerProperties,
    quotedPrice: ref(Money, { description: 'What the search quoted, in the airline’s currency' }),
    priceChanged: Type.Boolean({ description: 'Whether airlinePrice differs from quotedPrice' }),
  },
  'An offer as the airline prices it right now',
)
export type PricedOffer = Static<typeof PricedOffer>
