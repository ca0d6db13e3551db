import { type Static, Type } from 'typebox'
import { BaggageOptions } from './baggage.ts'
import { CurrencyCode, Money } from './money.ts'
import { OfferId, PricedOffer } from './offer.ts'
import { component, nullable, ref } from './ref.ts'
import { SeatMap } from './seat-map.ts'
import { Source } from './source.ts'

/** The query string of `GET /v1/itinerary`. Defaults are filled in by the validator. */
export const ItineraryQuery = Type.Object(
  {
    offerId: Type.Array(OfferId, {
      minItems: 1,
      maxItems: 6,
      uniqueItems: true,
      description: 'Ids of offers from a search, one per slice: repeat the parameter for each',
    }),
    currency: { ...CurrencyCode, default: 'INR', description: 'ISO 4217 code that prices are shown in' },
  },
  { additionalProperties: false },
)
export type ItineraryQuery = Static<typeof ItineraryQuery>

export const Itinerary = component(
  'Itinerary',
  {
    offers: Type.Array(ref(PricedOffer), {
      description: 'In the order asked for, re-priced by their airlines just now',
    }),
    priceChanged: Type.Boolean({ description: 'True when any offer’s price moved since the search' }),
    total: ref(Money, {
      description: 'Sum of the offers’ prices in the currency asked for; what a booking without extras expects',
    }),
    seatMaps: nullable(
      Type.Array(ref(SeatMap)),
      'Those of every flight that an airline could show; null when none could',
    ),
    baggage: nullable(ref(BaggageOptions), 'Of every airline that could say; null when none could'),
    sources: Type.Array(ref(Source)),
    complete: Type.Boolean({ description: 'False when an airline could not say something' }),
    expiresAt: Type.String({ format: 'date-time', description: 'When the first of the offers expires, UTC' }),
  },
  'Offers priced together, with every seat map and baggage option merged',
)
export type Itinerary = Static<typeof Itinerary>
