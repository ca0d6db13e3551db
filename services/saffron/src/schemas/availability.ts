import { type Static, Type } from 'typebox'
import {
  AirportCode,
  Amount,
  BagType,
  Cabin,
  CurrencyCode,
  FareFamilyCode,
  FlightId,
  Instant,
  OfferId,
  TravellerType,
} from './common.ts'
import { component, nullable, ref } from './ref.ts'

export const Travellers = component(
  'Travellers',
  {
    adults: Type.Integer({ minimum: 1, maximum: 9 }),
    children: Type.Integer({ minimum: 0, maximum: 8, default: 0 }),
    infants: Type.Integer({ minimum: 0, maximum: 4, default: 0, description: 'On laps: at most one per adult' }),
  },
  'Who travels: at most nine',
)

export const AvailabilityRequest = component(
  'AvailabilityRequest',
  {
    origin: AirportCode('Airport of departure'),
    destination: AirportCode('Airport of arrival'),
    departureDate: Type.String({ format: 'date', description: 'Local date at the origin, YYYY-MM-DD' }),
    cabin: Type.Optional(Cabin),
    travellers: ref(Travellers),
  },
  'One way on one day; without a cabin, every cabin answers',
)
export type AvailabilityRequest = Static<typeof AvailabilityRequest>

const Carriage = Type.Object(
  {
    carrier: Type.String({ pattern: '^[A-Z0-9]{2}$', description: 'Designator', examples: ['0S'] }),
    number: Type.String({ pattern: '^\\d{1,4}$', examples: ['101'] }),
  },
  { additionalProperties: false },
)

const FlightPoint = (description: string) =>
  Type.Object(
    {
      airport: AirportCode('Airport'),
      localTime: Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$',
        description: 'Time on the airport’s clocks',
        examples: ['2030-01-15T06:10:00'],
      }),
      utcOffset: Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$', examples: ['+05:30'] }),
      timeZone: Type.String({ description: 'IANA time zone', examples: ['Asia/Kolkata'] }),
    },
    { additionalProperties: false, description },
  )

export const FlightLeg = component(
  'FlightLeg',
  {
    flightId: FlightId,
    marketing: Carriage,
    operating: Carriage,
    departure: FlightPoint('Where and when it leaves'),
    arrival: FlightPoint('Where and when it lands'),
    durationMinutes: Type.Integer({ minimum: 1 }),
    distanceKm: Type.Integer({ minimum: 0 }),
    equipment: Type.String({ description: 'IATA aircraft type', examples: ['32N'] }),
  },
  'One flight; `operating` differs from `marketing` on a codeshare',
)

const FareCondition = Type.Object(
  {
    permitted: Type.Boolean(),
    feePerTraveller: nullable(Amount('Fee'), 'null where not permitted'),
  },
  { additionalProperties: false },
)

export const BagAllowance = component(
  'BagAllowance',
  {
    travellerTypes: Type.Array(TravellerType, { minItems: 1, description: 'Each of them has the whole of it' }),
    bagType: BagType,
    pieces: nullable(Type.Integer({ minimum: 0 }), 'null: weight alone counts'),
    weightKg: nullable(
      Type.Integer({ minimum: 0 }),
      'Kilograms per piece, or in all where pieces is null; null: not said',
    ),
  },
  'Baggage that the fare includes',
)

export const FareFamily = component(
  'FareFamily',
  {
    code: FareFamilyCode,
    name: Type.String({ examples: ['Classic'] }),
    cabin: Cabin,
    bookingClass: Type.String({ pattern: '^[A-Z]$', description: 'RBD', examples: ['Y'] }),
    conditions: Type.Object(
      { change: FareCondition, cancellation: FareCondition },
      { additionalProperties: false, description: 'What may be done before departure' },
    ),
    baggage: Type.Array(ref(BagAllowance)),
  },
  'What a fare is like, whatever the flight',
)

export const TravellerPricing = component(
  'TravellerPricing',
  {
    travellerType: TravellerType,
    count: Type.Integer({ minimum: 1, maximum: 9, description: 'How many travel' }),
    base: Amount('Fare for one of them'),
    taxes: Type.Array(
      Type.Object(
        { code: Type.String({ examples: ['K3'] }), amount: Amount('Tax, fee or surcharge') },
        { additionalProperties: false },
      ),
    ),
    taxTotal: Amount('Sum of the taxes for one of them'),
    total: Amount('base + taxTotal for one of them'),
  },
  'The price for one traveller of a type',
)

export const OfferPricing = component(
  'OfferPricing',
  {
    base: Amount('Fare for all travellers'),
    taxTotal: Amount('Taxes, fees and surcharges for all travellers'),
    total: Amount('What all travellers pay'),
    perTraveller: Type.Array(ref(TravellerPricing), { minItems: 1 }),
  },
  'The price of an offer',
)

/** What stands in an offer wherever it appears. */
export const offerProperties = {
  offerId: OfferId,
  fareBasis: Type.String({ examples: ['YOWIN'] }),
  seatsRemaining: Type.Integer({ minimum: 0, maximum: 9, description: 'Seats left; 9 stands for nine or more' }),
  validUntil: Instant('Until when the offer can be ordered'),
  pricing: ref(OfferPricing),
}

export const JourneyOffer = component(
  'JourneyOffer',
  { ...offerProperties, fareFamily: FareFamilyCode },
  'A journey in one fare family; `fareFamily` names an entry of `fareFamilies`',
)

/** What a journey consists of, without its offers. */
export const journeyProperties = {
  durationMinutes: Type.Integer({ minimum: 1, description: 'From the first departure to the last arrival' }),
  flights: Type.Array(ref(FlightLeg), { minItems: 1 }),
}

export const Journey = component(
  'Journey',
  { ...journeyProperties, offers: Type.Array(ref(JourneyOffer), { minItems: 1, description: 'Cheapest first' }) },
  'The same flights, in every fare family that is left',
)

export const Availability = component(
  'Availability',
  {
    currency: CurrencyCode,
    fareFamilies: Type.Array(ref(FareFamily), { description: 'Those that appear in the journeys' }),
    journeys: Type.Array(ref(Journey), { description: 'By their cheapest offer' }),
  },
  'What can be sold on the day',
)
export type Availability = Static<typeof Availability>
