import { gunzipSync } from 'node:zlib'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Connector } from '../airlines/connector.ts'
import { handleError } from '../http/error-handler.ts'
import { createValidatorCompiler, toInvalidRequest } from '../http/validation.ts'
import { components } from '../schemas/index.ts'
import { createShopping } from '../shopping/shopping.ts'
import { makeConnector, makeOffer, noLog, noon } from '../shopping/testing.ts'
import { createFaultRequests } from '../simulation/fault-header.ts'
import { itineraryRoutes } from './itinerary.ts'
import { createKnownSearches } from './known-searches.ts'
import { searchRoutes } from './search.ts'

const url = '/v1/search?origin=DEL&destination=BOM&departureDate=2030-01-15'
const offers = ['1', '2', '3', '4'].map((hour) =>
  makeOffer({ ref: `R${hour}`, departingAt: `2030-01-15T0${hour}:00:00+05:30`, expiresAt: '2030-01-20T00:00:00Z' }),
)

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(search: Connector['search'] = async () => offers) {
  const clock = { time: noon }
  const spy = vi.fn(search)
  const connectors = new Map([['alpha', makeConnector('alpha', { search: spy })]])
  const shopping = createShopping({ connectors, now: () => clock.time, log: noLog })
  const app = Fastify({ schemaErrorFormatter: toInvalidRequest }).withTypeProvider<TypeBoxTypeProvider>()
  for (const component of components) app.addSchema(component)
  app.setValidatorCompiler(createValidatorCompiler())
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(handleError)
  const faults = createFaultRequests({ airlines: [], isOpen: false })
  await app.register(searchRoutes, { shopping, known: createKnownSearches(shopping), faults })
  await app.register(itineraryRoutes, { shopping, faults })
  closing.push(() => app.close())
  const get = (headers: Record<string, string> = {}, to = url) => app.inject({ url: to, headers })
  return { app, clock, spy, get }
}

describe('an answer and its cache', () => {
  test('a hit is the same bytes as the miss before, and says so', async () => {
    const { get, clock, spy } = await open()
    const miss = await get()
    expect(miss.statusCode).toBe(200)
    expect(miss.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-status': 'fanfare; fwd=miss',
      'cache-control': 'public, max-age=60',
      vary: 'accept, accept-encoding',
    })
    expect(miss.headers.etag).toMatch(/^"[\w-]{27}"$/)
    expect(miss.headers).not.toHaveProperty('age')
    clock.time += 7_900
    const hit = await get()
    expect(hit.headers).toMatchObject({
      'cache-status': 'fanfare; hit; detail=memory',
      'cache-control': 'public, max-age=60',
      etag: miss.headers.etag,
      age: '7',
    })
    expect(hit.rawPayload.equals(miss.rawPayload)).toBe(true)
    expect(spy).toHaveBeenCalledTimes(1)
  })

  test('another way to write the same query is a hit too', async () => {
    const { get } = await open()
    const one = await get()
    const other = await get({}, '/v1/search?cabin=economy&departureDate=2030-01-15&destination=BOM&origin=DEL&adults=1')
    expect(other.headers['cache-status']).toBe('fanfare; hit; detail=memory')
    expect(other.rawPayload.equals(one.rawPayload)).toBe(true)
  })

  test('another answer has another tag', async () => {
    const { get } = await open()
    const other = await get({}, `${url}&limit=1`)
    expect(other.headers.etag).not.toBe((await get()).headers.etag)
  })

  test('a query that was good yesterday is looked at again today', async () => {
    const { get, clock } = await open()
    const today = '/v1/search?origin=DEL&destination=BOM&departureDate=2030-01-10'
    expect((await get({}, today)).statusCode).toBe(200)
    clock.time = Date.parse('2030-01-11T00:00:00+05:30')
    const late = await get({}, today)
    expect(late.json()).toMatchObject({ status: 400, code: 'date_in_past' })
  })
})

describe('gzip', () => {
  test('is sent to whom it suits, from the same bytes, under a tag of its own', async () => {
    const { get } = await open()
    const plain = await get()
    for (const status of ['hit', 'hit']) {
      const packed = await get({ 'accept-encoding': 'gzip, deflate, br' })
      expect(packed.headers['content-encoding']).toBe('gzip')
      expect(packed.headers['cache-status']).toContain(status)
      expect(packed.headers['content-length']).toBe(String(packed.rawPayload.length))
      expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true)
      expect(packed.headers.etag).toBe(`${plain.headers.etag?.slice(0, -1)}-gzip"`)
    }
    expect((await get({ 'accept-encoding': 'gzip;q=0' })).rawPayload.equals(plain.rawPayload)).toBe(true)
  })

  test('not for what is small, unless nothing else will do', async () => {
    const { get } = await open(async () => [])
    const small = await get({ 'accept-encoding': 'gzip' })
    expect(small.headers).not.toHaveProperty('content-encoding')
    expect(small.rawPayload.length).toBeLessThan(1024)
    const packed = await get({ 'accept-encoding': 'gzip, identity;q=0' })
    expect(gunzipSync(packed.rawPayload).equals(small.rawPayload)).toBe(true)
  })

  test('on a miss as well', async () => {
    const packed = await (await open()).get({ 'accept-encoding': 'gzip' })
    expect(packed.headers['cache-status']).toBe('fanfare; fwd=miss')
    expect(JSON.parse(gunzipSync(packed.rawPayload).toString()).complete).toBe(true)
  })
})

