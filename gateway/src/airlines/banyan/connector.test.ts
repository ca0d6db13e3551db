import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AirlineError } from '../../upstream/airline-error.ts'
import { createHttpClient, type HttpClient } from '../../upstream/http-client.ts'
import type { Connector, HeldOrder, OfferRef, Order, OrderDraft, SliceQuery } from '../connector.ts'
import { banyan } from './connector.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.xml`), 'utf8')

interface Seen {
  path: string | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** What the airline answers next, by the last part of the path; null: it hangs up without a word. */
let next: Record<string, { status: number; body: string } | null>
let seen: Seen[]
let http: HttpClient
let connector: Connector
const signal = AbortSignal.timeout(30_000)

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { url: path, headers } = request
  seen.push({ path, headers, body: Buffer.concat(chunks).toString() })
  const answer = next[path?.split('/').at(-1) ?? ''] ?? null
  if (answer === null) response.destroy()
  else response.writeHead(answer.status, { 'content-type': 'application/xml' }).end(answer.body)
})

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  http = createHttpClient('banyan', `http://127.0.0.1:${portOf(server.address())}`)
})
afterAll(async () => {
  await http.close()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  connector = banyan.create({ http, key: 'our-key', secret: '', now: () => 0 })
  seen = []
  next = {}
})

function answers(names: Record<string, string>, status = 200): void {
  for (const [path, name] of Object.entries(names)) next[path] = { status, body: fixture(name) }
}

const bodyOf = (path: string) => seen.find((request) => request.path?.endsWith(path))?.body ?? ''

async function errorOf(call: Promise<unknown>): Promise<AirlineError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof AirlineError) return error
  throw new Error(`no AirlineError but ${error}`)
}

const usd = (amount: string) => ({ amount, currency: 'USD' })
const query: SliceQuery = {
  origin: 'COK',
  destination: 'GAU',
  departureDate: '2030-01-31',
  cabin: 'economy',
  passengers: [
    { id: 'p1', type: 'adult' },
    { id: 'p2', type: 'child' },
    { id: 'p3', type: 'infant' },
  ],
}
const offerId = '0Z667-20300131-COK_0Z693-20300131-BLR.YBASIC.111.vbbuac.8vcfjv5v'
const ref: OfferRef = { airline: 'banyan', quotedPrice: usd('169.59'), ref: offerId }

async function draft(changes: Partial<OrderDraft> = {}): Promise<OrderDraft> {
  answers({ OfferPrice: 'offer-price' })
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
        givenName: 'Asha <&> "Lata"',
        familyName: 'O’Neil',
        bornOn: '1990-04-12',
        gender: 'female',
        document: { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' },
      },
      {
        id: 'p2',
        type: 'child',
        title: 'mstr',
        givenName: 'Ravi\u0000',
        familyName: 'Verma',
        bornOn: '2022-04-12',
        gender: 'male',
      },
      {
        id: 'p3',
        type: 'infant',
        title: 'miss',
        givenName: 'Mira',
        familyName: 'Verma',
        bornOn: '2029-04-12',
        gender: 'unspecified',
      },
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [{ segmentId: '0Z693-2030-01-31-BLR', passengerId: 'p1', designator: '14A', price: usd('9.00') }],
    baggage: [{ serviceId: 'banyan~0Z667-2030-01-31-COK~BG23', passengerId: 'p2', quantity: 2, price: usd('48.00') }],
    total: usd('274.59'),
    ...changes,
  }
}

const order = (status: Order['status'] = 'confirmed'): Order => ({
  airline: 'banyan',
  clientReference: 'FIXTURE-1',
  airlineReference: 'ABC123',
  status,
  price: { base: usd('1.00'), taxes: usd('0.00'), seats: usd('0.00'), baggage: usd('0.00'), total: usd('274.59') },
  payBy: null,
  flights: [],
})
const held = (): HeldOrder => ({ ...order(), status: 'held', payBy: '2030-01-01T18:00:00Z' })

