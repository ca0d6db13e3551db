import Fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createAnswerCheck } from '../../../tests/support/answer-check.ts'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { airlines } from '../airlines/index.ts'
import { givenConnectors } from '../airlines/open-connectors.ts'
import { loadConfig } from '../config.ts'
import { createStanding } from '../edge/standing.ts'
import { healthRoutes } from './health.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The gateway with the real registry, whose airlines are all away: nothing listens on port 1. */
async function gatewayAlone() {
  const away = [...loadConfig({}).airlines.keys()].map((name) => [`${name.toUpperCase()}_URL`, 'http://127.0.0.1:1'])
  const app = await buildTestApp({ connectors: undefined, environment: Object.fromEntries(away) })
  closing.push(() => app.close())
  await app.ready()
  const check = createAnswerCheck(app.swagger())
  return {
    app,
    async get(url: string) {
      const reply = await app.inject(url)
      expect(check('GET', url, reply)).toEqual([])
      return reply
    },
  }
}

describe('GET /v1/airlines', () => {
  test('lists the registry, and how each airline answered', async () => {
    const { get } = await gatewayAlone()
    const before = (await get('/v1/airlines')).json().airlines
    expect(before.map(({ health: _, ...airline }: { health: object }) => airline)).toEqual(
      airlines.map(({ airline }) => airline),
    )
    for (const { health } of before) expect(health.status).toBe('unknown')

    const date = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    const search = (await get(`/v1/search?origin=DEL&destination=BOM&departureDate=${date}`)).json()
    expect(search).toMatchObject({ complete: false, slices: [{ offers: [] }] })
    const after = (await get('/v1/airlines')).json()
    for (const { health } of after.airlines) {
      expect(health).toMatchObject({ status: 'down', lastSuccessAt: null, lastFailure: expect.any(String) })
      expect(health.operations).toMatchObject([{ operation: 'search', breaker: 'closed', lastSuccessAt: null }])
      // The first call, and some of its retries.
      expect(health.operations[0].calls).toBeGreaterThan(1)
      expect(health.operations[0].failures).toBe(health.operations[0].calls)
    }
    expect(after.extraCallsLeft).toBeLessThan(10)
  })
})

describe('health', () => {
  test('live and ready, with airlines away or not', async () => {
    const { get } = await gatewayAlone()
    expect((await get('/health/live')).json()).toEqual({ status: 'live' })
    const ready = (await get('/health/ready')).json()
    expect(ready.status).toBe('ready')
    expect(ready.checks).toEqual([
      { name: 'standing', status: 'ok', required: true, detail: null },
      { name: 'store', status: 'ok', required: true, detail: null },
      ...airlines.map(({ airline: { name } }) => ({ name, status: 'unknown', required: false, detail: null })),
    ])
  })

  test('not ready when bookings cannot be read, without saying why to strangers', async () => {
    const app = Fastify().setSerializerCompiler(() => JSON.stringify)
    closing.push(() => app.close())
    const bookings = { checkStore: () => Promise.reject(new Error('disk image of /srv/data is malformed')) }
    const { connectors, healthOf } = givenConnectors(new Map())
    await app.register(healthRoutes, { standing: createStanding(), bookings, connectors, healthOf })
    const reply = await app.inject('/health/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json()).toMatchObject({
      status: 'not_ready',
      checks: [
        { name: 'standing', status: 'ok' },
        { name: 'store', status: 'failed', required: true },
      ],
    })
    expect(reply.body).not.toContain('/srv')
    expect((await app.inject('/health/live')).statusCode).toBe(200)
  })
})

describe('GET /v1/places', () => {
  test('answers with the best places, no more than asked for', async () => {
    const { get } = await gatewayAlone()
    const { places } = (await get('/v1/places?query=london&limit=2')).json()
    expect(places.map(({ type, code }: { type: string; code: string }) => `${type} ${code}`)).toEqual([
      'city LON',
      'airport LHR',
    ])
    expect((await get('/v1/places?query=delhi')).json().places.length).toBeLessThanOrEqual(10)
    expect((await get('/v1/places?query=qqqq')).json()).toEqual({ places: [] })
  })
})
