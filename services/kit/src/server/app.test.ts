import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import type { Order, OrderRequest } from '../orders/types.ts'
import { saffron } from '../world/carriers.ts'
import { type AirlineApp, buildAirlineApp } from './app.ts'
import { exampleDate } from './example-date.ts'

const noon = Date.UTC(2030, 0, 5, 12)
const Parcel = Type.Object({ weight: Type.Integer() }, { $id: 'Parcel', additionalProperties: false })

let system: AirlineSystem
let app: AirlineApp

beforeEach(async () => {
  system = openAirlineSystem({ carrier: saffron, seed: 'fanfare', clock: createClock(noon), database: ':memory:' })
  app = await buildAirlineApp({
    system,
    title: 'Parcels',
    description: 'Sends parcels.',
    tags: [{ name: 'Parcels', description: 'All of them' }],
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
    security: [{ key: [] }],
    simToken: 'token',
    logLevel: 'silent',
  })
  app.addSchema(Parcel)
  app.post(
    '/parcels',
    {
      schema: {
        operationId: 'send',
        body: Type.Unsafe<{ weight: number }>({ $ref: 'Parcel#' }),
        response: { 200: Type.Object({ weight: Type.Integer() }) },
      },
    },
    ({ body }) => ({ weight: body.weight, unlisted: true }),
  )
  app.get(
    '/parcels/:id',
    {
      schema: {
        operationId: 'find',
        params: Type.Object({ id: Type.Integer() }),
        querystring: Type.Object({ fast: Type.Boolean() }, { additionalProperties: false }),
      },
    },
    ({ params, query }) => ({ id: params.id, fast: query.fast }),
  )
})

afterEach(async () => {
  await app.close()
  system.close()
})

const post = (payload: object | string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/parcels', payload, headers: { 'content-type': 'application/json', ...headers } })
const token = { 'fanfare-sim-token': 'token' }

/** One adult from Delhi to Mumbai, on a fare that can be given back. */
function orderRequest(clientReference: string, pay: boolean): OrderRequest {
  const passengers = { adults: 1, children: 0, infants: 0 }
  const offers = system.shop({ origin: 'DEL', destination: 'BOM', date: '2030-02-01', cabin: 'economy', passengers })
  const offer = offers.find(({ brand }) => brand.cancelFee !== null)
  if (!offer) throw new Error('no offer')
  const traveller = { title: 'ms', givenName: 'Asha', familyName: 'Verma', bornOn: '1990-04-12' }
  return {
    clientReference,
    offerId: offer.id,
    passengers: [{ id: 'p1', type: 'adult', gender: 'female', ...traveller }],
    contact: { email: 'a@example.com', phone: '+919810012345' },
    seats: [],
    baggage: [],
    expectedTotal: null,
    pay,
  }
}

describe('requests', () => {
  it('coerces query and path, never a body', async () => {
    expect((await app.inject('/parcels/7?fast=true')).json()).toEqual({ id: 7, fast: true })
    expect((await app.inject('/parcels/x?fast=true')).statusCode).toBe(400)
    expect((await post({ weight: 5 })).statusCode).toBe(200)
    expect((await post({ weight: '5' })).statusCode).toBe(400)
  })

  it('refuses unknown fields, unreadable bodies and large ones, as plain JSON', async () => {
    expect((await post({ weight: 5, extra: 1 })).statusCode).toBe(400)
    expect((await app.inject('/parcels/7?fast=true&extra=1')).statusCode).toBe(400)
    expect((await post('{"weight":')).json()).toMatchObject({ statusCode: 400 })
    expect((await post({ weight: 5, pad: 'x'.repeat(256 * 1024) })).statusCode).toBe(413)
    expect((await app.inject('/nothing')).json()).toMatchObject({ statusCode: 404 })
  })

  it('sends what the handler gives, whatever the response schema lists', async () => {
    expect((await post({ weight: 5 })).json()).toEqual({ weight: 5, unlisted: true })
  })

  it.each(['http://localhost:8080', 'http://127.0.0.1:3000', 'https://localhost', 'http://[::1]:1234'])(
    'lets pages of %s call it',
    async (origin) => {
      const response = await app.inject({
        method: 'OPTIONS',
        url: '/parcels',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      expect(response.headers['access-control-allow-origin']).toBe(origin)
    },
  )

  it.each(['http://example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com:80', 'null'])(
    'does not let pages of %s call it',
    async (origin) => {
      expect((await post({ weight: 5 }, { origin })).headers).not.toHaveProperty('access-control-allow-origin')
    },
  )
})

it('lets a dialect word its errors in a format of its own', async () => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/xml', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
    reply
      .code(error.statusCode ?? 500)
      .type('application/xml')
      .send(`<Error>${error.statusCode}</Error>`),
  )
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('application/xml').send('<NotFound/>'))
  app.post('/xml', { schema: { operationId: 'xml' } }, ({ body }, reply) =>
    reply.type('application/xml').send(`<Echo>${body}</Echo>`),
  )
  const xml = await app.inject({
    method: 'POST',
    url: '/xml',
    payload: '<a/>',
    headers: { 'content-type': 'application/xml' },
  })
  expect(xml.body).toBe('<Echo><a/></Echo>')
  expect(xml.headers['content-type']).toBe('application/xml')
  expect((await post({ weight: 5 })).body).toBe('<Error>415</Error>')
  expect((await app.inject('/nothing')).body).toBe('<NotFound/>')
  const advance = await app.inject({ method: 'POST', url: '/_sim/clock', payload: { advanceMs: -1 }, headers: token })
  expect(advance.json()).toEqual({ error: 'body/advanceMs must be >= 0' })
  expect(
    (await app.inject({ method: 'POST', url: '/_sim/clock', payload: { advanceMs: 1 }, headers: token })).statusCode,
  ).toBe(200)
})

