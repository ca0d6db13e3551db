import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildTestApp } from '../support/gateway-app.ts'
import { findRedisWay, openRedis, type TestRedis } from '../support/redis.ts'
import { openTcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const way = await findRedisWay({ stoppable: true })

describe.skipIf(way === null)('the allowance of a client at gateways that share a Redis', () => {
  let redis: TestRedis
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    if (way) redis = await openRedis(way)
  })
  afterAll(() => redis?.close())
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    await redis.flush()
  })

  async function openGateway(perMinute: number, redisUrl = redis.url) {
    const app = await buildTestApp({
      environment: { RATE_LIMIT_PER_MINUTE: `${perMinute}`, REDIS_URL: redisUrl, TRUST_PROXY: 'loopback' },
    })
    closing.push(() => app.close())
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    return (client: string) =>
      fetch(`${url}/v1/places?query=del`, { headers: { 'x-forwarded-for': client } }).then((response) => ({
        status: response.status,
        remaining: Number(response.headers.get('ratelimit-remaining')),
        reset: Number(response.headers.get('ratelimit-reset')),
      }))
  }
  type Ask = Awaited<ReturnType<typeof openGateway>>

  /** Until what one gateway counts the other knows of. Each look is a client of its own. */
  let looks = 0
  async function untilShared(one: Ask, other: Ask) {
    await until('both count in Redis', async () => {
      const client = `192.0.2.${++looks}`
      const { remaining } = await one(client)
      return (await other(client)).remaining === remaining - 1
    })
  }

  test('is one, however it spreads what it asks', async () => {
    const gateways = [await openGateway(10), await openGateway(10)] as const
    await untilShared(...gateways)
    const asked = Array.from({ length: 30 }, (_, n) => gateways[n % 2 === 0 ? 0 : 1]('10.0.0.1'))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(20)
    const other = await gateways[1]('10.0.0.2')
    expect(other).toMatchObject({ status: 200, remaining: 9 })
    expect(other.reset).toBeGreaterThan(50)
    expect(other.reset).toBeLessThanOrEqual(60)
  })

  test('is each gateway’s own while Redis is gone, and one again once it is back; no request fails or waits', async () => {
    const proxy = await openTcpProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) })
    closing.push(() => proxy.close())
    const through = `redis://127.0.0.1:${proxy.port}`
    const [one, other] = [await openGateway(10, through), await openGateway(10, through)]
    await untilShared(one, other)

    await proxy.cut()
    for (const ask of [one, other]) {
      const statuses = []
      for (let n = 0; n < 12; n++) statuses.push((await ask('10.0.0.3')).status)
      expect(statuses).toEqual([...Array(10).fill(200), 429, 429])
    }
    await proxy.restore()
    await untilShared(one, other)
  })

  test('costs no more than a moment when Redis keeps the connection and says nothing', async () => {
    const proxy = await openTcpProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) })
    closing.push(() => proxy.close())
    const through = `redis://127.0.0.1:${proxy.port}`
    const [one, other] = [await openGateway(50, through), await openGateway(50, through)]
    await untilShared(one, other)

    proxy.freeze()
    const startedAt = performance.now()
    for (let n = 0; n < 40; n++) expect((await one('10.0.0.4')).status).toBe(200)
    // Were each to wait for Redis, they would take 40 times its patience.
    expect(performance.now() - startedAt).toBeLessThan(1_500)
    await proxy.restore()
    await untilShared(one, other)
  })
})
