import { type MalformedMeter, noMalformedMeter } from './malformed.ts'

/** Where the answer to a search comes from; collapsed: from the making of it for another who asked the same; alone: made for one request that asked for faults. */
export type AnswerOrigin = 'memory' | 'redis' | 'miss' | 'collapsed' | 'alone'

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

/** Counts what the cache is worth, and what else an operator wants to know of shopping. */
export interface ShoppingMeter extends MalformedMeter {
  answered(from: AnswerOrigin): void
  part(airline: string, from: PartOrigin): void
  /** An answer came after its search was answered, and filled the cache. */
  late(airline: string): void
  /** A client is sent events. */
  streamOpened(): void
  /** It is no longer. */
  streamClosed(): void
}

/** Counts nothing. */
export const noShoppingMeter: ShoppingMeter = {
  ...noMalformedMeter,
  answered() {},
  part() {},
  late() {},
  streamOpened() {},
  streamClosed() {},
}
