import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeatMaps } from './schemas/offer.ts'
import type { Order, OrderRequest } from './schemas/order.ts'
import { availability, problems, type Reply, startOfTime, startService, type TestService } from './testing.ts'

let service: TestService

beforeEach(async () => {
  service = await startService()
})
afterEach(async () => {
  expect(service.system.audit().filter(({ holds }) => !holds)).toEqual([])
  await service.close()
})

const hour = 3_600_000
const paise = (amount: string) => Number(amount.replace('.', ''))
const refusal = (status: number, code: string) => ({ status, json: { error: { code } } })

interface Choice {
  offerId: string
  flightId: string
  /** Price of the offer, paise. */
  price: number
  free: SeatMaps['seatMaps'][number]['cabins'][number]['rows'][number]['seats']
}

async function choose(fareFamily = 'ECLASSIC'): Promise<Choice> {
  const { journeys } = await availability(service)
  const [journey] = journeys.filter(({ offers }) => offers.some((offer) => offer.fareFamily === fareFamily))
  const offer = journey?.offers.find((candidate) => candidate.fareFamily === fareFamily)
  if (journey === undefined || offer === undefined) throw new Error(`no offer in ${fareFamily}`)
  const { text } = await service.call('GET', `/v2/offers/${offer.offerId}/seatmaps`)
  const maps: SeatMaps = JSON.parse(text)
  const seats = maps.seatMaps.flatMap(({ cabins }) => cabins.flatMap(({ rows }) => rows.flatMap((row) => row.seats)))
  return {
    offerId: offer.offerId,
    flightId: journey.flights[0]?.flightId ?? '',
    price: paise(offer.pricing.total),
    free: seats.filter(({ status }) => status === 'FREE'),
  }
}

function request({ offerId, flightId, free }: Choice, changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientReference: 'SHOP-1',
    offerId,
    travellers: [
      {
        travellerId: 'p1',
        travellerType: 'ADULT',
        title: 'MS',
        firstName: 'Zoë',
        lastName: "D'Souza",
        dateOfBirth: '1990-04-12',
        gender: 'X',
      },
    ],
    contact: { email: 'zoe@example.com', phone: '+919810012345' },
    seats: [{ travellerId: 'p1', flightId, seatNumber: free[0]?.seatNumber ?? '' }],
    baggage: [{ travellerId: 'p1', productCode: 'XBAG15', units: 1 }],
    payment: 'HOLD',
    ...changes,
  }
}

async function placed(body: unknown): Promise<Order> {
  const { status, text } = await service.call('POST', '/v2/orders', body)
  if (status !== 201) throw new Error(`the order was refused: ${text}`)
  const order: Order = JSON.parse(text)
  expect(problems('Order', order)).toEqual([])
  return order
}

const post = (path: string, body?: unknown): Promise<Reply> => service.call('POST', path, body)
const statusOfSeat = async ({ offerId }: Choice, seatNumber: string | undefined) => {
  const { text } = await service.call('GET', `/v2/offers/${offerId}/seatmaps`)
  const maps: SeatMaps = JSON.parse(text)
  return maps.seatMaps
    .flatMap(({ cabins }) => cabins.flatMap(({ rows }) => rows.flatMap((row) => row.seats)))
    .find((seat) => seat.seatNumber === seatNumber)?.status
}

describe('an order', () => {
  it('is held, paid, read and cancelled', async () => {
    const choice = await choose()
    const [seat] = choice.free
    const total = choice.price + paise(seat?.price ?? '') + 165_000
    const order = await placed(request(choice, { expectedTotal: (total / 100).toFixed(2) }))
    expect(order).toMatchObject({
      status: 'HELD',
      clientReference: 'SHOP-1',
      createdAt: '2030-01-01T03:00:00Z',
      paymentDeadline: '2030-01-02T03:00:00Z',
      fareFamily: 'ECLASSIC',
      flights: [{ flightId: choice.flightId }],
      travellers: request(choice).travellers,
      contact: request(choice).contact,
      seats: [{ travellerId: 'p1', seatNumber: seat?.seatNumber, price: seat?.price }],
      baggage: [{ travellerId: 'p1', productCode: 'XBAG15', units: 1, price: '1650.00' }],
      pricing: { currency: 'INR', total: (total / 100).toFixed(2), baggage: '1650.00' },
      cancellation: null,
    })
    expect(await statusOfSeat(choice, seat?.seatNumber)).toBe('TAKEN')
    const path = `/v2/orders/${order.recordLocator}`
    expect((await service.call('GET', path)).json).toEqual(order)
    expect((await service.call('GET', '/v2/orders?clientReference=SHOP-1')).json).toEqual({ orders: [order] })
    expect((await service.call('GET', '/v2/orders?clientReference=SHOP-2')).json).toEqual({ orders: [] })

    expect(await post(`${path}/payment`, { expectedTotal: '1.00' })).toMatchObject({
      status: 409,
      json: { error: { code: 'PRICE_CHANGED', details: [{ current: order.pricing.total }] } },
    })
    const paid = await post(`${path}/payment`, { expectedTotal: order.pricing.total })
    expect(paid).toMatchObject({ status: 200, json: { ...order, status: 'CONFIRMED', paymentDeadline: null } })
    expect((await post(`${path}/payment`, {})).json).toEqual(paid.json)

    service.system.clock.advance(25 * hour)
    const quote = await post(`${path}/cancellation-quote`)
    expect(problems('CancellationQuote', quote.json)).toEqual([])
    expect(quote.json).toMatchObject({ refund: ((choice.price - 350_000) / 100).toFixed(2) })
    const cancelled = await post(`${path}/cancellation`)
    expect(problems('Cancellation', cancelled.json)).toEqual([])
    expect(cancelled.json).toEqual({ ...Object(quote.json), status: 'CANCELLED' })
    expect((await post(`${path}/cancellation`)).json).toEqual(cancelled.json)
    expect((await service.call('GET', path)).json).toMatchObject({
      status: 'CANCELLED',
      cancellation: { refund: ((choice.price - 350_000) / 100).toFixed(2) },
    })
    expect(await post(`${path}/payment`, {})).toMatchObject(refusal(409, 'ORDER_NOT_HELD'))
  })

  it('is bought at once, with no deadline', async () => {
    const choice = await choose()
    const reply = await post('/v2/orders', request(choice, { payment: 'PAY_NOW' }))
    expect(reply).toMatchObject({ status: 201, json: { status: 'CONFIRMED', paymentDeadline: null } })
    expect(reply.headers.get('location')).toMatch(/^\/v2\/orders\/[A-Z0-9]{6}$/)
  })

  it('is the same for the same request, and refused for another under its reference', async () => {
    const choice = await choose()
    const orders = await Promise.all(Array.from({ length: 5 }, () => placed(request(choice))))
    expect(new Set(orders.map(({ recordLocator }) => recordLocator)).size).toBe(1)
    const other = request(choice, { baggage: [] })
    expect(await post('/v2/orders', other)).toMatchObject(refusal(409, 'CLIENT_REFERENCE_REUSED'))
  })

  it('lapses when it is not paid in time, and gives its seat back', async () => {
    const choice = await choose()
    const seatNumber = choice.free[0]?.seatNumber
    const { recordLocator } = await placed(request(choice))
    service.system.clock.advance(24 * hour - 1)
    expect((await service.call('GET', `/v2/orders/${recordLocator}`)).json).toMatchObject({ status: 'HELD' })
    service.system.clock.advance(1)
    expect((await service.call('GET', `/v2/orders/${recordLocator}`)).json).toMatchObject({
      status: 'LAPSED',
      paymentDeadline: null,
    })
    expect(await post(`/v2/orders/${recordLocator}/payment`, {})).toMatchObject(refusal(409, 'HOLD_LAPSED'))
    const { free } = await choose()
    expect(free.map((seat) => seat.seatNumber)).toContain(seatNumber)
  })
})

