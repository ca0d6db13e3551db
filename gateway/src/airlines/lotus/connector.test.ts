import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AirlineError } from '../../upstream/airline-error.ts'
import { createHttpClient, type HttpClient } from '../../upstream/http-client.ts'
import type { Connector, HeldOrder, OfferRef, OrderDraft, SliceQuery } from '../connector.ts'
import { lotus } from './connector.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** What the airline answers; null: it hangs up without a word; 'silence': it never answers. */
type Reply = { status: number; body: string; contentType?: string } | null | 'silence'

/** What the airline answers next, and after that; the last one stands. */
let next: Reply[]
let seen: Seen[]
let http: HttpClient
let connector: Connector
const ourTime = 1_893_466_800_000
const calm = AbortSignal.timeout(30_000)

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { method = '', url = '', headers } = request
  seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
  const reply = next.length > 1 ? next.shift() : next[0]
  if (reply === 'silence') return
  if (!reply) response.destroy()
  else response.writeHead(reply.status, { 'content-type': reply.contentType ?? 'application/json' }).end(reply.body)
})

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  http = createHttpClient('lotus', `http://127.0.0.1:${portOf(server.address())}`)
})

afterAll(async () => {
  server.closeAllConnections()
  await http.close()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  seen = []
  connector = lotus.create({ http, key: 'our-key', secret: 'our-secret', now: () => ourTime })
})

const recorded = (name: string, status = 200): Reply => ({ status, body: fixture(name) })
const answers = (...replies: Reply[]) => {
  next = replies
}

const query: SliceQuery = {
  origin: 'DEL',
  destination: 'BKK',
  departureDate: '2030-01-15',
  cabin: 'premium_economy',
  passengers: [
    { id: 'p1', type: 'adult' },
    { id: 'p2', type: 'child' },
  ],
}

const search = [recorded('search-accepted', 202), recorded('search-1'), recorded('search-2')]
const token: string = JSON.parse(fixture('offer')).bundle.offerToken
const searchId: string = JSON.parse(fixture('search-accepted')).searchId
const ref: OfferRef = { airline: 'lotus', quotedPrice: { amount: '1.00', currency: 'THB' }, ref: token }
const total = Number(JSON.parse(fixture('reservation-held')).charges.total).toFixed(2)

async function draft(changes: Partial<OrderDraft> = {}): Promise<OrderDraft> {
  answers(recorded('offer'))
  const offer = await connector.price(ref, calm)
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
        gender: 'unspecified',
        document: { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' },
      },
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [
      {
        segmentId: '0L593-2030-01-15-DEL',
        passengerId: 'p1',
        designator: '14A',
        price: { amount: '0.00', currency: 'THB' },
      },
    ],
    baggage: [
      {
        serviceId: 'lotus~0L593-2030-01-15-DEL~BAG23',
        passengerId: 'p1',
        quantity: 1,
        price: { amount: '2100.00', currency: 'THB' },
      },
    ],
    total: { amount: total, currency: 'THB' },
    ...changes,
  }
}

