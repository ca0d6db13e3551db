import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** Saffron's answers as it sends them: only the fields we use, checked where they enter; what else it sends may pass. */

const Amount = Type.String({ pattern: '^\\d{1,12}\\.\\d{2}$' })
const Currency = Type.String({ pattern: '^[A-Z]{3}$' })
const Airport = Type.String({ pattern: '^[A-Z]{3}$' })
const FlightId = Type.String({ pattern: '^[A-Z0-9]{3,7}-\\d{4}-\\d{2}-\\d{2}-[A-Z]{3}$' })
const Cabin = Type.Enum(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST'])
const TravellerType = Type.Enum(['ADULT', 'CHILD', 'INFANT'])
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' })
const Count = Type.Integer({ minimum: 0, maximum: 9 })
const nullable = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema])

const nonEmpty = <T extends TSchema>(schema: T) =>
  Type.Unsafe<[Static<T>, ...Static<T>[]]>(Type.Array(schema, { minItems: 1 }))

const Point = Type.Object({
  airport: Airport,
  localTime: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' }),
  utcOffset: Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$' }),
  timeZone: Type.String({ minLength: 1 }),
})

/** What a flight of an order is read for, too. */
const BookedFlight = Type.Object({
  flightId: FlightId,
  marketing: Type.Object({ carrier: Type.String(), number: Type.String() }),
  departure: Point,
  arrival: Point,
})

const Journey = Type.Object({
  durationMinutes: Type.Integer({ minimum: 1 }),
  flights: nonEmpty(
    Type.Object({
      ...BookedFlight.properties,
      operating: Type.Object({ carrier: Type.String() }),
      durationMinutes: Type.Integer({ minimum: 1 }),
      equipment: Type.String(),
    }),
  ),
})

const FareCondition = Type.Object({ permitted: Type.Boolean(), feePerTraveller: nullable(Amount) })

const Bag = Type.Object({
  /** CABIN_BAG and CHECKED_BAG are known; anything else is not baggage we can show. */
  bagType: Type.String(),
  pieces: nullable(Type.Integer({ minimum: 0 })),
  weightKg: nullable(Type.Integer({ minimum: 0 })),
  travellerTypes: Type.Array(TravellerType),
})

const FareFamily = Type.Object({
  code: Type.String(),
  name: Type.String(),
  cabin: Cabin,
  bookingClass: Type.String({ pattern: '^[A-Z]$' }),
  conditions: Type.Object({ change: FareCondition, cancellation: FareCondition }),
  baggage: Type.Array(Bag),
})

const Fare = Type.Object({
  offerId: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }),
  fareBasis: Type.String(),
  seatsRemaining: Type.Integer({ minimum: 0 }),
  validUntil: Instant,
  pricing: Type.Object({
    base: Amount,
    taxTotal: Amount,
    total: Amount,
    perTraveller: Type.Array(
      Type.Object({ travellerType: TravellerType, count: Count, base: Amount, taxTotal: Amount, total: Amount }),
    ),
  }),
})

const Availability = Type.Object({
  currency: Currency,
  fareFamilies: Type.Array(FareFamily),
  journeys: Type.Array(
    Type.Object({
      ...Journey.properties,
      offers: Type.Array(Type.Object({ ...Fare.properties, fareFamily: Type.String() })),
    }),
  ),
})

const Offer = Type.Object({ currency: Currency, ...Fare.properties, fareFamily: FareFamily, journey: Journey })
export type Offer = Static<typeof Offer>

const SeatMaps = Type.Object({
  currency: Currency,
  seatMaps: Type.Array(
    Type.Object({
      flightId: FlightId,
      equipment: Type.Object({ code: Type.String() }),
      cabins: Type.Array(
        Type.Object({
          cabin: Cabin,
          layout: Type.String({ pattern: '^[A-L=]+$' }),
          rows: Type.Array(
            Type.Object({
              rowNumber: Type.Integer({ minimum: 1, maximum: 99 }),
              exitRow: Type.Boolean(),
              overWing: Type.Boolean(),
              seats: Type.Array(
                Type.Object({
                  seatNumber: Type.String({ pattern: '^[1-9]\\d?[A-L]$' }),
                  position: Type.Enum(['WINDOW', 'MIDDLE', 'AISLE']),
                  status: Type.String(),
                  price: nullable(Amount),
                  characteristics: Type.Array(Type.String()),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type SeatMaps = Static<typeof SeatMaps>

const OfferBaggage = Type.Object({
  currency: Currency,
  flightIds: nonEmpty(FlightId),
  travellers: Type.Object({ adults: Count, children: Count, infants: Count }),
  included: Type.Array(Bag),
  products: Type.Array(
    Type.Object({
      ...Bag.properties,
      productCode: Type.String({ pattern: '^[A-Z0-9]{1,16}$' }),
      weightKg: nullable(Type.Integer({ minimum: 1 })),
      unitPrice: Amount,
      maxUnits: Type.Integer({ minimum: 1 }),
    }),
  ),
})
export type OfferBaggage = Static<typeof OfferBaggage>

const Order = Type.Object({
  recordLocator: Type.String({ minLength: 1 }),
  clientReference: Type.String(),
  status: Type.Enum(['HELD', 'CONFIRMED', 'CANCELLED', 'LAPSED']),
  paymentDeadline: nullable(Instant),
  flights: nonEmpty(BookedFlight),
  pricing: Type.Object({
    currency: Currency,
    base: Amount,
    taxTotal: Amount,
    seats: Amount,
    baggage: Amount,
    total: Amount,
  }),
})
export type Order = Static<typeof Order>

const OrderList = Type.Object({ orders: Type.Array(Order) })

const Refund = Type.Object({ currency: Currency, refund: Amount, fee: Amount })
export type Refund = Static<typeof Refund>

const ErrorAnswer = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) })

/** Reads bytes as one kind of answer; throws an Error that says what is wrong with them. */
export type Reader<T> = (bytes: Buffer) => T

function reader<T extends TSchema>(schema: T): Reader<Static<T>> {
  const validator = Compile(schema)
  return (bytes) => {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (validator.Check(value)) return value
    const [first] = validator.Errors(value)
    throw new Error(`${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`)
  }
}

const readGroupedAvailability = reader(Availability)

/** One entry per journey and fare family, each as complete as a single offer. */
export const readAvailability: Reader<Offer[]> = (bytes) => {
  const { currency, fareFamilies, journeys } = readGroupedAvailability(bytes)
  const families = new Map(fareFamilies.map((family) => [family.code, family]))
  return journeys.flatMap((journey) =>
    journey.offers.map((offer) => {
      const fareFamily = families.get(offer.fareFamily)
      if (fareFamily === undefined) throw new Error(`an offer names a fare family ${offer.fareFamily} that is missing`)
      return { ...offer, currency, journey, fareFamily }
    }),
  )
}
export const readOffer = reader(Offer)
export const readSeatMaps = reader(SeatMaps)
export const readOfferBaggage = reader(OfferBaggage)
export const readOrder = reader(Order)
export const readOrderList = reader(OrderList)
export const readRefund = reader(Refund)
export const readError = reader(ErrorAnswer)
