import { LRUCache } from 'lru-cache'
import { draw } from './random.ts'
import type { Cabin, Flight, PlannedSeat } from './types.ts'

/**
 * The world's other travellers: which seats of a cabin they have, by days to departure. A cabin fills from about a seventh of its
 * final load a year ahead to between 60 and 97 % on the day; each seat has its own moment, so that a seat once taken stays taken.
 */
export interface OtherTravellers {
  /** Seats in the order in which they are taken, of which the first `count(days)` are gone. */
  order: readonly string[]
  count(daysToDeparture: number): number
}

/** How others fill the cabins of one carrier's flights. */
export function createOtherTravellers(
  seed: string,
): (flight: Flight, cabin: Cabin, seats: readonly PlannedSeat[]) => OtherTravellers {
  const known = new LRUCache<string, OtherTravellers>({ max: 20_000 })
  return (flight, cabin, seats) => {
    const key = `${flight.key}/${cabin}`
    let travellers = known.get(key)
    if (!travellers) {
      travellers = fill(`${seed}/${key}`, seats)
      known.set(key, travellers)
    }
    return travellers
  }
}

/** Windows and aisles go before middle seats, the front before the back. */
const eagerness = { window: 0.8, aisle: 0.85, middle: 1.25 }

function fill(key: string, seats: readonly PlannedSeat[]): OtherTravellers {
  const ranked = seats.map(({ designator, kind }) => ({
    designator,
    rank: draw(`${key}/${designator}`) * eagerness[kind],
  }))
  ranked.sort((a, b) => a.rank - b.rank || (a.designator < b.designator ? -1 : 1))
  const order = ranked.map(({ designator }) => designator)
  const finalLoad = 0.6 + 0.37 * draw(`${key}/load`)
  return {
    order,
    count: (days) => Math.floor(order.length * finalLoad * (0.15 + 0.85 * Math.exp(-Math.max(days, 0) / 35))),
  }
}
