import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import type { Booking } from '../schemas/booking.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { type Bookings, createBookings } from './bookings.ts'
import { createTestAirline, createTestTime, moveFlights, requestFor, settle } from './testing.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** Two airlines that hold, on days that follow each other, and a way to open gateways on one store. */
async function setUp() {
  const time = createTestTime()
  const { now, timers } = time
  const alpha = createTestAirline({ name: 'alpha', canHold: true, now, timers })
  const beta = createTestAirline({ name: 'beta', canHold: true, now, timers, date: '2030-01-16' })
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-refresh-'))
  open.push(async () => rmSync(folder, { recursive: true, force: true }))
  const connectors = new Map([alpha, beta].map(({ connector }) => [connector.airline.name, connector]))
  const of = (name: string) => connectors.get(name) ?? alpha.connector
  const databaseFile = join(folder, 'gateway.sqlite')

  async function openGateway(): Promise<Bookings> {
    const bookings = await createBookings({
      connectors,
      reads: {
        price: (ref, signal) => of(ref.airline).price(ref, signal),
        seatMaps: (ref, signal) => of(ref.airline).seatMaps(ref, signal),
        baggage: (ref, signal) => of(ref.airline).baggage(ref, signal),
      },
      databaseFile,
      now,
      timers,
      random: () => 1,
      log: { info() {}, warn() {}, error() {} },
      touched() {},
    })
    bookings.start()
    open.unshift(() => bookings.close())
    return bookings
  }
  return { time, alpha, beta, bookings: await openGateway(), openGateway, databaseFile }
}

const changesIn = ({ history }: Booking) => history.filter(({ event }) => event === 'schedule_changed')
const timesOf = ({ segments }: Booking) => segments.map(({ departingAt, arrivingAt }) => [departingAt, arrivingAt])

async function book({ bookings, alpha, beta }: Awaited<ReturnType<typeof setUp>>, payment: 'now' | 'hold' = 'now') {
  const { booking } = await bookings.create(requestFor([[alpha], [beta, '2030-01-16']], { payment }), `key-${payment}`)
  return booking
}

test('a flight that was moved is shown with its new times, told once, and kept by every gateway', async () => {
  const scene = await setUp()
  const { bookings, beta, openGateway } = scene
  const booked = await book(scene)
  expect(booked.segments.map(({ movedFrom }) => movedFrom)).toEqual([null, null])
  expect(await bookings.refresh(booked.reference)).toEqual({
    ...booked,
    sources: [
      { airline: 'alpha', status: 'ok', detail: null },
      { airline: 'beta', status: 'ok', detail: null },
    ],
  })

  moveFlights(beta, 95)
  expect(await bookings.find(booked.reference)).toEqual(booked)
  const { sources, ...refreshed } = await bookings.refresh(booked.reference)
  expect(sources).toHaveLength(2)
  const [first, second] = timesOf(booked)
  expect(timesOf(refreshed)).toEqual([first, ['2030-01-16T07:35:00+05:30', '2030-01-16T09:35:00+05:30']])
  expect(refreshed.segments[1]?.movedFrom).toEqual({ departingAt: second?.[0], arrivingAt: second?.[1] })
  expect(changesIn(refreshed)).toMatchObject([
    { airline: 'beta', detail: expect.stringMatching(/2030-01-16T07:35.*2030-01-16T06:00.*T09:35.*T08:00/) },
  ])
  expect(refreshed.status).toBe('confirmed')
  expect((await bookings.refresh(booked.reference)).history).toEqual(refreshed.history)
  expect(await (await openGateway()).find(booked.reference)).toEqual(refreshed)

  moveFlights(beta, -95)
  const back = await bookings.refresh(booked.reference)
  expect(timesOf(back)).toEqual(timesOf(booked))
  expect(back.segments.map(({ movedFrom }) => movedFrom)).toEqual([null, null])
  expect(changesIn(back)).toHaveLength(2)
})

test('those who ask at the same time tell one change, and an answer from before another’s is forgotten', async () => {
  const scene = await setUp()
  const { bookings, alpha, openGateway } = scene
  const { reference } = await book(scene)
  moveFlights(alpha, 20)
  const seen = await Promise.all(Array.from({ length: 5 }, () => bookings.refresh(reference)))
  for (const booking of seen) expect(timesOf(booking)[0]?.[0]).toBe('2030-01-15T06:20:00+05:30')
  expect(changesIn(await bookings.find(reference))).toHaveLength(1)

  const find = alpha.connector.findOrder
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  alpha.connector.findOrder = async (...question) => {
    const answer = await find(...question)
    asked.resolve()
    await gate.promise
    return answer
  }
  moveFlights(alpha, 20)
  const late = bookings.refresh(reference)
  await asked.promise
  alpha.connector.findOrder = find
  moveFlights(alpha, 20)
  await (await openGateway()).refresh(reference)
  gate.resolve()
  expect(timesOf(await late)[0]?.[0]).toBe('2030-01-15T07:00:00+05:30')
  expect(changesIn(await bookings.find(reference))).toHaveLength(2)
})

