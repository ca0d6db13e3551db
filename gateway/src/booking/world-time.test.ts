import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { AirlineError } from '../upstream/airline-error.ts'
import { createBookingsOn } from './bookings.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { openStore } from './store/store.ts'
import { createTestAirline, createTestTime, noon, requestFor } from './testing.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Bookings over one airline that holds for an hour, in a world whose clock can leap and stand still while real time passes. */
async function setUp() {
  const time = createTestTime()
  let aheadMs = 0
  let frozenAt: number | null = null
  const worldNow = () => frozenAt ?? time.now() + aheadMs
  const alpha = createTestAirline({ name: 'alpha', canHold: true, now: worldNow, timers: time.timers })
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-world-time-'))
  const { connector } = alpha
  const store = await openStore(sqliteDatabase(join(folder, 'gateway.sqlite')))
  const bookings = createBookingsOn(store, {
    connectors: new Map([['alpha', connector]]),
    reads: { price: connector.price, seatMaps: connector.seatMaps, baggage: connector.baggage },
    now: time.now,
    worldNow,
    timers: time.timers,
    random: () => 1,
    log: { info() {}, warn() {}, error() {} },
    touched: () => {},
  })
  bookings.start()
  open.push(async () => {
    await bookings.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    time,
    alpha,
    bookings,
    leap: (ms: number) => {
      aheadMs += ms
    },
    freeze: () => {
      frozenAt = worldNow()
    },
  }
}

const orderOf = ({ orders }: ReturnType<typeof createTestAirline>) => [...orders.values()]

describe('a clock that leaps', () => {
  test('lapses a hold at once, and the airline’s order is given back by the next look for work', async () => {
    const { time, alpha, bookings, leap } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    expect(booking.status).toBe('held')
    leap(2 * hourMs)
    expect(await bookings.find(booking.reference)).toMatchObject({
      status: 'failed',
      orders: [{ status: 'cancelled' }],
    })
    // The longest that it is until the next look.
    await time.pass(1_250)
    const settled = await bookings.find(booking.reference)
    expect(settled.history.at(-1)).toMatchObject({
      event: 'booking_failed',
      at: new Date(noon + 2 * hourMs + 1_250).toISOString(),
    })
    expect(orderOf(alpha).map(({ status }) => status)).toEqual(['cancelled'])
    expect(await bookings.survey()).toMatchObject({ jobsDue: 0, jobsWaiting: 0, jobsInHand: 0 })
  })

  test('does not hurry what waits in real time: an answer that is lost is looked for as long as ever', async () => {
    const { time, alpha, bookings, leap } = await setUp()
    // Hidden for a minute of real time; by the world's clock the look-up would be given up at once.
    alpha.faults = ['hidden']
    const creating = bookings.create(requestFor([[alpha]]), 'key-00001')
    await time.pass(0)
    leap(30 * dayMs)
    await time.pass(30_000)
    const { booking, isSettled } = await creating
    expect(isSettled).toBe(false)
    expect(booking.status).toBe('pending')
    await time.pass(5 * 60_000)
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
    expect(orderOf(alpha)).toHaveLength(1)
  })

  test('does not make a hold lapse that is being paid', async () => {
    const { time, alpha, bookings, leap } = await setUp()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    alpha.faults = [{ answersAfterMs: 5_000 }]
    const paying = bookings.pay(booking.reference, null)
    await time.pass(1_000)
    leap(2 * hourMs)
    await time.pass(10_000)
    expect((await paying).booking).toMatchObject({ status: 'confirmed' })
    expect(orderOf(alpha)).toMatchObject([{ status: 'confirmed' }])
  })
})

describe('a clock that stands still', () => {
  test('leaves a hold held, however much real time passes, and nobody works on it', async () => {
    const { time, alpha, bookings, freeze } = await setUp()
    freeze()
    const { booking } = await bookings.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
    const calls = alpha.calls.length
    await time.pass(2 * hourMs)
    expect(await bookings.find(booking.reference)).toEqual(booking)
    expect(alpha.calls).toHaveLength(calls)
    expect((await bookings.pay(booking.reference, null)).booking).toMatchObject({ status: 'confirmed' })
  })

  test('does not keep a pending booking from getting on: retries and look-ups go by real time', async () => {
    const { time, alpha, bookings, freeze } = await setUp()
    freeze()
    alpha.faults = ['lost before']
    alpha.readFaults = [new AirlineError('alpha', 'unavailable', 'alpha is away')]
    const creating = bookings.create(requestFor([[alpha]]), 'key-00001').catch((error: unknown) => error)
    await time.pass(31_000)
    await creating
    const retrying = bookings.create(requestFor([[alpha]]), 'key-00002')
    await time.pass(60_000)
    const { booking } = await retrying
    expect(await bookings.find(booking.reference)).toMatchObject({ status: 'confirmed' })
    expect(booking.createdAt).toBe(new Date(noon).toISOString())
    expect(await bookings.survey()).toMatchObject({ jobsDue: 0, jobsWaiting: 0, jobsInHand: 0 })
  })
})

describe('references', () => {
  test('follow from key and request, at whatever gateway, and differ for others', async () => {
    const [one, other] = [await setUp(), await setUp()]
    const request = requestFor([[one.alpha]])
    const first = (await one.bookings.create(request, 'key-00001')).booking.reference
    expect((await other.bookings.create(request, 'key-00001')).booking.reference).toBe(first)
    expect((await one.bookings.create(request, 'key-00002')).booking.reference).not.toBe(first)
    const contact = { ...request.contact, email: 'ravi@example.com' }
    expect((await (await setUp()).bookings.create({ ...request, contact }, 'key-00001')).booking.reference).not.toBe(
      first,
    )
    expect(orderOf(one.alpha).map(({ clientReference }) => clientReference)).toContain(`${first}-1`)
  })

  test('a key whose time has passed books anew under another reference', async () => {
    const { alpha, bookings, leap } = await setUp()
    const request = requestFor([[alpha]])
    const first = (await bookings.create(request, 'key-00001')).booking.reference
    leap(dayMs - 1)
    expect((await bookings.create(request, 'key-00001')).booking.reference).toBe(first)
    leap(1)
    const again = (await bookings.create(request, 'key-00001')).booking
    expect(again.reference).not.toBe(first)
    expect(again.status).toBe('confirmed')
    expect((await bookings.list({ limit: 10 })).bookings).toHaveLength(2)
  })

  test('many who send the same at once get one booking', async () => {
    const { alpha, bookings } = await setUp()
    const request = requestFor([[alpha]])
    const answers = await Promise.all(Array.from({ length: 20 }, () => bookings.create(request, 'key-00001')))
    expect(new Set(answers.map(({ booking }) => booking.reference)).size).toBe(1)
    expect(orderOf(alpha)).toHaveLength(1)
  })
})
