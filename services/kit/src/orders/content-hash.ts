import { hash } from 'node:crypto'
import type { OrderRequest } from './types.ts'

/**
 * A fingerprint of what a request asks for: equal for two requests that say the same, in whatever order they list
 * passengers, seats and baggage. The client reference is left out.
 */
export function contentHash(request: OrderRequest): string {
  const { offerId, passengers, contact, seats, baggage, expectedTotal, pay } = request
  const content = [
    offerId,
    sorted(passengers.map((p) => [p.id, p.type, p.title, p.givenName, p.familyName, p.bornOn, p.gender])),
    [contact.email, contact.phone],
    sorted(seats.map((seat) => [seat.passengerId, seat.flightKey, seat.designator])),
    sorted(baggage.map((item) => [item.passengerId, item.code, item.quantity])),
    expectedTotal,
    pay,
  ]
  return hash('sha256', JSON.stringify(content))
}

function sorted(rows: (string | number)[][]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}
