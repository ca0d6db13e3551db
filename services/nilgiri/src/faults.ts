import type { Essentials } from '@fanfare/kit'
import type { ErrorAnswer } from './schemas/error.ts'

const order = ['status', 'locator', 'reference', 'total']

/** Keys that no reader of the answer to an operation can do without where they occur. */
export const essentials: Essentials = {
  sign_in: ['status', 'session'],
  search: ['status', 'lines', 'segments', 'fares', 'passengers'],
  price: ['status', 'segments', 'fare', 'passengers'],
  baggage: ['status', 'flights', 'party', 'excess'],
  seat_maps: ['status', 'maps', 'rows', 'columns'],
  read_order: order,
  find_order: order,
  quote_cancellation: ['status', 'refund', 'fee'],
  hold: order,
  purchase: order,
  pay: order,
  cancel: ['status', 'refund', 'fee'],
}

/** What stands before the host says to who asks too often. */
export const tooManyRequests = {
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({
    status: 'ERR',
    code: 'TOO MANY ENTRIES',
    text: 'TOO MANY ENTRIES - WAIT',
  } satisfies ErrorAnswer),
}
