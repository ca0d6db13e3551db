import { LRUCache } from 'lru-cache'
import { seatPlan } from './aircraft.ts'
import type { Cabin, Flight, PlannedSeat } from './types.ts'

const known = new LRUCache<string, ReadonlyMap<string, PlannedSeat>>({ max: 500 })

/** The seats of a cabin that the flight's seller may sell at all, by designator: not blocked, and on its side of a codeshare block. */
export function sellableSeats(flight: Flight, cabin: Cabin): ReadonlyMap<string, PlannedSeat> {
  const { layout, block } = flight
  const key = `${layout}/${cabin}/${block ? `${block.rows}${block.isOurs}` : ''}`
  let seats = known.get(key)
  if (!seats) {
    seats = collect(flight, cabin)
    known.set(key, seats)
  }
  return seats
}

/** The cabin of a seat that the flight's seller may sell; null: no such seat, or not for sale. */
export function cabinOfSeat(flight: Flight, designator: string): Cabin | null {
  const cabins = seatPlan(flight.layout).cabins
  return cabins.find(({ cabin }) => sellableSeats(flight, cabin).has(designator))?.cabin ?? null
}

function collect({ layout, block }: Flight, name: Cabin): ReadonlyMap<string, PlannedSeat> {
  const cabin = seatPlan(layout).cabins.find((planned) => planned.cabin === name)
  if (!cabin) return new Map()
  const setAside = block && name === 'economy' ? cabin.rows.slice(-block.rows) : []
  const rows = block?.isOurs ? setAside : cabin.rows.filter((row) => !setAside.includes(row))
  const seats = rows.flatMap((row) => row.seats).filter((seat) => seat !== null && !seat.traits.includes('blocked'))
  return new Map(seats.flatMap((seat) => (seat ? [[seat.designator, seat]] : [])))
}
