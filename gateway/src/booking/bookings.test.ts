import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { FanfareError } from '../errors.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { type Bookings, createBookings } from './bookings.ts'
import type { Timing } from './saga.ts'
import {
  createTestAirline,
  createTestTime,
  type Fault,
  requestFor,
  serviceOf,
  settle,
  type TestAirline,
} from './testing.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const noLog = { info() {}, warn() {}, error() {} }

/** Airlines on days that follow each other, and bookings on a store of their own. */
async function setUp(timing: Partial<Timing> = {}) {
  const time = createTestTime()
  const { now, timers } = time
  const alpha = createTestAirline({ name: 'alpha', canHold: true, now, timers })
  const beta = createTestAirline({ name: 'beta', canHold: true, now, date: '2030-01-16', holdMs: 30 * 60_000 })
  const gamma = createTestAirline({ name: 'gamma', canHold: false, now, date: '2030-01-17' })
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-booking-'))
  const touched: string[] = []
  const airlines = [alpha, beta, gamma]

  async function openBookings(): Promise<Bookings> {
    const connectors = new Map(airlines.map(({ connector }) => [connector.airline.name, connector]))
    const of = (name: string) => connectors.get(name) ?? alpha.connector
    const bookings = await createBookings({
      connectors,
      reads: {
        price: (ref, signal) => of(ref.airline).price(ref, signal),
        seatMaps: (ref, signal) => of(ref.airline).seatMaps(ref, signal),
        baggage: (ref, signal) => of(ref.airline).baggage(ref, signal),
      },
      databaseFile: join(folder, 'gateway.sqlite'),
      now,
      timers,
      timing,
      random: () => 1,
      log: noLog,
      touched: (ids) => touched.push(...ids),
    })
    bookings.start()
    return bookings
  }

  const bookings = await openBookings()
  open.push(async () => {
    await bookings.close().catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  })
  return { time, alpha, beta, gamma, bookings, openBookings, touched, folder }
}

async function refusal(promise: Promise<unknown>): Promise<FanfareError> {
  return promise.then(
    () => {
      throw new Error('it was not refused')
    },
    (error) => error,
  )
}

const changes = ({ calls }: TestAirline) =>
  calls.filter((call) => !call.startsWith('find')).map((call) => call.split(' ')[0])

describe('booking and paying at once', () => {
  test('one airline: one purchase, with seat and bag, at the total the client expects', async () => {
    const { bookings, alpha, touched } = await setUp()
    const request = requestFor([[alpha]], {
      seats: [{ segmentId: '0A1-2030-01-15-DEL', passengerId: 'p1', designator: '1A' }],
      baggage: [{ serviceId: serviceOf(alpha), passengerId: 'p1', quantity: 2 }],
      expectedTotal: { amount: '6400.00', currency: 'INR' },
    })
    const { booking, isSettled } = await bookings.create(request, 'key-00001')
    expect(isSettled).toBe(true)
    expect(booking).toMatchObject({
      status: 'confirmed',
      payBy: null,
      orders: [{ airline: 'alpha', airlineReference: 'AL0001', status: 'confirmed', price: { amount: '6400.00' } }],
      price: {
        base: { amount: '3640.00' },
        taxes: { amount: '610.00' },
        seats: { amount: '350.00' },
        baggage: { amount: '1800.00' },
        total: { amount: '6400.00', currency: 'INR' },
      },
      segments: [
        {
          id: '0A1-2030-01-15-DEL',
          airline: 'alpha',
          seats: [{ passengerId: 'p1', designator: '1A', price: { amount: '350.00', currency: 'INR' } }],
          baggage: [
            { passengerIds: ['p1'], kind: 'carry_on', pieces: 1, weightKg: 7, purchased: false },
            { passengerIds: ['p1'], kind: 'checked', pieces: 2, weightKg: 15, purchased: true },
          ],
        },
      ],
    })
    expect(booking.reference).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
    expect(booking.history.map(({ event }) => event)).toEqual([
      'booking_created',
      'price_agreed',
      'order_confirmed',
      'booking_confirmed',
    ])
    expect(alpha.calls).toEqual([`purchase ${booking.reference}-1`])
    expect(touched).toEqual(['0A1-2030-01-15-DEL'])
    expect(await bookings.find(booking.reference)).toEqual(booking)
  })

  test('several airlines: holds first, then those that sell at once, then payments', async () => {
    const { bookings, alpha, beta, gamma } = await setUp()
    const order: string[] = []
    for (const airline of [alpha, beta, gamma]) {
      airline.calls.push = (...calls) =>
        order.push(...calls.map((call) => `${airline.connector.airline.name} ${call.split(' ')[0]}`))
    }
    const request = requestFor([[gamma, '2030-01-17'], [alpha], [beta, '2030-01-16']])
    const { booking } = await bookings.create(request, 'key-00001')
    expect(booking.status).toBe('confirmed')
    expect(booking.orders.map(({ airline }) => airline)).toEqual(['gamma', 'alpha', 'beta'])
    expect(order).toEqual(['alpha hold', 'beta hold', 'gamma purchase', 'alpha pay', 'beta pay'])
  })

  test('several airlines: when one refuses, what others gave is given back, and nothing is left', async () => {
    const { bookings, alpha, beta, gamma } = await setUp()
    gamma.faults = [{ refuses: 'sold_out' }]
    const request = requestFor([[alpha], [beta, '2030-01-16'], [gamma, '2030-01-17']])
    const error = await refusal(bookings.create(request, 'key-00001'))
    expect(error).toMatchObject({ code: 'sold_out', options: { facts: { reference: expect.any(String) } } })
    expect(changes(alpha)).toEqual(['hold', 'cancel'])
    expect(changes(beta)).toEqual(['hold', 'cancel'])
    expect([...alpha.orders.values(), ...beta.orders.values()].map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
    ])
    const booking = await bookings.find(String(error.options.facts?.reference))
    expect(booking.status).toBe('failed')
    expect(booking.orders.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'failed'])
  })

  test('is shown in the currency that the client expects the total in, and adds up there', async () => {
    const { bookings, alpha } = await setUp()
    const quoted = await refusal(
      bookings.create(requestFor([[alpha]], { expectedTotal: { amount: '1.00', currency: 'JPY' } }), 'key-00001'),
    )
    const total = quoted.options.facts?.total
    expect(total).toEqual({ amount: '7370', currency: 'JPY' })
    const { booking } = await bookings.create(
      requestFor([[alpha]], { expectedTotal: { amount: '7370', currency: 'JPY' } }),
      'key-00002',
    )
    expect(booking.price?.total).toEqual(total)
    expect(booking.orders[0]).toMatchObject({ price: total, airlinePrice: { amount: '4250.00', currency: 'INR' } })
  })
})

