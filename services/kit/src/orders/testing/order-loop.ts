import { writeSync } from 'node:fs'
import type { Order } from '../types.ts'
import { flights, openTinyAirline, request } from './tiny-airline.ts'

/**
 * Orders, pays and cancels on the file in its argument until it is killed, and says each change on standard output once
 * the order book has answered: a line of client reference, locator and status.
 */
const [, , file = ''] = process.argv
const { book } = openTinyAirline({ file })
const seats = ['2A', '2B', '2C']
const live: string[] = []

function say({ clientReference, locator, status }: Order): void {
  writeSync(1, `${clientReference} ${locator} ${status}\n`)
}

for (let number = 0; ; number++) {
  const [oldest] = live
  if (oldest !== undefined && live.length === seats.length) {
    say(book.cancel(oldest).order)
    live.shift()
  }
  const designator = seats[number % seats.length] ?? ''
  const held = book.order(
    request(`ref-${number}`, {
      pay: false,
      journey: 'first_second',
      seats: [{ passengerId: 'p1', flightKey: flights.first.key, designator }],
    }),
  )
  say(held)
  live.push(held.locator)
  say(book.pay(held.locator, held.price.total))
}
