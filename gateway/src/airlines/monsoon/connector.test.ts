import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AirlineError, type AirlineErrorKind, type Rejection } from '../../upstream/airline-error.ts'
import { createHttpClient } from '../../upstream/http-client.ts'
import type { Connector, HeldOrder, OfferRef, Order, OrderDraft, SliceQuery } from '../connector.ts'
import { monsoon } from './connector.ts'
import { mapQuote } from './map.ts'
import { readQuote } from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))
const never = new AbortController().signal

interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

interface Seen {
  line: string
  headers: IncomingMessage['headers']
  body: string
}

/** An airline that answers as the test says, and a connector that talks to it. */
interface Scene {
  connector: Connector
  clock: { time: number }
  /** Calls under /api/v1, in order. */
  calls: Seen[]
  /** Requests for tokens, in order. */
  tokens: Seen[]
  /** What the next calls are answered with; null hangs up. */
  answer(reply: Reply | null | ((seen: Seen) => Reply | null)): void
  /** What requests for a token are answered with, once the promise lets them. */
  answerTokens(reply: (nth: number) => Reply | Promise<Reply>): void
}

const numbered = (nth: number): Reply => ({
  body: JSON.stringify({ access_token: `token-${nth}`, token_type: 'Bearer', expires_in: 300 }),
})

