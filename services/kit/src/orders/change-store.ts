import type { DatabaseSync } from 'node:sqlite'
import type { WorldChanges } from '../world/changes.ts'
import type { Cabin } from '../world/types.ts'
import type { OpenInventory } from './inventory.ts'
import { oneOf, real, text } from './rows.ts'

/** Makes things happen to flights; they are on the disk before a method returns, and every look sees them from then on. */
export interface OpenWorldChanges extends WorldChanges {
  /** Multiplies the fares of these flights, within the bounds of `leastFactor` and `mostFactor`. */
  movePrice(flightKeys: readonly string[], factor: number): void
  /** Others buy what is left in the cabin. */
  sellOut(flightKey: string, cabin: Cabin): void
  /** Another traveller takes the seat, unless an order owns it. */
  takeSeat(flightKey: string, designator: string): void
  /** Forgets all of it. Opens no transaction; `refresh` must follow the commit. */
  clear(): void
  /** Reads everything anew from the database. */
  refresh(): void
}

/** However often a price moves, it stays between half and twice what the seed says. */
const leastFactor = 0.5
const mostFactor = 2

interface FlightChanges {
  factor: number
  cabins: Set<string>
  seats: Set<string>
}

/** Loads the changes of a database that openDatabase gave. */
export function openWorldChanges(database: DatabaseSync, inventory: OpenInventory): OpenWorldChanges {
  const select = database.prepare('select flight_key, kind, what, factor from world_changes')
  const insert = database.prepare(`
    insert into world_changes (flight_key, kind, what, factor) values (?, ?, ?, ?)
    on conflict (flight_key, kind, what) do update set factor = excluded.factor
  `)
  const remove = database.prepare('delete from world_changes')
  const flights = new Map<string, FlightChanges>()
  const none: ReadonlySet<string> = new Set()

  function changesOf(flightKey: string): FlightChanges {
    const known = flights.get(flightKey) ?? { factor: 1, cabins: new Set(), seats: new Set() }
    flights.set(flightKey, known)
    return known
  }

  function load(): void {
    for (const row of select.all()) {
      const changes = changesOf(text(row, 'flight_key'))
      switch (oneOf(row, 'kind', ['price', 'sold_out', 'seat'])) {
        case 'price':
          changes.factor = real(row, 'factor')
          break
        case 'sold_out':
          changes.cabins.add(text(row, 'what'))
          break
        case 'seat':
          changes.seats.add(text(row, 'what'))
      }
    }
  }

  load()
  const changes: OpenWorldChanges = {
    priceFactor: (flightKey) => flights.get(flightKey)?.factor ?? 1,
    isSoldOut: (flightKey, cabin) => flights.get(flightKey)?.cabins.has(cabin) ?? false,
    takenSeats: (flightKey) => flights.get(flightKey)?.seats ?? none,
    movePrice(flightKeys, factor) {
      for (const flightKey of flightKeys) {
        const moved = Math.min(mostFactor, Math.max(leastFactor, changes.priceFactor(flightKey) * factor))
        insert.run(flightKey, 'price', '', moved)
        changesOf(flightKey).factor = moved
      }
      inventory.refresh(flightKeys)
    },
    sellOut(flightKey, cabin) {
      insert.run(flightKey, 'sold_out', cabin, null)
      changesOf(flightKey).cabins.add(cabin)
      inventory.refresh([flightKey])
    },
    takeSeat(flightKey, designator) {
      insert.run(flightKey, 'seat', designator, null)
      changesOf(flightKey).seats.add(designator)
      inventory.refresh([flightKey])
    },
    clear: () => void remove.run(),
    refresh() {
      const touched = [...flights.keys()]
      flights.clear()
      load()
      inventory.refresh(new Set([...touched, ...flights.keys()]))
    },
  }
  return changes
}
