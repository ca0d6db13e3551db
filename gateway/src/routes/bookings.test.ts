import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createAnswerCheck } from '../../../tests/support/answer-check.ts'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { until } from '../../../tests/support/until.ts'
import type { Connector } from '../airlines/connector.ts'
import { createTestAirline, noon, offerOf, requestFor, serviceOf } from '../booking/testing.ts'
import type { BookingRequest } from '../schemas/booking.ts'

const alpha = createTestAirline({ name: 'alpha', canHold: true, now: () => noon })
const beta = createTestAirline({ name: 'beta', canHold: true, now: () => noon, date: '2030-01-15' })
const gamma = createTestAirline({ name: 'gamma', canHold: false, now: () => noon, date: '2030-01-17' })
const connectors = new Map([alpha, beta, gamma].map(({ connector }) => [connector.airline.name, connector]))
const app = await buildTestApp({ connectors, now: () => noon })
await app.ready()
const deviations = createAnswerCheck(app.swagger())
afterAll(() => app.close())
beforeEach(() => {
  alpha.taken.clear()
  for (const airline of [alpha, beta, gamma]) airline.faults = []
})

let keys = 0
const segmentId = '0A1-2030-01-15-DEL'

async function call(method: 'GET' | 'POST', url: string, payload?: object, headers: Record<string, string> = {}) {
  const reply = await app.inject({ method, url, headers, ...(payload && { payload }) })
  expect(deviations(method, url, reply)).toEqual([])
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
}

function book(request: object, key = `key-${String(++keys).padStart(6, '0')}`) {
  return call('POST', '/v1/bookings', request, { 'idempotency-key': key })
}

const plain = (more: Partial<BookingRequest> = {}) => requestFor([[alpha]], more)

describe('Fanfare-Deadline', () => {
  test('is how long an answer is waited for; the booking goes on', async () => {
    const slow = createTestAirline({ name: 'delta', canHold: false, now: () => noon })
    const sold = Promise.withResolvers<void>()
    const connector: Connector = {
      ...slow.connector,
      async purchase(...order) {
        await sold.promise
        return slow.connector.purchase(...order)
      },
    }
    const own = await buildTestApp({ connectors: new Map([['delta', connector]]), now: () => noon })
    try {
      const headers = { 'idempotency-key': 'key-deadline', 'fanfare-deadline': '300' }
      const payload = requestFor([[slow]])
      const first = await own.inject({ method: 'POST', url: '/v1/bookings', headers, payload })
      expect([first.statusCode, first.json().status]).toEqual([202, 'pending'])
      sold.resolve()
      const { reference } = first.json()
      await until('it is confirmed', async () => {
        const read = await own.inject(`/v1/bookings/${reference}`)
        return read.json().status === 'confirmed'
      })
    } finally {
      await own.close()
    }
  })

  test.each(['/v1/bookings', '/v1/bookings/FN7K2Q9P/payment', '/v1/bookings/FN7K2Q9P/cancellation'])(
    'that is none is refused by %s',
    async (url) => {
      const headers = { 'idempotency-key': 'key-deadline', 'fanfare-deadline': '1e3' }
      const { status, body } = await call('POST', url, plain(), headers)
      expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', '/fanfare-deadline'])
    },
  )
})

