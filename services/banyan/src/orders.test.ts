import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { all, openTestAirline, type TestAirline, texts } from './testing/airline.ts'
import {
  acceptCancelledOffer,
  airShopping,
  cancelQuote,
  extras,
  type OrderWish,
  orderCreate,
  pay,
  retrieve,
  retrieveByReference,
} from './testing/requests.ts'
import { child, childrenOf, required, requiredText, type XmlNode } from './xml-reader.ts'

let airline: TestAirline

beforeEach(async () => {
  airline = await openTestAirline()
})
afterEach(async () => {
  expect(airline.system.audit().filter(({ holds }) => !holds)).toEqual([])
  await airline.close()
})

const minute = 60_000
const hour = 60 * minute
const sum = (...amounts: string[]) =>
  (amounts.reduce((total, amount) => total + Math.round(Number(amount) * 100), 0) / 100).toFixed(2)

interface Shown {
  offerId: string
  total: string
}

/** The cheapest offer of a brand. */
async function shop(brand = 'YVALUE', party = 'A'): Promise<Shown> {
  const offers = all(await airline.ask('AirShopping', airShopping({ party })), 'Offer')
  const offer = offers.find((candidate) => requiredText(candidate, 'OfferID').includes(`.${brand}.`))
  if (offer === undefined) throw new Error(`no ${brand} is offered`)
  return { offerId: requiredText(offer, 'OfferID'), total: requiredText(offer, 'TotalPrice', 'TotalAmount') }
}

/** Free seats of an offer's first flight as an order selects them, for the first passenger. */
async function freeSeats(offerId: string): Promise<NonNullable<OrderWish['seats']>> {
  const answer = await airline.ask('SeatAvailability', extras('SeatAvailability', offerId))
  const prices = new Map(
    all(answer, 'OfferItem').map((item) => [
      requiredText(item, 'OfferItemID'),
      requiredText(item, 'UnitPrice', 'TotalAmount'),
    ]),
  )
  return all(answer, 'Seat').flatMap((seat) => {
    const item = child(seat, 'OfferItemRefID')?.text
    const total = item && prices.get(item)
    if (!total) return []
    return [{ item, pax: 'T1', row: requiredText(seat, 'RowNumber'), column: requiredText(seat, 'ColumnID'), total }]
  })
}

/** A bag of an offer as an order selects it, for the first passenger. */
async function bags(offerId: string, quantity: number): Promise<NonNullable<OrderWish['services']>[number]> {
  const item = all(await airline.ask('ServiceList', extras('ServiceList', offerId)), 'OfferItem')[0]
  if (item === undefined) throw new Error('no baggage is sold')
  const total = sum(...Array<string>(quantity).fill(requiredText(item, 'UnitPrice', 'TotalAmount')))
  return { item: requiredText(item, 'OfferItemID'), pax: 'T1', quantity, total }
}

const idOf = (view: XmlNode) => requiredText(view, 'Response', 'Order', 'OrderID')
const statusOf = (view: XmlNode) => requiredText(view, 'Response', 'Order', 'StatusCode')
const isPaid = (view: XmlNode) => texts(view, 'PaymentStatusCode').includes('SUCCESSFUL')
const differential = (node: XmlNode) => {
  const price = all(node, 'DiffPrice')[0]
  if (price === undefined) throw new Error('no PriceDifferential')
  return {
    refund: requiredText(price, 'Price', 'DueByAirlineAmount'),
    fee: requiredText(price, 'Price', 'Fee', 'Amount'),
  }
}

async function cancel(orderId: string): Promise<{ quote: XmlNode; view: XmlNode }> {
  const quote = await airline.ask('OrderReshop', cancelQuote(orderId))
  const offerId = requiredText(quote, 'Response', 'ReshopResults', 'ReshopOffers', 'Offer', 'OfferID')
  return { quote, view: await airline.ask('OrderChange', acceptCancelledOffer(orderId, offerId)) }
}

