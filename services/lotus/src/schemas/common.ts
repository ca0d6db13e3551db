import { type Static, Type } from 'typebox'

/** Far beyond any price, and few enough digits that a double keeps every satang. */
const mostMoney = 9_999_999_999.99

export const Amount = (description: string) =>
  Type.Number({
    minimum: 0,
    maximum: mostMoney,
    description: `${description}; a number of baht with at most two decimals`,
    examples: [12450.5],
  })

export const Currency = Type.Enum(['THB'], { description: 'ISO 4217; Lotus Air sells in baht' })

export const AirportCode = (description: string, example: string) =>
  Type.String({ pattern: '^[A-Z]{3}$', description: `${description}, IATA code`, examples: [example] })

export const Cabin = Type.Enum(['economy', 'premium-economy', 'business', 'first'], { description: 'Cabin of travel' })
export type Cabin = Static<typeof Cabin>

export const GuestType = Type.Enum(['adult', 'child', 'infant'], {
  description: 'adult: 12 and over; child: 2 to 11; infant: under 2, on an adult’s lap',
})
export type GuestType = Static<typeof GuestType>

export const BagKind = Type.Enum(['cabin', 'hold'], { description: 'Taken on board, or carried in the hold' })
export type BagKind = Static<typeof BagKind>

export const SeatZone = Type.Enum(['standard', 'preferred', 'front', 'exit'], {
  description: 'Price zone of a seat; a bundle includes some of them',
})

export const OfferToken = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  description: 'A journey in one bundle for one party, as a search named it',
})

export const FlightKey = Type.String({
  pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$',
  description: 'A flight on its day: number, local date of departure, origin',
  examples: ['0L501-2030-01-15-BKK'],
})

export const BundleCode = Type.String({ pattern: '^[A-Z0-9]{1,16}$', examples: ['YVALUE'] })

export const BagCode = Type.String({ pattern: '^[A-Z0-9]{1,16}$', examples: ['BAG23'] })

export const SeatName = Type.String({ pattern: '^[1-9]\\d?[A-L]$', description: 'Row and column', examples: ['34A'] })

export const ReservationCode = Type.String({
  pattern: '^[A-Z0-9]{6}$',
  description: 'Names the reservation at Lotus Air',
  examples: ['K7QX2M'],
})

export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9._-]+$',
  description:
    'The seller’s own name for the reservation, unique among its reservations. The same request under the same key gives the same reservation, however often it is sent.',
  examples: ['MYSHOP-000123'],
})

export const GuestRef = Type.String({
  pattern: '^[A-Za-z0-9]{1,16}$',
  description: 'The seller’s name for the guest within the reservation',
  examples: ['p1'],
})

export const ZonedMoment = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[+-]\\d{2}:\\d{2}\\[[A-Za-z_/+-]+\\]$',
    description: `${description}: the airport’s clock, its offset and its zone (RFC 9557)`,
    examples: ['2030-01-15T06:10:00+05:30[Asia/Kolkata]'],
  })

export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, RFC 3339 in UTC` })

export const Minutes = (description: string) => Type.Integer({ minimum: 1, description: `${description}, in minutes` })
