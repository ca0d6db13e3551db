import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** The host's answers as it sends them: only the fields we use, checked where they enter; what else it sends may pass. */

const currency = 'AED'
const Amount = Type.String({ pattern: '^\\d{1,12}\\.\\d{2}$' })
const City = Type.String({ pattern: '^[A-Z]{3}$' })
const HostDate = Type.String({ pattern: '^\\d{2}[A-Z]{3}\\d{2}$' })
const HostTime = Type.String({ pattern: '^\\d{4}$' })
const HostInstant = Type.String({ pattern: '^\\d{2}[A-Z]{3}\\d{2} \\d{4}Z$' })
const Rbd = Type.String({ pattern: '^[A-Z]$' })
const CabinCode = Type.Enum(['Y', 'C'])
const Ptc = Type.Enum(['ADT', 'CHD', 'INF'])
const Allowance = Type.String({ pattern: '^(\\d{1,2}PC|\\d{1,2}K|NIL)$' })
const nullable = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema])

const nonEmpty = <T extends TSchema>(schema: T) =>
  Type.Unsafe<[Static<T>, ...Static<T>[]]>(Type.Array(schema, { minItems: 1 }))

/** Nobody sells to more at once. */
const mostPassengers = 9

const flight = {
  carrier: Type.String({ pattern: '^[A-Z0-9]{2}$' }),
  number: Type.String({ pattern: '^\\d{1,4}$' }),
  date: HostDate,
  from: City,
}

const SoldSegment = Type.Object({
  ...flight,
  to: City,
  departs: HostTime,
  arrives: HostTime,
  dayChange: Type.Integer({ minimum: -1, maximum: 3 }),
})
export type SoldSegment = Static<typeof SoldSegment>

const Segment = Type.Object({
  ...SoldSegment.properties,
  equipment: Type.String(),
  status: Type.String({ pattern: '^([A-Z]\\d( [A-Z]\\d)*)?$' }),
})
export type Segment = Static<typeof Segment>

const Bags = Type.Object({ cabin: Allowance, checked: Allowance, infant: Allowance })
export type Bags = Static<typeof Bags>

const Fare = Type.Object({
  quote: Type.String({ pattern: '^[A-Za-z0-9._-]{1,120}$' }),
  good: HostInstant,
  rbd: Rbd,
  cabin: CabinCode,
  brand: Type.String(),
  fareBasis: Type.String(),
  passengers: Type.Refine(
    Type.Array(
      Type.Object({
        ptc: Ptc,
        count: Type.Integer({ minimum: 1 }),
        fare: Amount,
        taxes: Type.Array(Type.Object({ amount: Amount })),
        total: Amount,
      }),
      { minItems: 1 },
    ),
    (fares) => fares.reduce((all, { count }) => all + count, 0) <= mostPassengers,
    () => `at most ${mostPassengers} travel`,
  ),
  fare: Amount,
  tax: Amount,
  total: Amount,
  bags: Bags,
  penalties: Type.Object({ change: nullable(Amount), refund: nullable(Amount) }),
})

const Quote = Type.Object({ segments: nonEmpty(Segment), fare: Fare })
export type Quote = Static<typeof Quote>

const FareSearch = Type.Object({
  lines: Type.Array(Type.Object({ segments: nonEmpty(Segment), fares: Type.Array(Fare) })),
})
export type FareSearch = Static<typeof FareSearch>

const SeatMaps = Type.Object({
  maps: Type.Array(
    Type.Object({
      ...flight,
      equipment: Type.String(),
      cabin: CabinCode,
      columns: Type.String({ pattern: '^[A-L ]+$' }),
      rows: Type.Array(
        Type.Object({
          row: Type.Integer({ minimum: 1, maximum: 99 }),
          seats: Type.Array(
            Type.Object({
              seat: Type.String({ pattern: '^[1-9]\\d?[A-L]$' }),
              /** F is free, O and Z are not; nor is what else the host may say. */
              state: Type.String(),
              marks: Type.String(),
              amount: nullable(Amount),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type SeatMaps = Static<typeof SeatMaps>

const Baggage = Type.Object({
  flights: nonEmpty(Type.Object(flight)),
  party: Type.Refine(
    Type.Object({
      ADT: Type.Integer({ minimum: 0 }),
      CHD: Type.Integer({ minimum: 0 }),
      INF: Type.Integer({ minimum: 0 }),
    }),
    ({ ADT, CHD, INF }) => ADT + CHD + INF <= mostPassengers,
    () => `at most ${mostPassengers} travel`,
  ),
  bags: Bags,
  excess: Type.Array(
    Type.Object({
      text: Type.String({ pattern: '^[0-9A-Z]{1,12}$' }),
      amount: Amount,
      most: Type.Integer({ minimum: 1 }),
    }),
  ),
})
export type Baggage = Static<typeof Baggage>

const Logon = Type.Object({ session: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$' }) })

const Sold = Type.Object({ segments: nonEmpty(Type.Object({ status: Type.String() })) })

const Services = Type.Object({
  requests: Type.Array(Type.Object({ ssr: Type.String(), state: Type.String(), text: Type.String() })),
})
export type Services = Static<typeof Services>

const price = { currency: Type.Literal(currency), total: Amount }

const Priced = Type.Object(price)

const Pnr = Type.Object({
  locator: Type.String({ pattern: '^[A-Z0-9]{6}$' }),
  reference: Type.String(),
  state: Type.Enum(['HELD', 'TICKETED', 'CANCELLED', 'LAPSED']),
  timeLimit: nullable(HostInstant),
  segments: nonEmpty(SoldSegment),
  ...price,
  fare: Amount,
  tax: Amount,
  seats: Amount,
  bags: Amount,
})
export type Pnr = Static<typeof Pnr>

const Refund = Type.Object({ currency: Type.Literal(currency), refund: Amount, fee: Amount })
export type Refund = Static<typeof Refund>

const Done = Type.Object({})

const Refused = Type.Object({ status: Type.Literal('ERR'), code: Type.String({ minLength: 1 }), text: Type.String() })

/** What the host refuses, in its own words. */
export interface Refusal {
  code: string
  text: string
}

/** The host's answer: what it did, or why not. */
export type Answer<T> = { value: T } | { refusal: Refusal }

/** Reads an answer; throws an Error that says what is wrong with it. */
export type Reader<T> = (bytes: Buffer) => Answer<T>

const refused = Compile(Refused)

function reader<T extends TSchema>(schema: T): Reader<Static<T>> {
  const validator = Compile(Type.Intersect([Type.Object({ status: Type.Literal('OK') }), schema]))
  return (bytes) => {
    const answer: unknown = JSON.parse(bytes.toString('utf8'))
    if (refused.Check(answer)) return { refusal: answer }
    if (validator.Check(answer)) return { value: answer }
    const [first] = validator.Errors(answer)
    throw new Error(`${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`)
  }
}

export const readLogon = reader(Logon)
export const readFareSearch = reader(FareSearch)
export const readQuote = reader(Quote)
export const readSeatMaps = reader(SeatMaps)
export const readBaggage = reader(Baggage)
export const readSold = reader(Sold)
export const readServices = reader(Services)
export const readPriced = reader(Priced)
export const readPnr = reader(Pnr)
export const readRefund = reader(Refund)
export const readDone = reader(Done)

/** The same reader with what `map` makes of what the host did; what `map` throws makes the answer unreadable. */
export function mapped<T, R>(read: Reader<T>, map: (value: T) => R): Reader<R> {
  return (bytes) => {
    const answer = read(bytes)
    return 'value' in answer ? { value: map(answer.value) } : answer
  }
}
