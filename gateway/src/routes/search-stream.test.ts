import { once } from 'node:events'
import { type ClientRequest, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../../../tests/support/until.ts'
import type { Connector } from '../airlines/connector.ts'
import { handleError } from '../http/error-handler.ts'
import { createValidatorCompiler, toInvalidRequest } from '../http/validation.ts'
import { streamExample } from '../openapi/stream-example.ts'
import { components } from '../schemas/index.ts'
import type { Offer } from '../schemas/offer.ts'
import type { ShoppingSettings } from '../shopping/settings.ts'
import { createShopping } from '../shopping/shopping.ts'
import { makeConnector, makeOffer, noLog, noon } from '../shopping/testing.ts'
import { createFaultRequests } from '../simulation/fault-header.ts'
import { createHttpClient } from '../upstream/http-client.ts'
import { itineraryRoutes } from './itinerary.ts'
import { createKnownSearches } from './known-searches.ts'
import { searchRoutes } from './search.ts'
import { type StreamBounds, streamBounds } from './search-stream.ts'

const path = '/v1/search?origin=DEL&destination=BOM&departureDate=2030-01-15'
const asStream = { accept: 'text/event-stream' }
const expiresAt = '2030-01-20T00:00:00Z'
const alphaOffer = makeOffer({ airline: 'alpha', ref: 'A1', amount: '200.00', expiresAt })
const betaOffer = makeOffer({
  airline: 'beta',
  ref: 'B1',
  amount: '100.00',
  expiresAt,
  departingAt: '2030-01-15T05:00:00+05:30',
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Options {
  settings?: Partial<ShoppingSettings>
  bounds?: Partial<StreamBounds>
}

/** A gateway that listens, with airlines that the test plays. */
async function serve(searches: Record<string, Connector['search']>, { settings = {}, bounds = {} }: Options = {}) {
  const connectors = new Map(Object.entries(searches).map(([name, search]) => [name, makeConnector(name, { search })]))
  const shopping = createShopping({ connectors, settings, now: () => noon, log: noLog })
  const app = Fastify({
    schemaErrorFormatter: toInvalidRequest,
    forceCloseConnections: true,
    logger: { level: 'silent' },
  })
  app.withTypeProvider<TypeBoxTypeProvider>()
  for (const component of components) app.addSchema(component)
  app.setValidatorCompiler(createValidatorCompiler())
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(handleError)
  const faults = createFaultRequests({ airlines: [], isOpen: false })
  await app.register(searchRoutes, {
    shopping,
    known: createKnownSearches(shopping),
    faults,
    bounds: { ...streamBounds, ...bounds },
  })
  await app.register(itineraryRoutes, { shopping, faults })
  closing.push(async () => {
    await app.close()
    shopping.close()
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url: `${url}${path}`, base: url }
}

interface Event {
  id?: string
  event: string
  data: Record<string, unknown>
}

function eventsIn(text: string): Event[] {
  return text.split('\n\n').flatMap((block) => {
    const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith(':'))
    if (lines.length === 0) return []
    const fields = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    )
    return [{ ...fields, event: fields.event ?? '', data: JSON.parse(fields.data ?? 'null') }]
  })
}

const wordsOf = (events: Event[]) => events.map(({ event, data }) => `${event} ${data.airline ?? ''}`.trim())

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject))
}

/** A request whose answer is read as it comes. */
async function open(url: string, headers: Record<string, string> = asStream) {
  const request = get(url, { headers, agent: false })
  request.on('error', () => {})
  const response = await responseOf(request)
  let text = ''
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  response.on('error', () => {})
  return { response, leave: () => request.destroy(), text: () => text, events: () => eventsIn(text) }
}

