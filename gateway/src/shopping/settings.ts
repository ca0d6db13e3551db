/** What shopping may be tuned by. Times are milliseconds. */
export interface ShoppingSettings {
  /** When a search answers with what is in by then. */
  searchDeadlineMs: number
  /** When an itinerary answers without the seat maps and baggage that are not in by then, or fails for want of a price. */
  itineraryDeadlineMs: number
  /** How long one call to an airline may take; what comes after its search was answered still fills the cache. */
  callTimeoutMs: number
  /** How long an airline's offers count as fresh. */
  freshMs: number
  /** How long an airline's offers are kept: stale, they are shown while they are refreshed or the airline is down. */
  keepMs: number
  /** How long a failure is remembered before the airline is asked the same again. */
  failureMs: number
  /** How long seat maps and baggage are kept. */
  extrasMs: number
  /** Calls per airline that nobody waits for any more; few, so that they leave connections to those that somebody waits for. */
  backgroundCalls: number
  /** Searches and itineraries in progress at most. */
  atOnce: number
  /** Memory for cached bytes. */
  cacheBytes: number
  /** How long Redis may take to answer a read. */
  redisTimeoutMs: number
}

/** What holds where nothing else is said. */
export const defaultSettings: ShoppingSettings = {
  searchDeadlineMs: 2_000,
  itineraryDeadlineMs: 5_000,
  callTimeoutMs: 10_000,
  freshMs: 60_000,
  keepMs: 600_000,
  failureMs: 3_000,
  extrasMs: 15_000,
  backgroundCalls: 16,
  atOnce: 500,
  cacheBytes: 64 * 1024 * 1024,
  redisTimeoutMs: 50,
}