describe('what stops a booking before anything is sold', () => {
  test('another total than expected: 409 with the facts, and a failed booking', async () => {
    const { bookings, alpha } = await setUp()
    const request = requestFor([[alpha]])
    alpha.price.total = 430_000
    const error = await refusal(bookings.create(request, 'key-00001'))
    expect(error).toMatchObject({
      code: 'price_changed',
      options: {
        facts: {
          expectedTotal: { amount: '4250.00', currency: 'INR' },
          total: { amount: '4300.00', currency: 'INR' },
          orders: [{ airline: 'alpha', offerId: request.offerIds[0], price: { amount: '4300.00', currency: 'INR' } }],
        },
      },
    })
    expect(alpha.calls).toEqual([])
    const booking = await bookings.find(String(error.options.facts?.reference))
    expect(booking).toMatchObject({ status: 'failed', orders: [{ status: 'failed', airlineReference: null }] })
    expect(booking.history.map(({ event }) => event)).toEqual(['booking_created', 'price_changed', 'booking_failed'])
  })

  test('a seat that is taken: 409 naming it', async () => {
    const { bookings, alpha } = await setUp()
    const seat = { segmentId: '0A1-2030-01-15-DEL', passengerId: 'p1', designator: '2C' }
    alpha.taken.add('0A1-2030-01-15-DEL 2C')
    const error = await refusal(bookings.create(requestFor([[alpha]], { seats: [seat] }), 'key-00001'))
    expect(error).toMatchObject({ code: 'seat_taken', options: { facts: { seats: [seat] } } })
    expect(alpha.calls).toEqual([])
  })

  test('a seat that is taken between the look and the purchase: 409 naming it too', async () => {
    const { bookings, alpha } = await setUp()
    const seat = { segmentId: '0A1-2030-01-15-DEL', passengerId: 'p1', designator: '2C' }
    let looks = 0
    alpha.beforeCall = () => {
      if (++looks === 3) alpha.taken.add('0A1-2030-01-15-DEL 2C')
    }
    const request = requestFor([[alpha]], { seats: [seat], expectedTotal: { amount: '4600.00', currency: 'INR' } })
    const error = await refusal(bookings.create(request, 'key-00001'))
    expect(error).toMatchObject({ code: 'seat_taken', options: { facts: { seats: [seat] } } })
    expect(alpha.orders.size).toBe(0)
  })

  test('a price that moves between the look and the purchase: 409 with the new total', async () => {
    const { bookings, alpha } = await setUp()
    const request = requestFor([[alpha]])
    let looks = 0
    alpha.beforeCall = () => {
      if (++looks === 2) alpha.price.total = 444_400
    }
    const error = await refusal(bookings.create(request, 'key-00001'))
    expect(error).toMatchObject({ code: 'price_changed', options: { facts: { total: { amount: '4444.00' } } } })
    expect(alpha.orders.size).toBe(0)
  })

  test('a seat that is taken just after the price has moved: 409 naming the seat, since no total can be', async () => {
    const { bookings, alpha } = await setUp()
    const seat = { segmentId: '0A1-2030-01-15-DEL', passengerId: 'p1', designator: '2C' }
    let looks = 0
    alpha.beforeCall = () => {
      if (++looks === 3) alpha.price.total = 444_400
      if (looks === 4) alpha.taken.add('0A1-2030-01-15-DEL 2C')
    }
    const request = requestFor([[alpha]], { seats: [seat], expectedTotal: { amount: '4600.00', currency: 'INR' } })
    const error = await refusal(bookings.create(request, 'key-00001'))
    expect(error).toMatchObject({ code: 'seat_taken', options: { facts: { seats: [seat] } } })
    expect(alpha.orders.size).toBe(0)
  })

  test('a price that moves and moves back: 409 with the total as it is', async () => {
    const { bookings, alpha } = await setUp()
    let looks = 0
    alpha.beforeCall = () => {
      if (++looks === 2) alpha.price.total = 444_400
      if (looks === 3) alpha.price.total = 425_000
    }
    const error = await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))
    expect(error).toMatchObject({ code: 'price_changed', options: { facts: { total: { amount: '4250.00' } } } })
    expect(alpha.orders.size).toBe(0)
  })

  test('baggage that is not sold any more: 409 naming it', async () => {
    const { bookings, alpha } = await setUp()
    const bag = { serviceId: serviceOf(alpha).replace('XBAG15', 'XBAG99'), passengerId: 'p1', quantity: 1 }
    const error = await refusal(bookings.create(requestFor([[alpha]], { baggage: [bag] }), 'key-00001'))
    expect(error).toMatchObject({ code: 'baggage_unavailable', options: { facts: { baggage: [bag] } } })
  })

  test.each([
    ['offer_expired', new AirlineError('alpha', 'rejected', 'too late', { reason: 'offer_expired' })],
    ['sold_out', new AirlineError('alpha', 'rejected', 'all gone', { reason: 'sold_out' })],
    ['offer_not_found', new AirlineError('alpha', 'rejected', 'what?', { reason: 'offer_not_found' })],
    ['airline_unavailable', new AirlineError('alpha', 'unavailable', 'no connection')],
    ['airline_timeout', new AirlineError('alpha', 'timeout', 'too slow')],
    ['airline_error', new AirlineError('alpha', 'malformed', 'what is this')],
    ['internal_error', new TypeError('a fault of ours')],
  ])('what an airline says when asked for the price: %s', async (code, fault) => {
    const { bookings, alpha } = await setUp()
    alpha.connector.price = async () => {
      throw fault
    }
    expect(await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))).toMatchObject({ code })
    const [booking] = (await bookings.list({ limit: 1 })).bookings
    expect(booking).toMatchObject({ status: 'failed', price: null, segments: [] })
  })
})

