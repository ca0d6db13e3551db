import { Registry } from '@prometheus-io/client'
import Fastify, { type FastifySchema } from 'fastify'
import { expect, test } from 'vitest'
import { readSeries } from '../../../tests/support/series.ts'
import { measureRequests } from './requests.ts'

async function setUp() {
  const registry = new Registry()
  const app = Fastify()
  measureRequests(app, registry)
  const schema: FastifySchema = { response: { 200: {}, 404: {} } }
  app.get('/things/:id', { schema }, async (request, reply) => {
    const status = Number(new URLSearchParams(request.url.split('?')[1]).get('status') ?? 200)
    return reply.code(status).send({})
  })
  app.get('/docs/page', async () => 'page')
  await app.ready()
  const all = async () => readSeries(await registry.metrics())
  const total = async (labels: string) => (await all()).get(`fanfare_http_requests_total{${labels}}`)
  const timed = async (labels: string) => (await all()).get(`fanfare_http_request_duration_seconds_count{${labels}}`)
  return { app, all, total, timed }
}

test('requests are counted by the route, not by the path that was asked for', async () => {
  const { app, total, timed } = await setUp()
  for (const id of ['1', '2', '3']) await app.inject(`/things/${id}`)
  await app.inject('/things/4?status=404')
  await app.inject({ method: 'HEAD', url: '/things/5' })
  expect(await total('route="/things/:id",method="GET",status="200"')).toBe(3)
  expect(await total('route="/things/:id",method="GET",status="404"')).toBe(1)
  expect(await total('route="/things/:id",method="HEAD",status="200"')).toBe(1)
  expect(await timed('route="/things/:id",method="GET",status="2xx"')).toBe(3)
  expect(await timed('route="/things/:id",method="GET",status="4xx"')).toBe(1)
})

test('what has no route makes no series of its own', async () => {
  const { app, all, total } = await setUp()
  const before = [...(await all()).keys()]
  for (const url of ['/a', '/b', '/docs/none']) await app.inject(url)
  await app.inject({ method: 'DELETE', url: '/things/1' })
  await app.inject('/docs/page')
  expect(await total('route="none",method="any",status="404"')).toBe(4)
  expect(await total('route="/docs",method="GET",status="200"')).toBe(1)
  expect([...(await all()).keys()]).toEqual(before)
})

test('a status that no one foresaw is counted all the same', async () => {
  const { app, total, timed } = await setUp()
  await app.inject('/things/1?status=418')
  await app.inject('/things/1?status=418')
  expect(await total('route="/things/:id",method="GET",status="418"')).toBe(2)
  expect(await timed('route="/things/:id",method="GET",status="4xx"')).toBe(2)
})
