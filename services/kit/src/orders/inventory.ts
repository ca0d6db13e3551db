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