describe('POST /v1/bookings', () => {
  test('201 with the place to read it; the same again for the same key', async () => {
    const first = await book(plain(), 'my-own-key_1')
    expect(first.status).toBe(201)
    expect(first.headers.location).toBe(`/v1/bookings/${first.body.reference}`)
    expect(first.headers['cache-control']).toBe('no-store')
    const again = await book(plain(), 'my-own-key_1')
    expect([again.status, again.body]).toEqual([201, first.body])
    const other = await book(plain({ payment: 'hold' }), 'my-own-key_1')
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  test('202 with the place to look while an answer is not known', async () => {
    alpha.faults = ['lost before']
    const { status, headers, body } = await book(plain())
    expect([status, body.status]).toEqual([202, 'pending'])
    expect(headers.location).toBe(`/v1/bookings/${body.reference}`)
  })

  test('seats and baggage may be left out', async () => {
    const { seats: _seats, baggage: _baggage, ...rest } = plain()
    expect((await book(rest)).status).toBe(201)
  })

  test.each([
    ['missing', undefined],
    ['too short', 'short'],
    ['too long', 'x'.repeat(65)],
    ['of other letters', 'key with spaces'],
  ])('400 naming the key that is %s', async (_, key) => {
    const { status, body } = await call(
      'POST',
      '/v1/bookings',
      plain(),
      key === undefined ? {} : { 'idempotency-key': key },
    )
    expect([status, body.code]).toEqual([400, 'invalid_request'])
    expect(body.errors[0].path).toBe('/idempotency-key')
  })

  const p2 = { ...plain().passengers[0], id: 'p2' }
  const seat = { segmentId, passengerId: 'p1', designator: '1A' }
  const bag = { serviceId: serviceOf(alpha), passengerId: 'p1', quantity: 1 }
  test.each([
    ['an offer id that is none', { offerIds: ['nonsense'] }, 400, 'invalid_offer'],
    ['an airline that is none', { offerIds: ['zeta~1.00INR~A'] }, 400, 'invalid_offer'],
    ['an unknown currency', { expectedTotal: { amount: '1.00', currency: 'XXX' } }, 400, 'unknown_currency'],
    ['passengers out of order', { passengers: [p2] }, 400, 'invalid_passengers'],
    ['one passenger too many', { passengers: [...plain().passengers, p2] }, 400, 'invalid_passengers'],
    ['no adult', { passengers: [{ ...p2, id: 'p1', type: 'child' }] }, 400, 'invalid_passengers'],
    ['an infant alone', { passengers: [{ ...p2, id: 'p1', type: 'infant' }] }, 400, 'invalid_passengers'],
    ['an adult who is a child', { passengers: [{ ...p2, id: 'p1', bornOn: '2025-01-01' }] }, 400, 'invalid_passengers'],
    ['a seat for nobody', { seats: [{ ...seat, passengerId: 'p2' }] }, 400, 'invalid_extras'],
    ['two seats for one', { seats: [seat, { ...seat, designator: '1C' }] }, 400, 'invalid_extras'],
    ['a seat on another flight', { seats: [{ ...seat, segmentId: '0X1-2030-01-15-DEL' }] }, 400, 'invalid_extras'],
    ['a seat that is none', { seats: [{ ...seat, designator: '9A' }] }, 400, 'invalid_extras'],
    ['a seat that is not sold', { seats: [{ ...seat, designator: '1B' }] }, 409, 'seat_taken'],
    ['baggage for nobody', { baggage: [{ ...bag, passengerId: 'p9' }] }, 400, 'invalid_extras'],
    ['baggage twice', { baggage: [bag, bag] }, 400, 'invalid_extras'],
    ['too much baggage', { baggage: [{ ...bag, quantity: 3 }] }, 400, 'invalid_extras'],
    ['baggage of another airline', { baggage: [{ ...bag, serviceId: serviceOf(gamma) }] }, 400, 'invalid_extras'],
    [
      'baggage of another flight',
      { baggage: [{ ...bag, serviceId: serviceOf(alpha, '2030-02-01') }] },
      400,
      'invalid_extras',
    ],
    [
      'baggage not sold any more',
      { baggage: [{ ...bag, serviceId: `${bag.serviceId}X` }] },
      409,
      'baggage_unavailable',
    ],
    ['flights at the same time', { offerIds: [offerOf(alpha), offerOf(beta)] }, 400, 'offers_conflict'],
    ['another total', { expectedTotal: { amount: '4250.01', currency: 'INR' } }, 409, 'price_changed'],
    ['a hold that is not to be had', { offerIds: [offerOf(gamma)], payment: 'hold' }, 400, 'hold_not_supported'],
  ])('%s: %i %s', async (_, wrong, status, code) => {
    const reply = await book({ ...plain(), ...wrong })
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect([...alpha.calls].filter((made) => made.includes(reply.body.facts?.reference ?? '?'))).toEqual([])
  })

  test('two infants on one lap', async () => {
    const infant = { ...p2, type: 'infant', bornOn: '2029-06-01' }
    const passengers = [...plain().passengers, infant, { ...infant, id: 'p3' }]
    expect((await book({ ...plain(), passengers })).body.code).toBe('invalid_passengers')
  })

  test('an infant’s seat', async () => {
    const infant = { ...p2, type: 'infant', bornOn: '2029-06-01' }
    const request = { ...plain(), passengers: [...plain().passengers, infant], seats: [{ ...seat, passengerId: 'p2' }] }
    expect((await book(request)).body).toMatchObject({ code: 'invalid_extras', errors: [{ path: '/seats/0' }] })
  })

  test.each([
    ['sold_out', 409],
    ['offer_expired', 410],
    ['offer_not_found', 404],
    ['invalid', 409],
  ] as const)('an airline that refuses: %s', async (refuses, status) => {
    alpha.faults = [{ refuses }]
    const { status: got, body } = await book(plain())
    expect([got, body.code]).toEqual([status, refuses === 'invalid' ? 'booking_refused' : refuses])
    expect((await call('GET', `/v1/bookings/${body.facts.reference}`)).body.status).toBe('failed')
  })

  test('an airline that cannot be reached: 503 with Retry-After', async () => {
    alpha.faults = ['unavailable']
    const { status, headers, body } = await book(plain())
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'airline_unavailable', '5'])
  })
})

