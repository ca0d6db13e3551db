import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Booking, BookingRequest, Cancellation } from '../../gateway/src/schemas/booking.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import type { OrderSummary } from '../../services/kit/src/orders/types.ts'
import type { Api } from '../support/api.ts'
import { type Cluster, holding, offersInTurn, sellingAtOnce, startCluster } from '../support/cluster.ts'
import { minor, moneyLike } from '../support/money.ts'
import { parseAs } from '../support/schema-check.ts'
import type { FaultSwitch } from '../support/system.ts'
import { daysAhead, freeSeats, requestFor } from '../support/trip.ts'
import { until } from '../support/until.ts'

const [holder = '', otherHolder = ''] = holding
const [seller = ''] = sellingAtOnce

/** What may become of a call. An answer that is late comes after the gateway has stopped waiting for it. */
const faults: Pick<FaultSwitch, 'kind' | 'delayMs'>[] = [
  { kind: 'reset' },
  { kind: 'lost_answer' },
  { kind: 'error' },
  { kind: 'error_after' },
  { kind: 'late', delayMs: 6_000 },
  { kind: 'done_later', delayMs: 1_500 },
]

let cluster: Cluster
let api: Api
let day = 30
/** Days from now on which no other test travels, nor on the six after it. */
function nextDay(): number {
  day += 7
  return day
}

beforeAll(async () => {
  cluster = await startCluster({
    BOOKING_DEADLINE_MS: '4000',
    BOOKING_LOOK_UP_MS: '5000',
    BOOKING_ASK_AGAIN_MS: '300',
    BOOKING_LEASE_MS: '2000',
    BOOKING_POLL_MS: '100',
    BOOKING_BACK_OFF_MS: '200',
    BOOKING_BACK_OFF_MOST_MS: '1000',
  })
  api = cluster.apis[0]
})

afterEach(async () => {
  for (const airline of cluster.airlines) {
    await airline.setFaults([])
    expect(await airline.audit(), airline.name).toEqual([])
  }
})

afterAll(() => cluster.system.close())

/** A trip over these airlines, with a seat on the first flight of each and a bag where it is sold. */
async function plan(names: readonly string[], payment: 'now' | 'hold' = 'now'): Promise<BookingRequest> {
  const offers = (await offersInTurn(api, names, nextDay())).map(([first]) => first)
  return planFor(offers, payment)
}

async function planFor(offers: readonly Offer[], payment: 'now' | 'hold' = 'now'): Promise<BookingRequest> {
  const itinerary = await api.itinerary(offers.map(({ id }) => id))
  const seats = itinerary.offers.flatMap(({ slice: { segments } }) => {
    const segmentId = segments[0]?.id ?? ''
    const [seat] = freeSeats(itinerary, segmentId)
    return seat ? [{ segmentId, passengerId: 'p1', seat }] : []
  })
  const bags = itinerary.offers.flatMap(({ slice: { segments } }) => {
    const bag = itinerary.baggage?.purchasable.find((one) => one.segmentIds[0] === segments[0]?.id)
    return bag ? [{ passengerId: 'p1', bag }] : []
  })
  expect(seats).toHaveLength(offers.length)
  return requestFor(itinerary, { seats, bags }, payment)
}

/** Every order that an airline has of the booking. */
async function ordersAt(name: string, reference: string): Promise<OrderSummary[]> {
  const orders = await cluster.airline(name).orders()
  return orders.filter(({ clientReference }) => clientReference.startsWith(`${reference}-`))
}

/** Status of the booking's orders at each of its airlines, in the booking's order. */
async function statusesAtAirlines({ reference, orders }: Booking): Promise<string[]> {
  const found = await Promise.all(orders.map(({ airline }) => ordersAt(airline, reference)))
  return found.map((of) => of.map(({ status }) => status).join(' and ') || 'none')
}

/** The booking once its outcome is known. */
function settled(reference: string, through = api): Promise<Booking> {
  return until(`booking ${reference} is settled`, async () => {
    const booking = await through.read(reference)
    return booking.status !== 'pending' && booking
  })
}

/** Books, and waits for the outcome where it is not known at once: 202 with a place to look. */
async function bookToTheEnd(request: BookingRequest): Promise<{ booking: Booking; status: number }> {
  const answer = await api.book(request)
  const booking = parseAs<Booking>('Booking', answer.body)
  expect([201, 202]).toContain(answer.status)
  expect(answer.headers.get('location')).toBe(`/v1/bookings/${booking.reference}`)
  if (answer.status === 201) return { booking, status: 201 }
  expect(booking.status).toBe('pending')
  return { booking: await settled(booking.reference), status: 202 }
}

/** Events of a history with the airline they are of, e.g. `order_held saffron`. */
function eventsOf({ history }: Booking): string[] {
  return history.map(({ event, airline }) => (airline === null ? event : `${event} ${airline}`))
}

