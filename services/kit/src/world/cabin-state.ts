import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { Inventory } from '../orders/inventory.ts'
import type { WorldChanges } from './changes.ts'
import { createOtherTravellers } from './load.ts'
import { dayNumber } from './local-time.ts'
import { sellableSeats } from './seats.ts'
import type { Cabin, Flight } from './types.ts'

const dayMs = 86_400_000

/** One cabin of one flight at this moment. */
export interface CabinState {
  /** Seats that the seller may sell in all. */
  capacity: number
  /** Seats of the world's other travellers; none of them is owned by an order. */
  others: ReadonlySet<string>
  /** Seats that can still be sold. */
  left: number
  /** Share of capacity that is gone, 0 to 1, in steps of a twentieth, as fare buckets close one by one. */
  load: number
}

/** Looks at cabins: what others have, what orders have, what is left. */
export function createCabinStates(
  seed: string,
  clock: Clock,
  inventory: Inventory,
  changes: WorldChanges,
): (flight: Flight, cabin: Cabin) => CabinState {
  const othersOf = createOtherTravellers(seed)
  const known = new LRUCache<string, { version: number; days: number; state: CabinState }>({ max: 20_000 })

  function look(flight: Flight, cabin: Cabin, days: number): CabinState {
    const seats = sellableSeats(flight, cabin)
    const owned = [...inventory.ownedSeats(flight.key)].filter((designator) => seats.has(designator)).length
    const unseated = inventory.unseated(flight.key, cabin)
    const travellers = othersOf(flight, cabin, [...seats.values()])
    const count = changes.isSoldOut(flight.key, cabin) ? travellers.order.length : travellers.count(days)
    const inParticular = [...changes.takenSeats(flight.key)].filter((designator) => seats.has(designator))
    const taken = [...new Set([...inParticular, ...travellers.order.slice(0, count)])].filter(
      (seat) => !inventory.ownedSeats(flight.key).has(seat),
    )
    // An order came first where both want the last seats.
    const others = new Set(taken.slice(0, Math.max(0, seats.size - owned - unseated)))
    const left = seats.size - owned - unseated - others.size
    const load = seats.size === 0 ? 1 : Math.floor(20 * (1 - left / seats.size)) / 20
    return { capacity: seats.size, others, left, load }
  }

  return (flight, cabin) => {
    const days = daysToDeparture(flight, clock.now())
    const version = inventory.version(flight.key)
    const key = `${flight.key}/${cabin}`
    const kept = known.get(key)
    if (kept && kept.version === version && kept.days === days) return kept.state
    const state = look(flight, cabin, days)
    known.set(key, { version, days, state })
    return state
  }
}

/** Calendar days (UTC) from now to the flight's local date; negative once it is past. */
export function daysToDeparture(flight: Flight, now: number): number {
  return dayNumber(flight.date) - Math.floor(now / dayMs)
}
