import type { Cabin } from './types.ts'

/** What was made to happen to flights, beyond what the seed says and what orders take. */
export interface WorldChanges {
  /** What the flight's fares are multiplied by; 1: nothing. */
  priceFactor(flightKey: string): number
  /** Whether others have bought whatever is left in the cabin, and what comes back to it. */
  isSoldOut(flightKey: string, cabin: Cabin): boolean
  /** Seats that others took in particular; an order that owns one came first. */
  takenSeats(flightKey: string): ReadonlySet<string>
}

const noSeats: ReadonlySet<string> = new Set()

/** A world in which nothing was made to happen. */
export const noChanges: WorldChanges = { priceFactor: () => 1, isSoldOut: () => false, takenSeats: () => noSeats }
