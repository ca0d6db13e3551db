import type { Entry } from './entry.ts'
import type { MemoryTier } from './memory-tier.ts'
import type { RedisTier } from './redis-tier.ts'

/** An entry and the tier that had it. */
interface Found {
  entry: Entry
  tier: 'memory' | 'redis'
}

/** The two tiers as one. */
export interface Store {
  /** What memory has and is still fresh; null otherwise. */
  fresh(key: string): Entry | null
  /** The best there is: fresh from memory, else the younger of Redis's and memory's; null where both have nothing. */
  get(key: string): Promise<Found | null>
  set(key: string, entry: Entry): void
  close(): void
}

/** Puts the tiers behind one front; `redis` null: memory alone. */
export function createStore({
  memory,
  redis,
  now,
}: {
  memory: MemoryTier
  redis: RedisTier | null
  now: () => number
}): Store {
  /** Memory's entry unless its time is over. */
  function kept(key: string): Entry | null {
    const entry = memory.get(key)
    if (entry === undefined) return null
    if (entry.keepUntil > now()) return entry
    memory.delete(key)
    return null
  }

  function fresh(key: string): Entry | null {
    const entry = memory.get(key)
    return entry !== undefined && entry.freshUntil > now() ? entry : null
  }

  return {
    fresh,

    async get(key) {
      const own = fresh(key)
      if (own) return { entry: own, tier: 'memory' }
      const shared = redis ? await redis.get(key) : null
      const local = kept(key)
      if (shared && shared.keepUntil > now() && (local === null || shared.storedAt > local.storedAt)) {
        memory.set(key, shared)
        return { entry: shared, tier: 'redis' }
      }
      return local && { entry: local, tier: 'memory' }
    },

    set(key, entry) {
      const ttlMs = entry.keepUntil - now()
      if (ttlMs <= 0) return
      memory.set(key, entry)
      redis?.set(key, entry, ttlMs)
    },

    close: () => redis?.close(),
  }
}
