import type { Cancellation, Connector, HeldOrder, Order, OrderDraft } from '../airlines/connector.ts'
import { formatOfferId } from '../airlines/offer-id.ts'
import type { BookingRequest } from '../schemas/booking.ts'
import type { Money } from '../schemas/money.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { Passenger } from '../schemas/passenger.ts'
import { AirlineError, type Rejection } from '../upstream/airline-error.ts'
import { pause, realTimers, type Timers } from './timers.ts'

/** A moment for tests to begin at: noon UTC. */
export const noon = Date.parse('2030-01-10T12:00:00Z')

/** Time that passes only when a test says so. */
export interface TestTime {
  now: () => number
  timers: Timers
  /** Lets so many milliseconds pass, and everything that they set off run to its end. */
  pass(ms: number): Promise<void>
}

/** Lets everything run that needs no time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A clock and timers that stand still until told. */
export function createTestTime(): TestTime {
  let time = noon
  const waiting = new Set<{ at: number; run: () => void }>()
  return {
    now: () => time,
    timers: {
      after(ms, run) {
        const timer = { at: time + ms, run }
        waiting.add(timer)
        return () => waiting.delete(timer)
      },
    },
    async pass(ms) {
      const end = time + ms
      await settle()
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        waiting.delete(next)
        time = Math.max(time, next.at)
        next.run()
        await settle()
      }
      time = end
      await settle()
    },
  }
}

/** What an airline does to one call that changes something, instead of doing as it is asked. */
export type Fault =
  /** Does as it is asked. */
  | 'none'
  /** The call never arrives, and nobody knows. */
  | 'lost before'
  /** Does as it is asked, and the answer is lost. */
  | 'lost after'
  /** As above, but the airline shows the order only a minute later. */
  | 'hidden'
  /** The answer is lost, and the airline does as it is asked only after so many milliseconds, whatever was asked since. */
  | { actsAfterMs: number }
  /** Does as it is asked and answers after so many milliseconds, unless the caller has hung up. */
  | { answersAfterMs: number }
  /** The fare has gone up since it was asked for; what is asked for then is judged by that. */
  | 'price moves'
  /** Did nothing, and says so. */
  | 'unavailable'
  | 'rate limited'
  /** Nothing was sent. */
  | 'circuit open'
  | 'busy'
  | { refuses: Rejection }

/** An airline in memory, and what was asked of it. */
export interface TestAirline {
  connector: Connector
  /** Every order ever made, by client reference. */
  orders: Map<string, Order>
  /** `hold FN7K2Q9P-1` and so on, in order. */
  calls: string[]
  /** What happens to the next calls of hold, purchase and cancel; then all goes well. */
  faults: Fault[]
  /** What is thrown by the next reads and look-ups. */
  readFaults: AirlineError[]
  /** Seats that somebody has, each `segment seat`. */
  taken: Set<string>
  /** Seats that can still be sold. */
  seatsLeft: number
  /** Price of the fare, taxes in it, minor units. */
  price: { total: number; taxes: number }
  /** Run before every call. */
  beforeCall: () => void
}

/** What differs between test airlines. */
export interface TestAirlineTraits {
  name: string
  canHold: boolean
  now: () => number
  /** For what happens later. */
  timers?: Timers
  /** YYYY-MM-DD of the flight; each airline flies at 06:00 for two hours. */
  date?: string
  currency?: string
  holdMs?: number
}

function money(minor: number, currency: string): Money {
  return { amount: (minor / 100).toFixed(2), currency }
}

function minor({ amount }: Money): number {
  return Math.round(Number(amount) * 100)
}

/** One adult. */
export const adult: Passenger = {
  id: 'p1',
  type: 'adult',
  title: 'ms',
  givenName: 'Asha',
  familyName: 'Verma',
  bornOn: '1990-04-12',
  gender: 'female',
}