describe('idempotency keys', () => {
  test('the same key and payload give the same booking, whatever the order of fields', async () => {
    const { bookings, alpha } = await setUp()
    const { passengers, ...rest } = requestFor([[alpha]])
    const first = await bookings.create({ ...rest, passengers }, 'key-00001')
    const again = await bookings.create({ passengers, ...rest }, 'key-00001')
    expect(again).toEqual(first)
    expect(alpha.calls).toHaveLength(1)
  })

  test('another payload is refused', async () => {
    const { bookings, alpha } = await setUp()
    await bookings.create(requestFor([[alpha]]), 'key-00001')
    const other = requestFor([[alpha]], { contact: { email: 'b@example.com', phone: '+919810012345' } })
    expect(await refusal(bookings.create(other, 'key-00001'))).toMatchObject({ code: 'idempotency_key_reused' })
  })

  test('a second call waits for the first that is still running', async () => {
    const { bookings, alpha } = await setUp()
    const answer = Promise.withResolvers<void>()
    const { purchase } = alpha.connector
    alpha.connector.purchase = async (draft, signal) => {
      await answer.promise
      return purchase(draft, signal)
    }
    const calls = [1, 2, 3].map(() => bookings.create(requestFor([[alpha]]), 'key-00001'))
    await settle()
    answer.resolve()
    const [first, second, third] = await Promise.all(calls)
    expect(second).toEqual(first)
    expect(third).toEqual(first)
    expect(alpha.calls).toHaveLength(1)
  })

  test('a failure is told again, not tried again, also after a restart', async () => {
    const { bookings, alpha, openBookings } = await setUp()
    alpha.faults = [{ refuses: 'sold_out' }]
    const first = await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))
    await bookings.close()
    const reopened = await openBookings()
    const again = await refusal(reopened.create(requestFor([[alpha]]), 'key-00001'))
    expect({ code: again.code, message: again.message, options: again.options }).toEqual({
      code: first.code,
      message: first.message,
      options: first.options,
    })
    expect(alpha.calls).toHaveLength(1)
    await reopened.close()
  })

  test('a booking cancelled since is still the answer to its key', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await bookings.cancel(booking.reference)
    const again = await bookings.create(requestFor([[alpha]]), 'key-00001')
    expect(again).toMatchObject({ isSettled: true, booking: { reference: booking.reference, status: 'cancelled' } })
  })

  test('are forgotten after 24 hours', async () => {
    const { bookings, alpha, time } = await setUp({ pollMs: 60 * 60_000 })
    const first = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(24 * 60 * 60_000 - 1)
    expect((await bookings.create(requestFor([[alpha]]), 'key-00001')).booking.reference).toBe(first.booking.reference)
    await time.pass(1)
    const second = await bookings.create(requestFor([[alpha]]), 'key-00001')
    expect(second.booking.reference).not.toBe(first.booking.reference)
  })
})

