import { type Static, Type } from 'typebox'
import {
  AirportCode,
  Amount,
  BagKind,
  BundleCode,
  Cabin,
  Currency,
  FlightKey,
  GuestType,
  Instant,
  Minutes,
  OfferToken,
  SeatZone,
  ZonedMoment,
} from './common.ts'
import { closed, component, nullable, ref } from './ref.ts'

export const TravelParty = component(
  'TravelParty',
  {
    adults: Type.Integer({ minimum: 1, maximum: 9 }),
    children: Type.Integer({ minimum: 0, maximum: 8, default: 0 }),
    infants: Type.Integer({ minimum: 0, maximum: 4, default: 0, description: 'On laps: at most one per adult' }),
  },
  'Who travels: at most nine',
)

export const SearchRequest = component(
  'SearchRequest',
  {
    from: AirportCode('Airport of departure', 'DEL'),
    to: AirportCode('Airport of arrival', 'BOM'),
    departOn: Type.String({ format: 'date', description: 'Local date at the origin, YYYY-MM-DD' }),
    cabin: Type.Optional(Cabin),
    travelParty: ref(TravelParty),
  },
  'One way on one day; without a cabin, every cabin answers',
)
export type SearchRequest = Static<typeof SearchRequest>

const PollAfter = Type.Integer({ minimum: 0, description: 'Ask again after so many milliseconds, not before' })

const SearchId = Type.String({
  pattern: '^[a-z0-9-]{1,40}$',
  description: 'Names the search for five minutes',
  examples: ['s-mjq2k4zk-1'],
})

export const SearchAccepted = component(
  'SearchAccepted',
  {
    searchId: SearchId,
    state: Type.Enum(['running']),
    pollAfterMs: PollAfter,
    forgottenAt: Instant('When the search can no longer be asked for'),
  },
  'A search that has begun',
)
export type SearchAccepted = Static<typeof SearchAccepted>

export const Sector = component(
  'Sector',
  {
    flightKey: FlightKey,
    flightNumber: Type.String({ pattern: '^[A-Z0-9]{3,7}$', examples: ['0L501'] }),
    operatedBy: Type.String({ pattern: '^[A-Z0-9]{2}$', description: 'Designator', examples: ['0L'] }),
    from: AirportCode('Airport of departure', 'BKK'),
    to: AirportCode('Airport of arrival', 'LHR'),
    departs: ZonedMoment('Departure'),
    arrives: ZonedMoment('Arrival'),
    minutes: Minutes('From departure to arrival'),
    aircraft: Type.String({ description: 'IATA aircraft type', examples: ['789'] }),
  },
  'One flight',
)
export type Sector = Static<typeof Sector>

export const IncludedBag = component(
  'IncludedBag',
  {
    kind: BagKind,
    pieces: Type.Integer({ minimum: 0 }),
    kgEach: nullable(Type.Integer({ minimum: 1 }), 'Kilograms that a piece may weigh; null: not said'),
    guestTypes: Type.Array(GuestType, { minItems: 1, description: 'Each of them has the whole of it' }),
  },
  'Baggage in a bundle, by piece',
)
export type IncludedBag = Static<typeof IncludedBag>

const GuestPrice = closed(
  {
    guestType: GuestType,
    count: Type.Integer({ minimum: 1, maximum: 9, description: 'How many travel' }),
    fare: Amount('Fare of one of them'),
    taxes: Amount('Taxes, fees and surcharges of one of them'),
    total: Amount('fare + taxes of one of them'),
  },
  'The price for one guest of a type',
)

export const Bundle = component(
  'Bundle',
  {
    offerToken: OfferToken,
    code: BundleCode,
    name: Type.String({ description: 'Light, Value or Flex, with the cabin before it', examples: ['Value'] }),
    cabin: Cabin,
    bookingCode: Type.String({ pattern: '^[A-Z]$', description: 'RBD', examples: ['V'] }),
    fareBasis: Type.String({ examples: ['VOWINT'] }),
    price: closed(
      {
        fare: Amount('Fare of the whole party'),
        taxes: Amount('Taxes, fees and surcharges of the whole party'),
        total: Amount('What the whole party pays'),
        guests: Type.Array(GuestPrice, { minItems: 1 }),
      },
      'As quoted now',
    ),
    includes: closed(
      {
        bags: Type.Array(ref(IncludedBag)),
        seatZones: Type.Array(SeatZone, { description: 'Seats of these zones cost nothing' }),
      },
      'What the bundle carries',
    ),
    rules: closed(
      {
        changeFee: nullable(Amount('Per guest'), 'null: no changes'),
        refundFee: nullable(Amount('Per guest'), 'null: only taxes come back'),
      },
      'Before departure',
    ),
    seatsLeft: Type.Integer({ minimum: 0, maximum: 9, description: '9 stands for nine or more' }),
    goodUntil: Instant('Until when the token can be priced and reserved'),
  },
  'A journey in one bundle',
)
export type Bundle = Static<typeof Bundle>

const journey = {
  minutes: Minutes('From the first departure to the last arrival'),
  sectors: Type.Array(ref(Sector), { minItems: 1 }),
}

export const Solution = component(
  'Solution',
  { ...journey, bundles: Type.Array(ref(Bundle), { minItems: 1, description: 'Cheapest first' }) },
  'A journey, in every bundle that is left',
)
export type Solution = Static<typeof Solution>

export const SearchPage = component(
  'SearchPage',
  {
    state: Type.Enum(['running', 'complete'], { description: 'complete: every page is there' }),
    pageCount: Type.Integer({ minimum: 1, description: 'Pages that there will be' }),
    page: Type.Integer({ minimum: 1, description: 'The one that was asked for' }),
    ready: Type.Boolean({ description: 'Whether this page is there; pages come in any order' }),
    pollAfterMs: nullable(PollAfter, 'null when the search is complete'),
    currency: Currency,
    solutions: Type.Array(ref(Solution), { description: 'Of this page, cheapest first; empty until it is ready' }),
  },
  'What a search has found so far',
)
export type SearchPage = Static<typeof SearchPage>

export const PricedOffer = component(
  'PricedOffer',
  { currency: Currency, ...journey, bundle: ref(Bundle) },
  'An offer at its price of this moment',
)
export type PricedOffer = Static<typeof PricedOffer>

/** The path of a search, with an example that can be asked for. */
export const searchParams = (example: string) => closed({ searchId: Type.String({ ...SearchId, examples: [example] }) })

export const PageQuery = closed({
  page: Type.Integer({ minimum: 1, maximum: 999, default: 1, description: 'Which page', examples: [1] }),
})

/** The path of an offer, with an example that can be asked for. */
export const offerParams = (example: string) =>
  closed({ offerToken: Type.String({ ...OfferToken, examples: [example] }) })
