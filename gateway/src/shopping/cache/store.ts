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
  /** Drops everything of this process, and takes nothing from Redis any more that was stored before. */
  startAfresh(): void
  close(): void
}

/** Puts the tiers behind one front; `redis` null: memory alone. */
export function createStore({
  memory,
  redis,
  now,
  since = () => 0,
}: {
  memory: MemoryTier
  redis: RedisTier | null
  /** Real time, milliseconds since the epoch: how old an entry is has nothing to do with the world's time. */
  now: () => number
  /** What was stored until then is of another time of the world, milliseconds since the epoch. */
  since?: () => number
}): Store {
  let afreshAt = 0
  const isOfThisTime = ({ storedAt }: Entry) => storedAt > since() && storedAt > afreshAt

  /** Memory's entry unless its time is over. */
  function kept(key: string): Entry | null {
    const entry = memory.get(key)
    if (entry === undefined) return null
    if (entry.keepUntil > now() && isOfThisTime(entry)) return entry
    memory.delete(key)
    return null
  }

  function fresh(key: string): Entry | null {
    const entry = memory.get(key)
    return entry !== undefined && entry.freshUntil > now() && isOfThisTime(entry) ? entry : null
  }

  return {
    fresh,

    async get(key) {
      const own = fresh(key)
      if (own) return { entry: own, tier: 'memory' }
      const shared = redis ? await redis.get(key) : null
      const local = kept(key)
      const isGood = shared !== null && shared.keepUntil > now() && isOfThisTime(shared)
      if (isGood && (local === null || shared.storedAt > local.storedAt)) {
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

    startAfresh() {
      afreshAt = now()
      memory.clear()
    },

    close: () => redis?.close(),
  }
}
