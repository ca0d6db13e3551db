import { copyFileSync, rmSync } from 'node:fs'
import type { Connector, Order } from '../airlines/connector.ts'
import type { Booking } from '../schemas/booking.ts'
import { type Bookings, createBookingsOn } from './bookings.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { openStore, type Store } from './store/store.ts'
import {
  createTestAirline,
  createTestTime,
  type Fault,
  moveFlights,
  requestFor,
  settle,
  type TestAirline,
} from './testing.ts'

/** Where a gateway dies: before or after its nth write; null: it does not. */
export type Crash = { write: number; when: 'before' | 'after' } | null

/** What one booking meets with. */
export interface Life {
  /** What the airlines do to one call after the other, by airline. */
  faults: Fault[][]
  /** Of the first gateway to run, the second … */
  crashes: Crash[]
  /** How many gateways run at the same time; the client goes from one to the next when it gets no answer. */
  gateways: 1 | 2
  /** Which airlines are booked: alpha and beta hold, gamma sells at once. */
  airlines: number[]
  payment: 'now' | 'hold'
  /** What the client asks for once it is booked. */
  wishes: 'nothing' | 'pay' | 'cancel' | 'pay and cancel'
  /** By how many minutes the airlines move their flights before the client's second call, its third, and the end. */
  moves: [number, number, number]
  /** Whether the client has its booking refreshed at the same time as it makes its calls. */
  refreshes: boolean
}

/** What came of a life. */
export interface Lived {
  /** What the client was told as settled, in order. */
  promises: Booking[]
  /** The booking when everything has been given time, and some time after that. */
  settled: Booking
  ended: Booking
  /** The same as a refresh gave it at last. */
  refreshed: Booking
  /** What the same key gives in the end. */
  again: Booking | Error
  all: Booking[]
  /** What the airlines have in the end of what was ever ordered, by client reference. */
  atAirlines: Map<string, { airline: string; order: Order }>
  /** What no gateway may do, as it was seen to. */
  offences: string[]
}

interface World {
  airlines: TestAirline[]
  time: ReturnType<typeof createTestTime>
  file: string
  offences: string[]
  /** Bookings that a call which changes something is under way for, and whose call it is. */
  underWay: Map<string, { isDead: () => boolean }>
  /** Refreshes under way: one may ask an airline while something else writes. */
  refreshing: number
}

interface Process {
  bookings: Bookings
  isDead: () => boolean
  kill: () => Promise<void>
}

/** Each day one airline flies. */
const dates = ['2030-01-15', '2030-01-16', '2030-01-17']

/** How long everything is given to come to its end: holds of an hour, look-ups of half an hour, and what comes late. */
const longEnoughMs = 3 * 60 * 60_000
const minuteMs = 60_000