describe('an order', () => {
  it('is held with seats and baggage, read, paid, read by the seller’s reference, and cancelled', async () => {
    const { offerId, total } = await shop('YBASIC')
    const [seat] = await freeSeats(offerId)
    if (seat === undefined) throw new Error('no seat is free')
    const bag = await bags(offerId, 2)
    const wish = { offerId, total, reference: 'TRIP-1', seats: [seat], services: [bag] }
    const price = sum(total, seat.total, bag.total)

    const held = await airline.ask('OrderCreate', orderCreate(wish))
    const orderId = idOf(held)
    expect(orderId).toMatch(/^[A-Z0-9]{6}$/)
    expect([statusOf(held), isPaid(held)]).toEqual(['OPENED', false])
    expect(new Set(texts(held, 'PaymentTimeLimitDateTime'))).toEqual(new Set(['2030-01-01T18:00:00Z']))
    expect(requiredText(held, 'Response', 'Order', 'TotalPrice', 'TotalAmount')).toBe(price)
    const items = all(held, 'OrderItem').map((item) => requiredText(item, 'Price', 'TotalAmount'))
    expect(items).toEqual([total, seat.total, bag.total])
    const chosen = all(held, 'SeatOnLeg')[0]
    expect(chosen && [texts(chosen, 'RowNumber'), texts(chosen, 'ColumnID')]).toEqual([[seat.row], [seat.column]])
    expect((await freeSeats(offerId)).some(({ row, column }) => row === seat.row && column === seat.column)).toBe(false)
    expect(await airline.ask('OrderRetrieve', retrieve(orderId))).toEqual(held)

    const paid = await airline.ask('OrderChange', pay(orderId, price))
    expect([statusOf(paid), isPaid(paid), texts(paid, 'PaymentTimeLimitDateTime')]).toEqual(['OPENED', true, []])
    expect(await airline.ask('OrderChange', pay(orderId, price))).toEqual(paid)
    expect(await airline.ask('OrderRetrieve', retrieveByReference('TRIP-1'))).toEqual(paid)

    airline.clock.advance(25 * hour)
    const { quote, view } = await cancel(orderId)
    const { refund, fee } = differential(quote)
    expect(sum(refund, fee)).toBe(price)
    expect(Number(fee)).toBeGreaterThan(0)
    expect(differential(view)).toEqual({ refund, fee })
    expect([statusOf(view), isPaid(view), new Set(texts(view, 'StatusCode'))]).toEqual([
      'CLOSED',
      false,
      new Set(['CLOSED', 'CANCELLED']),
    ])
    const again = await cancel(orderId)
    expect([again.quote, again.view]).toEqual([quote, view])
  })

  it('is sold at once with payment', async () => {
    const { offerId, total } = await shop('YFULL', 'ACI')
    const view = await airline.ask('OrderCreate', orderCreate({ offerId, party: 'ACI', payment: total }))
    expect([statusOf(view), isPaid(view)]).toEqual(['OPENED', true])
    expect(texts(required(view, 'Response', 'DataLists'), 'PTC')).toEqual(['ADT', 'CHD', 'INF'])
    const services = childrenOf(all(view, 'OrderItem')[0], 'Service')
    expect(services.map((service) => requiredText(service, 'PaxRefID'))).toEqual(['T1', 'T2', 'T3'])
  })

  it('is the same order for the same reference, even after its offer expired, and refused for other content', async () => {
    const { offerId, total } = await shop()
    const wish = { offerId, total, reference: 'TRIP-2' }
    const first = await airline.ask('OrderCreate', orderCreate(wish))
    airline.clock.advance(hour)
    expect(await airline.ask('OrderCreate', orderCreate(wish))).toEqual(first)
    expect(await airline.refusal('OrderCreate', orderCreate({ ...wish, surname: 'Rao' }))).toBe('0Z07')
    expect(await airline.refusal('OrderCreate', orderCreate({ ...wish, reference: 'TRIP-3' }))).toBe('0Z02')
  })

  it('keeps names as they were given, whatever they hold', async () => {
    const { offerId } = await shop()
    const view = await airline.ask('OrderCreate', orderCreate({ offerId, surname: 'O’Neil &amp; &lt;Söhne&gt; "x"' }))
    expect(texts(view, 'Surname')).toEqual(['O’Neil & <Söhne> "x"'])
  })

  it('lapses when it is not paid in time, and gives its seat back', async () => {
    const { offerId } = await shop()
    const [seat] = await freeSeats(offerId)
    if (seat === undefined) throw new Error('no seat is free')
    const orderId = idOf(await airline.ask('OrderCreate', orderCreate({ offerId, reference: 'TRIP-4', seats: [seat] })))
    airline.clock.advance(12 * hour + minute)
    const view = await airline.ask('OrderRetrieve', retrieve(orderId))
    expect([statusOf(view), differential(view)]).toEqual(['CLOSED', { refund: '0.00', fee: '0.00' }])
    expect(await airline.refusal('OrderChange', pay(orderId, '100.00'))).toBe('0Z08')
    const { offerId: later } = await shop()
    const free = await freeSeats(later)
    expect(free.some(({ row, column }) => row === seat.row && column === seat.column)).toBe(true)
  })

  it('gives one seat to exactly one of 200 who want it at once', async () => {
    const { offerId } = await shop()
    const [seat] = await freeSeats(offerId)
    if (seat === undefined) throw new Error('no seat is free')
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        airline.post('OrderCreate', orderCreate({ offerId, reference: `RACE-${index}`, seats: [seat] })),
      ),
    )
    const winners = answers.filter(({ text }) => text.includes('<OrderID>'))
    const losers = answers.filter(({ text }) => text.includes('>2</Code>'))
    expect([winners.length, losers.length, new Set(answers.map(({ status }) => status))]).toEqual([
      1,
      199,
      new Set([200]),
    ])
  })
})

