/**
 * What can be asked of an airline, from the least telling to the most: where a request does several of these (a seat map
 * that also reads its offer), it is the last of them in this list.
 */
export const operations = [
  'sign_in',
  'search',
  'price',
  'baggage',
  'seat_maps',
  'read_order',
  'find_order',
  'quote_cancellation',
  'hold',
  'purchase',
  'pay',
  'cancel',
] as const

export type Operation = (typeof operations)[number]

/** Whether the operation tells more of a request than the other one. */
export function isMoreTelling(operation: Operation, other: Operation): boolean {
  return operations.indexOf(operation) > operations.indexOf(other)
}