describe('description', () => {
  it('is OpenAPI 3.1 with named components and the dialect’s operations alone', async () => {
    const description = (await app.inject('/openapi.json')).json()
    expect(description).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Parcels', description: 'Sends parcels.', version: '1.0.0' },
      servers: [{ url: '/' }],
      tags: [{ name: 'Parcels' }],
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'apiKey' } }, schemas: { Parcel: { type: 'object' } } },
    })
    expect(Object.keys(description.paths)).toEqual(['/parcels', '/parcels/{id}'])
    expect(description.paths['/parcels'].post).toMatchObject({
      operationId: 'send',
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } } },
    })
    expect(JSON.parse(JSON.stringify(app.swagger()))).toEqual(description)
  })

  it('is shown by Swagger UI', async () => {
    expect((await app.inject('/docs/')).body).toContain('swagger-ui')
    expect((await app.inject('/docs/json')).json()).toMatchObject({ info: { title: 'Parcels' } })
  })

  it('must name every operation', () => {
    expect(() => app.get('/nameless', () => 'nothing')).toThrow('GET /nameless has no operationId')
  })

  it('has example dates that follow the clock', () => {
    expect(exampleDate(system.clock)).toBe('2030-02-04')
    expect(exampleDate(system.clock, 1)).toBe('2030-01-06')
    system.clock.advance(86_400_000)
    expect(exampleDate(system.clock)).toBe('2030-02-05')
  })
})

it('says that it is well', async () => {
  expect((await app.inject('/health')).json()).toEqual({ status: 'ok', airline: 'saffron' })
})

