import { type Static, Type } from 'typebox'
import { CurrencyCode } from './money.ts'
import { AirlineName, Cabin, Offer } from './offer.ts'
import { AirportCode } from './place.ts'
import { component, nullable, oneOf, ref } from './ref.ts'
import { Source } from './source.ts'

const CalendarDate = (description: string) => Type.String({ format: 'date', description })

export const Sort = oneOf(['price', 'duration', 'departure'], {
  description: 'price: cheapest first; duration: shortest first; departure: earliest first',
})
export type Sort = Static<typeof Sort>

/** The query string of `GET /v1/search`. Defaults are filled in by the validator. */
export const SearchQuery = Type.Object(
  {
    origin: AirportCode,
    destination: AirportCode,
    departureDate: CalendarDate(
      'Local date of departure at the origin, YYYY-MM-DD; today or later, at most 330 days ahead',
    ),
    returnDate: Type.Optional(CalendarDate('Local date of departure back; leave out for one way')),
    adults: Type.Integer({ minimum: 1, maximum: 9, default: 1, description: 'Passengers of 12 and over' }),
    children: Type.Integer({ minimum: 0, maximum: 8, default: 0, description: 'Passengers of 2 to 11' }),
    infants: Type.Integer({ minimum: 0, maximum: 4, default: 0, description: 'On laps: at most one per adult' }),
    cabin: oneOf(['economy', 'premium_economy', 'business', 'first'], {
      default: 'economy',
      description: 'Cabin of travel',
    }),
    currency: Type.String({
      pattern: '^[A-Z]{3}$',
      default: 'INR',
      description: 'ISO 4217 code that prices are shown in',
    }),
    sort: oneOf(['price', 'duration', 'departure'], {
      default: 'price',
      description: 'price: cheapest first; duration: shortest first; departure: earliest first',
    }),
    maxStops: Type.Optional(Type.Integer({ minimum: 0, maximum: 3, description: 'Most stops in a slice' })),
    airlines: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2,20}(,[a-z]{2,20})*$',
        description: 'Ask only these airlines, by name, separated by commas',
        examples: ['saffron,banyan'],
      }),
    ),
    maxPrice: Type.Optional(
      Type.String({
        pattern: '^\\d{1,12}(\\.\\d{1,3})?$',
        description: 'Highest price of an offer, all passengers, in `currency`',
        examples: ['20000.00'],
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Most offers per slice in one answer' }),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1500,
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'A `nextCursor` of an answer to the same query: continues that slice',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SearchQuery = Static<typeof SearchQuery>

export const SearchedSlice = component(
  'SearchedSlice',
  {
    origin: AirportCode,
    destination: AirportCode,
    departureDate: CalendarDate('Local date at the origin'),
    offers: Type.Array(ref(Offer), {
      description: 'One entry per physical journey, its cheapest offer; the others are in `sameFlight`',
    }),
    nextCursor: nullable(Type.String(), 'Pass as `cursor` for the next offers of this slice; null at the end'),
  },
  'One slice and the offers for it',
)

export const FoundOffers = component(
  'FoundOffers',
  {
    airline: AirlineName,
    slice: Type.Integer({ minimum: 0, description: 'Index of the slice in `slices` of the whole answer' }),
    offers: Type.Array(ref(Offer), {
      description: 'Filtered, sorted and limited like the search; one per physical journey, its cheapest offer',
    }),
  },
  'Data of an `offers` event: what one airline has for one slice',
)
export type FoundOffers = Static<typeof FoundOffers>

export const SearchResult = component(
  'SearchResult',
  {
    query: Type.Object(
      {
        origin: AirportCode,
        destination: AirportCode,
        departureDate: Type.String({ format: 'date' }),
        returnDate: nullable(Type.String({ format: 'date' }), 'null for one way'),
        adults: Type.Integer(),
        children: Type.Integer(),
        infants: Type.Integer(),
        cabin: Cabin,
        currency: CurrencyCode,
        sort: Sort,
        maxStops: nullable(Type.Integer(), 'null: any'),
        airlines: nullable(Type.Array(AirlineName), 'null: all'),
        maxPrice: nullable(Type.String(), 'null: any'),
        limit: Type.Integer(),
      },
      { additionalProperties: false, description: 'The query as understood, defaults filled in' },
    ),
    complete: Type.Boolean({ description: 'False when an airline that was asked is missing' }),
    slices: Type.Array(ref(SearchedSlice), {
      description: 'Outbound, then return; with a cursor, only the slice it continues',
    }),
    sources: Type.Array(ref(Source), { description: 'Each airline’s part, one entry per airline' }),
  },
  'Offers of all airlines, merged',
)
export type SearchResult = Static<typeof SearchResult>
