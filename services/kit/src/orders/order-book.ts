import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import type { Market } from '../world/market.ts'
import type { Carrier } from '../world/types.ts'
import type { OpenInventory } from './inventory.ts'
import type { AuditCheck, CancellationQuote, Order, OrderRequest } from './types.ts'

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
  quoteCancellation(locator: string): CancellationQuote
  cancel(locator: string): { order: Order; quote: CancellationQuote }
  /** Gives back what overdue holds took. A comparison of two numbers when none is due, so it may be called before every look at the market. */
  lapseDue(): void
  audit(): AuditCheck[]
}
