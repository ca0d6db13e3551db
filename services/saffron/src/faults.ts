import type { Essentials } from '@fanfare/kit'
import type { ErrorAnswer } from './schemas/error.ts'

const order = ['recordLocator', 'clientReference', 'pricing']

/** Keys that no reader of the answer to an operation can do without where they occur. */
export const essentials: Essentials = {
  search: ['currency', 'journeys', 'flights', 'offers', 'offerId', 'validUntil', 'pricing'],
  price: ['currency', 'journey', 'fareFamily', 'offerId', 'validUntil', 'pricing'],
  baggage: ['flightIds', 'travellers', 'included', 'products'],
  seat_maps: ['seatMaps', 'cabins', 'rows', 'flightId', 'position'],
  read_order: order,
  find_order: ['orders'],
  quote_cancellation: ['currency', 'refund', 'fee'],
  hold: order,
  purchase: order,
  pay: order,
  cancel: ['currency', 'refund', 'fee'],
}

/** What Saffron says to who asks too often. */
export const tooManyRequests = {
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({
    error: { code: 'TOO_MANY_REQUESTS', message: 'Ask again later', traceId: 'none' },
  } satisfies ErrorAnswer),
}