describe('answers that are lost', () => {
  test('are looked up at once: the client is told what is true', async () => {
    const { bookings, alpha } = await setUp()
    alpha.faults = ['lost after']
    const { booking, isSettled } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    expect({ isSettled, status: booking.status }).toEqual({ isSettled: true, status: 'confirmed' })
    expect(alpha.calls.map((call) => call.split(' ')[0])).toEqual(['purchase', 'find'])
    expect(booking.history.map(({ event }) => event)).toContain('outcome_unknown')
  })

  test('an order that shows late is found by the job; what is asked for again is the same order', async () => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = ['hidden']
    const { booking, isSettled } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    expect({ isSettled, status: booking.status }).toEqual({ isSettled: false, status: 'pending' })
    expect(booking.orders[0]).toMatchObject({ status: 'pending', airlineReference: null })
    await time.pass(3 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
    expect([...alpha.orders.keys()]).toEqual([`${booking.reference}-1`])
    expect(await bookings.create(requestFor([[alpha]]), 'key-00001')).toMatchObject({ isSettled: true })
  })

  test('an order that the airline never heard of is asked for again, after a while and by the same reference', async () => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = ['lost before']
    const { booking, isSettled } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    expect(isSettled).toBe(false)
    await time.pass(4_000)
    expect(changes(alpha)).toEqual(['purchase'])
    await time.pass(6_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
    expect(alpha.calls.filter((call) => call.startsWith('purchase'))).toEqual(
      Array(2).fill(`purchase ${booking.reference}-1`),
    )
  })

  test('an order that is refused when it is asked for again may yet come: it is looked up, and given back', async () => {
    const { bookings, alpha, beta, time } = await setUp()
    const late = Promise.withResolvers<void>()
    beta.faults = ['lost before', { refuses: 'sold_out' }]
    const { hold } = beta.connector
    let drafts = 0
    beta.connector.hold = async (draft, signal) => {
      if (++drafts === 1) void late.promise.then(() => hold?.(draft, signal))
      if (!hold) throw new Error('it holds')
      return hold(draft, signal)
    }
    const { booking } = await bookings.create(requestFor([[alpha], [beta, '2030-01-16']]), 'key-00001')
    await time.pass(60_000)
    const pending = await bookings.find(booking.reference)
    expect(pending).toMatchObject({ status: 'pending', orders: [{ status: 'cancelled' }, { status: 'pending' }] })
    expect(pending.history.map(({ event }) => event)).toContain('sold_out')
    late.resolve()
    await time.pass(2 * 60_000)
    expect(beta.orders.get(`${booking.reference}-2`)?.status).toBe('cancelled')
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'failed' })
    expect(await refusal(bookings.create(requestFor([[alpha], [beta, '2030-01-16']]), 'key-00001'))).toMatchObject({
      code: 'sold_out',
    })
  })

  test('an order that nobody has is given up half an hour after it was last asked for, not before', async () => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = Array(9).fill('lost before')
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(30 * 60_000 + 25_000)
    expect(changes(alpha)).toEqual(Array(5).fill('purchase'))
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'pending' })
    expect((await bookings.list({ status: 'pending', limit: 10 })).bookings).toHaveLength(1)
    await time.pass(2 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'failed', orders: [{ status: 'failed' }] })
    expect(await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))).toMatchObject({
      code: 'airline_timeout',
    })
    const looks = alpha.calls.length - 5
    expect(looks).toBeGreaterThan(20)
    expect(looks).toBeLessThan(60)
  })

  test('a look-up that fails proves nothing: the booking stays pending as long as the airline is down', async () => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = ['lost after']
    alpha.readFaults = []
    const { findOrder } = alpha.connector
    alpha.connector.findOrder = async () => {
      throw new AirlineError('alpha', 'unavailable', 'no connection')
    }
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(2 * 60 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'pending' })
    alpha.connector.findOrder = findOrder
    await time.pass(2 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
  })

  test('no answer by the deadline: pending, then looked up', async () => {
    const { bookings, alpha, time } = await setUp()
    const { purchase } = alpha.connector
    alpha.connector.purchase = async (draft, signal) => {
      await purchase(draft, signal)
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new AirlineError('alpha', 'unknown_outcome', 'no answer'))),
      )
    }
    const answer = bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(30_000)
    expect(await answer).toMatchObject({ isSettled: false, booking: { status: 'pending' } })
    await time.pass(10_000)
    expect((await bookings.list({ limit: 1 })).bookings[0]).toMatchObject({ status: 'confirmed' })
  })

  test('an airline that asks for patience gets it', async () => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = ['rate limited', 'rate limited']
    alpha.readFaults = [new AirlineError('alpha', 'rate_limited', 'slow down', { retryAfterMs: 1_000 })]
    const answer = bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(10_000)
    expect(await answer).toMatchObject({ isSettled: true, booking: { status: 'confirmed' } })
    expect(changes(alpha)).toEqual(['purchase', 'purchase', 'purchase'])
  })

  test('an airline that asks for more patience than there is time fails the booking at once', async () => {
    const { bookings, alpha } = await setUp()
    alpha.connector.purchase = async () => {
      throw new AirlineError('alpha', 'rate_limited', 'come back tomorrow', { retryAfterMs: 60_000 })
    }
    expect(await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))).toMatchObject({
      code: 'airline_unavailable',
      options: { retryAfter: 60 },
    })
  })
})

