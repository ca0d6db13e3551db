import { type Static, Type } from 'typebox'
import { Amount, BagCode, BagKind, Cabin, Currency, FlightKey, GuestType, SeatName, SeatZone } from './common.ts'
import { closed, component, nullable, ref } from './ref.ts'
import { IncludedBag, TravelParty } from './searches.ts'

export const SeatPlace = component(
  'SeatPlace',
  {
    seat: SeatName,
    place: Type.Enum(['window', 'middle', 'aisle']),
    zone: SeatZone,
    state: Type.Enum(['open', 'taken', 'blocked'], { description: 'blocked: never sold' }),
    price: nullable(Amount('For one guest; 0 where the bundle includes the zone'), 'null: not for sale'),
    notes: Type.Array(
      Type.Enum(['exit-row', 'extra-legroom', 'bulkhead', 'over-wing', 'near-galley', 'limited-recline', 'no-infant']),
    ),
  },
  'One seat',
)
export type SeatPlace = Static<typeof SeatPlace>

export const CabinPlan = component(
  'CabinPlan',
  {
    cabin: Cabin,
    columns: Type.Array(nullable(Type.String({ pattern: '^[A-L]$' }), 'null: an aisle'), {
      description: 'From left to right',
    }),
    rows: Type.Array(
      closed({
        row: Type.Integer({ minimum: 1, maximum: 99 }),
        exit: Type.Boolean({ description: 'Beside an emergency exit' }),
        overWing: Type.Boolean(),
        seats: Type.Array(ref(SeatPlace), { description: 'Only where there is a seat' }),
      }),
    ),
  },
  'One cabin of an aircraft',
)
export type CabinPlan = Static<typeof CabinPlan>

export const OfferCabins = component(
  'OfferCabins',
  {
    currency: Currency,
    flights: Type.Array(
      closed({
        flightKey: FlightKey,
        aircraft: closed({
          code: Type.String({ description: 'IATA aircraft type', examples: ['789'] }),
          name: Type.String({ examples: ['Boeing 787-9'] }),
        }),
        cabins: Type.Array(ref(CabinPlan), { description: 'Those that the offer’s guests sit in' }),
      }),
      { description: 'One per flight of the offer' },
    ),
  },
  'The seats of an offer’s flights as they stand now',
)
export type OfferCabins = Static<typeof OfferCabins>

export const BagForSale = component(
  'BagForSale',
  {
    bagCode: BagCode,
    kind: BagKind,
    pieces: Type.Integer({ minimum: 1, description: 'Pieces that a unit adds' }),
    kgEach: nullable(Type.Integer({ minimum: 1 }), 'Kilograms that a piece may weigh; null: not said'),
    price: Amount('Of a unit, for every flight of the offer together'),
    mostPerGuest: Type.Integer({ minimum: 1, description: 'Units that a guest may buy' }),
    guestTypes: Type.Array(GuestType, { description: 'Who may buy it' }),
  },
  'Baggage beside what the bundle carries',
)

export const OfferBags = component(
  'OfferBags',
  {
    currency: Currency,
    flightKeys: Type.Array(FlightKey, { minItems: 1, description: 'The flights it holds for' }),
    travelParty: ref(TravelParty, { description: 'Whom the offer is for' }),
    included: Type.Array(ref(IncludedBag)),
    forSale: Type.Array(ref(BagForSale)),
  },
  'Baggage of an offer',
)
export type OfferBags = Static<typeof OfferBags>
