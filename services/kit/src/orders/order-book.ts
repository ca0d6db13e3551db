import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import type { Market } from '../world/market.ts'
import type { Carrier } from '../world/types.ts'
import { auditOrders } from './audit.ts'
import { quoteRefund } from './cancellation.ts'
import { contentHash } from './content-hash.ts'
import { transaction } from './database.ts'
import { type Draft, departure, draftOrder } from './draft.ts'
import type { OpenInventory } from './inventory.ts'
import { locatorCandidate } from './locator.ts'
import { createOrderStore, type StoredOrder } from './order-store.ts'
import {
  type AuditCheck,
  type CancellationQuote,
  type Order,
  type OrderRequest,
  type OrderSummary,
  Refusal,
} from './types.ts'

/** What an order book stands on. */
export interface OrderBookOptions {
  carrier: Carrier
  /** Seed of the world: record locators follow from it. */
  seed: string
  clock: Clock
  /** From openDatabase; the caller closes it. */
  database: DatabaseSync
  /** From openInventory on the same database. */
  inventory: OpenInventory
  /** Built on that inventory. */
  market: Market
}

/** A carrier's orders, on disk before any method answers. Methods throw Refusal as AirlineSystem documents. */
export interface OrderBook {
  order(request: OrderRequest): Order
  pay(locator: string, expectedTotal: number | null): Order
  retrieve(locator: string): Order
  findByClientReference(clientReference: string): Order | null
  /** Every order there has been, oldest first. */
  list(): OrderSummary[]
  quoteCancellation(locator: string): CancellationQuote
  /** A hold that has lapsed stays lapsed: nothing is left to give back, so the quote is 0 and 0. */
  cancel(locator: string): { order: Order; quote: CancellationQuote }
  /** Gives back what overdue holds took. A comparison of two numbers when none is due, so it may be called before every look at the market. */
  lapseDue(): void
  /** Forgets every order, and in the same transaction does `also`. */
  clear(also: () => void): void
  audit(): AuditCheck[]
}

/** Opens the orders that the database holds. */
export function createOrderBook(options: OrderBookOptions): OrderBook {
  const { carrier, seed, clock, database, inventory, market } = options
  const store = createOrderStore(database)
  let nextDue = store.nextDue()

  /** One write transaction; `touched` collects the flights whose inventory it changes. */
  function commit<T>(work: (touched: Set<string>) => T): T {
    const touched = new Set<string>()
    const result = transaction(database, () => {
      inventory.catchUp()
      return work(touched)
    })
    inventory.refresh(touched)
    nextDue = store.nextDue()
    return result
  }

  function lapseDue(): void {
    const now = clock.now()
    if (now < nextDue) return
    commit((touched) => {
      for (const { id, flights } of store.overdue(now)) {
        store.release(id, 'lapsed')
        for (const flight of flights) touched.add(flight)
      }
    })
  }

  function find(locator: string): StoredOrder {
    const stored = store.byLocator(locator)
    if (stored === null) throw new Refusal('order_not_found', `no order has the locator ${locator}`)
    return stored
  }

  function newLocator(number: number): string {
    for (let attempt = 0; ; attempt++) {
      const locator = locatorCandidate(seed, carrier.name, number, attempt)
      if (store.locatorIsFree(locator)) return locator
    }
  }

  /** The market judged by the inventory in memory; this is the database's word. */
  function checkRoom({ offer, seats }: Draft): void {
    for (const { flightKey, designator } of seats) {
      if (store.isOwned(flightKey, designator)) {
        throw new Refusal('seat_taken', `seat ${designator} on ${flightKey} is taken`)
      }
    }
    const { cabin } = offer.brand
    const party = offer.passengers.adults + offer.passengers.children
    for (const flight of offer.journey.flights) {
      const others = market.othersSeats(flight, cabin).size
      const left = market.capacity(flight, cabin) - others - store.sold(flight.key, cabin)
      if (left < party) throw new Refusal('sold_out', `${flight.key} has ${Math.max(left, 0)} seats left in ${cabin}`)
    }
  }

  function sell(request: OrderRequest, hash: string, touched: Set<string>): Order {
    const now = clock.now()
    const draft = draftOrder(carrier, market, request, now)
    checkRoom(draft)
    const id = store.nextId()
    const locator = newLocator(id)
    store.insert({
      id,
      locator,
      contentHash: hash,
      createdAt: now,
      departsAt: departure(draft.offer),
      request,
      draft,
    })
    if (draft.payBy === null) store.book(id, now, 'payment', draft.price.total)
    for (const flight of draft.offer.journey.flights) touched.add(flight.key)
    return find(locator).order
  }

  return {
    order(request) {
      lapseDue()
      const hash = contentHash(request)
      return commit((touched) => {
        const earlier = store.byClientReference(request.clientReference)
        if (earlier === null) return sell(request, hash, touched)
        if (earlier.contentHash === hash) return earlier.order
        throw new Refusal(
          'client_reference_reused',
          `another order carries the client reference ${request.clientReference}`,
        )
      })
    },

    pay(locator, expectedTotal) {
      lapseDue()
      return commit(() => {
        const now = clock.now()
        const { id, order } = find(locator)
        if (order.status === 'confirmed') return order
        if (order.status === 'cancelled') throw new Refusal('not_held', `order ${locator} is cancelled`)
        if (order.status === 'lapsed' || (order.payBy ?? 0) <= now) {
          throw new Refusal('hold_lapsed', `the time to pay order ${locator} is over`)
        }
        const { total } = order.price
        if (expectedTotal !== null && expectedTotal !== total) {
          throw new Refusal('price_changed', `the total is ${total}, not ${expectedTotal}`, total)
        }
        store.confirm(id)
        store.book(id, now, 'payment', total)
        return find(locator).order
      })
    },

    retrieve(locator) {
      lapseDue()
      return find(locator).order
    },

    findByClientReference(clientReference) {
      lapseDue()
      return store.byClientReference(clientReference)?.order ?? null
    },

    list() {
      lapseDue()
      return store.list()
    },

    quoteCancellation(locator) {
      lapseDue()
      return quoteRefund(carrier, find(locator), clock.now())
    },

    cancel(locator) {
      lapseDue()
      return commit((touched) => {
        const now = clock.now()
        const stored = find(locator)
        const quote = quoteRefund(carrier, stored, now)
        if (stored.order.status === 'cancelled' || stored.order.status === 'lapsed')
          return { order: stored.order, quote }
        store.release(stored.id, quote)
        store.book(stored.id, now, 'refund', quote.refund)
        for (const flight of stored.order.offer.flights) touched.add(flight)
        return { order: find(locator).order, quote }
      })
    },

    lapseDue,

    clear(also) {
      commit((touched) => {
        for (const flight of store.flights()) touched.add(flight)
        store.clear()
        also()
      })
    },

    audit() {
      // What another connection wrote since the last transaction is no fault of this one's memory.
      if (inventory.catchUp()) nextDue = store.nextDue()
      lapseDue()
      return auditOrders({ database, inventory, market, now: clock.now() })
    },
  }
}