describe('what it sends', () => {
  it('signs in with the key, names the message by its path, and gives each a TrxID of its own', async () => {
    answers({ AirShopping: 'air-shopping-connection' })
    await connector.search(query, signal)
    await connector.search(query, signal)
    const [first, second] = seen
    expect(first).toMatchObject({
      path: '/ndc/21.3/AirShopping',
      headers: { 'x-api-key': 'our-key', 'content-type': 'application/xml' },
    })
    const trxId = /<TrxID [^>]*>([^<]+)</
    const ids = [first, second].map((request) => trxId.exec(request?.body ?? '')?.[1])
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(ids[1]).not.toBe(ids[0])
  })

  it('asks for one slice, the cabin and everyone who travels', async () => {
    answers({ AirShopping: 'air-shopping-connection' })
    await connector.search(query, signal)
    const body = bodyOf('AirShopping')
    expect(body).toContain('<CabinTypeCode>5</CabinTypeCode>')
    expect(body).toContain('<DestArrivalCriteria><IATA_LocationCode>GAU</IATA_LocationCode></DestArrivalCriteria>')
    expect(body).toContain('<Date>2030-01-31</Date><IATA_LocationCode>COK</IATA_LocationCode>')
    expect(body).toContain('<Pax><PaxID>p2</PaxID><PTC>CHD</PTC></Pax><Pax><PaxID>p3</PaxID><PTC>INF</PTC></Pax>')
  })

  it('takes an offer whole, each item with its passengers', async () => {
    answers({ OfferPrice: 'offer-price' })
    await connector.price(ref, signal)
    expect(bodyOf('OfferPrice')).toContain(
      `<SelectedOfferItem><OfferItemRefID>${offerId}-2</OfferItemRefID><PaxRefID>p2</PaxRefID></SelectedOfferItem>`,
    )
  })

  it('orders offer, seat and bags at prices that make the total, escaped, with our reference', async () => {
    answers({ OrderCreate: 'order-held' })
    await connector.hold?.(await draft(), signal)
    const body = bodyOf('OrderCreate')
    expect(body).toContain('<BookingID>FIXTURE-1</BookingID>')
    expect(body).not.toContain('<PaymentFunctions')
    expect([...body.matchAll(/<TotalOfferPriceAmount CurCode="USD">([^<]*)</g)].map((match) => match[1])).toEqual([
      '169.59',
      '9.00',
      '96.00',
    ])
    expect(body).toContain(
      `<OfferItemRefID>${offerId}-S2-900</OfferItemRefID><PaxRefID>p1</PaxRefID><SelectedSeat><ColumnID>A</ColumnID><SeatRowNumber>14</SeatRowNumber></SelectedSeat>`,
    )
    expect(body).toContain(
      `<OfferItemRefID>${offerId}-B-BG23</OfferItemRefID><PaxRefID>p2</PaxRefID><SelectedALaCarteOfferItem><Qty>2</Qty></SelectedALaCarteOfferItem>`,
    )
    expect(body).toContain('<GivenName>Asha &lt;&amp;&gt; &quot;Lata&quot;</GivenName><Surname>O’Neil</Surname>')
    expect(body).toContain('<GivenName>Ravi\ufffd</GivenName>')
    expect(body).toContain('<IdentityDocID>Z1234567</IdentityDocID><IdentityDocTypeCode>PT</IdentityDocTypeCode>')
    expect(body).toContain('<PaxID>p3</PaxID><PaxRefID>p1</PaxRefID><PTC>INF</PTC>')
  })

  it('pays what it buys at once, and what was held', async () => {
    answers({ OrderCreate: 'order-paid', OrderChange: 'order-paid' })
    await connector.purchase(await draft(), signal)
    expect(bodyOf('OrderCreate')).toContain('<Amount CurCode="USD">274.59</Amount>')
    await connector.purchase(held(), signal)
    expect(bodyOf('OrderChange')).toContain('<OrderRefID>ABC123</OrderRefID>')
    expect(bodyOf('OrderChange')).toContain('<Amount CurCode="USD">274.59</Amount>')
    expect(bodyOf('OrderChange')).not.toContain('ChangeOrderChoice')
  })

  it('cancels what it was quoted', async () => {
    answers({ OrderReshop: 'cancel-quote', OrderChange: 'order-cancelled' })
    const quote = await connector.quoteCancellation(order(), signal)
    expect(await connector.cancel(order(), signal)).toEqual(quote)
    const offered = /<OfferID>([^<]+)</.exec(fixture('cancel-quote'))?.[1]
    expect(bodyOf('OrderChange')).toContain(`<AcceptCancelledOffer><OfferID>${offered}</OfferID>`)
  })

  it('sends nothing for a reference that Banyan cannot have made', async () => {
    const parties = ['.011.', '.911.', '.102.'].map((party) => offerId.replace('.111.', party))
    const forged = ['', 'A', '..', `${offerId}~`, `${offerId}.x`, 'a'.repeat(900), ...parties]
    for (const forgery of forged) {
      for (const call of [connector.price, connector.seatMaps, connector.baggage]) {
        const error = await errorOf(call({ ...ref, ref: forgery }, signal))
        expect([error.kind, error.reason]).toEqual(['rejected', 'offer_not_found'])
      }
    }
    expect(seen).toEqual([])
  })

  it.each<[string, Partial<OrderDraft>, AirlineError['reason']]>([
    [
      'a seat on another flight',
      { seats: [{ segmentId: '0Z1-2030-01-31-DEL', passengerId: 'p1', designator: '1A', price: usd('9.00') }] },
      'service_unavailable',
    ],
    [
      'a bag of another offer',
      {
        baggage: [{ serviceId: 'banyan~0Z1-2030-01-31-DEL~BG23', passengerId: 'p1', quantity: 1, price: usd('1.00') }],
      },
      'service_unavailable',
    ],
    [
      'a service that is no code',
      {
        baggage: [{ serviceId: 'banyan~0Z667-2030-01-31-COK~x<y', passengerId: 'p1', quantity: 1, price: usd('1.00') }],
      },
      'service_unavailable',
    ],
    ['less than its extras cost', { total: usd('50.00') }, 'price_changed'],
  ])('refuses %s before Banyan hears of it', async (_, changes, reason) => {
    const wrong = await draft(changes)
    expect((await errorOf(connector.purchase(wrong, signal))).reason).toBe(reason)
    expect(seen).toEqual([])
  })
})

