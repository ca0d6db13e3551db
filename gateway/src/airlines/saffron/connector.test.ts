import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AirlineError } from '../../upstream/airline-error.ts'
import { createHttpClient, type HttpClient } from '../../upstream/http-client.ts'
import type { Connector, HeldOrder, OfferRef, Order, OrderDraft, SliceQuery } from '../connector.ts'
import { saffron } from './connector.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** What the airline answers next; null: it hangs up without a word. */
let next: { status: number; body: string; contentType?: string } | null
let seen: Seen[]
let http: HttpClient
let connector: Connector
const signal = AbortSignal.timeout(30_000)

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { method, url, headers } = request
  seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
  if (next === null) response.destroy()
  else response.writeHead(next.status, { 'content-type': next.contentType ?? 'application/json' }).end(next.body)
})

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  http = createHttpClient('saffron', `http://127.0.0.1:${portOf(server.address())}`)
  connector = saffron.create({ http, key: 'our-key', secret: '', now: () => 0 })
})

afterAll(async () => {
  await http.close()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  seen = []
})

function answers(name: string, status = 200): void {
  next = { status, body: fixture(name) }
}

const query: SliceQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'premium_economy',
  passengers: [
    { id: 'p1', type: 'adult' },
    { id: 'p2', type: 'child' },
  ],
}

const offerId: string = JSON.parse(fixture('offer')).offerId
const ref: OfferRef = { airline: 'saffron', quotedPrice: { amount: '1.00', currency: 'INR' }, ref: offerId }
const total: string = JSON.parse(fixture('order-held')).pricing.total

