import { type Static, Type } from 'typebox'
import { component, nullable, oneOf, ref } from './ref.ts'

export const AirportCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'IATA airport code',
  examples: ['DEL'],
})

export const Place = component(
  'Place',
  {
    type: oneOf(['airport', 'city'], { description: 'A city groups the airports that serve it' }),
    code: Type.String({
      description: "IATA code: the airport's, or the metropolitan area's for a city",
      examples: ['DEL'],
    }),
    name: Type.String({
      description: "The airport's or the city's name",
      examples: ['Indira Gandhi International Airport'],
    }),
    city: Type.String({ description: 'The city served', examples: ['Delhi'] }),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2 country code', examples: ['IN'] }),
    countryName: Type.String({ examples: ['India'] }),
    timeZone: nullable(Type.String({ examples: ['Asia/Kolkata'] }), 'IANA time zone; null for a city'),
    latitude: nullable(Type.Number({ examples: [28.5665] }), 'Degrees north (WGS 84); null for a city'),
    longitude: nullable(Type.Number({ examples: [77.10309] }), 'Degrees east (WGS 84); null for a city'),
    airports: Type.Array(AirportCode, { description: "A city's airports; for an airport, itself" }),
  },
  'An airport or a city',
)
export type Place = Static<typeof Place>

/** The query string of `GET /v1/places`. */
export const PlaceQuery = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'A code, or the beginning of words of a city, airport or country; case and diacritics do not matter',
      examples: ['delhi'],
    }),
    limit: Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'Most places in the answer' }),
  },
  { additionalProperties: false },
)

export const PlaceList = component(
  'PlaceList',
  { places: Type.Array(ref(Place), { description: 'Best first; empty when nothing fits' }) },
  'Places that fit what was typed',
)
export type PlaceList = Static<typeof PlaceList>
