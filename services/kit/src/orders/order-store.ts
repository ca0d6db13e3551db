import type { DatabaseSync } from 'node:sqlite'
import type { Cabin } from '../world/types.ts'
import type { Draft } from './draft.ts'
import { integer, integerOrNull, oneOf, type Row, text } from './rows.ts'
import type {
  CancellationQuote,
  Order,
  OrderBaggage,
  OrderPassenger,
  OrderRequest,
  OrderSeat,
  OrderSummary,
} from './types.ts'
import { genders, passengerTypes, statuses } from './words.ts'

/** An order with what only the airline keeps of it. */
export interface StoredOrder {
  /** Row in the database. */
  id: number
  order: Order
  contentHash: string
  /** When its first flight leaves, milliseconds since the epoch. */
  departsAt: number
  /** Per adult and child, as sold; null: the fare is not refundable. */
  cancelFee: number | null
}

/** A new order's row. */
interface NewOrder {
  id: number
  locator: string
  contentHash: string
  /** Milliseconds since the epoch. */
  createdAt: number
  departsAt: number
  request: OrderRequest
  draft: Draft
}

/** The SQL of orders. Nothing here opens a transaction or judges. */
export interface OrderStore {
  nextId(): number
  locatorIsFree(locator: string): boolean
  insert(order: NewOrder): void
  byLocator(locator: string): StoredOrder | null
  byClientReference(clientReference: string): StoredOrder | null
  /** Every order there has been, oldest first. */
  list(): OrderSummary[]
  /** Adults and children of live orders on the flight in the cabin. */
  sold(flightKey: string, cabin: Cabin): number
  /** Whether a live order owns the seat. */
  isOwned(flightKey: string, designator: string): boolean
  /** When the next hold lapses, milliseconds since the epoch; Infinity: there is none. */
  nextDue(): number
  /** Holds whose time to pay is over, with the flights they give back. */
  overdue(now: number): { id: number; flights: string[] }[]
  confirm(id: number): void
  /** Gives back what the order took, as cancelled with what was quoted, or as lapsed. */
  release(id: number, end: CancellationQuote | 'lapsed'): void
  /** Enters money that came in or went out; an amount of 0 leaves no entry. */
  book(id: number, at: number, kind: 'payment' | 'refund', amount: number): void
  /** Flights that orders have named, live or not. */
  flights(): string[]
  /** Forgets every order and all money. */
  clear(): void
}

