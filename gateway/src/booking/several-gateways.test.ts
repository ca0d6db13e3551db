import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { AirlineError } from '../upstream/airline-error.ts'
import { type Bookings, createBookingsOn } from './bookings.ts'
import { storeUnavailable } from './store/database.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { openStore, type Store } from './store/store.ts'
import { createTestAirline, createTestTime, requestFor, settle } from './testing.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Gateways over one file and the same airlines. */
function setUp() {
  const time = createTestTime()
  const { now, timers } = time
  const alpha = createTestAirline({ name: 'alpha', canHold: true, now, timers })
  const beta = createTestAirline({ name: 'beta', canHold: true, now, timers, date: '2030-01-16' })
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-gateways-'))
  open.push(async () => rmSync(folder, { recursive: true, force: true }))
  const logged: { message: string; facts: object }[] = []
  const note = (facts: object, message: string) => logged.push({ message, facts })

  async function openGateway(change: (store: Store) => Partial<Store> = () => ({})): Promise<Bookings> {
    const store = await openStore(sqliteDatabase(join(folder, 'gateway.sqlite')))
    const connectors = new Map([alpha, beta].map(({ connector }) => [connector.airline.name, connector]))
    const of = (name: string) => connectors.get(name) ?? alpha.connector
    const gateway = createBookingsOn(
      { ...store, ...change(store) },
      {
        connectors,
        reads: {
          price: (ref, signal) => of(ref.airline).price(ref, signal),
          seatMaps: (ref, signal) => of(ref.airline).seatMaps(ref, signal),
          baggage: (ref, signal) => of(ref.airline).baggage(ref, signal),
        },
        now,
        timers,
        random: () => 1,
        log: { info() {}, warn: note, error: note },
        touched: () => {},
      },
    )
    gateway.start()
    await settle()
    open.push(() => store.close())
    return gateway
  }

  /** A gateway that can be killed: from then on it neither reads nor writes. */
  async function openMortal() {
    let isDead = false
    const gateway = await openGateway((store) => {
      const mortal = <A extends unknown[], T>(method: (...args: A) => Promise<T>) => {
        return (...args: A): Promise<T> => (isDead ? Promise.reject(new Error('killed')) : method(...args))
      }
      return {
        insert: mortal(store.insert),
        find: mortal(store.find),
        save: mortal(store.save),
        renew: mortal(store.renew),
        isInHand: mortal(store.isInHand),
        leaseDue: mortal(store.leaseDue),
      }
    })
    return {
      gateway,
      kill() {
        isDead = true
      },
    }
  }

  return { time, alpha, beta, openGateway, openMortal, logged }
}

const purchases = (calls: string[]) => calls.filter((call) => call.startsWith('purchase'))

test('what a killed gateway left is taken up within ten seconds, however long its deadline is', async () => {
  const { time, alpha, openGateway, openMortal } = setUp()
  const doomed = await openMortal()
  const other = await openGateway()
  alpha.faults = [{ answersAfterMs: 25_000 }]
  void doomed.gateway.create(requestFor([[alpha]]), 'key-00001').catch(() => {})
  await time.pass(3_000)
  doomed.kill()
  const [left] = (await other.list({ limit: 1 })).bookings
  expect(left).toMatchObject({ status: 'pending' })
  await time.pass(10_000)
  expect(await other.find(left?.reference ?? '')).toMatchObject({ status: 'confirmed' })
})

test('a gateway that died between writing what it asks for and asking: another asks in its stead', async () => {
  const { time, alpha, openGateway, openMortal } = setUp()
  const doomed = await openMortal()
  const other = await openGateway()
  const { purchase } = alpha.connector
  alpha.connector.purchase = () => new Promise(() => {})
  void doomed.gateway.create(requestFor([[alpha]]), 'key-00001').catch(() => {})
  await time.pass(0)
  doomed.kill()
  alpha.connector.purchase = purchase
  const answer = other.create(requestFor([[alpha]]), 'key-00001')
  await time.pass(10_000)
  const { booking } = await answer
  expect(await other.find(booking.reference)).toMatchObject({ status: 'confirmed' })
  expect(purchases(alpha.calls)).toHaveLength(1)
})

test('a lease is renewed while an airline takes its time: nobody else takes over', async () => {
  const { time, alpha, openGateway } = setUp()
  const [one, other] = [await openGateway(), await openGateway()]
  alpha.faults = [{ answersAfterMs: 25_000 }]
  const answers = []
  for (const gateway of [one, other]) {
    answers.push(gateway.create(requestFor([[alpha]]), 'key-00001'))
    await time.pass(0)
  }
  await time.pass(26_000)
  const [first, second] = await Promise.all(answers)
  expect(first).toMatchObject({ isSettled: true, booking: { status: 'confirmed' } })
  expect(second).toEqual(first)
  expect(alpha.calls).toEqual([`purchase ${first?.booking.reference}-1`])
})

test('the same key at another gateway while the first works: 202 when that takes longer than a call may', async () => {
  const { time, alpha, openGateway } = setUp()
  const [one, other] = [await openGateway(), await openGateway()]
  alpha.faults = ['hidden']
  const { findOrder } = alpha.connector
  alpha.connector.findOrder = async () => {
    throw new AirlineError('alpha', 'unavailable', 'no connection')
  }
  const first = await one.create(requestFor([[alpha]]), 'key-00001')
  const second = await other.create(requestFor([[alpha]]), 'key-00001')
  expect(first).toMatchObject({ isSettled: false, booking: { status: 'pending' } })
  expect(second).toEqual(first)
  const otherPayload = requestFor([[alpha]], { payment: 'hold' })
  await expect(other.create(otherPayload, 'key-00001')).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  alpha.connector.findOrder = findOrder
  await time.pass(3 * 60_000)
  expect(await other.create(requestFor([[alpha]]), 'key-00001')).toMatchObject({ isSettled: true })
})