/** A gateway on the world's file that dies as told: from then on it can neither read nor write. */
async function startProcess(world: World, crash: Crash): Promise<Process> {
  const { airlines, time, file, offences, underWay } = world
  const store = await openStore(sqliteDatabase(file))
  let writes = 0
  let writing = 0
  let isDead = false
  const self = { isDead: () => isDead }
  const died = () => new Error('the process was killed')
  /** What a dead process has begun never comes back to it. */
  const never = () => new Promise<never>(() => {})

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
    renew: (...args) => write(() => store.renew(...args)),
    release: (...args) => write(() => store.release(...args)),
    leaseDue: (...args) => alive(() => store.leaseDue(...args)),
    isInHand: (...args) => alive(() => store.isInHand(...args)),
    forgetKeys: (...args) => alive(() => store.forgetKeys(...args)),
    find: (...args) => alive(() => store.find(...args)),
    findKey: (...args) => alive(() => store.findKey(...args)),
  }

  async function called<T>(call: () => Promise<T>): Promise<T> {
    if (isDead) return never()
    if (writing > 0 && world.refreshing === 0) offences.push('an airline was called while a write was under way')
    return call()
  }

  /** A call that changes something: of those one may be under way for a booking, by whichever gateway lives. */
  async function changing<T>(clientReference: string, call: () => Promise<T>): Promise<T> {
    const [reference = ''] = clientReference.split('-')
    const other = underWay.get(reference)
    if (other && other !== self && !other.isDead()) offences.push(`two gateways worked on ${reference} at once`)
    underWay.set(reference, self)
    try {
      return await called(call)
    } finally {
      if (underWay.get(reference) === self) underWay.delete(reference)
    }
  }

  const connectors = new Map(
    airlines.map(({ connector }): [string, Connector] => {
      const { hold } = connector
      return [
        connector.airline.name,
        {
          ...connector,
          price: (ref, signal) => called(() => connector.price(ref, signal)),
          seatMaps: (ref, signal) => called(() => connector.seatMaps(ref, signal)),
          baggage: (ref, signal) => called(() => connector.baggage(ref, signal)),
          findOrder: (reference, signal) => called(() => connector.findOrder(reference, signal)),
          quoteCancellation: (order, signal) => called(() => connector.quoteCancellation(order, signal)),
          ...(hold && { hold: (draft, signal) => changing(draft.clientReference, () => hold(draft, signal)) }),
          purchase: (order, signal) => changing(order.clientReference, () => connector.purchase(order, signal)),
          cancel: (order, signal) => changing(order.clientReference, () => connector.cancel(order, signal)),
        },
      ]
    }),
  )
  const of = (name: string) => {
    const connector = connectors.get(name)
    if (!connector) throw new Error(name)
    return connector
  }
  const bookings = createBookingsOn(fragile, {
    connectors,
    reads: {
      price: (ref, signal) => of(ref.airline).price(ref, signal),
      seatMaps: (ref, signal) => of(ref.airline).seatMaps(ref, signal),
      baggage: (ref, signal) => of(ref.airline).baggage(ref, signal),
    },
    now: time.now,
    timers: time.timers,
    timing: { pollMs: 15_000 },
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
      for (const [reference, whose] of underWay) if (whose === self) underWay.delete(reference)
      await settle()
      await store.close()
    },
  }
}