const fetchText = async (url: string, headers: Record<string, string> = asStream) => {
  const response = await fetch(url, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** An airline at the other end of a real connection, that answers when it is told to. */
async function startAirline() {
  const waiting: ServerResponse[] = []
  let closed = 0
  const server = createServer((_request, response) => {
    waiting.push(response)
    response.on('close', () => {
      if (!response.writableFinished) closed++
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  const http = createHttpClient('alpha', `http://127.0.0.1:${address.port}`)
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await http.close()
  })
  const search: Connector['search'] = async (_query, signal) => {
    const { body } = await http.request({ method: 'GET', path: '/', headers: {}, signal })
    const offers: Offer[] = JSON.parse(body.toString())
    return offers
  }
  return {
    search,
    asked: (times: number) => until(`${times} calls`, () => waiting.length >= times),
    hungUp: () => closed,
    answer: (offers: Offer[]) => waiting.at(-1)?.end(JSON.stringify(offers)),
  }
}

describe('a stream', () => {
  test('tells of each airline as it answers, and ends with what the plain call gives', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { url } = await serve({ alpha: async () => [alphaOffer], beta: () => late.promise })
    const stream = await open(url)
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      'cache-control': 'no-store',
      vary: 'accept, accept-encoding',
    })
    await until('alpha is told of', () => stream.events().length === 2)
    expect(wordsOf(stream.events())).toEqual(['offers alpha', 'source alpha'])
    expect(stream.events()[0]?.data).toMatchObject({ slice: 0, offers: [{ id: alphaOffer.id }] })
    late.resolve([betaOffer])
    await once(stream.response, 'end')
    expect(wordsOf(stream.events()).slice(2)).toEqual(['offers beta', 'source beta', 'done'])
    const done = stream.events().at(-1)
    expect(done?.id).toBe('done')
    expect(done?.data).toEqual(JSON.parse((await fetchText(url, {})).text))
  })

  test('of a cached answer comes at once, and of one client’s search tells another what came before', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { url } = await serve({ alpha: async () => [alphaOffer], beta: () => late.promise })
    const first = await open(url)
    await until('alpha is told of', () => first.events().length === 2)
    const second = await open(url)
    await until('it is told of again', () => second.events().length === 2)
    late.resolve([betaOffer])
    await Promise.all([once(first.response, 'end'), once(second.response, 'end')])
    expect(second.text()).toBe(first.text())
    const { text } = await fetchText(url)
    const cached = eventsIn(text)
    expect(wordsOf(cached)).toEqual(['offers alpha', 'source alpha', 'offers beta', 'source beta', 'done'])
    expect(cached.at(-1)).toEqual(first.events().at(-1))
    expect(text).toBe(streamExample(JSON.parse((await fetchText(url, {})).text)))
  })

  test('is filtered and priced like the search', async () => {
    const dear = makeOffer({
      airline: 'alpha',
      ref: 'A2',
      amount: '900.00',
      expiresAt,
      departingAt: '2030-01-15T09:00:00+05:30',
    })
    const { url } = await serve({ alpha: async () => [alphaOffer, dear] })
    const [offers] = eventsIn((await fetchText(`${url}&currency=USD&maxPrice=5`)).text)
    expect(offers?.data.offers).toMatchObject([{ id: alphaOffer.id, price: { currency: 'USD' } }])
  })

  test('of a return trip has the slice with the offers, and one source per airline at its last', async () => {
    const back = makeOffer({
      ref: 'A2',
      origin: 'BOM',
      destination: 'DEL',
      departingAt: '2030-01-20T06:00:00+05:30',
      expiresAt,
    })
    const { url } = await serve({ alpha: async ({ origin }) => (origin === 'DEL' ? [alphaOffer] : [back]) })
    const events = eventsIn((await fetchText(`${url}&returnDate=2030-01-20`)).text)
    expect(wordsOf(events)).toEqual(['offers alpha', 'offers alpha', 'source alpha', 'done'])
    expect(
      events
        .slice(0, 2)
        .map(({ data }) => data.slice)
        .sort(),
    ).toEqual([0, 1])
    expect(events[2]?.data).toMatchObject({ offerCount: 2 })
  })

  test('ends at the deadline, naming who is missing', async () => {
    const { url } = await serve({ alpha: async () => [alphaOffer], beta: () => new Promise(() => {}) })
    const events = eventsIn((await fetchText(url, { ...asStream, 'fanfare-deadline': '80' })).text)
    expect(wordsOf(events)).toEqual(['offers alpha', 'source alpha', 'source beta', 'done'])
    expect(events[2]?.data).toMatchObject({ status: 'timeout', reason: 'timeout' })
    expect(events[3]?.data).toMatchObject({ complete: false })
  })

  test('opens before anybody has answered, so that a slow one is seen to be alive', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { url } = await serve({ alpha: () => late.promise }, { bounds: { openAfterMs: 1 } })
    const stream = await open(url)
    expect(stream.response.statusCode).toBe(200)
    expect(stream.events()).toEqual([])
    late.resolve([])
    await once(stream.response, 'end')
    expect(wordsOf(stream.events())).toEqual(['offers alpha', 'source alpha', 'done'])
  })
})

describe('who gets one', () => {
  const json = 'application/json; charset=utf-8'
  test.each([
    ['text/event-stream', 'text/event-stream'],
    ['text/event-stream, */*', 'text/event-stream'],
    ['application/json;q=0.5, Text/Event-Stream, text/event-stream', 'text/event-stream'],
    ['application/json, text/event-stream', json],
    ['text/event-stream;q=0, */*', json],
    ['*/*', json],
    ['text/*', json],
  ])('%s: %s, whether the answer is cached or not', async (accept, type) => {
    const { url } = await serve({ alpha: async () => [alphaOffer] })
    for (let time = 0; time < 2; time++) {
      const { headers } = await fetchText(url, { accept })
      expect(headers.get('content-type')).toBe(type)
    }
  })

  test('not whoever has had the whole of it', async () => {
    const { url } = await serve({ alpha: async () => [alphaOffer] })
    const again = await fetchText(url, { ...asStream, 'last-event-id': 'done' })
    expect(again).toMatchObject({ status: 204, text: '' })
  })

  test('not who asks for what cannot be: an error has its status', async () => {
    const { url } = await serve({ alpha: async () => [] }, { settings: { atOnce: 1 } })
    const wrong = await fetchText(url.replace('DEL', 'XXX'))
    expect(wrong.status).toBe(400)
    expect(wrong.headers.get('content-type')).toContain('application/problem+json')
    expect(JSON.parse(wrong.text)).toMatchObject({ code: 'unknown_airport' })
  })

  test('not one too many', async () => {
    const late = Promise.withResolvers<Offer[]>()
    const { url } = await serve({ alpha: () => late.promise }, { settings: { atOnce: 1 }, bounds: { openAfterMs: 1 } })
    const stream = await open(url)
    const refused = await fetchText(`${url}&limit=1`)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    late.resolve([])
    await once(stream.response, 'end')
    expect((await fetchText(`${url}&limit=1`)).status).toBe(200)
  })
})