describe('a held booking', () => {
  test('is paid once, with or without a body', async () => {
    const { body: booking } = await book(plain({ payment: 'hold' }))
    expect(booking).toMatchObject({ status: 'held', payBy: '2030-01-10T13:00:00.000Z' })
    const path = `/v1/bookings/${booking.reference}/payment`
    const wrong = await call('POST', path, { expectedTotal: { amount: '1.00', currency: 'INR' } })
    expect([wrong.status, wrong.body.code]).toEqual([409, 'price_changed'])
    const paid = await call('POST', path)
    expect([paid.status, paid.body.status]).toEqual([200, 'confirmed'])
    const again = await call('POST', path, { expectedTotal: { amount: '4250.00', currency: 'INR' } })
    expect([again.status, again.body]).toEqual([200, paid.body])
  })

  test('whose payment got no answer: 202', async () => {
    const { body: booking } = await book(plain({ payment: 'hold' }))
    alpha.faults = ['lost before']
    const { status, headers } = await call('POST', `/v1/bookings/${booking.reference}/payment`, {})
    expect([status, headers.location]).toEqual([202, `/v1/bookings/${booking.reference}`])
  })

  test('that the airline let go: 409 hold_lapsed', async () => {
    const { body: booking } = await book(plain({ payment: 'hold' }))
    alpha.orders.delete(`${booking.reference}-1`)
    const { status, body } = await call('POST', `/v1/bookings/${booking.reference}/payment`)
    expect([status, body.code]).toEqual([409, 'hold_lapsed'])
  })
})

describe('a cancellation', () => {
  test('is quoted unless confirmed, and can be repeated', async () => {
    const { body: booking } = await book(plain())
    const path = `/v1/bookings/${booking.reference}/cancellation`
    for (const payload of [undefined, {}, { confirm: false }]) {
      const quote = await call('POST', path, payload)
      expect([quote.status, quote.body.status, quote.body.booking.status]).toEqual([200, 'quoted', 'confirmed'])
    }
    const done = await call('POST', path, { confirm: true })
    expect([done.status, done.body.status, done.body.refund.amount]).toEqual([200, 'cancelled', '3825.00'])
    expect((await call('POST', path, { confirm: true })).body).toEqual(done.body)
  })

  test('whose answer was lost: 202', async () => {
    const { body: booking } = await book(plain())
    alpha.faults = ['lost before', 'lost before']
    const { status, body } = await call('POST', `/v1/bookings/${booking.reference}/cancellation`, { confirm: true })
    expect([status, body.status, body.booking.status]).toEqual([202, 'pending', 'pending'])
  })

  test('that the airline refuses: 409', async () => {
    const { body: booking } = await book(plain())
    alpha.faults = [{ refuses: 'not_cancellable' }]
    const { status, body } = await call('POST', `/v1/bookings/${booking.reference}/cancellation`, { confirm: true })
    expect([status, body.code]).toEqual([409, 'not_cancellable'])
  })

  test('of a failed booking: 409, and so is its payment', async () => {
    alpha.faults = [{ refuses: 'sold_out' }]
    const { body: problem } = await book(plain())
    for (const operation of ['cancellation', 'payment']) {
      const { status, body } = await call('POST', `/v1/bookings/${problem.facts.reference}/${operation}`)
      expect([status, body.code]).toEqual([409, 'invalid_booking_status'])
    }
  })
})

describe('reading', () => {
  test('a reference that nobody has: 404; one that cannot be: 400', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/payment'],
      ['POST', '/cancellation'],
    ] as const) {
      expect((await call(method, `/v1/bookings/ZZZZZZZZ${path}`)).body.code).toBe('booking_not_found')
      expect((await call(method, `/v1/bookings/nope${path}`)).body.code).toBe('invalid_request')
    }
  })

  test('the list by status, page by page', async () => {
    const { body: first } = await call('GET', '/v1/bookings?status=confirmed&limit=2')
    expect(first.bookings).toHaveLength(2)
    const { body: second } = await call('GET', `/v1/bookings?status=confirmed&limit=2&cursor=${first.nextCursor}`)
    const references = [...first.bookings, ...second.bookings].map(({ reference }) => reference)
    expect(new Set(references).size).toBe(4)
    expect((await call('GET', `/v1/bookings?status=held&cursor=${first.nextCursor}`)).body.code).toBe('invalid_cursor')
    expect((await call('GET', '/v1/bookings?status=lost')).body.code).toBe('invalid_request')
    expect((await call('GET', '/v1/bookings?limit=0')).body.code).toBe('invalid_request')
  })
})