test('an airline that does not answer leaves its part as it was known, and is named', async () => {
  const scene = await setUp()
  const { bookings, alpha, beta, time } = scene
  const { reference } = await book(scene)
  moveFlights(alpha, 20)
  moveFlights(beta, 20)
  alpha.readFaults.push(new AirlineError('alpha', 'rate_limited', 'alpha asks for patience'))
  const refreshed = await bookings.refresh(reference)
  expect(refreshed.sources).toEqual([
    { airline: 'alpha', status: 'rate_limited', detail: 'alpha asks for patience' },
    { airline: 'beta', status: 'ok', detail: null },
  ])
  expect(changesIn(refreshed).map(({ airline }) => airline)).toEqual(['beta'])

  const find = alpha.connector.findOrder
  alpha.connector.findOrder = (_, signal) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new AirlineError('alpha', 'timeout', 'no answer in time'))),
    )
  const slow = bookings.refresh(reference)
  await time.pass(5_000)
  expect((await slow).sources?.[0]).toMatchObject({ airline: 'alpha', status: 'timeout' })

  alpha.connector.findOrder = async () => null
  expect((await bookings.refresh(reference)).sources?.[0]).toMatchObject({ status: 'error' })
  expect((await bookings.find(reference)).status).toBe('confirmed')
  alpha.connector.findOrder = find
  expect(changesIn(await bookings.refresh(reference)).map(({ airline }) => airline)).toEqual(['beta', 'alpha'])
})

test('a hold is refreshed, paid and given back as before, and a payment tells of a move by itself', async () => {
  const scene = await setUp()
  const { bookings, alpha, beta } = scene
  const { reference, payBy } = await book(scene, 'hold')
  moveFlights(alpha, 20)
  expect(await bookings.refresh(reference)).toMatchObject({ status: 'held', payBy, history: { length: 6 } })
  moveFlights(beta, 30)
  const { booking } = await bookings.pay(reference, null)
  expect(booking.status).toBe('confirmed')
  expect(changesIn(booking).map(({ airline }) => airline)).toEqual(['alpha', 'beta'])
  expect(timesOf(booking).map(([at]) => at?.slice(11, 16))).toEqual(['06:20', '06:30'])
  const cancelled = await bookings.cancel(reference)
  expect(cancelled).toMatchObject({ status: 'cancelled', booking: { status: 'cancelled' } })
  expect(timesOf(cancelled.booking)).toEqual(timesOf(booking))
  expect(await bookings.refresh(reference)).toMatchObject({ status: 'cancelled', sources: [] })
})

test('a hold that an airline has let go fails the booking, and gives back what the others hold', async () => {
  const scene = await setUp()
  const { bookings, alpha, beta } = scene
  const { reference } = await book(scene, 'hold')
  for (const [clientReference, order] of alpha.orders) {
    alpha.orders.set(clientReference, { ...order, status: 'cancelled', payBy: null })
  }
  expect((await bookings.refresh(reference)).status).toBe('failed')
  await settle()
  const failed = await bookings.find(reference)
  expect(failed.history.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['hold_lapsed', 'order_cancelled', 'booking_failed']),
  )
  expect([...beta.orders.values()].map(({ status }) => status)).toEqual(['cancelled'])
})

test('an order that was stored before its flights were is shown as it was sold, and refreshed', async () => {
  const scene = await setUp()
  const { bookings, alpha, databaseFile } = scene
  const booked = await book(scene)
  const database = new DatabaseSync(databaseFile)
  database.exec(`update orders set state = json_remove(state, '$.order.flights')`)
  database.close()
  expect(await bookings.find(booked.reference)).toEqual(booked)
  moveFlights(alpha, 20)
  expect(changesIn(await bookings.refresh(booked.reference))).toHaveLength(1)
})

test('there is nothing to refresh where there is no booking', async () => {
  const { bookings } = await setUp()
  await expect(bookings.refresh('AAAAAAAA')).rejects.toMatchObject({ code: 'booking_not_found' })
})