/** What every confirmed booking must be, here and at its airlines. */
async function expectConfirmed(booking: Booking, request: BookingRequest): Promise<void> {
  expect(booking.status).toBe('confirmed')
  expect(booking.orders.map(({ status, offerId }) => ({ status, offerId }))).toEqual(
    request.offerIds.map((offerId) => ({ status: 'confirmed', offerId })),
  )
  expect(booking.price?.total).toEqual(request.expectedTotal)
  expect(booking.segments.flatMap(({ id, seats }) => seats.map(({ designator }) => `${id} ${designator}`))).toEqual(
    request.seats.map(({ segmentId, designator }) => `${segmentId} ${designator}`),
  )
  for (const { airline, airlineReference, airlinePrice } of booking.orders) {
    const [order, ...others] = await ordersAt(airline, booking.reference)
    expect(others).toEqual([])
    expect(order).toMatchObject({
      locator: airlineReference,
      status: 'confirmed',
      total: airlinePrice && minor(airlinePrice),
    })
  }
}

/** A booking that came to nothing: no airline keeps anything of it. */
async function expectNothingKept(booking: Booking): Promise<void> {
  expect(booking.status).toBe('failed')
  for (const status of await statusesAtAirlines(booking)) expect(['none', 'cancelled', 'lapsed']).toContain(status)
}

describe('a booking over several airlines', () => {
  it.each([2, 3])(
    'of %i is confirmed at each: holds first, then who sells at once, then the payments',
    async (count) => {
      const names = [seller, holder, otherHolder].slice(0, count)
      const request = await plan(names)
      const booking = await api.booked(request)
      await expectConfirmed(booking, request)
      const held = names.filter((name) => name !== seller)
      expect(eventsOf(booking)).toEqual([
        'booking_created',
        'price_agreed',
        ...held.map((name) => `order_held ${name}`),
        `order_confirmed ${seller}`,
        ...held.map((name) => `order_confirmed ${name}`),
        'booking_confirmed',
      ])
      expect(await cluster.apis[1].read(booking.reference)).toEqual(booking)
    },
  )

  it('is held everywhere, and paid later as a whole', async () => {
    const request = await plan([holder, otherHolder], 'hold')
    const held = await api.booked(request)
    expect(held).toMatchObject({ status: 'held', orders: [{ status: 'held' }, { status: 'held' }] })
    expect(await statusesAtAirlines(held)).toEqual(['held', 'held'])
    const times = await Promise.all([holder, otherHolder].map((name) => ordersAt(name, held.reference)))
    const first = Math.min(...times.flat().map(({ payBy }) => payBy ?? Number.NaN))
    // Some dialects have no fractions of a second.
    expect(first - Date.parse(held.payBy ?? '')).toBeLessThan(1_000)
    expect(first).toBeGreaterThanOrEqual(Date.parse(held.payBy ?? ''))

    const paid = await cluster.apis[1].pay(held.reference)
    await expectConfirmed(paid, request)
    expect(paid.payBy).toBeNull()
  })

  it('is refused as a hold where one of them sells at once, and nothing is stored', async () => {
    const before = await api.list()
    const answer = await api.book(await plan([holder, seller], 'hold'))
    expect(api.problem(answer)).toMatchObject({ status: 400, code: 'hold_not_supported' })
    expect(await api.list()).toEqual(before)
  })
})

