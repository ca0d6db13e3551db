import { type Static, Type } from 'typebox'

export const Amount = (description: string) =>
  Type.String({
    pattern: '^\\d{1,12}\\.\\d{2}$',
    description: `${description}, in AED`,
    examples: ['415.50'],
  })

export const Ok = Type.Enum(['OK'], { description: 'The host did it; what it refuses has status ERR' })

export const Screen = Type.Array(Type.String(), { description: 'As an agent’s terminal shows it, line by line' })

export const City = (description: string) =>
  Type.String({ pattern: '^[A-Z]{3}$', description: `${description}, IATA airport code`, examples: ['DEL'] })

export const HostDate = (description: string) =>
  Type.String({ pattern: '^\\d{2}[A-Z]{3}\\d{2}$', description: `${description}, DDMMMYY`, examples: ['15JAN30'] })

export const HostTime = (description: string) =>
  Type.String({ pattern: '^\\d{4}$', description: `${description}, local time, HHMM`, examples: ['0610'] })

export const HostInstant = (description: string) =>
  Type.String({
    pattern: '^\\d{2}[A-Z]{3}\\d{2} \\d{4}Z$',
    description: `${description}, UTC, DDMMMYY HHMMZ`,
    examples: ['15JAN30 0640Z'],
  })

export const Rbd = Type.String({ pattern: '^[A-Z]$', description: 'Booking class', examples: ['Y'] })

export const CabinCode = Type.Enum(['Y', 'C'], { description: 'Y: economy; C: business' })
export type CabinCode = Static<typeof CabinCode>

export const Ptc = Type.Enum(['ADT', 'CHD', 'INF'], {
  description: 'ADT: 12 and over; CHD: 2 to 11; INF: under 2, on an adult’s lap',
})
export type Ptc = Static<typeof Ptc>

/** The longest the kit writes is far shorter. */
export const Quote = (description: string) =>
  Type.String({ minLength: 1, maxLength: 120, pattern: '^[A-Za-z0-9._-]+$', description })

export const Designator = Type.String({ pattern: '^[1-9]\\d?[A-L]$', description: 'Row and column', examples: ['14A'] })

export const Locator = Type.String({
  pattern: '^[A-Z0-9]{6}$',
  description: 'Record locator of a PNR',
  examples: ['K7QX2M'],
})

export const Reference = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9._-]+$',
  description: 'The seller’s own name for the PNR, kept as an OSI; the same cart with the same one gives the same PNR',
})

/** A passenger is named by the place of its name in the cart. */
export const PassengerNumber = Type.Integer({ minimum: 1, maximum: 9, description: 'The name’s place in the cart' })

export const Party = Type.Object(
  {
    ADT: Type.Integer({ minimum: 1, maximum: 9, default: 1 }),
    CHD: Type.Integer({ minimum: 0, maximum: 8, default: 0 }),
    INF: Type.Integer({ minimum: 0, maximum: 4, default: 0, description: 'At most one per adult' }),
  },
  { additionalProperties: false, default: {}, description: 'Who travels: at most nine; left out: one adult' },
)
export type Party = Static<typeof Party>

export const Allowance = Type.String({
  pattern: '^(\\d{1,2}PC|\\d{1,2}K|NIL)$',
  description: '23K: 23 kilograms in all; 1PC: one piece; NIL: none',
  examples: ['23K'],
})