describe('what it makes of answers', () => {
  it('is what the bytes say', async () => {
    answers({ AirShopping: 'air-shopping-connection' })
    const offers = await connector.search(query, signal)
    expect(offers).toHaveLength(18)
    answers({ AirShopping: 'air-shopping-none' })
    expect(await connector.search(query, signal)).toEqual([])
    answers({ AirShopping: 'air-shopping-connection' })
    expect(await connector.search(query, signal)).toEqual(offers)
  })

  it('finds an order, or null where there is none', async () => {
    answers({ OrderRetrieve: 'order-held' })
    expect(await connector.findOrder('FIXTURE-1', signal)).toMatchObject({ status: 'held' })
    answers({ OrderRetrieve: 'refused-order' })
    expect(await connector.findOrder('NOBODY', signal)).toBeNull()
  })

  it('has no offers for an airport that Banyan does not know', async () => {
    answers({ AirShopping: 'refused-airport' })
    expect(await connector.search(query, signal)).toEqual([])
  })

  it('takes an Error inside a 200 for a refusal', async () => {
    const wish = await draft()
    answers({ OfferPrice: 'refused-offer', OrderCreate: 'refused-order-create', OrderReshop: 'refused-order' })
    next.OrderReshop = { status: 200, body: fixture('refused-order').replaceAll('OrderViewRS', 'OrderReshopRS') }
    expect(await errorOf(connector.price(ref, signal))).toMatchObject({ kind: 'rejected', reason: 'offer_not_found' })
    expect(await errorOf(connector.purchase(wish, signal))).toMatchObject({ kind: 'rejected', reason: 'offer_expired' })
    expect(await errorOf(connector.cancel(order(), signal))).toMatchObject({
      kind: 'rejected',
      reason: 'order_not_found',
    })
  })

  it('says unknown_outcome where an order is not what was asked for', async () => {
    const wish = await draft()
    answers({ OrderCreate: 'order-held' })
    expect((await errorOf(connector.purchase(wish, signal))).kind).toBe('unknown_outcome')
    const other = { ...wish, clientReference: 'OTHER' }
    expect((await errorOf(connector.hold?.(other, signal) ?? Promise.resolve())).kind).toBe('unknown_outcome')
    answers({ OrderCreate: 'order-cancelled' })
    const lapsed = await errorOf(connector.hold?.(wish, signal) ?? Promise.resolve())
    expect([lapsed.kind, lapsed.reason]).toEqual(['rejected', 'hold_lapsed'])
    answers({ OrderReshop: 'cancel-quote', OrderChange: 'order-paid' })
    expect((await errorOf(connector.cancel(order(), signal))).kind).toBe('unknown_outcome')
  })
})

