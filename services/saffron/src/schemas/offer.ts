import { type Static, Type } from 'typebox'
import { BagAllowance, FareFamily, journeyProperties, offerProperties, Travellers } from './availability.ts'
import {
  Amount,
  BagType,
  Cabin,
  CurrencyCode,
  FlightId,
  OfferId,
  ProductCode,
  SeatNumber,
  TravellerType,
} from './common.ts'
import { component, nullable, ref } from './ref.ts'

/** The path of an offer, with an example that can be asked for. */
export const offerParams = (example: string) =>
  Type.Object({ offerId: Type.String({ ...OfferId, examples: [example] }) }, { additionalProperties: false })

export const Offer = component(
  'Offer',
  {
    currency: CurrencyCode,
    ...offerProperties,
    fareFamily: ref(FareFamily),
    journey: Type.Object(journeyProperties, { additionalProperties: false }),
  },
  'An offer as it stands now',
)
export type Offer = Static<typeof Offer>

export const SeatPlace = component(
  'SeatPlace',
  {
    seatNumber: SeatNumber,
    position: Type.Enum(['WINDOW', 'MIDDLE', 'AISLE']),
    status: Type.Enum(['FREE', 'TAKEN', 'BLOCKED'], { description: 'BLOCKED seats are never sold' }),
    price: nullable(Amount('Price for one traveller; "0.00" where the fare includes it'), 'null: not for sale'),
    characteristics: Type.Array(
      Type.Enum(['EXIT_ROW', 'EXTRA_LEGROOM', 'BULKHEAD', 'OVER_WING', 'NEAR_GALLEY', 'LIMITED_RECLINE', 'NO_INFANT']),
    ),
  },
  'One seat',
)
export type SeatPlace = Static<typeof SeatPlace>

export const CabinPlan = component(
  'CabinPlan',
  {
    cabin: Cabin,
    layout: Type.String({
      pattern: '^[A-L=]+$',
      description: 'Columns from left to right; = is an aisle',
      examples: ['ABC=DEF'],
    }),
    rows: Type.Array(
      Type.Object(
        {
          rowNumber: Type.Integer({ minimum: 1, maximum: 99 }),
          exitRow: Type.Boolean(),
          overWing: Type.Boolean(),
          seats: Type.Array(ref(SeatPlace), { description: 'Only columns where there is a seat' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  'One cabin of the aircraft',
)

export const SeatMaps = component(
  'SeatMaps',
  {
    currency: CurrencyCode,
    seatMaps: Type.Array(
      Type.Object(
        {
          flightId: FlightId,
          equipment: Type.Object(
            {
              code: Type.String({ description: 'IATA aircraft type', examples: ['32N'] }),
              name: Type.String({ examples: ['Airbus A320neo'] }),
            },
            { additionalProperties: false },
          ),
          cabins: Type.Array(ref(CabinPlan), { description: 'Those that the offer’s travellers sit in' }),
        },
        { additionalProperties: false },
      ),
      { description: 'One per flight of the offer' },
    ),
  },
  'The seats of an offer’s flights as they stand now',
)
export type SeatMaps = Static<typeof SeatMaps>

export const BaggageProduct = component(
  'BaggageProduct',
  {
    productCode: ProductCode,
    bagType: BagType,
    pieces: nullable(Type.Integer({ minimum: 0 }), 'Pieces that a unit adds; null: weight alone counts'),
    weightKg: nullable(Type.Integer({ minimum: 1 }), 'Kilograms that a unit adds; null: not said'),
    travellerTypes: Type.Array(TravellerType, { description: 'Who may buy it' }),
    unitPrice: Amount('Price of a unit for every flight of the offer together'),
    maxUnits: Type.Integer({ minimum: 1, description: 'Units that a traveller may buy' }),
  },
  'Baggage for sale',
)

export const OfferBaggage = component(
  'OfferBaggage',
  {
    currency: CurrencyCode,
    flightIds: Type.Array(FlightId, { description: 'The flights it holds for' }),
    travellers: ref(Travellers, { description: 'Whom the offer is for' }),
    included: Type.Array(ref(BagAllowance)),
    products: Type.Array(ref(BaggageProduct)),
  },
  'Baggage of an offer',
)
export type OfferBaggage = Static<typeof OfferBaggage>
