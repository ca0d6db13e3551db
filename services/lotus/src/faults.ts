import type { Essentials } from '@fanfare/kit'
import type { Faults } from './schemas/errors.ts'

const order = ['reservationCode', 'idempotencyKey', 'charges']

/** Keys that no reader of the answer to an operation can do without where they occur. */
export const essentials: Essentials = {
  search: ['searchId', 'pageCount', 'solutions', 'ready'],
  price: ['currency', 'sectors', 'bundle'],
  baggage: ['flightKeys', 'travelParty', 'forSale'],
  seat_maps: ['currency', 'flights', 'cabins', 'rows'],
  read_order: order,
  find_order: ['reservations'],
  quote_cancellation: ['currency', 'refund', 'fee'],
  hold: order,
  purchase: order,
  pay: order,
  cancel: ['currency', 'refund', 'fee'],
}

/** What Lotus Air says to who asks too often. */
export const tooManyRequests = {
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({ errors: [{ code: 'too-many-requests', detail: 'Ask again later' }] } satisfies Faults),
}
