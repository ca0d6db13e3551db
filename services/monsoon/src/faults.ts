import type { Essentials } from '@fanfare/kit'
import type { ErrorReply } from './schemas/errors.ts'

const order = ['pnr', 'external_reference', 'charges']

/** Keys that no reader of the answer to an operation can do without where they occur. */
export const essentials: Essentials = {
  sign_in: ['access_token', 'expires_in'],
  search: ['journeys', 'legs', 'fares', 'fare_key', 'per_pax', 'valid_until'],
  price: ['journey', 'fare', 'legs', 'valid_until'],
  baggage: ['flight_keys', 'pax', 'extras'],
  seat_maps: ['flights', 'zones', 'rows', 'layout'],
  read_order: order,
  find_order: ['bookings'],
  quote_cancellation: ['refund', 'cancellation_fee'],
  hold: order,
  purchase: order,
  pay: order,
  cancel: ['status', 'refund', 'cancellation_fee'],
}

/** What Monsoon says to who asks too often by a fault's account. */
export const tooManyRequests = {
  type: 'application/json; charset=utf-8',
  body: JSON.stringify({
    error_code: 'RATE_LIMITED',
    message: 'Too many requests',
    hint: 'Wait for Retry-After seconds.',
  } satisfies ErrorReply),
}