describe('control plane', () => {
  const paths = [
    ['GET', '/_sim/clock'],
    ['POST', '/_sim/clock'],
    ['GET', '/_sim/orders'],
    ['GET', '/_sim/audit'],
  ] as const

  it.each(paths)('%s %s wants the token', async (method, url) => {
    for (const headers of [
      {},
      { 'fanfare-sim-token': 'tokem' },
      { 'fanfare-sim-token': '' },
      { 'fanfare-sim-token': 'token2' },
    ]) {
      const response = await app.inject({
        method,
        url,
        headers,
        ...(method === 'POST' && { payload: { advanceMs: 1 } }),
      })
      expect(response.statusCode).toBe(401)
    }
    expect(system.clock.now()).toBe(noon)
  })

  it('moves the clock of the whole airline', async () => {
    const clock = async () => (await app.inject({ url: '/_sim/clock', headers: token })).json()
    expect(await clock()).toEqual({ now: '2030-01-05T12:00:00.000Z', epochMs: noon, frozen: false })
    const moved = await app.inject({
      method: 'POST',
      url: '/_sim/clock',
      payload: { advanceMs: 90_000 },
      headers: token,
    })
    expect(moved.json()).toEqual({ now: '2030-01-05T12:01:30.000Z', epochMs: noon + 90_000, frozen: false })
    expect(await clock()).toEqual(moved.json())
    expect(system.clock.now()).toBe(noon + 90_000)
  })

  it.each([
    { advanceMs: '5' },
    { advanceMs: 1.5 },
    { advanceMs: -1 },
    { advanceMs: 1e15 },
    {},
    { advanceMs: 1, back: true },
  ])('refuses to move it by %o', async (payload) => {
    const response = await app.inject({ method: 'POST', url: '/_sim/clock', payload, headers: token })
    expect(response.statusCode).toBe(400)
    expect(system.clock.now()).toBe(noon)
  })

  it('lists every order, also those that are over', async () => {
    const list = async () => (await app.inject({ url: '/_sim/orders', headers: token })).json()
    expect(await list()).toEqual({ orders: [] })
    const [held, lapsed, paid, cancelled] = ['held', 'lapsed', 'paid', 'cancelled'].map((clientReference) =>
      system.order(orderRequest(clientReference, clientReference === 'cancelled')),
    )
    if (!held || !lapsed || !paid || !cancelled) throw new Error('no order')
    system.pay(paid.locator, null)
    system.cancel(cancelled.locator)
    system.clock.advance(held.payBy === null ? 0 : held.payBy - system.clock.now() - 1)
    const summary = ({ locator, clientReference, price: { total } }: Order) => ({ locator, clientReference, total })
    expect(await list()).toEqual({
      orders: [
        { ...summary(held), status: 'held', payBy: held.payBy },
        { ...summary(lapsed), status: 'held', payBy: lapsed.payBy },
        { ...summary(paid), status: 'confirmed', payBy: null },
        { ...summary(cancelled), status: 'cancelled', payBy: null },
      ],
    })
    system.clock.advance(1)
    const statuses = (await list()).orders.map(({ status }: { status: string }) => status)
    expect(statuses).toEqual(['lapsed', 'lapsed', 'confirmed', 'cancelled'])
  })

  it('audits', async () => {
    const audit = (await app.inject({ url: '/_sim/audit', headers: token })).json()
    expect(audit.holds).toBe(true)
    expect(audit.checks).toEqual(system.audit())
  })

  it('tells when an invariant is broken', async () => {
    const broken = { invariant: 'a seat has one owner', holds: false, violations: ['2A'] }
    const other = await buildAirlineApp({
      system: { ...system, audit: () => [...system.audit(), broken] },
      title: 'T',
      description: 'D',
      simToken: 'token',
      logLevel: 'silent',
    })
    const audit = (await other.inject({ url: '/_sim/audit', headers: token })).json()
    expect(audit.holds).toBe(false)
    expect(audit.checks).toContainEqual(broken)
    await other.close()
  })

  it('is not there without a token', async () => {
    const other = await buildAirlineApp({
      system,
      title: 'T',
      description: 'D',
      simToken: undefined,
      logLevel: 'silent',
    })
    expect((await other.inject({ url: '/_sim/clock', headers: token })).statusCode).toBe(404)
    await other.close()
  })
})
