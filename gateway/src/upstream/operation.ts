/** What is asked of an airline, in the order of a journey from the first look to the way back. */
export const operations = [
  'search',
  'price',
  'seat_maps',
  'baggage',
  'hold',
  'purchase',
  'pay',
  'find_order',
  'quote_cancellation',
  'cancel',
] as const

/** One of them: purchase buys at once, pay buys what is held. */
export type Operation = (typeof operations)[number]
