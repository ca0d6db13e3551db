import { afterEach, describe, expect, test, vi } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { readSeries } from '../../../tests/support/series.ts'
import { makeConnector, makeOffer, noon } from '../shopping/testing.ts'

const apps: { close(): Promise<unknown> }[] = []
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())))

async function openGateway(environment: Record<string, string>) {
  const clock = { time: noon }
  const search = vi.fn(async () => [makeOffer()])
  const app = await buildTestApp({
    environment,
    now: () => clock.time,
    connectors: new Map([['alpha', makeConnector('alpha', { search })]]),
  })
  apps.push(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers })
  return { clock, search, get }
}

const places = '/v1/places?query=del'
const allowance = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`)))

describe('a client that has used up its allowance', () => {
  test('is told so, and when to come again; then it is served', async () => {
    const { clock, get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '3' })
    const first = await get(places)
    expect([first.status, allowance(first)]).toEqual([200, [3, 2, 60]])
    clock.time += 20_000
    expect(allowance(await get(places))).toEqual([3, 1, 40])
    expect(allowance(await get(places))).toEqual([3, 0, 40])

    const refused = await get(places)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('40')
    expect(allowance(refused)).toEqual([3, 0, 40])
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.headers.get('x-request-id')).toBeTruthy()
    expect(await refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 })

    clock.time += 39_999
    expect((await get(places)).status).toBe(429)
    clock.time += 1
    expect((await get(places)).status).toBe(200)
  })

  test('has used it up by whatever it asked: what is wrong, what is nowhere, and what lies ready', async () => {
    const { search, get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '5' })
    const searches = '/v1/search?origin=DEL&destination=BOM&departureDate=2030-01-15'
    const statuses = []
    for (const path of ['/v1/places', '/nowhere', searches, searches, searches, searches, '/nowhere']) {
      statuses.push((await get(path)).status)
    }
    expect(statuses).toEqual([400, 404, 200, 200, 200, 429, 429])
    expect(search).toHaveBeenCalledTimes(1)
  })

  test('still gets health and metrics, which count for nothing', async () => {
    const { get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '1' })
    for (const path of ['/health/live', '/health/ready', '/metrics', '/metrics?']) {
      const response = await get(path)
      expect([response.status, response.headers.get('ratelimit-limit')]).toEqual([200, null])
    }
    expect((await get(places)).status).toBe(200)
    expect((await get(places)).status).toBe(429)
    expect((await get('/health/ready')).status).toBe(200)
    const series = readSeries(await (await get('/metrics')).text())
    expect(series.get('fanfare_requests_refused_total{reason="rate_limit"}')).toBe(1)
    expect(series.get('fanfare_http_requests_total{route="/v1/places",method="GET",status="429"}')).toBe(1)
  })
})

describe('who a client is', () => {
  const as = (address: string) => ({ 'x-forwarded-for': address })

  test('is by who connects, whatever it says itself', async () => {
    const { get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '1' })
    expect((await get(places, as('10.1.1.1'))).status).toBe(200)
    expect((await get(places, as('10.1.1.2'))).status).toBe(429)
  })

  test('is by what a trusted proxy says, and by no more of it than that proxy has seen', async () => {
    const { get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '1', TRUST_PROXY: 'loopback' })
    expect((await get(places, as('10.1.1.1'))).status).toBe(200)
    expect((await get(places, as('10.1.1.2'))).status).toBe(200)
    expect((await get(places, as('10.9.9.9, 10.1.1.1'))).status).toBe(429)
  })

  test('is by the network where it has one of its own', async () => {
    const { get } = await openGateway({ RATE_LIMIT_PER_MINUTE: '1', TRUST_PROXY: 'loopback' })
    expect((await get(places, as('2001:db8:0:1::1'))).status).toBe(200)
    expect((await get(places, as('2001:db8:0:1::2'))).status).toBe(429)
    expect((await get(places, as('2001:db8:0:2::1'))).status).toBe(200)
  })
})

test('without a limit there is none, and no word of it', async () => {
  const { get } = await openGateway({})
  for (let n = 0; n < 50; n++) {
    const response = await get(places)
    expect([response.status, response.headers.get('ratelimit-limit')]).toEqual([200, null])
  }
})