describe('If-None-Match', () => {
  test('304 without a body, with the headers that the answer would have', async () => {
    const { get } = await open()
    const { headers } = await get()
    const again = await get({ 'if-none-match': `W/"other", ${headers.etag}` })
    expect(again.statusCode).toBe(304)
    expect(again.rawPayload).toHaveLength(0)
    expect(again.headers).toMatchObject({
      etag: headers.etag,
      vary: 'accept, accept-encoding',
      'cache-control': 'public, max-age=60',
      'cache-status': 'fanfare; hit; detail=memory',
      age: '0',
    })
    expect(again.headers).not.toHaveProperty('content-encoding')
  })

  test('whichever encoding the client holds', async () => {
    const { get } = await open()
    const plain = await get()
    const packed = await get({ 'accept-encoding': 'gzip' })
    for (const etag of [plain.headers.etag, packed.headers.etag]) {
      for (const encoding of ['gzip', 'identity']) {
        const again = await get({ 'if-none-match': String(etag), 'accept-encoding': encoding })
        expect(again.statusCode).toBe(304)
        expect(again.headers.etag).toBe(etag)
      }
    }
  })

  test('another tag gets the whole answer', async () => {
    expect((await (await open()).get({ 'if-none-match': '"other"' })).statusCode).toBe(200)
  })
})

describe('HEAD', () => {
  test('has the headers of GET and no body', async () => {
    const { app, get } = await open()
    const whole = await get()
    const head = await app.inject({ method: 'HEAD', url })
    expect(head.statusCode).toBe(200)
    expect(head.rawPayload).toHaveLength(0)
    expect(head.headers).toMatchObject({
      etag: whole.headers.etag,
      'content-length': String(whole.rawPayload.length),
    })
  })
})

describe('pages', () => {
  test('follow one another to the end', async () => {
    const { get } = await open()
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page = await get({}, `${url}&limit=3&sort=departure${cursor === null ? '' : `&cursor=${cursor}`}`)
      const [slice] = page.json().slices
      ids.push(...slice.offers.map(({ id }: { id: string }) => id))
      cursor = slice.nextCursor
    } while (cursor !== null)
    expect(ids).toEqual(offers.map(({ id }) => id))
  })
})

describe('what is wrong', () => {
  test.each([
    ['/v1/search', 'invalid_request'],
    [`${url}&adults=0`, 'invalid_request'],
    [`${url}&adults=two`, 'invalid_request'],
    [`${url}&colour=red`, 'invalid_request'],
    [`${url}&adults=1&adults=2`, 'invalid_request'],
    [url.replace('2030-01-15', '2030-02-30'), 'invalid_request'],
    [url.replace('BOM', 'DEL'), 'invalid_request'],
    [url.replace('DEL', 'del'), 'invalid_request'],
    [url.replace('DEL', 'LON'), 'unknown_airport'],
    [url.replace('2030-01-15', '2030-01-09'), 'date_in_past'],
    [`${url}&returnDate=2030-01-14`, 'date_in_past'],
    [url.replace('2030-01-15', '2031-01-15'), 'date_too_far'],
    [`${url}&infants=2`, 'invalid_passengers'],
    [`${url}&airlines=omega`, 'unknown_airline'],
    [`${url}&currency=XXX`, 'unknown_currency'],
    [`${url}&cursor=abc`, 'invalid_cursor'],
    ['/v1/itinerary', 'invalid_request'],
    ['/v1/itinerary?offerId=nonsense', 'invalid_offer'],
    ['/v1/itinerary?offerId=alpha~1INR~x&offerId=alpha~1INR~x', 'invalid_request'],
    ['/v1/itinerary?offerId=alpha~1INR~x&offerId=alpha~2INR~x', 'offers_conflict'],
    ['/v1/itinerary?offerId=omega~1INR~x', 'invalid_offer'],
    ['/v1/itinerary?offerId=alpha~1INR~x&currency=XXX', 'unknown_currency'],
  ])('%s: %s', async (to, code) => {
    const { get, spy } = await open()
    const answer = await get({}, to)
    expect(answer.json()).toMatchObject({ status: 400, code })
    expect(spy).not.toHaveBeenCalled()
  })
})