describe('calls that our own policies did not send', () => {
  const held = async () => {
    const all = await setUp()
    const { booking } = await all.bookings.create(requestFor([[all.alpha]], { payment: 'hold' }), 'key-00001')
    return { ...all, reference: booking.reference }
  }
  const isOpen = new AirlineError('alpha', 'circuit_open', 'alpha is not asked for now', { retryAfterMs: 3_000 })
  const isBusy = new AirlineError('alpha', 'busy', 'alpha is asked enough')

  test.for(['circuit open', 'busy'] as const)(
    '%s: the booking fails at once, and nothing is looked up',
    async (why) => {
      const { bookings, alpha, beta } = await setUp()
      beta.faults = [why]
      const request = requestFor([[alpha], [beta, '2030-01-16']])
      expect(await refusal(bookings.create(request, 'key-00001'))).toMatchObject({
        code: 'airline_unavailable',
        options: { retryAfter: why === 'busy' ? 5 : 3 },
      })
      expect(beta.calls.filter((call) => call.startsWith('find'))).toEqual([])
      expect([...alpha.orders.values()].filter(({ status }) => status !== 'cancelled')).toEqual([])
      expect(beta.orders.size).toBe(0)
    },
  )

  test.for(['circuit open', 'busy'] as const)('%s: what was taken is given back in the end', async (why) => {
    const { bookings, alpha, beta, time } = await setUp()
    const request = requestFor([[alpha], [beta, '2030-01-16']])
    beta.faults = [{ refuses: 'sold_out' }]
    alpha.faults = ['none', ...Array<Fault>(20).fill(why)]
    const answer = bookings.create(request, 'key-00001')
    await time.pass(60 * 60_000)
    await answer.catch(() => {})
    expect([...alpha.orders.values()].map(({ status }) => status)).toEqual(['cancelled'])
    expect((await bookings.list({ limit: 1 })).bookings[0]).toMatchObject({ status: 'failed' })
    expect(changes(alpha).filter((call) => call === 'cancel')).toHaveLength(21)
  })

  test.for(['circuit open', 'busy'] as const)('%s: a payment is made later, without a look-up', async (why) => {
    const { bookings, alpha, time, reference } = await held()
    alpha.faults = [why, why]
    const paid = bookings.pay(reference, null)
    await time.pass(60_000)
    expect(await paid).toMatchObject({ isSettled: false })
    expect(await bookings.find(reference)).toMatchObject({ status: 'confirmed' })
    expect(changes(alpha)).toEqual(['hold', 'pay', 'pay', 'pay'])
    expect(alpha.calls.filter((call) => call.startsWith('find'))).toEqual([])
  })

  test.for([isOpen, isBusy])('$kind: a look-up is made later', async (error) => {
    const { bookings, alpha, time } = await setUp()
    alpha.faults = ['lost after']
    const { findOrder } = alpha.connector
    alpha.connector.findOrder = async () => {
      throw error
    }
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(2 * 60 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'pending' })
    alpha.connector.findOrder = findOrder
    await time.pass(2 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
    expect(alpha.orders.size).toBe(1)
  })
})