describe('an answer that does not read', () => {
  const paths = ['AirShopping', 'OfferPrice', 'SeatAvailability', 'ServiceList', 'OrderRetrieve', 'OrderReshop']
  const systemFailed = (root: string) =>
    fixture('refused-order').replaceAll('IATA_OrderViewRS', root).replace('>129<', '>911<')

  const reads: Record<string, () => Promise<unknown>> = {
    search: () => connector.search(query, signal),
    price: () => connector.price(ref, signal),
    seatMaps: () => connector.seatMaps(ref, signal),
    baggage: () => connector.baggage(ref, signal),
    findOrder: () => connector.findOrder('FIXTURE-1', signal),
    quoteCancellation: () => connector.quoteCancellation(order(), signal),
  }

  it.each<[string, string]>([
    ['HTML', '<html><body>Welcome</body></html>'],
    ['nothing', ''],
    ['truncated XML', fixture('air-shopping').slice(0, 20_000)],
    ['JSON', '{"error":"x"}'],
  ])('%s is malformed where nothing was to change, unknown_outcome where something was', async (_, body) => {
    const wish = await draft()
    next = Object.fromEntries(paths.map((path) => [path, { status: 200, body }]))
    for (const [name, call] of Object.entries(reads)) expect((await errorOf(call())).kind, name).toBe('malformed')
    next = { OrderCreate: { status: 200, body }, OrderChange: { status: 200, body } }
    answers({ OrderReshop: 'cancel-quote' })
    const changes: (() => Promise<unknown>)[] = [
      () => connector.purchase(wish, signal),
      () => connector.purchase(held(), signal),
      () => connector.cancel(order(), signal),
      async () => connector.hold?.(wish, signal),
    ]
    for (const call of changes) expect((await errorOf(call())).kind).toBe('unknown_outcome')
  })

  it('from a Banyan that failed says nothing of what was done', async () => {
    next = { OrderRetrieve: { status: 200, body: systemFailed('IATA_OrderViewRS') } }
    expect((await errorOf(connector.findOrder('FIXTURE-1', signal))).kind).toBe('unavailable')
    next = { OrderChange: { status: 200, body: systemFailed('IATA_OrderViewRS') } }
    expect((await errorOf(connector.purchase(held(), signal))).kind).toBe('unknown_outcome')
  })

  it('because the line broke is unknown_outcome after a payment, unavailable after a question', async () => {
    expect((await errorOf(connector.purchase(held(), signal))).kind).toBe('unknown_outcome')
    expect((await errorOf(connector.search(query, signal))).kind).toBe('unavailable')
    expect((await errorOf(connector.cancel(order(), signal))).kind).toBe('unavailable')
  })
})
