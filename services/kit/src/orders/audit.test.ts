import { expect, it } from 'vitest'
import { hour, openTinyAirline, request } from './testing/tiny-airline.ts'

const seat = (designator: string) => ({ passengerId: 'p1', flightKey: '0T1-2030-01-15-DEL', designator })

/** Each breaks one promise behind the order book's back. Orders 1 (confirmed, 2A), 2 (held, 2B) and 3 (cancelled) stand. */
const damages: [string, string, RegExp][] = [
  [
    'a seat has one owner',
    `drop index one_owner_per_seat; update order_seats set designator = '2A' where order_id = 2`,
    /0T1-2030-01-15-DEL 2A: [A-Z2-9]{6},[A-Z2-9]{6}/,
  ],
  ['a cabin sells no more than its seats', 'update orders set adults = 5 where id = 1', /economy: 6 sold of 5/],
  [
    'a cabin sells no more than its seats',
    `update order_flights set flight_key = '0T9-2030-01-15-DEL' where order_id = 3;
     update orders set status = 'held', pay_by = 9e15, refund = null, fee = null where id = 3`,
    /no such flight/,
  ],
  ['a seat is in the cabin that its order bought', `update order_seats set designator = '1A' where order_id = 1`, /1A/],
  [
    'a seat is on a flight of its order, and its passenger is no infant',
    `update order_passengers set type = 'infant' where order_id = 1`,
    /2A p1/,
  ],
  [
    'a seat is on a flight of its order, and its passenger is no infant',
    `pragma foreign_keys = off; update order_seats set flight_key = '0T2-2030-01-15-BOM' where order_id = 1`,
    /0T2/,
  ],
  ['an order has the passengers that it was sold for', 'update orders set infants = 1 where id = 1', /./],
  [
    'an order takes something from its flights exactly while it is held or confirmed',
    'update order_flights set live = 1 where order_id = 3',
    /./,
  ],
  [
    'an order takes something from its flights exactly while it is held or confirmed',
    'update order_seats set live = 0 where order_id = 1',
    /./,
  ],
  [
    'money in less money out is the price of a confirmed order, the fee of a cancelled one, and else nothing',
    'delete from ledger where order_id = 1',
    /0 kept, 1150 due/,
  ],
  [
    'money in less money out is the price of a confirmed order, the fee of a cancelled one, and else nothing',
    `delete from ledger where order_id = 3 and kind = 'refund'`,
    /1100 kept, 0 due/,
  ],
  [
    'money in less money out is the price of a confirmed order, the fee of a cancelled one, and else nothing',
    `insert into ledger (order_id, at, kind, amount) values (2, 0, 'payment', 7)`,
    /7 kept, 0 due/,
  ],
  ['the price of an order is the sum of its parts', 'update order_seats set price = 49 where order_id = 1', /./],
  ['no hold outlives its time to pay', 'update orders set pay_by = 1 where id = 2', /./],
  [
    'an order leaves when the first of its flights does',
    'update orders set departs_at = 7 where id = 2',
    /leaves at 7/,
  ],
  [
    'the inventory in memory is that of the database',
    `update order_seats set designator = '3B' where order_id = 1`,
    /0T1/,
  ],
  [
    'the database is sound',
    `pragma foreign_keys = off; delete from order_passengers where order_id = 1`,
    /order_seats/,
  ],
]

it.each(damages)('%s: found broken after %s', (invariant, damage, violation) => {
  const { book, clock, database, close } = openTinyAirline({ file: ':memory:' })
  book.order(request('ref-1', { seats: [seat('2A')] }))
  book.order(request('ref-2', { seats: [seat('2B')], pay: false }))
  book.cancel(book.order(request('ref-3')).locator)
  clock.advance(hour)
  expect(book.audit().filter(({ holds }) => !holds)).toEqual([])

  database.exec(damage)
  const check = book.audit().find((candidate) => candidate.invariant === invariant)
  expect(check?.holds).toBe(false)
  expect(check?.violations.join('\n')).toMatch(violation)
  close()
})

it('names every invariant once, and each is broken by some damage above', () => {
  const { book, close } = openTinyAirline({ file: ':memory:' })
  const stated = book.audit().map(({ invariant }) => invariant)
  expect(new Set(stated).size).toBe(stated.length)
  expect(new Set(damages.map(([invariant]) => invariant))).toEqual(new Set(stated))
  close()
})