describe('holds', () => {
  test('are kept until the earliest time to pay, and paid at every airline', async () => {
    const { bookings, alpha, beta } = await setUp()
    const request = requestFor([[alpha], [beta, '2030-01-16']], { payment: 'hold' })
    const { booking, isSettled } = await bookings.create(request, 'key-00001')
    expect(isSettled).toBe(true)
    expect(booking).toMatchObject({ status: 'held', payBy: '2030-01-10T12:30:00.000Z' })
    const paid = await bookings.pay(booking.reference, { amount: '8500.00', currency: 'INR' })
    expect(paid).toMatchObject({ isSettled: true, booking: { status: 'confirmed', payBy: null } })
    expect(await bookings.pay(booking.reference, null)).toEqual(paid)
    expect(changes(alpha)).toEqual(['hold', 'pay'])
    expect(changes(beta)).toEqual(['hold', 'pay'])
  })

  test('two payments at once pay once', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    const [first, second] = await Promise.all([
      bookings.pay(booking.reference, null),
      bookings.pay(booking.reference, null),
    ])
    expect(first.booking.status).toBe('confirmed')
    expect(second).toEqual(first)
    expect(changes(alpha)).toEqual(['hold', 'pay'])
  })

  test('another amount than agreed is refused, and the hold stands', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    const error = await refusal(bookings.pay(booking.reference, { amount: '4249.99', currency: 'INR' }))
    expect(error).toMatchObject({ code: 'price_changed', options: { facts: { total: { amount: '4250.00' } } } })
    expect((await bookings.find(booking.reference)).status).toBe('held')
  })

  test('lapse by the clock alone, and the sweep gives back what an airline still has', async () => {
    const { bookings, alpha, beta, time } = await setUp()
    const request = requestFor([[alpha], [beta, '2030-01-16']], { payment: 'hold' })
    const { booking } = await bookings.create(request, 'key-00001')
    await time.pass(30 * 60_000 - 1)
    expect((await bookings.find(booking.reference)).status).toBe('held')
    await time.pass(1)
    const lapsed = await bookings.find(booking.reference)
    expect(lapsed).toMatchObject({ status: 'failed', payBy: null })
    expect(lapsed.history.map(({ event }) => event)).toContain('hold_lapsed')
    expect((await bookings.list({ status: 'held', limit: 5 })).bookings).toEqual([])
    expect((await bookings.list({ status: 'failed', limit: 5 })).bookings).toHaveLength(1)
    expect(await refusal(bookings.pay(booking.reference, null))).toMatchObject({ code: 'hold_lapsed' })
    await time.pass(60_000)
    expect((await bookings.find(booking.reference)).status).toBe('failed')
    expect(alpha.orders.get(`${booking.reference}-1`)?.status).toBe('cancelled')
    expect(await refusal(bookings.pay(booking.reference, null))).toMatchObject({ code: 'hold_lapsed' })
    expect(await bookings.create(request, 'key-00001')).toMatchObject({
      isSettled: true,
      booking: { status: 'failed' },
    })
  })

  test('a hold that the airline has let go early fails the booking when it is paid', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    alpha.orders.clear()
    expect(await refusal(bookings.pay(booking.reference, null))).toMatchObject({ code: 'hold_lapsed' })
    expect(await bookings.find(booking.reference)).toMatchObject({
      status: 'failed',
      orders: [{ status: 'cancelled' }],
    })
  })

  test('a hold that one of two airlines has let go: what the other was paid is given back', async () => {
    const { bookings, alpha, beta } = await setUp()
    const request = requestFor([[alpha], [beta, '2030-01-16']], { payment: 'hold' })
    const { booking } = await bookings.create(request, 'key-00001')
    beta.orders.clear()
    expect(await refusal(bookings.pay(booking.reference, null))).toMatchObject({ code: 'hold_lapsed' })
    expect(await bookings.find(booking.reference)).toMatchObject({
      status: 'failed',
      orders: [{ status: 'cancelled' }, { status: 'cancelled' }],
    })
    expect(changes(alpha)).toEqual(['hold', 'pay', 'cancel'])
    expect(alpha.orders.get(`${booking.reference}-1`)?.status).toBe('cancelled')
  })

  test('a payment whose answer was lost is looked up', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    alpha.faults = ['lost after']
    expect(await bookings.pay(booking.reference, null)).toMatchObject({ booking: { status: 'confirmed' } })
    expect(changes(alpha)).toEqual(['hold', 'pay'])
  })

  test('a payment that never arrived is made again by the job', async () => {
    const { bookings, alpha, time } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    alpha.faults = ['lost before']
    expect(await bookings.pay(booking.reference, null)).toMatchObject({
      isSettled: false,
      booking: { status: 'pending' },
    })
    await time.pass(10_000)
    expect((await bookings.find(booking.reference)).status).toBe('confirmed')
  })

  test('only a held booking is paid', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    await bookings.cancel(booking.reference)
    expect(await refusal(bookings.pay(booking.reference, null))).toMatchObject({ code: 'invalid_booking_status' })
    expect(await refusal(bookings.pay('ZZZZZZZZ', null))).toMatchObject({ code: 'booking_not_found' })
  })
})