describe('when the second airline refuses, the first takes its order back', () => {
  /** Books while the first airline's answer is kept back for a while, in which `meanwhile` happens. */
  async function bookWhile(request: BookingRequest, first: string, meanwhile: () => Promise<void>) {
    const airline = cluster.airline(first)
    const known = (await airline.orders()).length
    await airline.setFaults([{ operation: 'hold', kind: 'late', next: 1, delayMs: 3_000 }])
    const answer = api.book(request)
    await until(`${first} has the order`, async () => (await airline.orders()).length > known)
    await meanwhile()
    return answer
  }

  it('since another has the seat', async () => {
    const [offers = [], others = []] = await offersInTurn(api, [holder, seller], nextDay())
    const [first] = offers
    const [second] = others
    if (!first || !second) throw new Error('no offers')
    const request = await planFor([first, second])
    const rival = await planFor([second])
    const answer = await bookWhile(request, holder, async () => {
      expect((await cluster.apis[1].booked(rival)).status).toBe('confirmed')
    })
    const problem = api.problem(answer)
    expect(problem).toMatchObject({ status: 409, code: 'seat_taken' })
    const booking = await api.read(String(problem.facts?.reference))
    await expectNothingKept(booking)
    expect(await statusesAtAirlines(booking)).toEqual(['cancelled', 'none'])
    expect(booking.orders.map(({ status }) => status)).toEqual(['cancelled', 'failed'])
  })

  it('since others have filled the flight', async () => {
    const [offers = []] = await offersInTurn(api, [holder], nextDay())
    const [first] = offers
    const fullest = await fillUpToTheLast(seller, day + 3)
    if (!first) throw new Error('no offer')
    const request = requestFor(await api.itinerary([first.id, fullest.id]), { seats: [], bags: [] }, 'now')
    const rival = requestFor(await api.itinerary([fullest.id]), { seats: [], bags: [] }, 'now')
    const answer = await bookWhile(request, holder, async () => {
      expect((await cluster.apis[1].booked(rival)).status).toBe('confirmed')
    })
    const problem = api.problem(answer)
    expect(problem).toMatchObject({ status: 409, code: 'sold_out' })
    const booking = await api.read(String(problem.facts?.reference))
    await expectNothingKept(booking)
    expect(await statusesAtAirlines(booking)).toEqual(['cancelled', 'none'])
  })

  /** Books parties of up to nine on the fullest flight of a day until one seat is left; gives an offer of that seat. */
  async function fillUpToTheLast(name: string, days: number): Promise<Offer> {
    let flight: string | null = null
    for (;;) {
      const query = { origin: 'BOM', destination: 'DEL', departureDate: daysAhead(days), airlines: name, limit: 200 }
      const offersFor = async (adults: number) => (await api.search({ ...query, adults })).slices[0]?.offers ?? []
      const keyOf = ({ slice }: Offer) => slice.segments.map(({ id }) => id).join()
      const alone = (await offersFor(1)).filter((one) => flight === null || keyOf(one) === flight)
      const fullest = alone.toSorted((a, b) => (a.seatsLeft ?? 999) - (b.seatsLeft ?? 999))[0]
      if (!fullest) throw new Error(`${name} has no such flight`)
      flight = keyOf(fullest)
      const left = (await api.itinerary([fullest.id])).offers[0]?.seatsLeft ?? 0
      if (left === 1) return fullest
      const party = (await offersFor(Math.min(9, left - 1))).find((one) => keyOf(one) === flight)
      if (!party) throw new Error(`${name} sells ${left - 1} of its ${left} seats to nobody`)
      const passengers = party.perPassenger.map(({ passengerId: id, type }) => ({
        id,
        type,
        title: 'ms' as const,
        givenName: 'Asha',
        familyName: 'Verma',
        bornOn: '1990-04-12',
        gender: 'female' as const,
      }))
      await api.booked(requestFor(await api.itinerary([party.id]), { seats: [], bags: [] }, 'now', passengers))
    }
  }
})

describe('answers that are lost', () => {
  describe.each(faults)('$kind', ({ kind, ...fault }) => {
    /** The next such operation goes wrong. */
    const spoil = (name: string, operation: FaultSwitch['operation']) =>
      cluster.airline(name).setFaults([{ operation, kind, next: 1, ...fault }])

    it.each([
      ['hold', holder],
      ['purchase', seller],
      ['pay', holder],
    ] as const)(
      'of a %s: the booking is confirmed in the end, with one order at each airline',
      async (operation, name) => {
        const request = await plan([holder, seller])
        await spoil(name, operation)
        const { booking, status } = await bookToTheEnd(request)
        if (kind === 'late') expect(status).toBe(202)
        expect(eventsOf(booking)).toContain(`outcome_unknown ${name}`)
        await expectConfirmed(booking, request)
      },
    )

    it('of the payment of a held booking: it is confirmed in the end', async () => {
      const request = await plan([holder, otherHolder], 'hold')
      const held = await api.booked(request)
      await spoil(otherHolder, 'pay')
      const answer = await api.call('POST', `/v1/bookings/${held.reference}/payment`)
      expect([200, 202]).toContain(answer.status)
      if (answer.status === 202) expect(answer.headers.get('location')).toBe(`/v1/bookings/${held.reference}`)
      await expectConfirmed(await settled(held.reference), request)
    })

    it('of a cancellation: it is pending, and done in the end', async () => {
      const booking = await api.booked(await plan([holder, seller]))
      const quote = await api.cancel(booking.reference, false)
      await spoil(holder, 'cancel')
      const answer = await api.call('POST', `/v1/bookings/${booking.reference}/cancellation`, {
        body: { confirm: true },
      })
      const { status, refund, fee } = parseAs<Cancellation>('Cancellation', answer.body)
      expect([answer.status, status]).toEqual(answer.status === 202 ? [202, 'pending'] : [200, 'cancelled'])
      expect([refund, fee]).toEqual([quote.refund, quote.fee])
      const cancelled = await settled(booking.reference)
      expect(cancelled.status).toBe('cancelled')
      expect(await statusesAtAirlines(cancelled)).toEqual(['cancelled', 'cancelled'])
      const told = await cluster.apis[1].cancel(booking.reference, true)
      expect([told.status, told.refund, told.fee]).toEqual(['cancelled', quote.refund, quote.fee])
    })
  })
})