describe('a client that leaves', () => {
  test.each([
    ['a stream', asStream],
    ['a plain answer', { accept: 'application/json' }],
  ])('%s: the airline sees its connection closed', async (_, headers) => {
    const airline = await startAirline()
    const { url } = await serve({ alpha: airline.search }, { bounds: { openAfterMs: 1 } })
    const request = get(url, { headers, agent: false }).on('error', () => {})
    await airline.asked(1)
    expect(airline.hungUp()).toBe(0)
    request.destroy()
    await until('the airline is hung up on', () => airline.hungUp() === 1)
    const again = open(url, headers)
    await airline.asked(2)
    airline.answer([alphaOffer])
    expect((await again).response.statusCode).toBe(200)
  })

  test('while another waits ends nothing', async () => {
    const airline = await startAirline()
    const { url } = await serve({ alpha: airline.search }, { bounds: { openAfterMs: 1 } })
    const [leaving, staying, other] = [await open(url), await open(url), await open(`${url}&currency=USD`)]
    await airline.asked(1)
    leaving.leave()
    await until('the first has left', () => leaving.response.destroyed)
    airline.answer([alphaOffer])
    await Promise.all([staying, other].map(({ response }) => once(response, 'end')))
    for (const { events } of [staying, other]) expect(events().at(-1)?.data).toMatchObject({ complete: true })
    expect(airline.hungUp()).toBe(0)
  })
})

test('a client that does not read is cut off', async () => {
  const names = Array.from({ length: 12 }, (_, place) => `air${String.fromCharCode(97 + place)}`)
  const many = (airline: string) =>
    Array.from({ length: 1_000 }, (_, place) => {
      const departingAt = new Date(Date.parse('2030-01-15T00:00:00Z') + place * 60_000).toISOString()
      const offer = makeOffer({ airline, ref: `R${place}`, departingAt, expiresAt, fareBrand: 'x'.repeat(4_000) })
      return { ...offer, slice: { ...offer.slice } }
    })
  const gates = names.map(() => Promise.withResolvers<void>())
  const { url } = await serve(
    Object.fromEntries(
      names.map((name, place) => [
        name,
        async () => {
          await gates[place]?.promise
          return many(name)
        },
      ]),
    ),
    { bounds: { maxUnreadBytes: 10_000, openAfterMs: 1 } },
  )
  const request = get(`${url}&limit=200`, { headers: asStream, agent: false }).on('error', () => {})
  const response = await responseOf(request)
  response.pause()
  let isCut = false
  response.on('error', () => {
    isCut = true
  })
  response.socket.on('close', () => {
    isCut = true
  })
  for (const gate of gates) gate.resolve()
  // What is still on its way is read once nothing more can be added to it: it ends in the middle.
  await until(
    'the gateway has nothing more to send',
    async () => (await fetchText(`${url}&limit=200`, {})).status === 200,
  )
  let text = ''
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  response.resume()
  await until('the connection is cut', () => isCut)
  expect(text).not.toContain('event: done')
}, 60_000)

describe('Fanfare-Deadline', () => {
  test.each(['0', '-1', '60001', '1.5', '1e3', '0x10', ' ', 'soon', '1,2', '007', '100000'])(
    '%j is refused',
    async (value) => {
      const { url, base } = await serve({ alpha: async () => [alphaOffer] })
      await fetchText(url, {})
      for (const to of [url, `${base}/v1/itinerary?offerId=${alphaOffer.id}`]) {
        const { status, text } = await fetchText(to, { 'fanfare-deadline': value })
        expect(status).toBe(400)
        expect(JSON.parse(text)).toMatchObject({ code: 'invalid_request', errors: [{ path: '/fanfare-deadline' }] })
      }
    },
  )

  test.each(['1', '60000'])('%s is taken', async (value) => {
    const { url } = await serve({ alpha: async () => [alphaOffer] })
    await fetchText(url, {})
    expect((await fetchText(url, { 'fanfare-deadline': value })).status).toBe(200)
  })

  test('of an itinerary is what its price is waited for', async () => {
    const { base } = await serve({ alpha: () => new Promise(() => {}) })
    const { status, text } = await fetchText(`${base}/v1/itinerary?offerId=${alphaOffer.id}`, {
      'fanfare-deadline': '30',
    })
    expect(status).toBe(504)
    expect(JSON.parse(text)).toMatchObject({ code: 'airline_timeout' })
  })
})