describe('cancellations', () => {
  test('are quoted without changing anything, then done, then answered as they were', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    const quote = await bookings.quoteCancellation(booking.reference)
    const amounts = {
      refund: { amount: '3825.00', currency: 'INR' },
      fee: { amount: '425.00', currency: 'INR' },
      orders: [
        {
          airline: 'alpha',
          airlineReference: 'AL0001',
          refund: { amount: '3825.00', currency: 'INR' },
          fee: { amount: '425.00', currency: 'INR' },
        },
      ],
    }
    expect(quote).toMatchObject({ status: 'quoted', ...amounts, booking: { status: 'confirmed' } })
    const done = await bookings.cancel(booking.reference)
    expect(done).toMatchObject({ status: 'cancelled', ...amounts, booking: { status: 'cancelled' } })
    expect(await bookings.cancel(booking.reference)).toEqual(done)
    expect(await bookings.quoteCancellation(booking.reference)).toEqual(done)
    expect(changes(alpha)).toEqual(['purchase', 'cancel'])
  })

  test('refund and fee add up to what was paid in another currency', async () => {
    const { bookings, alpha } = await setUp()
    const request = requestFor([[alpha]], { expectedTotal: { amount: '47.90', currency: 'USD' } })
    const { booking } = await bookings.create(request, 'key-00001')
    const { refund, fee } = await bookings.cancel(booking.reference)
    expect(Number(refund.amount) + Number(fee.amount)).toBeCloseTo(47.9, 10)
    expect(fee).toEqual({ amount: '4.79', currency: 'USD' })
  })

  test('a hold costs nothing to give back', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    expect(await bookings.cancel(booking.reference)).toMatchObject({
      status: 'cancelled',
      refund: { amount: '0.00' },
      fee: { amount: '0.00' },
    })
  })

  test('an airline that does not take it back: refused, and the booking stands', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    alpha.faults = [{ refuses: 'not_cancellable' }]
    expect(await refusal(bookings.cancel(booking.reference))).toMatchObject({ code: 'not_cancellable' })
    expect(await bookings.find(booking.reference)).toMatchObject({
      status: 'confirmed',
      orders: [{ status: 'confirmed' }],
    })
    expect(await bookings.cancel(booking.reference)).toMatchObject({ status: 'cancelled' })
  })

  test('one of two airlines that does not take it back: pending, visible, tried again', async () => {
    const { bookings, alpha, beta, time } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha], [beta, '2030-01-16']]), 'key-00001')
    alpha.faults = [{ refuses: 'not_cancellable' }]
    const cancellation = await bookings.cancel(booking.reference)
    expect(cancellation).toMatchObject({
      status: 'pending',
      booking: { status: 'pending', orders: [{ status: 'pending' }, { status: 'cancelled' }] },
    })
    expect(cancellation.booking.history.at(-1)).toMatchObject({ airline: 'alpha', event: 'cancellation_refused' })
    await time.pass(10_000)
    expect(await bookings.cancel(booking.reference)).toMatchObject({ status: 'cancelled' })
  })

  test('an answer that was lost: pending with the quote, then done by the job', async () => {
    const { bookings, alpha, time } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    alpha.faults = ['lost before', 'lost before']
    expect(await bookings.cancel(booking.reference)).toMatchObject({ status: 'pending', refund: { amount: '3825.00' } })
    await time.pass(10_000)
    expect(await bookings.cancel(booking.reference)).toMatchObject({
      status: 'cancelled',
      refund: { amount: '3825.00' },
    })
    expect(alpha.orders.get(`${booking.reference}-1`)?.status).toBe('cancelled')
  })

  test('a cancellation that is refused after one was lost is not believed: the lost one may yet be done', async () => {
    const { bookings, alpha, time } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    alpha.faults = [{ actsAfterMs: 60_000 }, ...Array(9).fill({ refuses: 'not_cancellable' })]
    expect(await bookings.cancel(booking.reference)).toMatchObject({ status: 'pending' })
    await time.pass(55_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'pending', orders: [{ status: 'pending' }] })
    await time.pass(2 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({
      status: 'cancelled',
      orders: [{ status: 'cancelled' }],
    })
  })

  test('an airline that cannot be asked for the refund: nothing changes', async () => {
    const { bookings, alpha } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00001')
    alpha.connector.quoteCancellation = async () => {
      throw new AirlineError('alpha', 'unavailable', 'no connection')
    }
    expect(await refusal(bookings.cancel(booking.reference))).toMatchObject({ code: 'airline_unavailable' })
    expect((await bookings.find(booking.reference)).status).toBe('confirmed')
    expect(changes(alpha)).toEqual(['purchase'])
  })

  test('a failed booking cannot be cancelled, nor one that is pending', async () => {
    const { bookings, alpha } = await setUp()
    alpha.faults = [{ refuses: 'sold_out' }, 'lost before']
    const failed = await refusal(bookings.create(requestFor([[alpha]]), 'key-00001'))
    const { booking } = await bookings.create(requestFor([[alpha]]), 'key-00002')
    for (const reference of [String(failed.options.facts?.reference), booking.reference]) {
      expect(await refusal(bookings.cancel(reference))).toMatchObject({ code: 'invalid_booking_status' })
      expect(await refusal(bookings.quoteCancellation(reference))).toMatchObject({ code: 'invalid_booking_status' })
    }
  })
})