it('a hold that lapses at one airline fails the whole booking, and the other takes its order back', async () => {
  const held = await api.booked(await plan([otherHolder, holder], 'hold'))
  const airline = cluster.airline(holder)
  const [order] = await ordersAt(holder, held.reference)
  await airline.advanceClock((order?.payBy ?? 0) - (await airline.now()))
  expect(await statusesAtAirlines(held)).toEqual(['held', 'lapsed'])
  // A new process has the real time again.
  await airline.kill()
  await airline.restart()

  const answer = await api.call('POST', `/v1/bookings/${held.reference}/payment`)
  expect(api.problem(answer)).toMatchObject({ status: 409, code: 'hold_lapsed' })
  const failed = await until('the other order is given back', async () => {
    const booking = await api.read(held.reference)
    return eventsOf(booking).includes('booking_failed') && booking
  })
  expect(failed).toMatchObject({ status: 'failed', orders: [{ status: 'cancelled' }, { status: 'cancelled' }] })
  expect(await statusesAtAirlines(failed)).toEqual(['cancelled', 'lapsed'])
})

it('a cancellation that one airline cannot do yet is pending, visible and tried again', async () => {
  const request = await plan([holder, seller])
  const booking = await api.booked(request)
  const airline = cluster.airline(holder)
  await airline.setFaults([{ operation: 'cancel', kind: 'error' }])
  const path = `/v1/bookings/${booking.reference}/cancellation`
  const answer = await api.call('POST', path, { body: { confirm: true } })
  expect(answer.status).toBe(202)
  expect(answer.headers.get('location')).toBe(`/v1/bookings/${booking.reference}`)
  const { status, refund, fee } = parseAs<Cancellation>('Cancellation', answer.body)
  expect(status).toBe('pending')
  expect(minor(refund) + minor(fee)).toBe(minor(request.expectedTotal))

  const struck = async () => (await airline.struck()).get('cancel/error') ?? 0
  await until('it was tried three times', async () => (await struck()) >= 3)
  const pending = parseAs<{ bookings: Booking[] }>(
    'BookingList',
    (await api.call('GET', '/v1/bookings?status=pending')).body,
  )
  expect(pending.bookings.map(({ reference }) => reference)).toContain(booking.reference)
  expect(await statusesAtAirlines(booking)).toEqual(['confirmed', 'cancelled'])

  await airline.setFaults([])
  const cancelled = await settled(booking.reference)
  expect(cancelled.status).toBe('cancelled')
  expect(await statusesAtAirlines(cancelled)).toEqual(['cancelled', 'cancelled'])
})

describe('two gateways over the same bookings', () => {
  it('make one booking of one key that both are given at once, many times over', async () => {
    const request = await plan([holder, seller])
    const key = randomUUID()
    const [one, other] = cluster.apis
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? one : other).book(request, key)),
    )
    const bookings = answers.map(({ body }) => parseAs<Booking>('Booking', body))
    expect(new Set(bookings.map(({ reference }) => reference)).size).toBe(1)
    for (const { status } of answers) expect([201, 202]).toContain(status)
    const booking = await settled(bookings[0]?.reference ?? '')
    await expectConfirmed(booking, request)

    for (const each of cluster.apis) {
      expect(await each.booked(request, key)).toEqual(booking)
      const otherTotal = { ...request, expectedTotal: moneyLike(request.expectedTotal, 1) }
      expect(each.problem(await each.book(otherTotal, key))).toMatchObject({
        status: 422,
        code: 'idempotency_key_reused',
      })
    }
  })

  it('finish what the other was killed over', async () => {
    const request = await plan([holder, seller])
    const key = randomUUID()
    const [doomed, survivor] = cluster.gateways
    const airline = cluster.airline(holder)
    const known = (await airline.orders()).length
    await airline.setFaults([{ operation: 'hold', kind: 'late', next: 1, delayMs: 3_000 }])
    const lost = cluster.apis[0].book(request, key).then(
      () => null,
      (error) => error,
    )
    await until('the airline has the order', async () => (await airline.orders()).length > known)
    await doomed.kill()
    expect(await lost).toBeInstanceOf(TypeError)

    const answer = await cluster.apis[1].book(request, key)
    expect([201, 202]).toContain(answer.status)
    const { reference } = parseAs<Booking>('Booking', answer.body)
    const booking = await settled(reference, cluster.apis[1])
    await expectConfirmed(booking, request)
    expect(survivor.name).toBe('gateway')
    await doomed.restart()
    expect(await cluster.apis[0].booked(request, key)).toEqual(booking)
  })
})
