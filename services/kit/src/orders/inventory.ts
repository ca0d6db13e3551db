import type { DatabaseSync } from 'node:sqlite'
import type { Cabin } from '../world/types.ts'
import { pragma } from './database.ts'
import { integer, oneOf, text } from './rows.ts'
import { cabins } from './words.ts'

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
  /** Reads everything anew if another connection has written since the last look, and says whether it has: to be called first in every transaction. */
  catchUp(): boolean
  /** Flights that live orders take seats from. */
  flights(): Iterable<string>
}

/** What live orders take from one flight. */
export interface Taken {
  seats: ReadonlySet<string>
  /** By cabin; a cabin without passengers may be absent. */
  unseated: ReadonlyMap<Cabin, number>
}

const nothing: Taken = { seats: new Set(), unseated: new Map() }

/** Reads what live orders take from a flight, straight from the database. */
export function createTakenReader(database: DatabaseSync): (flightKey: string) => Taken {
  const seats = database.prepare('select designator from order_seats where flight_key = ? and live = 1')
  const unseated = database.prepare(`
    select o.cabin, sum(o.adults + o.children - (
      select count(*) from order_seats s where s.order_id = o.id and s.flight_key = f.flight_key
    )) as passengers
    from order_flights f join orders o on o.id = f.order_id
    where f.flight_key = ? and f.live = 1
    group by o.cabin
  `)
  return (flightKey) => ({
    seats: new Set(seats.all(flightKey).map((row) => text(row, 'designator'))),
    unseated: new Map(
      unseated.all(flightKey).map((row) => [oneOf(row, 'cabin', cabins), integer(row, 'passengers')] as const),
    ),
  })
}

/** Loads the inventory of a database that openDatabase gave. */
export function openInventory(database: DatabaseSync): OpenInventory {
  const read = createTakenReader(database)
  const liveFlights = database.prepare('select distinct flight_key from order_flights where live = 1')
  const taken = new Map<string, Taken>()
  const versions = new Map<string, number>()
  let foreignWrites = -1

  const inventory: OpenInventory = {
    ownedSeats: (flightKey) => (taken.get(flightKey) ?? nothing).seats,
    unseated: (flightKey, cabin) => (taken.get(flightKey) ?? nothing).unseated.get(cabin) ?? 0,
    version: (flightKey) => versions.get(flightKey) ?? 0,
    flights: () => taken.keys(),
    refresh(flightKeys) {
      for (const flightKey of flightKeys) {
        const now = read(flightKey)
        if (now.seats.size === 0 && now.unseated.size === 0) taken.delete(flightKey)
        else taken.set(flightKey, now)
        versions.set(flightKey, inventory.version(flightKey) + 1)
      }
    },
    catchUp() {
      // Stands still for this connection's own commits.
      const seen = pragma(database, 'data_version')
      if (seen === foreignWrites) return false
      foreignWrites = seen
      const live = liveFlights.all().map((row) => text(row, 'flight_key'))
      inventory.refresh(new Set([...taken.keys(), ...live]))
      return true
    },
  }

  inventory.catchUp()
  return inventory
}