/** Prepares the statements on a database that openDatabase gave. */
export function createOrderStore(database: DatabaseSync): OrderStore {
  const nextId = database.prepare('select coalesce(max(id), 0) + 1 as id from orders')
  const countLocator = database.prepare('select count(*) as orders from orders where locator = ?')
  const insertOrder = database.prepare(`
    insert into orders (
      id, locator, client_reference, content_hash, status, created_at, pay_by, departs_at, brand, cabin,
      offer_expires_at, adults, children, infants, email, phone, base, tax, seats, baggage, total, cancel_fee
    ) values (
      :id, :locator, :clientReference, :contentHash, :status, :createdAt, :payBy, :departsAt, :brand, :cabin,
      :offerExpiresAt, :adults, :children, :infants, :email, :phone, :base, :tax, :seats, :baggage, :total, :cancelFee
    )
  `)
  const insertPassenger = database.prepare(`
    insert into order_passengers (order_id, id, type, title, given_name, family_name, born_on, gender)
    values (:orderId, :id, :type, :title, :givenName, :familyName, :bornOn, :gender)
  `)
  const insertFlight = database.prepare('insert into order_flights (order_id, flight_key, live) values (?, ?, 1)')
  const insertSeat = database.prepare(`
    insert into order_seats (order_id, passenger_id, flight_key, designator, price, live)
    values (:orderId, :passengerId, :flightKey, :designator, :price, 1)
  `)
  const insertBaggage = database.prepare(`
    insert into order_baggage (order_id, passenger_id, code, quantity, price)
    values (:orderId, :passengerId, :code, :quantity, :price)
  `)
  const selectByLocator = database.prepare('select * from orders where locator = ?')
  const selectByClientReference = database.prepare('select * from orders where client_reference = ?')
  const selectPassengers = database.prepare('select * from order_passengers where order_id = ? order by rowid')
  const selectFlights = database.prepare('select flight_key from order_flights where order_id = ? order by rowid')
  const selectSeats = database.prepare('select * from order_seats where order_id = ? order by rowid')
  const selectBaggage = database.prepare('select * from order_baggage where order_id = ? order by rowid')
  const selectAll = database.prepare('select locator, client_reference, status, pay_by, total from orders order by id')
  const selectSold = database.prepare(`
    select coalesce(sum(o.adults + o.children), 0) as sold
    from order_flights f join orders o on o.id = f.order_id
    where f.flight_key = ? and f.live = 1 and o.cabin = ?
  `)
  const countOwners = database.prepare(
    'select count(*) as owners from order_seats where flight_key = ? and designator = ? and live = 1',
  )
  const selectNextDue = database.prepare(`select min(pay_by) as due from orders where status = 'held'`)
  const selectOverdue = database.prepare(`select id from orders where status = 'held' and pay_by <= ?`)
  const updateConfirmed = database.prepare(`update orders set status = 'confirmed', pay_by = null where id = ?`)
  const updateCancelled = database.prepare(
    `update orders set status = 'cancelled', refund = :refund, fee = :fee where id = :id`,
  )
  const updateLapsed = database.prepare(`update orders set status = 'lapsed' where id = ?`)
  const releaseFlights = database.prepare('update order_flights set live = 0 where order_id = ?')
  const releaseSeats = database.prepare('update order_seats set live = 0 where order_id = ?')
  const insertEntry = database.prepare('insert into ledger (order_id, at, kind, amount) values (?, ?, ?, ?)')
  const selectAllFlights = database.prepare('select distinct flight_key from order_flights')
  // What refers to others goes before them.
  const deleteAll = ['ledger', 'order_baggage', 'order_seats', 'order_flights', 'order_passengers', 'orders'].map(
    (table) => database.prepare(`delete from ${table}`),
  )

  function flightsOf(id: number): string[] {
    return selectFlights.all(id).map((row) => text(row, 'flight_key'))
  }

  function read(row: Row | undefined): StoredOrder | null {
    if (row === undefined) return null
    const id = integer(row, 'id')
    const flights = flightsOf(id)
    const passengerMix = {
      adults: integer(row, 'adults'),
      children: integer(row, 'children'),
      infants: integer(row, 'infants'),
    }
    return {
      id,
      contentHash: text(row, 'content_hash'),
      departsAt: integer(row, 'departs_at'),
      cancelFee: integerOrNull(row, 'cancel_fee'),
      order: {
        number: id,
        locator: text(row, 'locator'),
        clientReference: text(row, 'client_reference'),
        status: oneOf(row, 'status', statuses),
        createdAt: integer(row, 'created_at'),
        payBy: integerOrNull(row, 'pay_by'),
        offer: {
          flights,
          brand: text(row, 'brand'),
          passengers: passengerMix,
          expiresAt: integer(row, 'offer_expires_at'),
        },
        passengerMix,
        passengers: selectPassengers.all(id).map(toPassenger),
        contact: { email: text(row, 'email'), phone: text(row, 'phone') },
        seats: selectSeats.all(id).map(toSeat),
        baggage: selectBaggage.all(id).map((item) => toBaggage(item, flights)),
        price: {
          base: integer(row, 'base'),
          tax: integer(row, 'tax'),
          seats: integer(row, 'seats'),
          baggage: integer(row, 'baggage'),
          total: integer(row, 'total'),
        },
        refund: integerOrNull(row, 'refund'),
        fee: integerOrNull(row, 'fee'),
      },
    }
  }

  return {
    nextId: () => integer(nextId.get() ?? {}, 'id'),
    locatorIsFree: (locator) => integer(countLocator.get(locator) ?? {}, 'orders') === 0,

    insert({ id, locator, contentHash, createdAt, departsAt, request, draft }) {
      const { offer, seats, baggage, price, payBy } = draft
      insertOrder.run({
        id,
        locator,
        clientReference: request.clientReference,
        contentHash,
        status: payBy === null ? 'confirmed' : 'held',
        createdAt,
        payBy,
        departsAt,
        brand: offer.brand.code,
        cabin: offer.brand.cabin,
        offerExpiresAt: Math.floor(offer.expiresAt / 1000),
        ...offer.passengers,
        ...request.contact,
        ...price,
        cancelFee: offer.brand.cancelFee,
      })
      for (const { id: passengerId, type, title, givenName, familyName, bornOn, gender } of request.passengers) {
        insertPassenger.run({ orderId: id, id: passengerId, type, title, givenName, familyName, bornOn, gender })
      }
      for (const flight of offer.journey.flights) insertFlight.run(id, flight.key)
      for (const seat of seats) insertSeat.run({ orderId: id, ...seat })
      for (const { passengerId, code, quantity, price: paid } of baggage) {
        insertBaggage.run({ orderId: id, passengerId, code, quantity, price: paid })
      }
    },

    byLocator: (locator) => read(selectByLocator.get(locator)),
    byClientReference: (clientReference) => read(selectByClientReference.get(clientReference)),
    list: () => selectAll.all().map(toSummary),
    sold: (flightKey, cabin) => integer(selectSold.get(flightKey, cabin) ?? {}, 'sold'),
    isOwned: (flightKey, designator) => integer(countOwners.get(flightKey, designator) ?? {}, 'owners') > 0,
    nextDue: () => integerOrNull(selectNextDue.get() ?? {}, 'due') ?? Number.POSITIVE_INFINITY,
    overdue: (now) =>
      selectOverdue.all(now).map((row) => ({ id: integer(row, 'id'), flights: flightsOf(integer(row, 'id')) })),
    confirm: (id) => void updateConfirmed.run(id),

    release(id, end) {
      if (end === 'lapsed') updateLapsed.run(id)
      else updateCancelled.run({ id, ...end })
      releaseFlights.run(id)
      releaseSeats.run(id)
    },

    book(id, at, kind, amount) {
      if (amount > 0) insertEntry.run(id, at, kind, amount)
    },

    flights: () => selectAllFlights.all().map((row) => text(row, 'flight_key')),

    clear() {
      for (const statement of deleteAll) statement.run()
    },
  }
}

function toSummary(row: Row): OrderSummary {
  return {
    locator: text(row, 'locator'),
    clientReference: text(row, 'client_reference'),
    status: oneOf(row, 'status', statuses),
    payBy: integerOrNull(row, 'pay_by'),
    total: integer(row, 'total'),
  }
}

function toPassenger(row: Row): OrderPassenger {
  return {
    id: text(row, 'id'),
    type: oneOf(row, 'type', passengerTypes),
    title: text(row, 'title'),
    givenName: text(row, 'given_name'),
    familyName: text(row, 'family_name'),
    bornOn: text(row, 'born_on'),
    gender: oneOf(row, 'gender', genders),
  }
}

function toSeat(row: Row): OrderSeat {
  return {
    passengerId: text(row, 'passenger_id'),
    flightKey: text(row, 'flight_key'),
    designator: text(row, 'designator'),
    price: integer(row, 'price'),
  }
}

function toBaggage(row: Row, flightKeys: string[]): OrderBaggage {
  return {
    passengerId: text(row, 'passenger_id'),
    code: text(row, 'code'),
    flightKeys,
    quantity: integer(row, 'quantity'),
    price: integer(row, 'price'),
  }
}
