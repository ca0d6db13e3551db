import type { Clock } from './clock.ts'
import type { Simulation } from './faults/simulation.ts'
import { type OpenWorldChanges, openWorldChanges } from './orders/change-store.ts'
import { openDatabase } from './orders/database.ts'
import { openInventory } from './orders/inventory.ts'
import { keepClock } from './orders/kept-clock.ts'
import { createOrderBook } from './orders/order-book.ts'
import type { AuditCheck, CancellationQuote, Order, OrderRequest, OrderSummary } from './orders/types.ts'
import { createMarket } from './world/market.ts'
import { draw } from './world/random.ts'
import type { Carrier, Flight, FlightSeats, Offer, ShopRequest } from './world/types.ts'

/** What an airline's dialect stands on: a whole airline, in plain words and minor units. Every method throws Refusal when it says no. */
export interface AirlineSystem {
  carrier: Carrier
  /** Where it was moved to is on the disk, so that a restart changes nothing. */
  clock: Clock
  /** What makes its answers slow and lets them go wrong; left out where nothing does and nobody may ask for it. */
  simulation?: Simulation
  /**
   * Offers for one slice, cheapest first; [] when the carrier has none. Throws unknown_airport.
   * The very same array is given again while nothing about it changes (inventory, day, expiry), so that a dialect can
   * keep what it rendered from it in a WeakMap.
   */
  shop(request: ShopRequest): readonly Offer[]
  /** The offer as it stands now. Throws offer_not_found (also for a forged id), offer_expired, sold_out. */
  offer(id: string): Offer
  /** Seats per flight of the offer, in its cabin. The same object is given again while nothing changes. */
  seatMaps(offerId: string): readonly FlightSeats[]
  /** What baggage can be bought with the offer: price per unit, for all flights of the offer together. */
  baggage(offerId: string): { code: string; price: number; maxQuantity: number }[]
  /** A flight by its key, whether or not it can still be sold; null: the carrier sells no such flight. */
  flight(key: string): Flight | null
  /** Sells or holds. The same client reference and content gives the same order; other content throws client_reference_reused. */
  order(request: OrderRequest): Order
  /** Pays a hold. Paying a confirmed order gives it again. Throws order_not_found, hold_lapsed, not_held. */
  pay(locator: string, expectedTotal: number | null): Order
  /** Throws order_not_found. */
  retrieve(locator: string): Order
  /** null: no order carries this reference. */
  findByClientReference(clientReference: string): Order | null
  /** Every order there has been, oldest first. */
  orders(): OrderSummary[]
  /** Throws order_not_found, not_cancellable. */
  quoteCancellation(locator: string): CancellationQuote
  /** Cancelling a cancelled order gives the same result again. Throws order_not_found, not_cancellable. */
  cancel(locator: string): { order: Order; quote: CancellationQuote }
  /** States every invariant and whether it holds: one owner per seat, sold ≤ capacity, money in = prices of live orders + fees. */
  audit(): AuditCheck[]
  /** What can be made to happen to its flights. */
  changes: OpenWorldChanges
  /** Makes it as it was with a fresh database: no orders, nothing happened, the clock at real time. Listeners hear of it afterwards. */
  reset(): void
  /** For what a dialect keeps in memory: called after each reset. */
  onReset(listener: () => void): void
  /** A number in [0, 1) that follows from the world's seed, the carrier and these words alone: what a dialect leaves to chance replays. */
  draw(words: string): number
  close(): void
}

/** What an airline system is opened with. */
export interface AirlineSystemOptions {
  carrier: Carrier
  /** Seed of the world: the same seed gives the same timetable, fares and travellers. */
  seed: string
  clock: Clock
  /** SQLite file; made when it is not there. */
  database: string
}

/** Opens a carrier with its database. Throws when the file cannot be opened or is newer than this program. */
export function openAirlineSystem(options: AirlineSystemOptions): AirlineSystem {
  const { carrier, seed } = options
  const database = openDatabase(options.database, { carrier: carrier.name, seed })
  const clock = keepClock(database, options.clock)
  const inventory = openInventory(database)
  const changes = openWorldChanges(database, inventory)
  const market = createMarket({ carrier, seed, clock, inventory, changes })
  const book = createOrderBook({ carrier, seed, clock, database, inventory, market })
  const resetListeners: (() => void)[] = []

  function reset(): void {
    book.clear(() => {
      changes.clear()
      database.exec('delete from moved_clock')
    })
    clock.reset()
    changes.refresh()
    for (const listener of resetListeners) listener()
  }

  /** Overdue holds give their seats back before anyone looks. */
  function current<Args extends unknown[], Result>(look: (...args: Args) => Result): (...args: Args) => Result {
    return (...args) => {
      book.lapseDue()
      return look(...args)
    }
  }

  return {
    carrier,
    clock,
    shop: current(market.shop),
    offer: current(market.offer),
    seatMaps: current(market.seatMaps),
    baggage: market.baggage,
    flight: market.flight,
    order: book.order,
    pay: book.pay,
    retrieve: book.retrieve,
    findByClientReference: book.findByClientReference,
    orders: book.list,
    quoteCancellation: book.quoteCancellation,
    cancel: book.cancel,
    audit: book.audit,
    changes,
    reset,
    onReset: (listener) => void resetListeners.push(listener),
    draw: (words) => draw(`${seed}/${carrier.name}/${words}`),
    close: () => database.close(),
  }
}