/** Lives one booking through to where nothing happens any more, on a file of its own that begins as a copy of `empty`. */
export async function live(
  { faults, crashes, gateways, airlines: chosen, payment, wishes, moves, refreshes }: Life,
  empty: string,
  file: string,
): Promise<Lived> {
  copyFileSync(empty, file)
  const time = createTestTime()
  const { now, timers } = time
  const airlines = dates.map((date, index) =>
    createTestAirline({ name: ['alpha', 'beta', 'gamma'][index] ?? '', canHold: index < 2, now, timers, date }),
  )
  const picked = chosen.flatMap((index): [TestAirline, string][] => {
    const [airline, date] = [airlines[index], dates[index]]
    return airline && date ? [[airline, date]] : []
  })
  const isHold = payment === 'hold' && !chosen.includes(2)
  const seats = picked.map(([{ connector }, date]) => ({
    segmentId: `${connector.airline.designator}1-${date}-DEL`,
    passengerId: 'p1',
    designator: '1A',
  }))
  const plain = requestFor(picked)
  const expectedTotal = {
    amount: (Number(plain.expectedTotal.amount) + 350 * picked.length).toFixed(2),
    currency: 'INR',
  }
  const request = { ...plain, seats, expectedTotal, payment: isHold ? ('hold' as const) : ('now' as const) }
  for (const [index, airline] of airlines.entries()) airline.faults = [...(faults[index] ?? [])]

  const world: World = { airlines, time, file, offences: [], underWay: new Map(), refreshing: 0 }
  const deaths = [...crashes]
  const start = () => startProcess(world, deaths.shift() ?? null)
  const processes = [await start()]
  while (processes.length < gateways) processes.push(await start())
  let turn = 0

  async function replaceTheDead() {
    for (const [place, process] of processes.entries()) {
      if (!process.isDead()) continue
      await process.kill()
      processes[place] = await start()
    }
  }

  /** Calls until a gateway lives through it; a client that gets no answer calls the next. */
  async function ask<T>(call: (bookings: Bookings) => Promise<T>): Promise<T | Error> {
    for (;;) {
      const current = processes[turn % processes.length]
      if (!current) throw new Error('no gateway runs')
      const answers: (T | Error)[] = []
      void call(current.bookings).then(
        (answer) => answers.push(answer),
        (error: Error) => answers.push(error),
      )
      await time.pass(0)
      for (let waited = 0; answers.length === 0 && waited < 31_000 && !current.isDead(); waited += 1_000)
        await time.pass(1_000)
      const [answer] = answers
      if (answer !== undefined && !current.isDead()) return answer
      turn++
      await replaceTheDead()
      await time.pass(1_000)
    }
  }

  /** Lets time pass until nothing is left to do, whatever else dies on the way; gives up after a time that is long enough. */
  async function calm() {
    const end = now() + longEnoughMs
    for (let isQuiet = false; !isQuiet && now() < end; ) {
      await time.pass(minuteMs)
      await replaceTheDead()
      const survey = await processes[0]?.bookings.survey()
      isQuiet = survey !== undefined && survey.jobsDue + survey.jobsInHand + survey.jobsWaiting === 0
    }
  }

  const promises: Booking[] = []
  const promise = (answer: { booking: Booking; isSettled: boolean } | Error) => {
    if (!(answer instanceof Error) && answer.isSettled) promises.push(answer.booking)
  }
  const read = async (reference: string) => {
    const answer = await ask((bookings) => bookings.find(reference))
    if (answer instanceof Error) throw answer
    return answer
  }

  promise(await ask((bookings) => bookings.create(request, 'key-00001')))
  const listed = await ask((bookings) => bookings.list({ limit: 10 }))
  const first = listed instanceof Error ? undefined : listed.bookings[0]
  if (!first) throw new Error('the booking is gone')
  const { reference } = first
  /** Airlines move their flights, and the client asks for what is new without waiting for it. */
  const move = (minutes = 0) => {
    if (minutes !== 0) for (const airline of airlines) moveFlights(airline, minutes)
    const process = processes[turn % processes.length]
    if (!refreshes || !process) return
    world.refreshing++
    process.bookings
      .refresh(reference)
      .catch(() => {})
      .finally(() => world.refreshing--)
  }
  move(moves[0])
  if (wishes.startsWith('pay')) promise(await ask((bookings) => bookings.pay(reference, null)))
  move(moves[1])
  if (wishes.endsWith('cancel')) {
    const answer = await ask((bookings) => bookings.cancel(reference))
    if (!(answer instanceof Error) && answer.status === 'cancelled') promises.push(answer.booking)
  }
  await calm()
  const settled = await read(reference)
  // No gateway runs while what was asked for long ago comes late, so that none can mend what it should have waited for.
  for (const process of processes.splice(0)) await process.kill()
  await time.pass(30 * minuteMs)
  processes.push(await start())
  move(moves[2])
  const refreshed = await ask((bookings) => bookings.refresh(reference))
  if (refreshed instanceof Error) throw refreshed
  const ended = await read(reference)
  const again = await ask((bookings) => bookings.create(request, 'key-00001'))
  const all = await ask((bookings) => bookings.list({ limit: 10 }))
  if (all instanceof Error) throw all
  for (const process of processes) await process.kill()
  rmSync(file)

  const atAirlines = new Map<string, { airline: string; order: Order }>()
  for (const { connector, orders } of airlines) {
    for (const clientReference of orders.keys()) {
      const order = await connector.findOrder(clientReference, new AbortController().signal)
      if (order) atAirlines.set(clientReference, { airline: connector.airline.name, order })
    }
  }
  return {
    promises,
    settled,
    ended,
    refreshed,
    again: again instanceof Error ? again : again.booking,
    all: all.bookings,
    atAirlines,
    offences: world.offences,
  }
}