describe('an order is refused', () => {
  it('at another total than the price now', async () => {
    const { offerId, total } = await shop()
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, total: sum(total, '1.00') }))).toBe('0Z04')
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, payment: sum(total, '1.00') }))).toBe('0Z04')
  })

  it('when the payment is not what the offers add up to', async () => {
    const { offerId, total } = await shop()
    const wish = { offerId, total, payment: sum(total, '1.00') }
    expect(await airline.refusal('OrderCreate', orderCreate(wish))).toBe('914')
  })

  it('when a seat is sold at another price than it was shown', async () => {
    const { offerId } = await shop('YBASIC')
    const [seat] = await freeSeats(offerId)
    if (seat === undefined) throw new Error('no seat is free')
    const cheaper = { ...seat, item: seat.item.replace(/-\d+$/, '-1') }
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, seats: [cheaper] }))).toBe('0Z04')
  })

  it.each([
    ['a seat that the aircraft has not', (id: string) => ({ item: `${id}-S1-0`, row: '99', column: 'A' }), '3'],
    [
      'a seat on a flight that the offer has not',
      (id: string) => ({ item: `${id}-S3-0`, row: '9', column: 'A' }),
      '913',
    ],
    ['seats of another offer', () => ({ item: 'X-S1-0', row: '9', column: 'A' }), '913'],
  ])('for %s', async (_, seatOf, code) => {
    const { offerId } = await shop()
    const seat = { pax: 'T1', total: '0.00', ...seatOf(offerId) }
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, seats: [seat] }))).toBe(code)
  })

  it.each([
    ['more bags than a passenger may buy', (bag: string) => ({ item: bag, quantity: 9 })],
    ['a bag that is not sold', (bag: string) => ({ item: bag.replace(/[A-Z0-9]+$/, 'ELEPHANT'), quantity: 1 })],
  ])('for %s', async (_, wishOf) => {
    const { offerId } = await shop()
    const { item } = await bags(offerId, 1)
    const service = { pax: 'T1', total: '1.00', ...wishOf(item) }
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, services: [service] }))).toBe('0Z05')
  })

  it('for other passengers than the offer is for', async () => {
    const { offerId } = await shop()
    expect(await airline.refusal('OrderCreate', orderCreate({ offerId, party: 'AA' }))).toBe('0Z06')
  })

  it('when nothing is left', async () => {
    const { offerId } = await shop('CFULL', 'AAAAAAAAA')
    const orders = Array.from({ length: 12 }, () => orderCreate({ offerId, party: 'AAAAAAAAA' }))
    const codes = []
    for (const order of orders) {
      const { text } = await airline.post('OrderCreate', order)
      codes.push(/>([^<]*)<\/Code>/.exec(text)?.[1])
    }
    expect(codes.at(-1)).toBe('0Z03')
  })
})

describe('an order that is not there, or not so', () => {
  it('is neither read, nor quoted, nor paid', async () => {
    expect(await airline.refusal('OrderRetrieve', retrieve('QQQQQQ'))).toBe('129')
    expect(await airline.refusal('OrderRetrieve', retrieveByReference('NOBODY'))).toBe('129')
    expect(await airline.refusal('OrderReshop', cancelQuote('QQQQQQ'))).toBe('129')
    expect(await airline.refusal('OrderChange', pay('QQQQQQ', '1.00'))).toBe('129')
  })

  it('is not paid at another price, nor once it is cancelled', async () => {
    const { offerId, total } = await shop()
    const orderId = idOf(await airline.ask('OrderCreate', orderCreate({ offerId })))
    expect(await airline.refusal('OrderChange', pay(orderId, sum(total, '0.01')))).toBe('0Z04')
    await cancel(orderId)
    expect(await airline.refusal('OrderChange', pay(orderId, total))).toBe('0Z09')
  })

  it('is not cancelled for a refund that was never quoted, nor after departure', async () => {
    const { offerId, total } = await shop()
    const orderId = idOf(await airline.ask('OrderCreate', orderCreate({ offerId, payment: total })))
    expect(await airline.refusal('OrderChange', acceptCancelledOffer(orderId, `${orderId}-X-99999999`))).toBe('0Z04')
    expect(statusOf(await airline.ask('OrderRetrieve', retrieve(orderId)))).toBe('OPENED')
    airline.clock.advance(40 * 24 * hour)
    expect(await airline.refusal('OrderReshop', cancelQuote(orderId))).toBe('0Z10')
  })
})
