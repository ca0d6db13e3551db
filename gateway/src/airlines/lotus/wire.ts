import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { isMoment } from '../calendar.ts'
import { exactAmount } from './amount.ts'

/** Lotus Air's answers as it sends them: only the fields we use, checked where they enter; what else it sends may pass. */

const Amount = Type.Refine(
  Type.Number(),
  (value) => exactAmount(value) !== null,
  () => 'must be an amount with no more decimals than the currency has',
)
const Currency = Type.Literal('THB')
const Airport = Type.String({ pattern: '^[A-Z]{3}$' })
const FlightKey = Type.String({ pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$' })
const Cabin = Type.Enum(['economy', 'premium-economy', 'business', 'first'])
const GuestType = Type.Enum(['adult', 'child', 'infant'])
const second = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}'
const Instant = Type.Refine(
  Type.String({ pattern: `^${second}Z$` }),
  (text) => isMoment(text.slice(0, -1)),
  () => 'must be a moment that the calendar has',
)
const Count = Type.Integer({ minimum: 0, maximum: 9 })
/** Nobody sells to more at once. */
const mostGuests = 9
const Minutes = Type.Integer({ minimum: 1, maximum: 7 * 24 * 60 })
const PollAfter = Type.Integer({ minimum: 0 })
const nullable = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema])

const nonEmpty = <T extends TSchema>(schema: T) =>
  Type.Unsafe<[Static<T>, ...Static<T>[]]>(Type.Array(schema, { minItems: 1 }))

const zonedForm = new RegExp(`^(${second})([+-](?:0\\d|1[0-4]):[0-5]\\d)\\[([A-Za-z0-9_/+-]+)\\]$`)

/** A moment at an airport (RFC 9557) as its RFC 3339 part and its zone; null when it is none. */
export function zonedParts(text: string): { at: string; zone: string } | null {
  const [, local = '', offset = '', zone = ''] = zonedForm.exec(text) ?? []
  return isMoment(local) ? { at: local + offset, zone } : null
}

const ZonedMoment = Type.Refine(
  Type.String(),
  (text) => zonedParts(text) !== null,
  () => 'must be a moment with offset and zone',
)

const BookedSector = Type.Object({
  flightKey: FlightKey,
  flightNumber: Type.String({ pattern: '^[A-Z0-9]{3,7}$' }),
  departs: ZonedMoment,
  arrives: ZonedMoment,
})

const Sector = Type.Object({
  ...BookedSector.properties,
  operatedBy: Type.String({ pattern: '^[A-Z0-9]{2}$' }),
  from: Airport,
  to: Airport,
  minutes: Minutes,
  aircraft: Type.String(),
})
export type Sector = Static<typeof Sector>

const Bag = Type.Object({
  /** cabin and hold are known; anything else is not baggage we can show. */
  kind: Type.String(),
  pieces: Type.Integer({ minimum: 0 }),
  kgEach: nullable(Type.Integer({ minimum: 1 })),
  guestTypes: Type.Array(GuestType),
})
export type Bag = Static<typeof Bag>

const Bundle = Type.Object({
  offerToken: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }),
  name: Type.String(),
  cabin: Cabin,
  bookingCode: Type.String({ pattern: '^[A-Z]$' }),
  fareBasis: Type.String(),
  price: Type.Object({
    fare: Amount,
    taxes: Amount,
    total: Amount,
    guests: Type.Refine(
      Type.Array(Type.Object({ guestType: GuestType, count: Count, fare: Amount, taxes: Amount, total: Amount })),
      (guests) => guests.reduce((all, { count }) => all + count, 0) <= mostGuests,
      () => `at most ${mostGuests} travel`,
    ),
  }),
  includes: Type.Object({ bags: Type.Array(Bag) }),
  rules: Type.Object({ changeFee: nullable(Amount), refundFee: nullable(Amount) }),
  seatsLeft: Type.Integer({ minimum: 0 }),
  goodUntil: Instant,
})

const journey = { minutes: Minutes, sectors: nonEmpty(Sector) }

const SearchAccepted = Type.Object({
  searchId: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
  pollAfterMs: PollAfter,
})

const state = {
  pageCount: Type.Integer({ minimum: 1, maximum: 999 }),
  page: Type.Integer({ minimum: 1 }),
  ready: Type.Boolean(),
  pollAfterMs: nullable(PollAfter),
}
const SearchState = Type.Object(state)
const stateFields = ['pageCount', 'page', 'ready', 'pollAfterMs'] as const
export type SearchState = Static<typeof SearchState>

const SearchPage = Type.Object({
  ...state,
  currency: Currency,
  solutions: Type.Array(Type.Object({ ...journey, bundles: Type.Array(Bundle) })),
})
export type SearchPage = Static<typeof SearchPage>

