import type { Clock } from './clock.ts'
import type { AuditCheck, CancellationQuote, Order, OrderRequest } from './orders/types.ts'
import type { Carrier, FlightSeats, Offer, PassengerMix, SeatState, ShopRequest } from './world/types.ts'

/** What an airline's dialect stands on: a whole airline, in plain words and minor units. Every method throws Refusal when it says no. */
export interface AirlineSystem {
  carrier: Carrier
  clock: Clock
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
  /** Sells or holds. The same client reference and content gives the same order; other content throws client_reference_reused. */
  order(request: OrderRequest): Order
  /** Pays a hold. Paying a confirmed order gives it again. Throws order_not_found, hold_lapsed, not_held. */
  pay(locator: string, expectedTotal: number | null): Order
  /** Throws order_not_found. */
  retrieve(locator: string): Order
  /** null: no order carries this reference. */
  findByClientReference(clientReference: string): Order | null
  /** Throws order_not_found, not_cancellable. */
  quoteCancellation(locator: string): CancellationQuote
  /** Cancelling a cancelled order gives the same result again. Throws order_not_found, not_cancellable. */
  cancel(locator: string): { order: Order; quote: CancellationQuote }
  /** States every invariant and whether it holds: one owner per seat, sold ≤ capacity, money in = prices of live orders + fees. */
  audit(): AuditCheck[]
  close(): void
}

export type { FlightSeats, Offer, PassengerMix, SeatState }
