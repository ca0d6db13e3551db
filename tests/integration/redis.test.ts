import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SearchQuery } from '../../gateway/src/schemas/search.ts'
import { decodeEntry } from '../../gateway/src/shopping/cache/entry.ts'
import { createRedisTier } from '../../gateway/src/shopping/cache/redis-tier.ts'
import { createShopping, type Shopping } from '../../gateway/src/shopping/shopping.ts'
import { delhiMumbaiSearch as base, makeConnector, makeOffer, noLog } from '../../gateway/src/shopping/testing.ts'
import { findRedisWay, openRedis, type TestRedis } from '../support/redis.ts'

const way = await findRedisWay({ stoppable: true })

const now = Date.parse('2030-01-10T12:00:00Z')

/** A query of its own for each number. */
const nth = (n: number): SearchQuery => ({ ...base, departureDate: `2030-02-${String((n % 28) + 1).padStart(2, '0')}` })

/** What Redis tells a gateway's log. */
interface Told {
  warn: string[]
  info: string[]
}

describe.skipIf(way === null)('gateways that share a Redis', () => {
  let redis: TestRedis
  let client: Redis
  const gateways: Shopping[] = []

  beforeAll(async () => {
    if (way) redis = await openRedis(way)
  })
  afterAll(() => redis?.close())
  beforeEach(() => {
    client = new Redis(redis.url)
    client.on('error', () => {})
  })
  afterEach(async () => {
    for (const gateway of gateways.splice(0)) gateway.close()
    await client.flushall()
    client.disconnect()
  })

  /** A gateway, connected to Redis, whose airline offers one flight a day. Patient, so that a busy machine makes no miss. */
  async function openGateway(url = redis.url, redisTimeoutMs = 5_000) {
    const told: Told = { warn: [], info: [] }
    const search = vi.fn(async ({ departureDate }: { departureDate: string }) => [
      makeOffer({
        departingAt: `${departureDate}T06:00:00+05:30`,
        arrivingAt: `${departureDate}T08:00:00+05:30`,
        expiresAt: '2030-01-10T18:00:00Z',
      }),
    ])
    const say = (level: keyof Told) => (_details: unknown, message?: string) => {
      told[level].push(message ?? String(_details))
    }
    const shopping = createShopping({
      connectors: new Map([['alpha', makeConnector('alpha', { search })]]),
      redisUrl: url,
      settings: { redisTimeoutMs },
      now: () => now,
      log: { info: say('info'), warn: say('warn'), error: say('warn') },
    })
    gateways.push(shopping)
    const ask = (query: SearchQuery = base) => shopping.search(shopping.read(query))
    return { shopping, search, ask, told }
  }

  type Gateway = Awaited<ReturnType<typeof openGateway>>

  /** Until the gateway stores in Redis again: asks something new each time. */
  let asked = 0
  async function untilShared({ ask }: Gateway) {
    await vi.waitFor(
      async () => {
        await client.flushall()
        await ask({ ...base, maxPrice: `${++asked}` })
        expect(await client.dbsize()).toBeGreaterThan(0)
      },
      { timeout: 20_000 },
    )
  }

  async function openSharing(url?: string, redisTimeoutMs?: number) {
    const gateway = await openGateway(url, redisTimeoutMs)
    await untilShared(gateway)
    gateway.search.mockClear()
    return gateway
  }

  const keys = () => client.keys('*')
  /** Once everything about an answer is in Redis. */
  const stored = (count: number) => vi.waitFor(async () => expect(await keys()).toHaveLength(count))

  test('an answer that one made is a hit at the other, byte for byte', async () => {
    const [one, other] = [await openSharing(), await openSharing()]
    await client.flushall()
    const made = await one.ask(nth(1))
    await stored(2)
    const hit = await other.ask(nth(1))
    expect(made.from).toBe('miss')
    expect(hit.from).toBe('redis')
    expect(hit.entry).toMatchObject(made.entry)
    expect(other.search).not.toHaveBeenCalled()
    expect((await other.ask(nth(1))).from).toBe('memory')
  })

  test('what an airline said to one is merged by the other into an answer of its own', async () => {
    const [one, other] = [await openSharing(), await openSharing()]
    await client.flushall()
    await one.ask(nth(1))
    await stored(2)
    const answer = await other.ask({ ...nth(1), currency: 'USD' })
    expect(JSON.parse(answer.entry.body.toString()).sources).toMatchObject([{ cache: 'redis', status: 'ok' }])
    expect(other.search).not.toHaveBeenCalled()
  })

  test('gzip is made by the first alone', async () => {
    const [one, other] = [await openSharing(), await openSharing()]
    await client.flushall()
    const answer = await one.ask(nth(1))
    await stored(2)
    const [key = ''] = await client.keys('*answer*')
    const before = await client.getBuffer(key)
    const packed = await one.shopping.gzip(answer)
    await vi.waitFor(async () => expect(await client.getBuffer(key)).not.toEqual(before))
    const hit = await other.ask(nth(1))
    expect(hit.from).toBe('redis')
    expect(hit.entry.gzip?.equals(packed)).toBe(true)
  })

  test('nothing is stored for ever, and everything under a prefix of ours', async () => {
    const { ask } = await openSharing()
    await client.flushall()
    await ask(nth(1))
    await stored(2)
    for (const key of await keys()) {
      expect(key).toMatch(/^fanfare:[\w-]{8}:(answer|offers):/)
      const ttl = await client.pttl(key)
      expect(ttl).toBeGreaterThan(0)
      expect(ttl).toBeLessThanOrEqual(600_000)
    }
  })

  test('what was damaged in Redis is a miss, and is mended', async () => {
    const [one, other, third] = [await openSharing(), await openSharing(), await openSharing()]
    await client.flushall()
    const made = await one.ask(nth(1))
    await stored(2)
    for (const [index, key] of (await keys()).entries()) {
      const bytes = await client.getBuffer(key)
      if (!bytes) throw new Error('the key was listed')
      bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1
      await client.set(key, index === 0 ? bytes : bytes.subarray(0, 50), 'PX', 60_000)
    }
    const answer = await other.ask(nth(1))
    expect(answer.from).toBe('miss')
    expect(answer.entry.body.equals(made.entry.body)).toBe(true)
    for (const key of await keys()) {
      await vi.waitFor(async () => {
        expect(decodeEntry((await client.getBuffer(key)) ?? Buffer.alloc(0))).not.toBeNull()
      })
    }
    expect((await third.ask(nth(1))).from).toBe('redis')
  })

  test('Redis emptied, taken away and brought back in the middle of a run changes nothing but speed', async () => {
    const gateway = await openSharing()
    const fresh = new Map<string, string>()
    const bodyOf = async (n: number) => {
      const answer = await gateway.ask({ ...nth(n), maxPrice: `${++asked + 1000}` })
      const { slices } = JSON.parse(answer.entry.body.toString())
      return JSON.stringify(slices)
    }
    const round = async () => {
      for (let n = 0; n < 28; n++) {
        const body = await bodyOf(n)
        expect(body).toBe(fresh.get(`${n}`) ?? body)
        fresh.set(`${n}`, body)
      }
    }
    await round()
    await client.flushall()
    await round()
    await redis.stop()
    await round()
    await vi.waitFor(() => expect(gateway.told.warn).toHaveLength(1))
    await round()
    await redis.start()
    await vi.waitFor(() => expect(gateway.told.info).toEqual(['Redis is back']), { timeout: 20_000 })
    await untilShared(gateway)
    await round()
    expect(gateway.told.warn).toHaveLength(1)
    expect(gateway.search.mock.calls.length).toBeLessThanOrEqual(28 + 2)
  })

  test('a Redis that is not there at the start is picked up once it is', async () => {
    await redis.stop()
    const gateway = await openGateway()
    expect((await gateway.ask(nth(1))).from).toBe('miss')
    await vi.waitFor(() => expect(gateway.told.warn).toHaveLength(1))
    await redis.start()
    await vi.waitFor(() => expect(gateway.told.info).toEqual(['Redis is back']), { timeout: 20_000 })
    await untilShared(gateway)
    expect(gateway.told.warn).toHaveLength(1)
  })

  test('what came while the gateway was busy with something else is not taken for late', async () => {
    const tier = createRedisTier({ url: redis.url, prefix: 'busy:', timeoutMs: 5, log: noLog })
    const times = { storedAt: now, freshUntil: now + 1, keepUntil: now + 2 }
    const entry = { body: Buffer.from('answer'), gzip: null, etag: '', ...times }
    await vi.waitFor(async () => {
      tier.set('k', entry, 60_000)
      expect(await tier.get('k')).toMatchObject(entry)
    })
    const asked = tier.get('k')
    const until = performance.now() + 50
    while (performance.now() < until);
    expect(await asked).toMatchObject(entry)
    tier.close()
  })

  describe('a Redis that hangs', () => {
    /** Passes bytes on to Redis until told to hold them back. */
    async function openProxy() {
      const target = new URL(redis.url)
      const sockets = new Set<Socket>()
      const server = createServer((near) => {
        const far = dial(Number(target.port), target.hostname)
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(from)
          from.on('error', () => {})
          from.on('close', () => to.destroy())
          from.pipe(to)
        }
        if (isHung) near.pause()
      }).listen(0, '127.0.0.1')
      let isHung = false
      await once(server, 'listening')
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
      return {
        url: `redis://127.0.0.1:${address.port}`,
        hang() {
          isHung = true
          for (const socket of sockets) socket.unpipe().pause()
        },
        async close() {
          for (const socket of sockets) socket.destroy()
          server.close()
          await once(server, 'close')
        },
      }
    }

    test('costs one short wait, not one for each search', async () => {
      const proxy = await openProxy()
      const gateway = await openSharing(proxy.url, 50)
      proxy.hang()
      const startedAt = performance.now()
      for (let n = 0; n < 28; n++) expect((await gateway.ask(nth(n))).from).toBe('miss')
      const elapsed = performance.now() - startedAt
      // 28 waits of 50 ms for the answer alone would take 1,400 ms.
      expect(elapsed).toBeLessThan(700)
      await vi.waitFor(() => expect(gateway.told.warn).toHaveLength(1), { timeout: 10_000 })
      await proxy.close()
    })
  })
})