async function openScene(): Promise<Scene> {
  const clock = { time: 1_000_000 }
  const calls: Seen[] = []
  const tokens: Seen[] = []
  let reply: (seen: Seen) => Reply | null = () => ({ body: fixture('search') })
  let tokenReply: (nth: number) => Reply | Promise<Reply> = numbered

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const seen = {
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    if (request.url === '/oauth/token') {
      tokens.push(seen)
      send(response, await tokenReply(tokens.length))
    } else {
      calls.push(seen)
      send(response, reply(seen))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  const http = createHttpClient('monsoon', `http://127.0.0.1:${address.port}`)
  onTestFinished(async () => {
    await http.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    connector: monsoon.create({ http, key: 'agency', secret: 's3cret+%', now: () => clock.time }),
    clock,
    calls,
    tokens,
    answer(next) {
      reply = typeof next === 'function' ? next : () => next
    },
    answerTokens(next) {
      tokenReply = next
    },
  }
}

function send(response: ServerResponse, reply: Reply | null): void {
  if (reply === null) response.destroy()
  else response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(reply.body)
}

function refusal(error_code: string, status = 409): Reply {
  return { status, body: JSON.stringify({ error_code, message: 'No', hint: 'Think again' }) }
}

async function errorOf(promise: Promise<unknown>): Promise<AirlineError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AirlineError) return error
  throw new Error(`expected an AirlineError, got ${error}`)
}

async function kindOf(promise: Promise<unknown>): Promise<[AirlineErrorKind, Rejection | undefined]> {
  const { airline, kind, reason } = await errorOf(promise)
  expect(airline).toBe('monsoon')
  return [kind, reason]
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await nextTurn()
}

const query: SliceQuery = {
  origin: 'BOM',
  destination: 'DXB',
  departureDate: '2030-02-12',
  cabin: 'economy',
  passengers: [
    { id: 'p1', type: 'adult' },
    { id: 'p2', type: 'infant' },
  ],
}

const quoted = mapQuote(readQuote(fixture('quote')), { amount: '28400.70', currency: 'INR' })
const fareKey = '0U2941-20300212-BOM.GOEASY.211.vbbs7c.1g5o2x2m'
const ref: OfferRef = { airline: 'monsoon', quotedPrice: quoted.quotedPrice, ref: fareKey }

const draft: OrderDraft = {
  clientReference: 'FNTEST01-1',
  offer: quoted,
  passengers: [
    {
      id: 'p1',
      type: 'adult',
      title: 'ms',
      givenName: 'Asha',
      familyName: 'Verma',
      bornOn: '1990-04-12',
      gender: 'female',
    },
  ],
  contact: { email: 'asha@example.com', phone: '+919810012345' },
  seats: [],
  baggage: [
    {
      serviceId: 'monsoon~0U2941-2030-02-12-BOM~BAG23',
      passengerId: 'p1',
      quantity: 2,
      price: { amount: '4900.00', currency: 'INR' },
    },
  ],
  total: { amount: '40298.70', currency: 'INR' },
}

const zero = { amount: '0.00', currency: 'INR' }
const order: Order = {
  airline: 'monsoon',
  clientReference: 'FNTEST01-1',
  airlineReference: 'PM2SDQ',
  status: 'confirmed',
  price: { base: zero, taxes: zero, seats: zero, baggage: zero, total: zero },
  payBy: null,
}

describe('tokens', () => {
  it('are fetched once, however many call at once', async () => {
    const { answerTokens, calls, connector, tokens } = await openScene()
    const gate = Promise.withResolvers<void>()
    answerTokens(async (nth) => {
      await gate.promise
      return numbered(nth)
    })
    const searches = Promise.all(Array.from({ length: 100 }, () => connector.search(query, never)))
    await until(() => tokens.length > 0)
    gate.resolve()
    expect(await searches).toHaveLength(100)
    expect(tokens).toHaveLength(1)
    expect(calls).toHaveLength(100)
    expect(new Set(calls.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-1']))
  })

  it('are asked for as RFC 6749 has it', async () => {
    const { connector, tokens } = await openScene()
    await connector.search(query, never)
    const [{ headers, body } = { headers: {}, body: '' }] = tokens
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(body).toBe('grant_type=client_credentials')
    const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? []
    expect([scheme, Buffer.from(credentials, 'base64').toString()]).toEqual(['Basic', 'agency:s3cret%2B%25'])
  })

  it('are renewed when a fifth of their life is left, and nobody waits for that', async () => {
    const { answerTokens, calls, clock, connector, tokens } = await openScene()
    await connector.search(query, never)
    clock.time += 240_000 - 1
    await connector.search(query, never)
    expect(tokens).toHaveLength(1)
    const gate = Promise.withResolvers<void>()
    answerTokens(async (nth) => {
      await gate.promise
      return numbered(nth)
    })
    clock.time += 1
    await Promise.all(Array.from({ length: 200 }, () => connector.search(query, never)))
    expect(calls).toHaveLength(202)
    expect(new Set(calls.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-1']))
    await until(() => tokens.length === 2)
    gate.resolve()
    await until(async () => {
      await connector.search(query, never)
      return calls.at(-1)?.headers.authorization === 'Bearer token-2'
    })
    expect(tokens).toHaveLength(2)
  })

  it('that expired are waited for: 200 calls at once ask for one', async () => {
    const { answerTokens, calls, clock, connector, tokens } = await openScene()
    await connector.search(query, never)
    const gate = Promise.withResolvers<void>()
    answerTokens(async (nth) => {
      await gate.promise
      return numbered(nth)
    })
    clock.time += 285_000
    const searches = Promise.all(Array.from({ length: 200 }, () => connector.search(query, never)))
    await until(() => tokens.length === 2)
    expect(calls).toHaveLength(1)
    gate.resolve()
    expect((await searches).every((offers) => offers.length > 0)).toBe(true)
    expect(tokens).toHaveLength(2)
    expect(new Set(calls.slice(1).map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-2']))
  })

  it('that cannot be renewed stay in use while they are good, and the renewal is tried again later', async () => {
    const { answerTokens, clock, connector, tokens } = await openScene()
    await connector.search(query, never)
    answerTokens(() => ({ status: 503 }))
    clock.time += 240_000
    await connector.search(query, never)
    await until(() => tokens.length === 2)
    // One more call after the failure is known finds that it is too early to try again.
    for (let n = 0; n < 20; n++) expect(await connector.search(query, never)).not.toEqual([])
    expect(tokens).toHaveLength(2)
    clock.time += 1_000
    answerTokens(numbered)
    await connector.search(query, never)
    await until(() => tokens.length === 3)
  })

  it('that are refused are replaced once by all who were refused, and the call is made once more', async () => {
    const { answer, calls, connector, tokens } = await openScene()
    await connector.search(query, never)
    answer(({ headers }) =>
      headers.authorization === 'Bearer token-1' ? refusal('TOKEN_INVALID', 401) : { body: fixture('search') },
    )
    const found = await Promise.all(Array.from({ length: 30 }, () => connector.search(query, never)))
    expect(found.every((offers) => offers.length > 0)).toBe(true)
    expect(tokens).toHaveLength(2)
    expect(calls).toHaveLength(1 + 30 + 30)
  })

  it('that are refused twice end the call', async () => {
    const { answer, calls, connector, tokens } = await openScene()
    answer(refusal('TOKEN_INVALID', 401))
    expect(await kindOf(connector.purchase(draft, never))).toEqual(['rejected', 'invalid'])
    expect([calls.length, tokens.length]).toEqual([2, 2])
  })

  it('let a purchase that was refused for its token through once', async () => {
    const { answer, calls, connector } = await openScene()
    answer(({ headers }) =>
      headers.authorization === 'Bearer token-1'
        ? refusal('TOKEN_INVALID', 401)
        : { status: 201, body: fixture('booking') },
    )
    expect((await connector.purchase(draft, never)).airlineReference).toBe('PM2SDQ')
    expect(calls.map(({ body }) => body)).toEqual([calls[0]?.body, calls[0]?.body])
  })

  it('come too late for one caller and in time for the others', async () => {
    const { answerTokens, connector, tokens } = await openScene()
    const gate = Promise.withResolvers<void>()
    answerTokens(async (nth) => {
      await gate.promise
      return numbered(nth)
    })
    const hurried = new AbortController()
    const late = errorOf(connector.purchase(draft, hurried.signal))
    const patient = connector.search(query, never)
    await until(() => tokens.length === 1)
    hurried.abort()
    expect((await late).kind).toBe('timeout')
    gate.resolve()
    expect((await patient).length).toBeGreaterThan(0)
    expect(tokens).toHaveLength(1)
  })

  it('are not waited for by a caller who has given up already', async () => {
    const { calls, connector } = await openScene()
    expect((await errorOf(connector.search(query, AbortSignal.abort()))).kind).toBe('timeout')
    expect(calls).toEqual([])
  })

  it('that cannot be had leave nothing done, and are asked for again by the next call', async () => {
    const { answerTokens, calls, connector } = await openScene()
    const cases: [Reply, AirlineErrorKind][] = [
      [{ status: 503 }, 'unavailable'],
      [{ status: 429, headers: { 'retry-after': '3' } }, 'rate_limited'],
      [{ status: 401, body: '{"error":"invalid_client"}' }, 'rejected'],
      [{ status: 404, body: 'what?' }, 'malformed'],
      [{ body: '<html>Welcome</html>' }, 'malformed'],
      [{ body: '{"access_token":"a b","token_type":"Bearer","expires_in":300}' }, 'malformed'],
      [{ body: '{"access_token":"abc","token_type":"mac","expires_in":300}' }, 'malformed'],
      [{ body: '{"access_token":"abc","token_type":"Bearer"}' }, 'malformed'],
    ]
    for (const [reply, kind] of cases) {
      answerTokens(() => reply)
      expect((await errorOf(connector.purchase(draft, never))).kind, JSON.stringify(reply)).toBe(kind)
    }
    expect(calls).toEqual([])
    answerTokens(numbered)
    expect((await connector.search(query, never)).length).toBeGreaterThan(0)
  })
})

describe('looking', () => {
  it('asks in Monsoon’s words', async () => {
    const { answer, calls, connector } = await openScene()
    await connector.search(query, never)
    answer({ body: fixture('quote') })
    expect(await connector.price(ref, never)).toEqual(quoted)
    answer({ body: fixture('seats') })
    expect((await connector.seatMaps(ref, never)).map(({ segmentId }) => segmentId)).toEqual(['0U2941-2030-02-12-BOM'])
    answer({ body: fixture('extras') })
    expect((await connector.baggage(ref, never)).purchasable).toHaveLength(3)
    expect(calls.map(({ line, body }) => [line, body === '' ? null : JSON.parse(body)])).toEqual([
      ['POST /api/v1/flights/search', { from: 'BOM', to: 'DXB', date: '2030-02-12', pax: { adt: 1, chd: 0, inf: 1 } }],
      ['POST /api/v1/quotes', { fare_key: fareKey }],
      [`GET /api/v1/flights/seats?fare_key=${fareKey}`, null],
      [`GET /api/v1/extras?fare_key=${fareKey}`, null],
    ])
  })

  it('finds nothing where Monsoon has nothing: another cabin, an airport it does not know', async () => {
    const { answer, calls, connector, tokens } = await openScene()
    for (const cabin of ['premium_economy', 'business', 'first'] as const) {
      expect(await connector.search({ ...query, cabin }, never)).toEqual([])
    }
    expect([calls, tokens]).toEqual([[], []])
    answer({ status: 422, body: fixture('airport-unknown') })
    expect(await connector.search(query, never)).toEqual([])
    answer(refusal('PAX_INVALID', 422))
    expect(await kindOf(connector.search(query, never))).toEqual(['rejected', 'invalid'])
  })

  it('names every way it can go wrong', async () => {
    const { answer, connector } = await openScene()
    const cut = fixture('search').toString().slice(0, 200)
    const cases: [Reply | null, AirlineErrorKind, Rejection | undefined][] = [
      [refusal('FARE_UNKNOWN', 404), 'rejected', 'offer_not_found'],
      [refusal('FARE_EXPIRED', 410), 'rejected', 'offer_expired'],
      [refusal('FLIGHT_FULL'), 'rejected', 'sold_out'],
      [{ body: '<html>Busy</html>' }, 'malformed', undefined],
      [{ body: cut }, 'malformed', undefined],
      [{ status: 404, body: '<html>Not here</html>' }, 'malformed', undefined],
      [{ status: 204 }, 'malformed', undefined],
      [{ status: 302, headers: { location: '/login' } }, 'malformed', undefined],
      [{ status: 429, headers: { 'retry-after': '2' } }, 'rate_limited', undefined],
      [{ status: 500, body: '{}' }, 'unavailable', undefined],
      [null, 'unavailable', undefined],
    ]
    for (const [reply, kind, reason] of cases) {
      answer(reply)
      expect(await kindOf(connector.price(ref, never)), JSON.stringify(reply)).toEqual([kind, reason])
    }
    answer({ status: 429, headers: { 'retry-after': '2' } })
    expect((await errorOf(connector.search(query, never))).retryAfterMs).toBe(2_000)
  })

  it('sends nothing for a reference that Monsoon cannot have made', async () => {
    const { calls, connector } = await openScene()
    for (const forged of ['', '../bookings', 'a b', 'a&b=c', 'a%2F', 'x'.repeat(901), 'a\n']) {
      for (const ask of [connector.price, connector.seatMaps, connector.baggage]) {
        expect(await kindOf(ask({ ...ref, ref: forged }, never)), forged).toEqual(['rejected', 'offer_not_found'])
      }
    }
    expect(calls).toEqual([])
  })
})

describe('buying', () => {
  it('asks at the price of the draft and says what was bought', async () => {
    const { answer, calls, connector } = await openScene()
    answer({ status: 201, body: fixture('booking') })
    expect(await connector.purchase(draft, never)).toMatchObject({
      clientReference: 'FNTEST01-1',
      airlineReference: 'PM2SDQ',
      status: 'confirmed',
      price: { total: { amount: '40298.70', currency: 'INR' } },
    })
    expect(calls.map(({ line }) => line)).toEqual(['POST /api/v1/bookings'])
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      external_reference: 'FNTEST01-1',
      fare_key: fareKey,
      extras: [{ pax_ref: 'p1', extra_code: 'BAG23', quantity: 2 }],
      agreed_total: { amount_minor: 4029870, currency: 'INR' },
    })
  })

  it('never guesses and never tries twice', async () => {
    const { answer, calls, connector } = await openScene()
    const other = fixture('booking').toString().replace('FNTEST01-1', 'FNTEST01-2')
    const cases: [Reply | null, AirlineErrorKind, Rejection | undefined][] = [
      [refusal('SEAT_GONE'), 'rejected', 'seat_taken'],
      [{ status: 409, body: fixture('price-moved') }, 'rejected', 'price_changed'],
      [refusal('FLIGHT_FULL'), 'rejected', 'sold_out'],
      [refusal('EXTRA_UNKNOWN', 422), 'rejected', 'service_unavailable'],
      [refusal('REFERENCE_IN_USE'), 'rejected', 'invalid'],
      [{ status: 429 }, 'rate_limited', undefined],
      [{ status: 201, body: '<html>Thanks</html>' }, 'unknown_outcome', undefined],
      [{ status: 201, body: fixture('booking').toString().slice(0, 300) }, 'unknown_outcome', undefined],
      [{ status: 201, body: other }, 'unknown_outcome', undefined],
      [{ status: 201, body: fixture('booking-cancelled') }, 'unknown_outcome', undefined],
      [{ status: 204 }, 'unknown_outcome', undefined],
      [{ status: 400, body: '<html>Bad gateway</html>' }, 'unknown_outcome', undefined],
      [{ status: 500, body: '{}' }, 'unknown_outcome', undefined],
      [null, 'unknown_outcome', undefined],
    ]
    for (const [reply, kind, reason] of cases) {
      answer(reply)
      calls.length = 0
      expect(await kindOf(connector.purchase(draft, never)), JSON.stringify(reply)).toEqual([kind, reason])
      expect(calls).toHaveLength(1)
    }
  })

  it('sends nothing for what is not Monsoon’s to sell', async () => {
    const { calls, connector } = await openScene()
    const [bag] = draft.baggage
    if (!bag) throw new Error('the draft has no baggage')
    const held: HeldOrder = { ...order, status: 'held', payBy: '2030-01-02T00:00:00Z' }
    const alien = { ...draft, offer: { ...quoted, id: quoted.id.replace('monsoon', 'saffron') } }
    const service = { ...draft, baggage: [{ ...bag, serviceId: 'monsoon~0U1-2030-02-12-BOM~BAG23' }] }
    expect(await kindOf(connector.purchase(held, never))).toEqual(['rejected', 'not_supported'])
    expect(await kindOf(connector.purchase(alien, never))).toEqual(['rejected', 'offer_not_found'])
    expect(await kindOf(connector.purchase(service, never))).toEqual(['rejected', 'service_unavailable'])
    expect(calls).toEqual([])
    expect('hold' in connector).toBe(false)
  })
})

describe('afterwards', () => {
  it('finds an order by our reference, and only that one', async () => {
    const { answer, calls, connector } = await openScene()
    answer({ body: fixture('booking-list') })
    expect(await connector.findOrder('FNTEST01-1', never)).toMatchObject({ airlineReference: 'PM2SDQ' })
    expect(await connector.findOrder('FNTEST01-9&x=y', never)).toBeNull()
    answer({ body: fixture('booking-list-empty') })
    expect(await connector.findOrder('FNTEST01-2', never)).toBeNull()
    expect(calls.map(({ line }) => line)).toEqual([
      'GET /api/v1/bookings?external_reference=FNTEST01-1',
      'GET /api/v1/bookings?external_reference=FNTEST01-9%26x%3Dy',
      'GET /api/v1/bookings?external_reference=FNTEST01-2',
    ])
  })

  it('quotes and cancels, with the same answer to both', async () => {
    const { answer, calls, connector } = await openScene()
    const refund = { refund: { amount: '25403.70', currency: 'INR' }, fee: { amount: '14895.00', currency: 'INR' } }
    answer({ body: fixture('refund-quote') })
    expect(await connector.quoteCancellation(order, never)).toEqual(refund)
    answer({ body: fixture('booking-cancelled') })
    expect(await connector.cancel(order, never)).toEqual(refund)
    expect(calls.map(({ line }) => line)).toEqual([
      'GET /api/v1/bookings/PM2SDQ/refund_quote',
      'POST /api/v1/bookings/PM2SDQ/cancel',
    ])
  })

  it('does not know what became of a cancellation whose answer it cannot read', async () => {
    const { answer, connector } = await openScene()
    const cases: [Reply | null, AirlineErrorKind, Rejection | undefined][] = [
      [refusal('NOT_CANCELLABLE'), 'rejected', 'not_cancellable'],
      [refusal('PNR_UNKNOWN', 404), 'rejected', 'order_not_found'],
      [{ body: fixture('booking') }, 'unknown_outcome', undefined],
      [{ body: '<html>' }, 'unknown_outcome', undefined],
      [{ status: 502 }, 'unknown_outcome', undefined],
      [null, 'unknown_outcome', undefined],
    ]
    for (const [reply, kind, reason] of cases) {
      answer(reply)
      expect(await kindOf(connector.cancel(order, never)), JSON.stringify(reply)).toEqual([kind, reason])
    }
    answer(null)
    expect(await kindOf(connector.quoteCancellation(order, never))).toEqual(['unavailable', undefined])
    expect(await kindOf(connector.findOrder('FNTEST01-1', never))).toEqual(['unavailable', undefined])
  })
})
