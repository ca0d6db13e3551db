import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Market } from '../world/market.ts'
import { createTakenReader, type OpenInventory } from './inventory.ts'
import { integer, oneOf, type Row, text } from './rows.ts'
import type { AuditCheck } from './types.ts'
import { cabins } from './words.ts'

/** What an audit looks at. */
export interface AuditOptions {
  database: DatabaseSync
  inventory: OpenInventory
  market: Market
  /** Milliseconds since the epoch. */
  now: number
}

/** Live orders, by their status alone: the `live` flags are among what is audited. */
const live = `status in ('held', 'confirmed')`

/** States every invariant of a carrier's orders and whether it holds, from the database and the market's capacity alone. */
export function auditOrders({ database, inventory, market, now }: AuditOptions): AuditCheck[] {
  function violations(sql: string, describe: (row: Row) => string, ...values: SQLInputValue[]): string[] {
    return database
      .prepare(sql)
      .all(...values)
      .map(describe)
  }

  return [
    check(
      'a seat has one owner',
      violations(
        `select s.flight_key, s.designator, group_concat(o.locator) as locators
         from order_seats s join orders o on o.id = s.order_id where ${live}
         group by s.flight_key, s.designator having count(*) > 1`,
        (row) => `${text(row, 'flight_key')} ${text(row, 'designator')}: ${text(row, 'locators')}`,
      ),
    ),
    check('a cabin sells no more than its seats', oversold(database, market)),
    check('a seat is in the cabin that its order bought', misplacedSeats(database, market)),
    check(
      'a seat is on a flight of its order, and its passenger is no infant',
      violations(
        `select o.locator, s.flight_key, s.designator, s.passenger_id
         from order_seats s
         join orders o on o.id = s.order_id
         left join order_flights f on f.order_id = s.order_id and f.flight_key = s.flight_key
         left join order_passengers p on p.order_id = s.order_id and p.id = s.passenger_id
         where f.order_id is null or p.id is null or p.type = 'infant'`,
        (row) =>
          `${text(row, 'locator')}: ${text(row, 'flight_key')} ${text(row, 'designator')} ${text(row, 'passenger_id')}`,
      ),
    ),
    check(
      'an order has the passengers that it was sold for',
      violations(
        `select o.locator from orders o left join order_passengers p on p.order_id = o.id group by o.id
         having count(*) filter (where p.type = 'adult') <> o.adults
           or count(*) filter (where p.type = 'child') <> o.children
           or count(*) filter (where p.type = 'infant') <> o.infants`,
        (row) => text(row, 'locator'),
      ),
    ),
    check(
      'an order takes something from its flights exactly while it is held or confirmed',
      violations(
        `select distinct o.locator from orders o
         left join order_flights f on f.order_id = o.id
         left join order_seats s on s.order_id = o.id
         where f.order_id is null or f.live <> (${live}) or s.live <> (${live})`,
        (row) => text(row, 'locator'),
      ),
    ),
    check(
      'money in less money out is the price of a confirmed order, the fee of a cancelled one, and else nothing',
      violations(
        `select o.locator, coalesce(sum(case l.kind when 'payment' then l.amount else -l.amount end), 0) as kept,
           case o.status when 'confirmed' then o.total when 'cancelled' then o.fee else 0 end as due
         from orders o left join ledger l on l.order_id = o.id group by o.id having kept <> due`,
        (row) => `${text(row, 'locator')}: ${integer(row, 'kept')} kept, ${integer(row, 'due')} due`,
      ),
    ),
    check(
      'the price of an order is the sum of its parts',
      violations(
        `select locator from orders o
         where seats <> (select coalesce(sum(price), 0) from order_seats s where s.order_id = o.id)
           or baggage <> (select coalesce(sum(price), 0) from order_baggage b where b.order_id = o.id)
           or total <> base + tax + seats + baggage`,
        (row) => text(row, 'locator'),
      ),
    ),
    check(
      'no hold outlives its time to pay',
      violations(
        `select locator from orders where status = 'held' and pay_by <= ?`,
        (row) => text(row, 'locator'),
        now,
      ),
    ),
    check('an order leaves when the first of its flights does', departures(database, market)),
    check('the inventory in memory is that of the database', inventoryDrift(database, inventory)),
    check(
      'the database is sound',
      violations(
        `select quick_check as finding from pragma_quick_check where quick_check <> 'ok'
         union all select "table" || ' refers to a missing ' || "parent" from pragma_foreign_key_check`,
        (row) => text(row, 'finding'),
      ),
    ),
  ]
}

function check(invariant: string, violations: string[]): AuditCheck {
  return { invariant, holds: violations.length === 0, violations }
}

function oversold(database: DatabaseSync, market: Market): string[] {
  const rows = database
    .prepare(
      `select f.flight_key, o.cabin, sum(o.adults + o.children) as sold
       from order_flights f join orders o on o.id = f.order_id where ${live} group by f.flight_key, o.cabin`,
    )
    .all()
  return rows.flatMap((row) => {
    const flightKey = text(row, 'flight_key')
    const cabin = oneOf(row, 'cabin', cabins)
    const flight = market.flight(flightKey)
    if (flight === null) return [`${flightKey} is sold, but no such flight exists`]
    const sold = integer(row, 'sold')
    const capacity = market.capacity(flight, cabin)
    return sold > capacity ? [`${flightKey} ${cabin}: ${sold} sold of ${capacity}`] : []
  })
}

function misplacedSeats(database: DatabaseSync, market: Market): string[] {
  const rows = database
    .prepare(
      `select o.locator, o.cabin, s.flight_key, s.designator
       from order_seats s join orders o on o.id = s.order_id where ${live}`,
    )
    .all()
  return rows.flatMap((row) => {
    const flight = market.flight(text(row, 'flight_key'))
    const designator = text(row, 'designator')
    if (flight !== null && market.cabinOfSeat(flight, designator) === text(row, 'cabin')) return []
    return [`${text(row, 'locator')}: ${text(row, 'flight_key')} ${designator} is not in ${text(row, 'cabin')}`]
  })
}

function departures(database: DatabaseSync, market: Market): string[] {
  const rows = database
    .prepare(
      `select o.locator, o.departs_at, f.flight_key from orders o
       join order_flights f on f.order_id = o.id
       where ${live} and f.rowid = (select min(first.rowid) from order_flights first where first.order_id = o.id)`,
    )
    .all()
  return rows.flatMap((row) => {
    const flightKey = text(row, 'flight_key')
    const leaves = market.flight(flightKey)?.departure.epochMs
    const departsAt = integer(row, 'departs_at')
    return leaves === departsAt ? [] : [`${text(row, 'locator')}: leaves at ${departsAt}, ${flightKey} at ${leaves}`]
  })
}

function inventoryDrift(database: DatabaseSync, inventory: OpenInventory): string[] {
  const read = createTakenReader(database)
  const sold = database
    .prepare('select distinct flight_key from order_flights where live = 1')
    .all()
    .map((row) => text(row, 'flight_key'))
  return [...new Set([...sold, ...inventory.flights()])].filter((flightKey) => {
    const { seats, unseated } = read(flightKey)
    return (
      inventory.ownedSeats(flightKey).symmetricDifference(seats).size > 0 ||
      cabins.some((cabin) => inventory.unseated(flightKey, cabin) !== (unseated.get(cabin) ?? 0))
    )
  })
}
