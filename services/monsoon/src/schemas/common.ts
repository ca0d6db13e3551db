import { type Static, Type } from 'typebox'
import { component } from './ref.ts'

export const Price = component(
  'Price',
  {
    amount_minor: Type.Integer({
      minimum: 0,
      maximum: 99_999_999_999,
      description: 'In minor units: paise of a rupee',
      examples: [425000],
    }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; always INR here', examples: ['INR'] }),
  },
  'An amount of money',
)
export type Price = Static<typeof Price>

export const PaxType = Type.Enum(['ADT', 'CHD', 'INF'], {
  description: 'ADT: 12 and over; CHD: 2 to 11; INF: under 2, on an adult’s lap',
})
export type PaxType = Static<typeof PaxType>

export const BagKind = Type.Enum(['CABIN', 'CHECKED'], { description: 'Taken on board, or checked in' })
export type BagKind = Static<typeof BagKind>

export const AirportCode = (description: string) =>
  Type.String({ pattern: '^[A-Z]{3}$', description: `${description}: IATA airport code`, examples: ['DEL'] })

export const FareKey = Type.String({
  minLength: 1,
  maxLength: 900,
  pattern: '^[A-Za-z0-9._-]+$',
  description: 'Names one fare on one journey for one party, as a search gave it; good until its valid_until',
})

export const FlightKey = Type.String({
  pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$',
  description: 'A flight on its day: number, local date of departure, origin',
  examples: ['0U2001-2030-01-15-DEL'],
})

export const SeatNo = Type.String({ pattern: '^[1-9]\\d?[A-L]$', description: 'Row and column', examples: ['14A'] })

export const ExtraCode = Type.String({ pattern: '^[A-Z0-9]{1,12}$', examples: ['BAG15'] })

export const PaxRef = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,20}$',
  description: 'The seller’s own name for a passenger within the booking',
  examples: ['p1'],
})

export const Pnr = Type.String({
  pattern: '^[A-Z0-9]{6}$',
  description: 'Names the booking at Monsoon',
  examples: ['K7QX2M'],
})

export const ExternalReference = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description:
    'The seller’s own name for the booking. Sending the same booking again under it gives the booking that stands.',
  examples: ['SHOP-000123'],
})

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, UTC`, examples: ['2030-01-15T00:40:00Z'] })