/** Makes an airline with one flight, seats 1A to 2C, and one kind of bag, `XBAG15`. Cancelling a paid order costs a tenth. */
export function createTestAirline(traits: TestAirlineTraits): TestAirline {
  const {
    name,
    canHold,
    now,
    timers = realTimers,
    date = '2030-01-15',
    currency = 'INR',
    holdMs = 60 * 60_000,
  } = traits
  const designator = `0${name.charAt(0).toUpperCase()}`
  const segmentId = `${designator}1-${date}-DEL`
  const hiddenUntil = new Map<string, number>()
  const inMoney = (amount: number) => money(amount, currency)

  const airline: TestAirline = {
    connector: {
      airline: {
        name,
        designator,
        title: name,
        currency,
        dialect: 'none',
        capabilities: { hold: canHold, seatSelection: true, baggage: 'piece', connections: false },
      },
      search: async () => [],
      price: async () => read(() => offer()),
      seatMaps: async () => read(() => [seatMap()]),
      baggage: async () =>
        read(() => ({
          included: [],
          purchasable: [
            {
              serviceId: serviceOf(airline, date),
              kind: 'checked' as const,
              pieces: 1,
              weightKg: 15,
              segmentIds: [segmentId],
              passengerIds: ['p1', 'p2'],
              price: inMoney(90_000),
              maxQuantity: 2,
            },
          ],
        })),
      ...(canHold && {
        hold: (draft: OrderDraft, signal: AbortSignal) =>
          change('hold', draft.clientReference, signal, () => makeHeld(draft)),
      }),
      purchase: (asked, signal) =>
        change('offer' in asked ? 'purchase' : 'pay', asked.clientReference, signal, () =>
          'offer' in asked ? make(asked, 'confirmed') : pay(asked),
        ),
      async findOrder(clientReference) {
        airline.beforeCall()
        airline.calls.push(`find ${clientReference}`)
        const fault = airline.readFaults.shift()
        if (fault) throw fault
        const order = airline.orders.get(clientReference)
        if (!order || (hiddenUntil.get(clientReference) ?? 0) > now()) return null
        return current(order)
      },
      quoteCancellation: async (order) => {
        airline.beforeCall()
        return refundOf(order)
      },
      cancel: (order, signal) => change('cancel', order.clientReference, signal, () => cancel(order)),
    },
    orders: new Map(),
    calls: [],
    faults: [],
    readFaults: [],
    taken: new Set(),
    seatsLeft: Number.POSITIVE_INFINITY,
    price: { total: 425_000, taxes: 61_000 },
    beforeCall: () => {},
  }

  function read<T>(answer: () => T): T {
    airline.beforeCall()
    const fault = airline.readFaults.shift()
    if (fault) throw fault
    return answer()
  }

  async function change<T>(operation: string, clientReference: string, signal: AbortSignal, act: () => T): Promise<T> {
    airline.beforeCall()
    airline.calls.push(`${operation} ${clientReference}`)
    const fault = airline.faults.shift() ?? 'none'
    if (fault === 'unavailable') throw new AirlineError(name, 'unavailable', `${name} cannot be reached`)
    if (fault === 'rate limited') {
      throw new AirlineError(name, 'rate_limited', `${name} asks for patience`, { retryAfterMs: 2_000 })
    }
    if (fault === 'circuit open') {
      throw new AirlineError(name, 'circuit_open', `${name} is not asked for now`, { retryAfterMs: 3_000 })
    }
    if (fault === 'busy') throw new AirlineError(name, 'busy', `${name} is asked enough`)
    if (typeof fault === 'object' && 'refuses' in fault) {
      throw new AirlineError(name, 'rejected', `${name} says ${fault.refuses}`, { reason: fault.refuses })
    }
    const lost = new AirlineError(name, 'unknown_outcome', `${name} did not answer`)
    if (fault === 'lost before') throw lost
    if (fault === 'hidden' && !airline.orders.has(clientReference)) hiddenUntil.set(clientReference, now() + 60_000)
    if (typeof fault === 'object' && 'actsAfterMs' in fault) {
      timers.after(fault.actsAfterMs, () => void Promise.try(act).catch(() => {}))
      throw lost
    }
    if (fault === 'price moves') airline.price.total += 10_000
    const answer = act()
    if (fault === 'none' || fault === 'price moves') return answer
    if (typeof fault === 'object' && (await pause(timers, fault.answersAfterMs, signal))) return answer
    throw lost
  }

  function offer(): PricedOffer {
    const { total, taxes } = airline.price
    const split = { price: inMoney(total), basePrice: inMoney(total - taxes), taxes: inMoney(taxes) }
    const flight = {
      origin: 'DEL',
      destination: 'BOM',
      departingAt: `${date}T06:00:00+05:30`,
      arrivingAt: `${date}T08:00:00+05:30`,
      duration: 'PT2H',
    }
    return {
      id: offerOf(airline, date),
      airline: name,
      slice: {
        ...flight,
        stops: 0,
        segments: [
          {
            ...flight,
            id: segmentId,
            flightNumber: `${designator}1`,
            marketingCarrier: designator,
            operatingCarrier: designator,
            originTimeZone: 'Asia/Kolkata',
            destinationTimeZone: 'Asia/Kolkata',
            aircraft: '32N',
            cabin: 'economy',
            bookingClass: 'Y',
            fareBasisCode: 'YOWIN',
          },
        ],
      },
      fareBrand: 'Basic',
      ...split,
      airlinePrice: split.price,
      perPassenger: [{ passengerId: 'p1', type: 'adult', ...split }],
      conditions: { change: { allowed: false, fee: null }, cancel: { allowed: true, fee: inMoney(50_000) } },
      baggage: [
        { segmentIds: [segmentId], passengerIds: ['p1'], kind: 'carry_on', pieces: 1, weightKg: 7 },
        { segmentIds: ['0Z9-2030-01-15-MAA'], passengerIds: ['p1'], kind: 'checked', pieces: 9, weightKg: 99 },
      ],
      seatsLeft: 9,
      expiresAt: '2030-01-10T13:00:00Z',
      quotedPrice: split.price,
      priceChanged: false,
    }
  }

  function seatMap() {
    const row = (number: number) => ({
      number,
      exit: false,
      wing: false,
      seats: ['A', 'B', 'C'].map((column) => ({
        designator: `${number}${column}`,
        kind: column === 'A' ? ('window' as const) : column === 'B' ? ('middle' as const) : ('aisle' as const),
        available: !airline.taken.has(`${segmentId} ${number}${column}`),
        price: column === 'B' ? null : inMoney(35_000),
        traits: [],
      })),
    })
    return {
      segmentId,
      aircraft: '32N',
      cabins: [{ cabin: 'economy' as const, columns: ['A', 'B', 'C'], rows: [row(1), row(2)] }],
    }
  }

  function make(draft: OrderDraft, status: 'held' | 'confirmed'): Order {
    const made = airline.orders.get(draft.clientReference)
    if (made) return current(made)
    const seats = draft.seats.reduce((sum, { price }) => sum + minor(price), 0)
    const bags = draft.baggage.reduce((sum, { price, quantity }) => sum + minor(price) * quantity, 0)
    const total = airline.price.total + seats + bags
    const refuse = (reason: Rejection) => {
      throw new AirlineError(name, 'rejected', `${name} says ${reason}`, { reason })
    }
    if (minor(draft.total) !== total) refuse('price_changed')
    if (airline.seatsLeft <= 0) refuse('sold_out')
    airline.seatsLeft--
    for (const { segmentId: on, designator: seat } of draft.seats) {
      if (airline.taken.has(`${on} ${seat}`)) refuse('seat_taken')
    }
    for (const { segmentId: on, designator: seat } of draft.seats) airline.taken.add(`${on} ${seat}`)
    const order: Order = {
      airline: name,
      clientReference: draft.clientReference,
      airlineReference: `${name.slice(0, 2).toUpperCase()}${String(airline.orders.size + 1).padStart(4, '0')}`,
      status,
      price: {
        base: inMoney(airline.price.total - airline.price.taxes),
        taxes: inMoney(airline.price.taxes),
        seats: inMoney(seats),
        baggage: inMoney(bags),
        total: inMoney(total),
      },
      payBy: status === 'held' ? new Date(now() + holdMs).toISOString() : null,
      flights: draft.offer.slice.segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
        segmentId: id,
        flightNumber,
        departingAt,
        arrivingAt,
      })),
    }
    airline.orders.set(draft.clientReference, order)
    return order
  }

  function makeHeld(draft: OrderDraft): HeldOrder {
    const order = make(draft, 'held')
    if (order.status !== 'held' || order.payBy === null) throw new Error('not held')
    return { ...order, status: 'held', payBy: order.payBy }
  }

  /** The order as it is now: a hold that was not paid in time is gone. */
  function current(order: Order): Order {
    const isLapsed = order.status === 'held' && order.payBy !== null && Date.parse(order.payBy) <= now()
    return isLapsed ? { ...order, status: 'cancelled', payBy: null } : order
  }

  function pay(held: HeldOrder): Order {
    const order = airline.orders.get(held.clientReference)
    if (!order || current(order).status === 'cancelled') {
      throw new AirlineError(name, 'rejected', `${name} says hold_lapsed`, { reason: 'hold_lapsed' })
    }
    const paid: Order = { ...order, status: 'confirmed', payBy: null }
    airline.orders.set(held.clientReference, paid)
    return paid
  }

  function refundOf(order: Order): Cancellation {
    if (order.status === 'held') return { refund: inMoney(0), fee: inMoney(0) }
    const fee = Math.round(minor(order.price.total) / 10)
    return { refund: inMoney(minor(order.price.total) - fee), fee: inMoney(fee) }
  }

  function cancel({ clientReference }: Order): Cancellation {
    const order = airline.orders.get(clientReference)
    if (!order) throw new AirlineError(name, 'rejected', `${name} says order_not_found`, { reason: 'order_not_found' })
    const before = order.payBy === null ? order : { ...order, status: 'held' as const }
    airline.orders.set(clientReference, { ...order, status: 'cancelled' })
    return refundOf(before)
  }

  return airline
}