test('payment and cancellation at another gateway wait for the one that works', async () => {
  const { time, alpha, openGateway } = setUp()
  const [one, other] = [await openGateway(), await openGateway()]
  const { booking } = await one.create(requestFor([[alpha]], { payment: 'hold' }), 'key-00001')
  alpha.faults = [{ answersAfterMs: 12_000 }, { answersAfterMs: 12_000 }]
  const payments = []
  for (const gateway of [one, other]) {
    payments.push(gateway.pay(booking.reference, null))
    await time.pass(0)
  }
  await time.pass(13_000)
  const [paid, again] = await Promise.all(payments)
  expect(paid).toMatchObject({ isSettled: true, booking: { status: 'confirmed' } })
  expect(again).toEqual(paid)
  const cancellations = []
  for (const gateway of [other, one]) {
    cancellations.push(gateway.cancel(booking.reference))
    await time.pass(0)
  }
  await time.pass(13_000)
  const [cancelled, same] = await Promise.all(cancellations)
  expect(cancelled).toMatchObject({ status: 'cancelled' })
  expect(same).toEqual(cancelled)
  expect(alpha.calls.map((call) => call.split(' ')[0])).toEqual(['hold', 'pay', 'cancel'])
})

test('a gateway that has lost its lease neither writes nor calls an airline any more', async () => {
  const { time, alpha, beta, openGateway } = setUp()
  const cutOff = await openGateway(() => ({
    renew: () => Promise.reject(storeUnavailable(new Error('no connection'))),
  }))
  const other = await openGateway()
  alpha.faults = [{ answersAfterMs: 20_000 }]
  const answer = cutOff.create(requestFor([[alpha], [beta, '2030-01-16']]), 'key-00001')
  await time.pass(15_000)
  const [taken] = (await other.list({ limit: 1 })).bookings
  expect(taken).toMatchObject({ status: 'confirmed' })
  await time.pass(10_000)
  expect((await answer).booking.reference).toBe(taken?.reference)
  expect(await other.find(taken?.reference ?? '')).toEqual(taken)
  expect(beta.calls.filter((call) => call.startsWith('hold'))).toHaveLength(1)
})

test('the log says once that a booking is unresolved for a minute, whichever gateways work on it, and when it is settled', async () => {
  const { time, alpha, openGateway, logged } = setUp()
  const [one] = [await openGateway(), await openGateway()]
  const { findOrder } = alpha.connector
  alpha.faults = ['hidden']
  alpha.connector.findOrder = async () => {
    throw new AirlineError('alpha', 'unavailable', 'no connection')
  }
  const { booking } = await one.create(requestFor([[alpha]]), 'key-00001')
  const told = () => logged.filter(({ message }) => message.startsWith('a booking')).map(({ message }) => message)
  await time.pass(55_000)
  expect(told()).toEqual([])
  await time.pass(10 * 60_000)
  const { reference } = booking
  expect(told()).toEqual(['a booking is still unresolved; it is worked on until it is settled'])
  expect(logged.find(({ message }) => message.startsWith('a booking'))?.facts).toMatchObject({ reference })
  const history = (await one.find(reference)).history.map(({ event }) => event)
  expect(history.filter((event) => event === 'unresolved')).toHaveLength(1)
  expect((await one.list({ status: 'pending', limit: 5 })).bookings.map((pending) => pending.reference)).toEqual([
    reference,
  ])
  alpha.connector.findOrder = findOrder
  await time.pass(2 * 60_000)
  expect(told()).toEqual([
    'a booking is still unresolved; it is worked on until it is settled',
    'a booking that was unresolved is settled',
  ])
  expect((await one.find(reference)).status).toBe('confirmed')
})

test('a gateway that stops lets its work end, and hands over at once what does not', async () => {
  const { time, alpha, beta, openGateway } = setUp()
  const [leaving, other] = [await openGateway(), await openGateway()]
  alpha.faults = [{ answersAfterMs: 5_000 }]
  beta.faults = [{ answersAfterMs: 60_000 }]
  const quick = leaving.create(requestFor([[alpha]]), 'key-00001')
  const long = leaving.create(requestFor([[beta, '2030-01-16']]), 'key-00002')
  await time.pass(1_000)
  let hasStopped = false
  const stopped = leaving.stop().then(() => {
    hasStopped = true
  })
  await time.pass(4_500)
  expect(await quick).toMatchObject({ isSettled: true, booking: { status: 'confirmed' } })
  expect(hasStopped).toBe(false)
  await time.pass(4_000)
  await stopped
  const { booking, isSettled } = await long
  expect(isSettled).toBe(false)
  expect(await other.survey()).toMatchObject({ jobsInHand: 0, jobsDue: 1 })

  // The other looks at once, not after a lease or a wait, and finds what the airline did meanwhile.
  const callsBefore = beta.calls.length
  await time.pass(1_500)
  expect(beta.calls.length).toBeGreaterThan(callsBefore)
  await time.pass(120_000)
  expect(await other.find(booking.reference)).toMatchObject({ status: 'confirmed' })
  expect(purchases(beta.calls)).toHaveLength(1)
})
