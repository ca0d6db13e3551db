import type { Cabin } from '../world/types.ts'

/** What live orders (held or confirmed) take from flights. Kept in memory, equal to the database after every commit. */
export interface Inventory {
  /** Seats that live orders own on the flight, in any cabin. */
  ownedSeats(flightKey: string): ReadonlySet<string>
  /** Passengers (without infants) of live orders on the flight that have no seat yet. */
  unseated(flightKey: string, cabin: Cabin): number
  /** Changes whenever anything about the flight's inventory does. */
  version(flightKey: string): number
}

/** An inventory with what its order book needs to keep it equal to the database. */
export interface OpenInventory extends Inventory {
  /** Reads these flights anew from the database: to be called after every commit that touched them. */
  refresh(flightKeys: Iterable<string>): void
  /** Reads everything anew if another connection has written since the last look: to be called first in every transaction. */
  catchUp(): void
  /** Flights that live orders take seats from. */
  flights(): Iterable<string>
}
