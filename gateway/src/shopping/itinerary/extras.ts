import { LRUCache } from 'lru-cache'
import type { OfferRef } from '../../airlines/connector.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { SeatMap } from '../../schemas/seat-map.ts'
import type { MemoryTier } from '../cache/memory-tier.ts'
import type { LiveReads } from '../live.ts'

/** Seat maps or baggage, and where they came from. */
export interface Extra<T> {
  value: T
  cache: 'memory' | 'miss'
  ageMs: number
}

/**
 * What goes with an offer, for looking at: kept for a few seconds, in this process alone, since Redis could not drop it
 * everywhere when a booking touches the flight. Each throws what the live reads throw.
 */
export interface Extras {
  seatMaps(ref: OfferRef, waiting: AbortSignal): Promise<Extra<SeatMap[]>>
  baggage(ref: OfferRef, waiting: AbortSignal): Promise<Extra<BaggageOptions>>
  /** A booking sold or gave back something on these flights: what was read of them is dropped. */
  touched(segmentIds: readonly string[]): void
}

/** How many flights' last touches are remembered; far more than are touched while an extra is kept. */
const maxTouches = 50_000

/** Puts a short-lived cache before the live reads of seat maps and baggage. */
export function createExtras({
  live,
  memory,
  keepMs,
  now,
  since = () => 0,
}: {
  live: LiveReads
  memory: MemoryTier
  keepMs: number
  now: () => number
  /** What was read until then is of another time of the world, milliseconds since the epoch. */
  since?: () => number
}): Extras {
  const touchedAt = new LRUCache<string, number>({ max: maxTouches })

  const isUntouched = (segmentIds: readonly string[], since: number) =>
    segmentIds.every((id) => (touchedAt.get(id) ?? Number.NEGATIVE_INFINITY) < since)

  async function read<T>(key: string, fetch: () => Promise<T>, segmentsOf: (value: T) => string[]): Promise<Extra<T>> {
    const entry = memory.get(key)
    if (entry && entry.keepUntil > now() && entry.storedAt > since()) {
      const value: T = JSON.parse(entry.body.toString())
      if (isUntouched(segmentsOf(value), entry.storedAt)) {
        return { value, cache: 'memory', ageMs: Math.max(0, now() - entry.storedAt) }
      }
    }
    // As old as its beginning: what is sold while it is read may or may not be in it.
    const storedAt = now()
    const value = await fetch()
    const keepUntil = storedAt + keepMs
    const body = Buffer.from(JSON.stringify(value))
    memory.set(key, { body, gzip: null, etag: '', storedAt, freshUntil: keepUntil, keepUntil })
    return { value, cache: 'miss', ageMs: 0 }
  }

  return {
    seatMaps: (ref, waiting) =>
      read(
        `seat_maps:${ref.airline}:${ref.ref}`,
        () => live.seatMaps(ref, waiting),
        (maps) => maps.map(({ segmentId }) => segmentId),
      ),
    baggage: (ref, waiting) =>
      read(
        `baggage:${ref.airline}:${ref.ref}`,
        () => live.baggage(ref, waiting),
        ({ included, purchasable }) => [...included, ...purchasable].flatMap(({ segmentIds }) => segmentIds),
      ),
    touched(segmentIds) {
      for (const id of segmentIds) touchedAt.set(id, now())
      live.touched()
    },
  }
}