describe('an order is refused', () => {
  it.each<[string, (choice: Choice) => Partial<OrderRequest>, number, string]>([
    ['at another total', () => ({ expectedTotal: '1.00' }), 409, 'PRICE_CHANGED'],
    ['for an offer that was never made', () => ({ offerId: 'nothing' }), 404, 'OFFER_NOT_FOUND'],
    ['for nobody that the offer is for', () => ({ travellers: [] }), 400, 'VALIDATION_FAILED'],
    [
      'for a child on an offer for an adult',
      (choice) => ({
        travellers: request(choice).travellers.map((traveller) => ({ ...traveller, travellerType: 'CHILD' as const })),
      }),
      400,
      'TRAVELLERS_MISMATCH',
    ],
    [
      'with a seat that the aircraft does not have',
      ({ flightId }) => ({ seats: [{ travellerId: 'p1', flightId, seatNumber: '99L' }] }),
      400,
      'SEAT_UNKNOWN',
    ],
    [
      'with baggage that is not sold',
      () => ({ baggage: [{ travellerId: 'p1', productCode: 'PIANO', units: 1 }] }),
      400,
      'BAGGAGE_PRODUCT_UNKNOWN',
    ],
    ['with an amount that is no decimal string', () => ({ expectedTotal: '12.5' }), 400, 'VALIDATION_FAILED'],
  ])('%s', async (_, changes, status, code) => {
    const choice = await choose()
    expect(await post('/v2/orders', request(choice, changes(choice)))).toMatchObject(refusal(status, code))
    expect((await service.call('GET', '/v2/orders?clientReference=SHOP-1')).json).toEqual({ orders: [] })
    expect(await statusOfSeat(choice, choice.free[0]?.seatNumber)).toBe('FREE')
  })

  it('once its offer has expired', async () => {
    const choice = await choose()
    service.system.clock.advance(hour)
    expect(await post('/v2/orders', request(choice))).toMatchObject(refusal(410, 'OFFER_EXPIRED'))
  })

  it('where no order is', async () => {
    for (const path of ['payment', 'cancellation-quote', 'cancellation']) {
      const body = path === 'payment' ? {} : undefined
      expect(await post(`/v2/orders/ZZZZZZ/${path}`, body)).toMatchObject(refusal(404, 'ORDER_NOT_FOUND'))
    }
    expect(await service.call('GET', '/v2/orders/ZZZZZZ')).toMatchObject(refusal(404, 'ORDER_NOT_FOUND'))
  })

  it('to be cancelled after departure', async () => {
    const choice = await choose('EFLEX')
    const { recordLocator } = await placed(request(choice, { payment: 'PAY_NOW' }))
    service.system.clock.advance(Date.parse('2030-01-17') - startOfTime)
    for (const path of ['cancellation-quote', 'cancellation']) {
      expect(await post(`/v2/orders/${recordLocator}/${path}`)).toMatchObject(refusal(409, 'ORDER_NOT_CANCELLABLE'))
    }
  })

  it('to all but one of two hundred who want the same seat at once', async () => {
    const choice = await choose()
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        post('/v2/orders', request(choice, { clientReference: `SHOP-${index}`, payment: 'PAY_NOW' })),
      ),
    )
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    const losers = replies.filter(({ status }) => status !== 201)
    expect(losers).toHaveLength(199)
    for (const loser of losers) expect(loser).toMatchObject(refusal(409, 'SEAT_NOT_AVAILABLE'))
  })
})
