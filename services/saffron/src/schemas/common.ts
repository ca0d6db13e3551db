import { type Static, Type } from 'typebox'

export const Amount = (description: string) =>
  Type.String({
    pattern: '^\\d{1,12}\\.\\d{2}$',
    description: `${description}; a decimal string in the currency of the answer`,
    examples: ['4250.00'],
  })

export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['INR'] })

export const AirportCode = (description: string) =>
  Type.String({ pattern: '^[A-Z]{3}$', description: `${description}, IATA code`, examples: ['DEL'] })

export const Cabin = Type.Enum(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST'], { description: 'Cabin of travel' })
export type Cabin = Static<typeof Cabin>

export const TravellerType = Type.Enum(['ADULT', 'CHILD', 'INFANT'], {
  description: 'ADULT: 12 and over; CHILD: 2 to 11; INFANT: under 2, on an adult’s lap',
})
export type TravellerType = Static<typeof TravellerType>

export const BagType = Type.Enum(['CABIN_BAG', 'CHECKED_BAG'], { description: 'Taken on board, or checked in' })
export type BagType = Static<typeof BagType>

export const OfferId = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  description: 'An offer, as availability named it',
})

export const FlightId = Type.String({
  pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$',
  description: 'A flight on its day: number as sold, local date of departure, origin',
  examples: ['0S101-2030-01-15-DEL'],
})

export const FareFamilyCode = Type.String({ pattern: '^[A-Z0-9]{1,16}$', examples: ['ECLASSIC'] })

export const ProductCode = Type.String({ pattern: '^[A-Z0-9]{1,16}$', examples: ['XBAG15'] })

export const SeatNumber = Type.String({
  pattern: '^[1-9]\\d?[A-L]$',
  description: 'Row and column',
  examples: ['14A'],
})

export const RecordLocator = Type.String({
  pattern: '^[A-Z0-9]{6}$',
  description: 'Names the order at Saffron Airways',
  examples: ['K7QX2M'],
})

export const ClientReference = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9._-]+$',
  description:
    'The seller’s own name for the order, unique among its orders; repeats of the same request give the same order',
  examples: ['MYSHOP-000123'],
})

export const TravellerId = Type.String({
  pattern: '^[A-Za-z0-9]{1,16}$',
  description: 'The seller’s name for the traveller within the order',
  examples: ['p1'],
})

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, RFC 3339 in UTC` })

/** Every operation's headers: the key is checked before the rest of the request is looked at. */
export const ApiKeyHeader = Type.Object({
  'x-api-key': Type.String({ description: 'The seller’s API key', examples: ['fanfare'] }),
})