async function heldOrder(): Promise<HeldOrder> {
  const request = await draft()
  answers(recorded('reservation-held', 201))
  if (connector.hold === undefined) throw new Error('Lotus Air holds')
  const held = await connector.hold(request, calm)
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

/** The signature that a request must carry, reckoned from what arrived. */
function rightSignature({ method, url, headers, body }: Seen): string {
  const [path, query = ''] = url.split('?')
  const text = [
    'LOTUS-HMAC-SHA256',
    headers['x-lotus-key'],
    headers['x-lotus-timestamp'],
    headers['x-lotus-nonce'],
    method,
    path,
    query,
    createHash('sha256').update(body).digest('hex'),
  ]
  return createHmac('sha256', 'our-secret').update(text.join('\n')).digest('hex')
}

describe('what is asked', () => {
  it('is a search in the airline’s words, then its pages one by one', async () => {
    answers(...search)
    const offers = await connector.search(query, calm)
    expect(offers.length).toBeGreaterThan(20)
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/searches',
      `GET /v1/searches/${searchId}?page=1`,
      `GET /v1/searches/${searchId}?page=2`,
    ])
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      from: 'DEL',
      to: 'BKK',
      departOn: '2030-01-15',
      cabin: 'premium-economy',
      travelParty: { adults: 1, children: 1, infants: 0 },
    })
  })

  it('is a late page until it is there', async () => {
    const late = recorded('search-late-1')
    answers(recorded('search-late-accepted', 202), late, late, recorded('search-late-2'))
    expect((await connector.search(query, calm)).length).toBeGreaterThan(3)
    expect(seen).toHaveLength(4)
  })

  it('is signed, each time anew, with our key and over what arrives', async () => {
    const request = await draft()
    answers(...search)
    await connector.search(query, calm)
    answers(recorded('reservations-none'))
    await connector.findOrder('A&B?', calm)
    answers(recorded('reservation-held', 201))
    await connector.hold?.(request, calm)
    expect(seen).toHaveLength(5)
    for (const request of seen) {
      expect(request.headers).toMatchObject({ 'x-lotus-key': 'our-key', 'x-lotus-timestamp': `${ourTime}` })
      expect(request.headers['x-lotus-signature']).toBe(rightSignature(request))
    }
    expect(new Set(seen.map(({ headers }) => headers['x-lotus-nonce'])).size).toBe(5)
  })

  it('is an offer, its seats and its bags by the token in the offer id', async () => {
    answers(recorded('offer'))
    expect((await connector.price(ref, calm)).priceChanged).toBe(true)
    answers(recorded('cabins'))
    expect(await connector.seatMaps(ref, calm)).toHaveLength(1)
    answers(recorded('bags'))
    expect((await connector.baggage(ref, calm)).purchasable).toHaveLength(2)
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /v1/offers/${token}`,
      `GET /v1/offers/${token}/cabins`,
      `GET /v1/offers/${token}/bags`,
    ])
  })

  it('is a reservation with everything of the draft, at the price that is expected, as a number', async () => {
    const request = await draft()
    answers(recorded('reservation-ticketed', 201))
    const order = await connector.purchase(request, calm)
    expect(order).toMatchObject({ status: 'confirmed', payBy: null, clientReference: 'FIXTURE-1' })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/reservations' })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      idempotencyKey: 'FIXTURE-1',
      offerToken: token,
      guests: [
        {
          guestRef: 'p1',
          guestType: 'adult',
          honorific: 'ms',
          given: 'Asha',
          family: 'Verma',
          birthDate: '1990-04-12',
          sex: 'undisclosed',
        },
      ],
      reach: { email: 'asha@example.com', mobile: '+919810012345' },
      seats: [{ guestRef: 'p1', flightKey: '0L593-2030-01-15-DEL', seat: '14A' }],
      bags: [{ guestRef: 'p1', bagCode: 'BAG23', units: 1 }],
      expectedTotal: Number(total),
      settle: 'now',
    })
    expect(seen[0]?.body).toContain(`"expectedTotal":${total.replace(/0$/, '')},`)
  })

  it('is a hold, its payment at the price it was held at, and its cancellation', async () => {
    const held = await heldOrder()
    expect(held).toMatchObject({ status: 'held', payBy: '2030-01-01T03:30:00Z' })
    answers(recorded('reservation-ticketed'))
    const paid = await connector.purchase(held, calm)
    expect(paid.status).toBe('confirmed')
    answers(recorded('cancellation-quote'))
    const quote = await connector.quoteCancellation(paid, calm)
    answers(recorded('cancellation'))
    expect(await connector.cancel(paid, calm)).toEqual(quote)
    const path = `/v1/reservations/${held.airlineReference}`
    expect(seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `POST ${path}/payment {"expectedTotal":${Number(total)}}`,
      `GET ${path}/cancellation `,
      `POST ${path}/cancellation `,
    ])
  })

  it('is a reservation by our own reference', async () => {
    answers(recorded('reservations-found'))
    expect(await connector.findOrder('FIXTURE-1', calm)).toMatchObject({
      clientReference: 'FIXTURE-1',
      status: 'held',
    })
    expect(await connector.findOrder('FIXTURE-2', calm)).toBeNull()
    answers(recorded('reservations-none'))
    expect(await connector.findOrder('A&B', calm)).toBeNull()
    expect(seen.map(({ url }) => url)).toEqual([
      '/v1/reservations?idempotencyKey=FIXTURE-1',
      '/v1/reservations?idempotencyKey=FIXTURE-2',
      '/v1/reservations?idempotencyKey=A%26B',
    ])
  })
})

describe('an airline whose clock is another', () => {
  const lotusTime: number = JSON.parse(fixture('refused-timestamp')).errors[0].lotusTime
  const early = recorded('refused-timestamp', 401)
  const hourLater = {
    status: 401,
    body: fixture('refused-timestamp').replace(`${lotusTime}`, `${lotusTime + 3_600_000}`),
  }

  it('is asked once more at its own time, and from then on at once', async () => {
    answers(hourLater, recorded('offer'))
    await connector.price(ref, calm)
    await connector.price(ref, calm)
    expect(seen.map(({ headers }) => Number(headers['x-lotus-timestamp']))).toEqual([
      ourTime,
      lotusTime + 3_600_000,
      lotusTime + 3_600_000,
    ])
    for (const request of seen) expect(request.headers['x-lotus-signature']).toBe(rightSignature(request))
    expect(new Set(seen.map(({ headers }) => headers['x-lotus-nonce'])).size).toBe(3)
  })

  it('may be changed, since it did nothing the first time', async () => {
    const held = await heldOrder()
    answers(hourLater, recorded('reservation-ticketed'))
    expect((await connector.purchase(held, calm)).status).toBe('confirmed')
    answers(hourLater, null)
    expect(await failure(connector.purchase(held, calm))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('is not asked without end', async () => {
    answers(early)
    expect(await failure(connector.price(ref, calm))).toMatchObject({ kind: 'rejected', reason: 'invalid' })
    expect(seen).toHaveLength(2)
  })
})

describe('a caller who gives up', () => {
  it('leaves in the middle of a search, at once, without what is there so far', async () => {
    for (const replies of [
      [recorded('search-accepted', 202), recorded('search-1'), 'silence' as const],
      [recorded('search-accepted', 202), recorded('search-late-1')],
    ]) {
      answers(...replies)
      seen = []
      const leaving = new AbortController()
      const answer = failure(connector.search(query, leaving.signal))
      await expect.poll(() => seen.length).toBeGreaterThan(2)
      const leftAt = performance.now()
      leaving.abort()
      expect(await answer).toMatchObject({ kind: 'timeout', isRetryable: true })
      expect(performance.now() - leftAt).toBeLessThan(300)
    }
  })

  it('leaves while it waits for the first look', async () => {
    const body = fixture('search-accepted').replace('"pollAfterMs":25', '"pollAfterMs":900')
    answers({ status: 202, body }, 'silence')
    expect(await failure(connector.search(query, AbortSignal.timeout(60)))).toMatchObject({ kind: 'timeout' })
    expect(seen).toHaveLength(1)
  })
})

describe('a reference that a client made up', () => {
  it.each(['../reservations', '..', '.', 'a/b', 'a?b', 'a%2Fb', '', ' ', 'x'.repeat(101), 'é'])(
    'is refused before anyone is asked: %j',
    async (made) => {
      for (const asked of [connector.price, connector.seatMaps, connector.baggage]) {
        expect(await failure(asked({ ...ref, ref: made }, calm))).toMatchObject({
          kind: 'rejected',
          reason: 'offer_not_found',
        })
      }
      expect(seen).toEqual([])
    },
  )

  it('is refused in a draft, too', async () => {
    const request = await draft()
    const foreign = { ...request, offer: { ...request.offer, id: 'other~1.00THB~abc' } }
    expect(await failure(connector.purchase(foreign, calm))).toMatchObject({ reason: 'offer_not_found' })
    expect(seen).toEqual([])
  })

  it('cannot come from the airline either: a search id that is a path is malformed', async () => {
    const body = JSON.stringify({ ...JSON.parse(fixture('search-accepted')), searchId: '../reservations' })
    answers({ status: 202, body })
    expect(await failure(connector.search(query, calm))).toMatchObject({ kind: 'malformed' })
    expect(seen).toHaveLength(1)
  })
})

describe('a refusal', () => {
  it('of an airport means that there are no offers', async () => {
    answers(recorded('refused-airport', 400))
    expect(await connector.search(query, calm)).toEqual([])
  })

  it('of a search that has been forgotten means that it can be begun again', async () => {
    answers(recorded('search-accepted', 202), recorded('refused-search', 404))
    expect(await failure(connector.search(query, calm))).toMatchObject({ kind: 'unavailable', isRetryable: true })
  })

  it('keeps its reason and the airline’s words', async () => {
    answers(recorded('refused-offer', 404))
    const error = await failure(connector.price(ref, calm))
    expect(error).toMatchObject({ kind: 'rejected', reason: 'offer_not_found', isRetryable: false, airline: 'lotus' })
    expect(error.message).toContain('made no such offer')
  })

  it('of an order is a refusal, not an unknown outcome', async () => {
    const request = await draft()
    answers(recorded('refused-price', 409))
    for (const changing of [connector.purchase(request, calm), connector.hold?.(request, calm)]) {
      expect(await failure(changing)).toMatchObject({ kind: 'rejected', reason: 'price_changed' })
    }
  })

  it('of our signature is one, and is not sent again', async () => {
    answers(recorded('refused-signature', 401))
    expect(await failure(connector.search(query, calm))).toMatchObject({ kind: 'rejected', reason: 'invalid' })
    expect(seen).toHaveLength(1)
  })
})

const unreadable: [string, Exclude<Reply, null>][] = [
  ['a web page with status 200', { status: 200, body: '<html>Welcome</html>', contentType: 'text/html' }],
  ['a web page with status 404', { status: 404, body: '<html>Gone</html>', contentType: 'text/html' }],
  ['a web page with status 401', { status: 401, body: '<html>Who?</html>', contentType: 'text/html' }],
  ['JSON cut short', { status: 200, body: fixture('reservation-held').slice(0, -20) }],
  ['JSON of another kind', { status: 200, body: '{"ok":true}' }],
  ['nothing', { status: 200, body: '' }],
  ['a redirection', { status: 302, body: '' }],
  ['an error without a code', { status: 409, body: '{"errors":[{"detail":"no"}]}' }],
  ['no error at all', { status: 409, body: '{"errors":[]}' }],
]

describe('an answer that cannot be read', () => {
  it.each(unreadable)('%s is malformed where nothing changes', async (_, answer) => {
    const held = await heldOrder()
    for (const asking of [
      () => connector.search(query, calm),
      () => connector.price(ref, calm),
      () => connector.seatMaps(ref, calm),
      () => connector.baggage(ref, calm),
      () => connector.findOrder('FIXTURE-1', calm),
      () => connector.quoteCancellation(held, calm),
    ]) {
      answers(answer)
      expect(await failure(asking())).toMatchObject({ kind: 'malformed', isRetryable: false })
    }
    answers(recorded('search-accepted', 202), recorded('search-1'), answer)
    expect(await failure(connector.search(query, calm))).toMatchObject({ kind: 'malformed' })
  })

  it.each(unreadable)('%s leaves the outcome of a change unknown', async (_, answer) => {
    const held = await heldOrder()
    const request = await draft()
    answers(answer)
    for (const changing of [
      () => connector.hold?.(request, calm),
      () => connector.purchase(request, calm),
      () => connector.purchase(held, calm),
      () => connector.cancel(held, calm),
    ]) {
      expect(await failure(changing())).toMatchObject({ kind: 'unknown_outcome', isRetryable: false })
    }
  })

  it('a price with more decimals than baht have is no price, also of an order', async () => {
    const spoil = (name: string) => fixture(name).replace(/"total":\d+(\.\d+)?/, '"total":12450.505')
    answers({ status: 200, body: spoil('offer') })
    expect(await failure(connector.price(ref, calm))).toMatchObject({ kind: 'malformed' })
    const request = await draft()
    answers({ status: 201, body: spoil('reservation-ticketed') })
    expect(await failure(connector.purchase(request, calm))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('money in another currency is malformed', async () => {
    answers({ status: 200, body: fixture('offer').replace('"THB"', '"USD"') })
    expect(await failure(connector.price(ref, calm))).toMatchObject({ kind: 'malformed' })
  })
})

describe('a reservation that is not what was asked for', () => {
  it('under another reference leaves the outcome unknown', async () => {
    const request = await draft({ clientReference: 'FIXTURE-9' })
    answers(recorded('reservation-ticketed', 201))
    expect(await failure(connector.purchase(request, calm))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('held where it was paid, or paid where it was held, leaves the outcome unknown', async () => {
    const request = await draft()
    answers(recorded('reservation-held', 201))
    expect(await failure(connector.purchase(request, calm))).toMatchObject({ kind: 'unknown_outcome' })
    answers(recorded('reservation-ticketed', 201))
    expect(await failure(connector.hold?.(request, calm))).toMatchObject({ kind: 'unknown_outcome' })
  })

  it('lapsed since the first request for the hold has lapsed', async () => {
    const request = await draft()
    const body = JSON.stringify({ ...JSON.parse(fixture('reservation-held')), state: 'lapsed' })
    answers({ status: 201, body })
    expect(await failure(connector.hold?.(request, calm))).toMatchObject({ kind: 'rejected', reason: 'hold_lapsed' })
  })
})

describe('a lost answer', () => {
  it('leaves the outcome of every change unknown, and only of a change', async () => {
    const held = await heldOrder()
    const request = await draft()
    answers(null)
    for (const changing of [
      () => connector.hold?.(request, calm),
      () => connector.purchase(request, calm),
      () => connector.purchase(held, calm),
      () => connector.cancel(held, calm),
    ]) {
      expect(await failure(changing())).toMatchObject({ kind: 'unknown_outcome' })
    }
    for (const asking of [
      () => connector.search(query, calm),
      () => connector.findOrder('FIXTURE-1', calm),
      () => connector.quoteCancellation(held, calm),
    ]) {
      expect(await failure(asking())).toMatchObject({ kind: 'unavailable', isRetryable: true })
    }
    answers(recorded('search-accepted', 202), recorded('search-1'), null)
    expect(await failure(connector.search(query, calm))).toMatchObject({ kind: 'unavailable' })
  })

  it('is unknown after a fault of the airline, too', async () => {
    const held = await heldOrder()
    answers({ status: 500, body: '{"errors":[{"code":"internal","detail":"?"}]}' })
    expect(await failure(connector.cancel(held, calm))).toMatchObject({ kind: 'unknown_outcome' })
    expect(await failure(connector.price(ref, calm))).toMatchObject({ kind: 'unavailable' })
  })
})
