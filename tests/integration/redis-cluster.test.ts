import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createRedisClient, type RedisClient } from '../../gateway/src/redis.ts'
import type { Entry } from '../../gateway/src/shopping/cache/entry.ts'
import { createRedisTier, type RedisTier } from '../../gateway/src/shopping/cache/redis-tier.ts'
import { findRedisWay } from '../support/redis.ts'
import { openRedisCluster, type TestCluster } from '../support/redis-cluster.ts'
import { until } from '../support/until.ts'

const way = await findRedisWay({ stoppable: true })

/** So many that each of three nodes keeps several. */
const names = Array.from({ length: 24 }, (_, index) => `name-${index}`)
const now = 1_900_000_000_000
const entryOf = (name: string): Entry => {
  const body = Buffer.from(JSON.stringify({ name, filler: 'x'.repeat(500) }))
  return { body, gzip: null, etag: `"${name}"`, storedAt: now, freshUntil: now + 60_000, keepUntil: now + 60_000 }
}

describe.skipIf(way === null || way === 'url')('gateways over a Redis Cluster', () => {
  let cluster: TestCluster
  const open: { close(): void }[] = []

  beforeAll(async () => {
    if (way !== null && way !== 'url') cluster = await openRedisCluster(way)
  })
  afterAll(() => cluster?.close())
  afterEach(async () => {
    for (const one of open.splice(0)) one.close()
    await cluster.flush()
  })

  function openTier(url = cluster.urls.join(','), timeoutMs = 5_000) {
    const warned: string[] = []
    const told: string[] = []
    const tier = createRedisTier({
      url,
      prefix: 'test:',
      timeoutMs,
      log: {
        info: (_details: unknown, message?: string) => told.push(message ?? `${_details}`),
        warn: (_details: unknown, message?: string) => warned.push(message ?? `${_details}`),
        error: (_details: unknown, message?: string) => warned.push(message ?? `${_details}`),
      },
    })
    open.push(tier)
    return { tier, warned, told }
  }

  function fill(tier: RedisTier) {
    for (const name of names) tier.set(name, entryOf(name), 60_000)
  }
  /** How many of all there are; what is there must be right. */
  async function found(tier: RedisTier): Promise<number> {
    const entries = await Promise.all(names.map(async (name) => ({ name, entry: await tier.get(name) })))
    for (const { name, entry } of entries) if (entry) expect(entry.body.equals(entryOf(name).body)).toBe(true)
    return entries.filter(({ entry }) => entry !== null).length
  }
  /** Until all that is stored is found again. */
  const untilWhole = (tier: RedisTier) =>
    until('everything is kept and found', async () => {
      fill(tier)
      return (await found(tier)) === names.length
    })

  test('spread what they keep over its nodes, and find what another has kept', async () => {
    const one = openTier()
    await untilWhole(one.tier)
    const shares = await Promise.all(
      cluster.urls.map(async (url) => {
        const client = createRedisClient(url)
        open.push({ close: () => client.disconnect() })
        return until('the node counts', () => client.dbsize().catch(() => null))
      }),
    )
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(names.length)
    for (const share of shares) expect(share).toBeGreaterThan(0)

    const other = openTier()
    await until('the other finds all', async () => (await found(other.tier)) === names.length)
    expect([...one.warned, ...other.warned]).toEqual([])
  })

  test('find the whole cluster by two of its nodes, of which one is none', async () => {
    const { tier } = openTier(`redis://127.0.0.1:1,${cluster.urls[2]}`)
    await untilWhole(tier)
  })

  test('count in it, as rate limits do', async () => {
    const client: RedisClient = createRedisClient(cluster.urls.join(','), { commandTimeoutMs: 5_000 })
    open.push({ close: () => client.disconnect() })
    const count = (name: string) => client.eval("return redis.call('INCR', KEYS[1])", 1, name).catch(() => null)
    await until('the cluster counts', () => count('warm'))
    for (const name of names) expect([await count(name), await count(name)]).toEqual([1, 2])
  })

  test('serve on while a node is killed, and keep things in it once it is back', async () => {
    const { tier, warned } = openTier()
    await untilWhole(tier)
    await cluster.kill(1)
    // What the dead node kept is gone at once; with no replica the rest is refused soon, and never waited for.
    for (let round = 0; round < 20; round++) {
      const startedAt = performance.now()
      expect(await found(tier)).toBeLessThan(names.length)
      fill(tier)
      expect(performance.now() - startedAt).toBeLessThan(1_500)
    }
    await cluster.restart(1)
    await untilWhole(tier)
    expect(warned.length).toBeLessThanOrEqual(3)
  })

  test('serve on while all of it is away, say so once, and come back by themselves', async () => {
    const { tier, warned, told } = openTier()
    await untilWhole(tier)
    for (const node of [0, 1, 2]) await cluster.kill(node)
    await until('it says that Redis is gone', async () => {
      await found(tier)
      return warned.some((line) => line.startsWith('Redis is gone'))
    })
    expect(await found(tier)).toBe(0)
    await Promise.all([0, 1, 2].map((node) => cluster.restart(node)))
    await untilWhole(tier)
    expect(warned.filter((line) => line.startsWith('Redis is gone'))).toHaveLength(1)
    await vi.waitFor(() => expect(told).toEqual(['Redis is back']))
  })

  test('are not held up by a node that hangs: one short wait, not one for each read', async () => {
    const { tier } = openTier(undefined, 50)
    await untilWhole(tier)
    await cluster.pause(2)
    const startedAt = performance.now()
    for (let round = 0; round < 10; round++) for (const name of names) await tier.get(name)
    const elapsed = performance.now() - startedAt
    await cluster.resume(2)
    // 80 of these reads are of the node that hangs: at 50 ms each they alone would take 4 s.
    expect(elapsed).toBeLessThan(2_000)
    await untilWhole(tier)
  })
})
