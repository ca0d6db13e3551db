import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Booking } from '../schemas/booking.ts'
import { type Bookings, createBookingsOn } from './bookings.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { openStore, type Store } from './store/store.ts'
import { createTestAirline, createTestTime, type Fault, requestFor, settle, type TestAirline } from './testing.ts'

// Files in memory where there are any: every write waits for the disk otherwise, and there are thousands.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fanfare-crashes-'))
const empty = join(folder, 'empty.sqlite')
beforeAll(async () => (await openStore(sqliteDatabase(empty))).close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Where a process dies: before or after its nth write; null: it does not. */
type Crash = { write: number; when: 'before' | 'after' } | null

interface World {
  airlines: TestAirline[]
  time: ReturnType<typeof createTestTime>
  file: string
  /** Calls that were made while a write was under way. */
  callsInTransactions: string[]
}

interface Process {
  bookings: Bookings
  isDead: () => boolean
  kill: () => Promise<void>
}

/** A gateway on the world's file that dies as told: from then on it can neither read nor write. */
async function startProcess({ airlines, time, file, callsInTransactions }: World, crash: Crash): Promise<Process> {
  const store = await openStore(sqliteDatabase(file))
  let writes = 0
  let writing = 0
  let isDead = false
  const died = () => new Error('the process was killed')

  async function write<T>(run: () => Promise<T>): Promise<T> {
    if (isDead) throw died()
    const isLast = crash?.write === ++writes
    if (isLast && crash.when === 'before') isDead = true
    if (isDead) throw died()
    writing++
    const result = await run().finally(() => writing--)
    if (isLast) isDead = true
    if (isDead) throw died()
    return result
  }
  const alive = <T>(run: () => Promise<T>): Promise<T> => (isDead ? Promise.reject(died()) : run())

  const fragile: Store = {
    ...store,
    insert: (...args) => write(() => store.insert(...args)),
    save: (...args) => write(() => store.save(...args)),
    release: (...args) => write(() => store.release(...args)),
    leaseDue: (...args) => alive(() => store.leaseDue(...args)),
    forgetKeys: (...args) => alive(() => store.forgetKeys(...args)),
    find: (...args) => alive(() => store.find(...args)),
    findKey: (...args) => alive(() => store.findKey(...args)),
  }
  for (const airline of airlines) {
    airline.beforeCall = () => {
      if (writing > 0) callsInTransactions.push(airline.connector.airline.name)
    }
  }
  const connectors = new Map(airlines.map(({ connector }) => [connector.airline.name, connector]))
  const connectorOf = (name: string) => {
    const connector = connectors.get(name)
    if (!connector) throw new Error(name)
    return connector
  }
  const bookings = createBookingsOn(fragile, {
    connectors,
    reads: {
      price: (ref, signal) => connectorOf(ref.airline).price(ref, signal),
      seatMaps: (ref, signal) => connectorOf(ref.airline).seatMaps(ref, signal),
      baggage: (ref, signal) => connectorOf(ref.airline).baggage(ref, signal),
    },
    now: time.now,
    timers: time.timers,
    timing: { pollMs: 45_000, lookUpForMs: 30 * 60_000 },
    random: () => 1,
    log: { info() {}, warn() {}, error() {} },
    touched: () => {},
  })
  bookings.start()
  await settle()
  return {
    bookings,
    isDead: () => isDead,
    async kill() {
      isDead = true
      await settle()
      await store.close()
    },
  }
}

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fault>('none') },
  fc.constantFrom<Fault>('lost before', 'lost after', 'late', 'unavailable', 'rate limited'),
  fc.constantFrom<Fault>({ refuses: 'sold_out' }, { refuses: 'seat_taken' }, { refuses: 'price_changed' }),
)
const crash: fc.Arbitrary<Crash> = fc.option(
  fc.record({ write: fc.integer({ min: 1, max: 14 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  { freq: 4 },
)
const life: fc.Arbitrary<Life> = fc.record({
  faults: fc.array(fc.array(fault, { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
  crashes: fc.array(crash, { maxLength: 3 }),
  airlines: fc.constantFrom([0], [2], [0, 1], [2, 0], [0, 1, 2]),
  payment: fc.constantFrom('now' as const, 'hold' as const),
  wishes: fc.constantFrom('nothing', 'pay', 'cancel', 'pay and cancel'),
})

/** What one booking meets with. */
interface Life {
  /** By airline. */
  faults: Fault[][]
  /** Of the first process, the second … */
  crashes: Crash[]
  /** Which airlines are booked: alpha and beta hold, gamma sells at once. */
  airlines: number[]
  payment: 'now' | 'hold'
  /** What the client asks for once it is booked. */
  wishes: string
}

const dates = ['2030-01-15', '2030-01-16', '2030-01-17']
let files = 0

/** Lives one booking through to where nothing happens any more. */
async function live({ faults, crashes, airlines: chosen, payment, wishes }: Life) {
  const file = join(folder, `${++files}.sqlite`)
  copyFileSync(empty, file)
  const time = createTestTime()
  const airlines = dates.map((date, index) =>
    createTestAirline({ name: ['alpha', 'beta', 'gamma'][index] ?? '', canHold: index < 2, now: time.now, date }),
  )
  for (const [index, airline] of airlines.entries()) airline.faults = [...(faults[index] ?? [])]
  const world: World = { airlines, time, file, callsInTransactions: [] }
  const picked = chosen.flatMap((index): [TestAirline, string][] => {
    const [airline, date] = [airlines[index], dates[index]]
    return airline && date ? [[airline, date]] : []
  })
  const isHold = payment === 'hold' && !chosen.includes(2)
  const request = requestFor(picked, { payment: isHold ? 'hold' : 'now' })

  const deaths = [...crashes]
  let process = await startProcess(world, deaths.shift() ?? null)
  /** Calls until the process lives through it; a client that gets no answer calls again. */
  async function ask<T>(call: (bookings: Bookings) => Promise<T>): Promise<T | Error> {
    for (;;) {
      const current = process
      const answer: Promise<T | Error> = call(current.bookings).catch((error: Error) => error)
      await time.pass(31_000)
      if (!current.isDead()) return answer
      await current.kill()
      process = await startProcess(world, deaths.shift() ?? null)
      await time.pass(41_000)
    }
  }
  /** Lets everything run out, whatever else dies on the way. */
  async function calm(ms: number) {
    for (let passed = 0; passed < ms; passed += 60_000) {
      await time.pass(60_000)
      if (!process.isDead()) continue
      await process.kill()
      process = await startProcess(world, deaths.shift() ?? null)
    }
  }

  const acknowledged = await ask((bookings) => bookings.create(request, 'key-00001'))
  const listed = () => ask((bookings) => bookings.list({ limit: 10 }))
  const [first] = await listed().then((list) => (list instanceof Error ? [] : list.bookings))
  if (!first) throw new Error('the booking is gone')
  const { reference } = first
  const promises: string[] = []
  if (!(acknowledged instanceof Error) && acknowledged.isSettled) promises.push(acknowledged.booking.status)
  if (wishes.startsWith('pay')) {
    const paid = await ask((bookings) => bookings.pay(reference, null))
    if (!(paid instanceof Error) && paid.isSettled) promises.push(paid.booking.status)
  }
  if (wishes.endsWith('cancel')) {
    const cancelled = await ask((bookings) => bookings.cancel(reference))
    if (!(cancelled instanceof Error) && cancelled.status === 'cancelled') promises.push('cancelled')
  }
  await calm(45 * 60_000)
  const settled = await ask((bookings) => bookings.find(reference))
  await calm(60 * 60_000)
  const ended = await ask((bookings) => bookings.find(reference))
  const again = await ask((bookings) => bookings.create(request, 'key-00001'))
  const all = await listed()
  await process.kill()
  rmSync(file)
  if (settled instanceof Error || ended instanceof Error || all instanceof Error)
    throw new Error('no answer at the end')
  return { world, promises, settled, ended, again, all }
}

/** The statuses of the booking's orders, as the airlines have them at this moment. */
async function atAirlines({ airlines }: World, { reference, orders }: Booking) {
  return Promise.all(
    orders.map(async (order, index) => {
      const airline = airlines.find(({ connector }) => connector.airline.name === order.airline)
      const found = await airline?.connector.findOrder(`${reference}-${index + 1}`, new AbortController().signal)
      return { order, found: found ?? null }
    }),
  )
}

test('whatever airlines do and wherever the process dies, nothing is lost, doubled or left half done', async () => {
  await fc.assert(
    fc.asyncProperty(life, async (given) => {
      const { world, promises, settled, ended, again, all } = await live(given)
      expect(world.callsInTransactions).toEqual([])
      expect(all.bookings).toHaveLength(1)

      // After half an hour everything is known; a hold that was not paid lapses within the hour.
      expect(settled.status).not.toBe('pending')
      expect(['confirmed', 'failed', 'cancelled']).toContain(ended.status)
      const wantsOut = given.wishes.endsWith('cancel')
      if (promises.includes('cancelled')) expect(ended.status).toBe('cancelled')
      else if (promises.includes('confirmed')) {
        expect(wantsOut ? ['confirmed', 'cancelled'] : ['confirmed']).toContain(ended.status)
      }

      // The same key still gives the same booking.
      if (again instanceof Error) expect(ended.status).toBe('failed')
      else expect(again.booking).toEqual(ended)

      // The airlines have just the orders that the booking says.
      for (const { order, found } of await atAirlines(world, ended)) {
        if (ended.status === 'confirmed') {
          expect(order.status).toBe('confirmed')
          expect(found).toMatchObject({ status: 'confirmed', airlineReference: order.airlineReference })
        } else {
          expect(['cancelled', undefined]).toContain(found?.status)
        }
      }
      for (const { orders } of world.airlines) {
        for (const reference of orders.keys()) expect(reference.slice(0, 8)).toBe(ended.reference)
      }
    }),
    { numRuns: 100 },
  )
}, 300_000)