describe('the list', () => {
  test('newest first, page by page, each booking once', async () => {
    const { bookings, alpha, time } = await setUp()
    const made: string[] = []
    for (let n = 0; n < 7; n++) {
      const { booking } = await bookings.create(requestFor([[alpha]]), `key-0000${n}`)
      made.unshift(booking.reference)
      if (n % 3 === 0) await time.pass(1)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await bookings.list({ limit: 3, ...(cursor && { cursor }) })
      seen.push(...page.bookings.map(({ reference }) => reference))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen.toSorted()).toEqual(made.toSorted())
    const times = await Promise.all(seen.map(async (reference) => (await bookings.find(reference)).createdAt))
    expect(times).toEqual(times.toSorted().reverse())
  })

  test('a cursor belongs to its list', async () => {
    const { bookings, alpha } = await setUp()
    await bookings.create(requestFor([[alpha]]), 'key-00001')
    await bookings.create(requestFor([[alpha]]), 'key-00002')
    const { nextCursor } = await bookings.list({ limit: 1, status: 'confirmed' })
    expect(nextCursor).not.toBeNull()
    expect(await refusal(bookings.list({ limit: 1, cursor: nextCursor ?? '' }))).toMatchObject({
      code: 'invalid_cursor',
    })
    expect(await refusal(bookings.list({ limit: 1, cursor: 'nonsense' }))).toMatchObject({ code: 'invalid_cursor' })
  })
})

describe('stopping', () => {
  test('gives leases back: another process goes on at once', async () => {
    const { bookings, alpha, openBookings, time } = await setUp()
    const { purchase } = alpha.connector
    alpha.connector.purchase = async (draft, signal) => {
      await purchase(draft, signal)
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new AirlineError('alpha', 'unknown_outcome', 'no answer'))),
      )
    }
    const answer = bookings.create(requestFor([[alpha]]), 'key-00001')
    await settle()
    const stopped = bookings.stop()
    await time.pass(8_000)
    await stopped
    expect(await answer).toMatchObject({ isSettled: false, booking: { status: 'pending' } })
    const next = await openBookings()
    await time.pass(3_000)
    expect((await next.list({ limit: 1 })).bookings[0]).toMatchObject({ status: 'confirmed' })
    expect(changes(alpha)).toEqual(['purchase'])
    await next.close()
  })
})
