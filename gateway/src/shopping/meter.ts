/** Where the answer to a search comes from; collapsed: from the making of it for another who asked the same. */
export const answerOrigins = ['memory', 'redis', 'miss', 'collapsed'] as const
export type AnswerOrigin = (typeof answerOrigins)[number]

/**
 * Where an airline's offers of one slice come from:
 * - memory, redis: fresh from the cache
 * - stale: from the cache, and no longer fresh
 * - miss: the airline was asked
 * - collapsed: the airline was being asked for another already
 * - failed: from nowhere; the airline failed just now and was not asked again
 */
export const partOrigins = ['memory', 'redis', 'stale', 'miss', 'collapsed', 'failed'] as const
export type PartOrigin = (typeof partOrigins)[number]

/** Counts what the cache is worth. */
export interface ShoppingMeter {
  answered(from: AnswerOrigin): void
  part(airline: string, from: PartOrigin): void
  /** An answer came after its search was answered, and filled the cache. */
  late(airline: string): void
}

/** Counts nothing. */
export const noShoppingMeter: ShoppingMeter = { answered() {}, part() {}, late() {} }
