import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import { localTimeAt } from '../world/local-time.ts'
import type { Market } from '../world/market.ts'
import type { Shifts } from '../world/types.ts'
import { transaction } from './database.ts'
import type { OpenInventory } from './inventory.ts'
import { integer, integerOrNull, type Row, text } from './rows.ts'

/** A flight that its airline has moved, as announced. */
export interface ScheduleChange {
  /** Does not change with the times: `0S101-2030-01-15-DEL`. */
  flightKey: string
  /** By how much departure and arrival have moved: later, or earlier where negative. */
  minutes: number
  /** Milliseconds since the epoch. */
  announcedAt: number
}

/** Why a flight cannot be moved. Nothing has changed then. */
export class NotMoved extends Error {
  override name = 'NotMoved'
  /** As HTTP says it: 404 for a flight that there is not, 409 for one that cannot be moved so. */
  readonly statusCode: 404 | 409

  constructor(statusCode: 404 | 409, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** What the database says of moved flights, kept in memory. */
export interface OpenShifts extends Shifts {
  /** Reads everything anew: to be called after every commit that touched schedule changes. */
  refresh(): void
}

/** Loads the shifts of a database that openDatabase gave. */
export function openShifts(database: DatabaseSync): OpenShifts {
  const select = database.prepare(
    'select flight_key, sum(minutes) as minutes from schedule_changes group by flight_key',
  )
  let shifts = new Map<string, number>()
  let version = 0

  const opened: OpenShifts = {
    minutes: (flightKey) => shifts.get(flightKey) ?? 0,
    version: () => version,
    refresh() {
      shifts = new Map(select.all().map((row) => [text(row, 'flight_key'), integer(row, 'minutes')]))
      version++
    },
  }
  opened.refresh()
  return opened
}

/** What moves flights, lastingly: what is announced stands in the database before any method answers. */
export interface ScheduleChanges {
  /**
   * Moves departure and arrival of a flight by so many whole minutes from where they stand, for everybody: searches, offers
   * that are quoted already, seat maps and orders. Its key, seats and orders stay. A flight leaves after now, after the time
   * to pay of every hold on it, and on the local day that is part of its name. Throws NotMoved.
   */
  move(flightKey: string, minutes: number): ScheduleChange
  /** All that was announced, oldest first. */
  list(): ScheduleChange[]
  /** Forgets all of it, within a transaction of the caller's, who refreshes the shifts after it. */
  clear(): void
}

/** What schedule changes stand on. */
export interface ScheduleChangesOptions {
  database: DatabaseSync
  clock: Clock
  inventory: OpenInventory
  market: Market
  shifts: OpenShifts
}

/** The schedule changes of the airline whose database this is. */
export function createScheduleChanges(options: ScheduleChangesOptions): ScheduleChanges {
  const { database, clock, inventory, market, shifts } = options
  const insert = database.prepare('insert into schedule_changes (flight_key, minutes, announced_at) values (?, ?, ?)')
  const selectAll = database.prepare('select flight_key, minutes, announced_at from schedule_changes order by id')
  const lastPayBy = database.prepare(`
    select max(o.pay_by) as pay_by from order_flights f join orders o on o.id = f.order_id
    where f.flight_key = ? and o.status = 'held'
  `)
  // An order leaves with the first of its flights.
  const updateDeparture = database.prepare(`
    update orders set departs_at = :departsAt where id in (
      select f.order_id from order_flights f where f.flight_key = :flightKey
      and f.rowid = (select min(first.rowid) from order_flights first where first.order_id = f.order_id)
    )
  `)

  function checkMove(flightKey: string, minutes: number, now: number): number {
    const flight = market.flight(flightKey)
    if (flight === null) throw new NotMoved(404, `there is no flight ${flightKey}`)
    const { epochMs, zone } = flight.departure
    if (epochMs <= now) throw new NotMoved(409, `${flightKey} has departed`)
    const departsAt = epochMs + minutes * 60_000
    if (departsAt <= now) throw new NotMoved(409, `${flightKey} would leave in the past`)
    if (localTimeAt(departsAt, zone).local.slice(0, 10) !== flight.date) {
      throw new NotMoved(409, `${flightKey} would leave on another day, which makes it another flight`)
    }
    const payBy = integerOrNull(lastPayBy.get(flightKey) ?? { pay_by: null }, 'pay_by')
    if (payBy !== null && departsAt <= payBy) throw new NotMoved(409, `${flightKey} would leave before a hold is due`)
    return departsAt
  }

  return {
    move(flightKey, minutes) {
      const announcedAt = clock.now()
      transaction(database, () => {
        inventory.catchUp()
        const departsAt = checkMove(flightKey, minutes, announcedAt)
        insert.run(flightKey, minutes, announcedAt)
        updateDeparture.run({ departsAt, flightKey })
      })
      shifts.refresh()
      inventory.refresh([flightKey])
      return { flightKey, minutes, announcedAt }
    },
    list: () => selectAll.all().map(toChange),
    clear: () => database.exec('delete from schedule_changes'),
  }
}

function toChange(row: Row): ScheduleChange {
  return {
    flightKey: text(row, 'flight_key'),
    minutes: integer(row, 'minutes'),
    announcedAt: integer(row, 'announced_at'),
  }
}