async function draft(changes: Partial<OrderDraft> = {}): Promise<OrderDraft> {
  answers('offer')
  const offer = await connector.price(ref, signal)
  seen = []
  return {
    clientReference: 'FIXTURE-1',
    offer,
    passengers: [
      {
        id: 'p1',
        type: 'adult',
        title: 'ms',
        givenName: 'Asha',
        familyName: 'Verma',
        bornOn: '1990-04-12',
        gender: 'female',
        document: { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' },
      },
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [
      {
        segmentId: '0S107-2030-01-15-DEL',
        passengerId: 'p1',
        designator: '14A',
        price: { amount: '250.00', currency: 'INR' },
      },
    ],
    baggage: [
      {
        serviceId: 'saffron~0S107-2030-01-15-DEL~XBAG5',
        passengerId: 'p1',
        quantity: 1,
        price: { amount: '550.00', currency: 'INR' },
      },
    ],
    total: { amount: total, currency: 'INR' },
    ...changes,
  }
}

async function heldOrder(): Promise<HeldOrder> {
  const request = await draft()
  answers('order-held', 201)
  if (connector.hold === undefined) throw new Error('Saffron holds')
  const held = await connector.hold(request, signal)
  seen = []
  return held
}

async function failure(answer: Promise<unknown> | undefined): Promise<AirlineError> {
  const error = await Promise.resolve(answer).then(
    () => new Error('it answered'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AirlineError)) throw error
  return error
}

describe('what is asked', () => {
  it('is availability in the airline’s words, with our key', async () => {
    answers('availability')
    const offers = await connector.search(query, signal)
    expect(offers.length).toBeGreaterThan(9)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v2/availability' })
    expect(seen[0]?.headers).toMatchObject({ 'x-api-key': 'our-key', 'content-type': 'application/json' })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      origin: 'DEL',
      destination: 'BOM',
      departureDate: '2030-01-15',
      cabin: 'PREMIUM_ECONOMY',
      travellers: { adults: 1, children: 1, infants: 0 },
    })
  })

  it('is an offer, its seats and its baggage by the reference in the offer id', async () => {
    answers('offer')
    expect((await connector.price(ref, signal)).priceChanged).toBe(true)
    answers('seat-maps')
    expect(await connector.seatMaps(ref, signal)).toHaveLength(1)
    answers('baggage')
    expect((await connector.baggage(ref, signal)).purchasable).toHaveLength(5)
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /v2/offers/${offerId}`,
      `GET /v2/offers/${offerId}/seatmaps`,
      `GET /v2/offers/${offerId}/baggage`,
    ])
    expect(seen.every(({ headers }) => headers['x-api-key'] === 'our-key')).toBe(true)
  })

  it('is an order with everything of the draft, at the price that is expected', async () => {
    const request = await draft()
    answers('order-confirmed', 201)
    const order = await connector.purchase(request, signal)
    expect(order).toMatchObject({ status: 'confirmed', payBy: null, clientReference: 'FIXTURE-1' })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v2/orders' })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      clientReference: 'FIXTURE-1',
      offerId,
      travellers: [
        {
          travellerId: 'p1',
          travellerType: 'ADULT',
          title: 'MS',
          firstName: 'Asha',
          lastName: 'Verma',
          dateOfBirth: '1990-04-12',
          gender: 'F',
        },
      ],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      seats: [{ travellerId: 'p1', flightId: '0S107-2030-01-15-DEL', seatNumber: '14A' }],
      baggage: [{ travellerId: 'p1', productCode: 'XBAG5', units: 1 }],
      expectedTotal: total,
      payment: 'PAY_NOW',
    })
  })

  it('is a hold, its payment at the price it was held at, and its cancellation', async () => {
    const held = await heldOrder()
    expect(held).toMatchObject({ status: 'held', payBy: '2030-01-02T03:00:00Z' })
    answers('order-confirmed')
    const paid = await connector.purchase(held, signal)
    expect(paid.status).toBe('confirmed')
    answers('cancellation-quote')
    const quote = await connector.quoteCancellation(paid, signal)
    answers('cancellation')
    expect(await connector.cancel(paid, signal)).toEqual(quote)
    const path = `/v2/orders/${held.airlineReference}`
    expect(seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `POST ${path}/payment {"expectedTotal":"${total}"}`,
      `POST ${path}/cancellation-quote `,
      `POST ${path}/cancellation `,
    ])
  })

  it('is an order by our own reference', async () => {
    answers('orders-found')
    expect(await connector.findOrder('FIXTURE-1', signal)).toMatchObject({
      clientReference: 'FIXTURE-1',
      status: 'held',
    })
    answers('orders-none')
    expect(await connector.findOrder('A&B', signal)).toBeNull()
    expect(seen.map(({ url }) => url)).toEqual([
      '/v2/orders?clientReference=FIXTURE-1',
      '/v2/orders?clientReference=A%26B',
    ])
  })

  it('is not what a list holds under another reference', async () => {
    answers('orders-found')
    expect(await connector.findOrder('FIXTURE-2', signal)).toBeNull()
  })
})

describe('a reference that a client made up', () => {
  it.each(['../orders', '..', '.', 'a/b', 'a?b', 'a%2Fb', '', ' ', 'x'.repeat(101), 'é'])(
    'is refused before anyone is asked: %j',
    async (made) => {
      for (const asked of [connector.price, connector.seatMaps, connector.baggage]) {
        expect(await failure(asked({ ...ref, ref: made }, signal))).toMatchObject({
          kind: 'rejected',
          reason: 'offer_not_found',
        })
      }
      expect(seen).toEqual([])
    },
  )

  it('is refused in a draft, too', async () => {
    const request = await draft()
    const foreign = { ...request, offer: { ...request.offer, id: 'other~1.00INR~abc' } }
    expect(await failure(connector.purchase(foreign, signal))).toMatchObject({ reason: 'offer_not_found' })
    expect(seen).toEqual([])
  })
})

describe('a refusal', () => {
  it('of an airport means that there are no offers', async () => {
    answers('refused-airport', 400)
    expect(await connector.search(query, signal)).toEqual([])
  })

  it('keeps its reason and the airline’s words', async () => {
    answers('refused-offer', 404)
    const error = await failure(connector.price(ref, signal))
    expect(error).toMatchObject({ kind: 'rejected', reason: 'offer_not_found', isRetryable: false, airline: 'saffron' })
    expect(error.message).toContain('made no such offer')
  })

  it('of an order is a refusal, not an unknown outcome', async () => {
    const request = await draft()
    answers('refused-price', 409)
    expect(await failure(connector.purchase(request, signal))).toMatchObject({
      kind: 'rejected',
      reason: 'price_changed',
    })
    expect(await failure(connector.hold?.(request, signal))).toMatchObject({
      kind: 'rejected',
      reason: 'price_changed',
    })
  })

  it('of our key is one of search as well', async () => {
    answers('refused-key', 401)
    expect(await failure(connector.search(query, signal))).toMatchObject({ kind: 'rejected', reason: 'invalid' })
  })
})

const unreadable: [string, { status: number; body: string; contentType?: string }][] = [
  ['a web page with status 200', { status: 200, body: '<html>Welcome</html>', contentType: 'text/html' }],
  ['a web page with status 404', { status: 404, body: '<html>Gone</html>', contentType: 'text/html' }],
  ['JSON cut short', { status: 200, body: fixture('order-held').slice(0, -20) }],
  ['JSON of another kind', { status: 200, body: '{"ok":true}' }],
  ['nothing', { status: 200, body: '' }],
  ['a redirection', { status: 302, body: '' }],
  ['an error without a code', { status: 409, body: '{"error":{"message":"no"}}' }],
]

describe('an answer that cannot be read', () => {
  it.each(unreadable)('%s is malformed where nothing changes', async (_, answer) => {
    const held: Order = await heldOrder()
    next = answer
    for (const asking of [
      () => connector.search(query, signal),
      () => connector.price(ref, signal),
      () => connector.seatMaps(ref, signal),
      () => connector.baggage(ref, signal),
      () => connector.findOrder('FIXTURE-1', signal),
      () => connector.quoteCancellation(held, signal),
    ]) {
      expect(await failure(asking())).toMatchObject({ kind: 'malformed', isRetryable: false })
    }
  })

  it.each(unreadable)('%s leaves the outcome of a change unknown', async (_, answer) => {
    const held = await heldOrder()
    const request = await draft()
    next = answer
    for (const changing of [
      () => connector.hold?.(request, signal),
      () => connector.purchase(request, signal),
      () => connector.purchase(held, signal),
      () => connector.cancel(held, signal),
    ]) {
      expect(await failure(changing())).toMatchObject({ kind: 'unknown_outcome', isRetryable: false })
    }
  })

  it.each([
    ['a field that is missing', (offer: Record<string, unknown>) => ({ ...offer, validUntil: undefined })],
    ['a number for money', (offer: Record<string, unknown>) => ({ ...offer, pricing: { total: 4250 } })],
    ['an id that is no id', (offer: Record<string, unknown>) => ({ ...offer, offerId: 'a/../b' })],
  ])('%s is malformed', async (_, spoil) => {
    next = { status: 200, body: JSON.stringify(spoil(JSON.parse(fixture('offer')))) }
    expect(await failure(connector.price(ref, signal))).toMatchObject({ kind: 'malformed' })
  })

  it('an offer of a fare family that is not described is malformed', async () => {
    next = { status: 200, body: JSON.stringify({ ...JSON.parse(fixture('availability')), fareFamilies: [] }) }
    expect(await failure(connector.search(query, signal))).toMatchObject({ kind: 'malformed' })
  })

  it('what is new in an answer is passed over', async () => {
    next = { status: 200, body: JSON.stringify({ ...JSON.parse(fixture('offer')), loyaltyPoints: 12 }) }
    expect((await connector.price(ref, signal)).fareBrand).toBe('Classic')
  })
})

describe('an order that is not what was asked for', () => {
  it('under another reference leaves the outcome unknown', async () => {
    const request = await draft({ clientReference: 'FIXTURE-9' })
    answers('order-confirmed', 201)
    expect(await failure(connector.purchase(request, signal))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('held where it was paid, or paid where it was held, leaves the outcome unknown', async () => {
    const request = await draft()
    answers('order-held', 201)
    expect(await failure(connector.purchase(request, signal))).toMatchObject({ kind: 'unknown_outcome' })
    answers('order-confirmed', 201)
    expect(await failure(connector.hold?.(request, signal))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('lapsed since the first request for the hold has lapsed', async () => {
    const request = await draft()
    next = { status: 201, body: JSON.stringify({ ...JSON.parse(fixture('order-held')), status: 'LAPSED' }) }
    expect(await failure(connector.hold?.(request, signal))).toMatchObject({ kind: 'rejected', reason: 'hold_lapsed' })
  })
})

describe('a lost answer', () => {
  it('leaves the outcome of every change unknown, and only of a change', async () => {
    const held = await heldOrder()
    const request = await draft()
    next = null
    for (const changing of [
      () => connector.hold?.(request, signal),
      () => connector.purchase(request, signal),
      () => connector.purchase(held, signal),
      () => connector.cancel(held, signal),
    ]) {
      expect(await failure(changing())).toMatchObject({ kind: 'unknown_outcome' })
    }
    for (const asking of [
      () => connector.search(query, signal),
      () => connector.findOrder('FIXTURE-1', signal),
      () => connector.quoteCancellation(held, signal),
    ]) {
      expect(await failure(asking())).toMatchObject({ kind: 'unavailable', isRetryable: true })
    }
  })

  it('is unknown after a fault of the airline, too', async () => {
    const held = await heldOrder()
    next = { status: 500, body: '{"error":{"code":"INTERNAL_ERROR","message":"?"}}' }
    expect(await failure(connector.cancel(held, signal))).toMatchObject({ kind: 'unknown_outcome' })
    expect(await failure(connector.price(ref, signal))).toMatchObject({ kind: 'unavailable' })
  })
})