const PricedOffer = Type.Object({ currency: Currency, ...journey, bundle: Bundle })
export type PricedOffer = Static<typeof PricedOffer>

const OfferCabins = Type.Object({
  currency: Currency,
  flights: Type.Array(
    Type.Object({
      flightKey: FlightKey,
      aircraft: Type.Object({ code: Type.String() }),
      cabins: Type.Array(
        Type.Object({
          cabin: Cabin,
          columns: Type.Array(nullable(Type.String({ pattern: '^[A-L]$' }))),
          rows: Type.Array(
            Type.Object({
              row: Type.Integer({ minimum: 1, maximum: 99 }),
              exit: Type.Boolean(),
              overWing: Type.Boolean(),
              seats: Type.Array(
                Type.Object({
                  seat: Type.String({ pattern: '^[1-9]\\d?[A-L]$' }),
                  place: Type.Enum(['window', 'middle', 'aisle']),
                  state: Type.String(),
                  price: nullable(Amount),
                  notes: Type.Array(Type.String()),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type OfferCabins = Static<typeof OfferCabins>

const OfferBags = Type.Object({
  currency: Currency,
  flightKeys: nonEmpty(FlightKey),
  travelParty: Type.Refine(
    Type.Object({ adults: Count, children: Count, infants: Count }),
    ({ adults, children, infants }) => adults + children + infants <= mostGuests,
    () => `at most ${mostGuests} travel`,
  ),
  included: Type.Array(Bag),
  forSale: Type.Array(
    Type.Object({
      ...Bag.properties,
      bagCode: Type.String({ pattern: '^[A-Z0-9]{1,16}$' }),
      price: Amount,
      mostPerGuest: Type.Integer({ minimum: 1 }),
    }),
  ),
})
export type OfferBags = Static<typeof OfferBags>

const Reservation = Type.Object({
  reservationCode: Type.String({ pattern: '^[A-Z0-9]{6}$' }),
  idempotencyKey: Type.String(),
  state: Type.Enum(['on-hold', 'ticketed', 'cancelled', 'lapsed']),
  payBefore: nullable(Instant),
  sectors: nonEmpty(BookedSector),
  charges: Type.Object({
    currency: Currency,
    fare: Amount,
    taxes: Amount,
    seats: Amount,
    bags: Amount,
    total: Amount,
  }),
})
export type Reservation = Static<typeof Reservation>

const ReservationList = Type.Object({ reservations: Type.Array(Reservation) })

const GivenBack = Type.Object({ currency: Currency, refund: Amount, fee: Amount })
export type GivenBack = Static<typeof GivenBack>

const Faults = Type.Object({
  errors: nonEmpty(
    Type.Object({
      code: Type.String({ minLength: 1 }),
      detail: Type.String(),
      lotusTime: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
})

/** Reads bytes as one kind of answer; throws an Error that says what is wrong with them. */
export type Reader<T> = (bytes: Buffer) => T

function reader<T extends TSchema>(schema: T): Reader<Static<T>> {
  const check = checker(schema)
  return (bytes) => check(parse(bytes))
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'))
}

/** Gives the value as what the schema says; throws an Error that says what is wrong with it. */
function checker<T extends TSchema>(schema: T): (value: unknown) => Static<T> {
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return value
    const [first] = validator.Errors(value)
    throw new Error(`${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`)
  }
}

const checkState = checker(SearchState)
const checkPage = checker(SearchPage)

/** A page of a search whose state is read, and the rest not yet. */
export interface BegunPage {
  bytes: Buffer
  state: SearchState
  /** The whole page; throws like a Reader. */
  read(): SearchPage
}

const solutions = Buffer.from(',"solutions":')

/**
 * Reads the state of a page, which says whether the rest is worth reading: of what stands before the solutions where it stands
 * there, as in every answer of Lotus Air's. Where that is not JSON by itself or lacks something, the whole is read.
 */
export const beginSearchPage: Reader<BegunPage> = (bytes) => {
  const state = stateBefore(bytes, bytes.indexOf(solutions)) ?? checkState(parse(bytes))
  return {
    bytes,
    state,
    read() {
      const page = checkPage(parse(bytes))
      if (stateFields.some((field) => page[field] !== state[field])) throw new Error('the state is told twice')
      return page
    },
  }
}

function stateBefore(bytes: Buffer, end: number): SearchState | null {
  if (end < 0) return null
  try {
    return checkState(JSON.parse(`${bytes.toString('utf8', 0, end)}}`))
  } catch {
    return null
  }
}

export const readSearchAccepted = reader(SearchAccepted)
export const readPricedOffer = reader(PricedOffer)
export const readOfferCabins = reader(OfferCabins)
export const readOfferBags = reader(OfferBags)
export const readReservation = reader(Reservation)
export const readReservationList = reader(ReservationList)
export const readGivenBack = reader(GivenBack)
export const readFaults = reader(Faults)