/** The airline moves the flight of all its orders by so many minutes. */
export function moveFlights({ orders }: TestAirline, minutes: number): void {
  const moved = (time: string) => {
    const local = new Date(Date.parse(`${time.slice(0, 19)}Z`) + minutes * 60_000).toISOString().slice(0, 19)
    return local + time.slice(19)
  }
  for (const [reference, order] of orders) {
    const flights = order.flights.map((flight) => ({
      ...flight,
      departingAt: moved(flight.departingAt),
      arrivingAt: moved(flight.arrivingAt),
    }))
    orders.set(reference, { ...order, flights })
  }
}

/** The offer id of the airline's flight on the day. */
export function offerOf({ connector, price }: TestAirline, date = '2030-01-15'): string {
  const { name, currency } = connector.airline
  return formatOfferId({ airline: name, quotedPrice: money(price.total, currency), ref: date })
}

/** The id of the bag that the airline sells. */
export function serviceOf({ connector }: TestAirline, date = '2030-01-15'): string {
  const { name, designator } = connector.airline
  return `${name}~${designator}1-${date}-DEL~XBAG15`
}

/** A request for the flights of these airlines at their prices, in INR, for one adult. */
export function requestFor(
  airlines: readonly [TestAirline, string?][],
  more: Partial<BookingRequest> = {},
): BookingRequest {
  return {
    offerIds: airlines.map(([airline, date]) => offerOf(airline, date)),
    passengers: [adult],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [],
    baggage: [],
    expectedTotal: money(
      airlines.reduce((sum, [airline]) => sum + airline.price.total, 0),
      'INR',
    ),
    payment: 'now',
    ...more,
  }
}
