import { describe, expect, test } from 'vitest'
import type { Entry } from './entry.ts'
import { createMemoryTier } from './memory-tier.ts'
import type { RedisTier } from './redis-tier.ts'
import { createStore } from './store.ts'

function makeEntry(text: string, storedAt: number): Entry {
  return {
    body: Buffer.from(text),
    gzip: null,
    etag: '',
    storedAt,
    freshUntil: storedAt + 60,
    keepUntil: storedAt + 600,
  }
}

/** A Redis whose content the test sees. */
function makeRedis() {
  const content = new Map<string, { entry: Entry; ttlMs: number }>()
  const tier: RedisTier = {
    get: async (key) => content.get(key)?.entry ?? null,
    set: (key, entry, ttlMs) => content.set(key, { entry, ttlMs }),
    close() {},
  }
  return { content, tier }
}

function open(redis: RedisTier | null, maxBytes = 10_000) {
  const clock = { time: 1_000 }
  return { clock, store: createStore({ memory: createMemoryTier(maxBytes), redis, now: () => clock.time }) }
}

describe('with memory alone', () => {
  test('an entry is fresh, then stale, then gone', async () => {
    const { clock, store } = open(null)
    const entry = makeEntry('a', 1_000)
    store.set('k', entry)
    clock.time = 1_059
    expect(store.fresh('k')).toBe(entry)
    clock.time = 1_060
    expect(store.fresh('k')).toBeNull()
    expect(await store.get('k')).toEqual({ entry, tier: 'memory' })
    clock.time = 1_600
    expect(await store.get('k')).toBeNull()
  })

  test('holds no more than its bytes, and nothing that would push the rest out', async () => {
    const { store } = open(null, 10_000)
    for (let n = 0; n < 100; n++) store.set(`k${n}`, makeEntry('x'.repeat(1_000), 1_000))
    const kept = []
    for (let n = 0; n < 100; n++) kept.push(store.fresh(`k${n}`) !== null)
    expect(kept.filter(Boolean).length).toBeLessThan(10)
    expect(kept.at(-1)).toBe(true)
    store.set('big', makeEntry('x'.repeat(9_000), 1_000))
    expect(store.fresh('big')).toBeNull()
    expect(store.fresh('k99')).not.toBeNull()
  })
})

describe('with Redis', () => {
  test('what one gateway stores another finds, first in Redis, then in its own memory', async () => {
    const { content, tier } = makeRedis()
    const entry = makeEntry('a', 1_000)
    open(tier).store.set('k', entry)
    expect(content.get('k')?.ttlMs).toBe(600)
    const { store } = open(tier)
    expect(store.fresh('k')).toBeNull()
    expect(await store.get('k')).toEqual({ entry, tier: 'redis' })
    expect(await store.get('k')).toEqual({ entry, tier: 'memory' })
  })

  test('a younger entry of another gateway is taken over a stale one of its own, an older one is not', async () => {
    const { content, tier } = makeRedis()
    const { clock, store } = open(tier)
    const own = makeEntry('own', 1_000)
    store.set('k', own)
    clock.time = 1_100
    content.set('k', { entry: makeEntry('older', 990), ttlMs: 1 })
    expect(await store.get('k')).toEqual({ entry: own, tier: 'memory' })
    const younger = makeEntry('younger', 1_050)
    content.set('k', { entry: younger, ttlMs: 1 })
    expect(await store.get('k')).toEqual({ entry: younger, tier: 'redis' })
    expect(store.fresh('k')).toBe(younger)
  })

  test('what Redis kept for too long is not used', async () => {
    const { content, tier } = makeRedis()
    content.set('k', { entry: makeEntry('a', 100), ttlMs: 1 })
    expect(await open(tier).store.get('k')).toBeNull()
  })

  test('what is over already is not stored', () => {
    const { content, tier } = makeRedis()
    const { store } = open(tier)
    store.set('k', makeEntry('a', 400))
    expect(content.size).toBe(0)
    expect(store.fresh('k')).toBeNull()
  })
})
