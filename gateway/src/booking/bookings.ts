import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Connector } from '../airlines/connector.ts'
import { FanfareError } from '../errors.ts'
import type { Booking, BookingList, BookingRequest, BookingStatus, Cancellation } from '../schemas/booking.ts'
import type { Money } from '../schemas/money.ts'
import { createBound } from './bound.ts'
import { askForQuotes, beginCancellation, judgeCancellation, knownQuotes, refusalOf } from './cancellation.ts'
import { parseCursor, toCursor } from './cursor.ts'
import { toError } from './failure.ts'
import { keyLifetimeMs, payloadHash } from './idempotency.ts'
import { type Meter, noMeter } from './meter.ts'
import { findBooking, perform } from './operation.ts'
import { judgePayment } from './payment.ts'
import type { LiveReads } from './pricing.ts'
import { clientReference, newReference } from './reference.ts'
import { checkRequest, type NamedOffer } from './request-checks.ts'
import { createRuns } from './runs.ts'
import type { Log, Timing } from './saga.ts'
import { statusOf } from './state.ts'
import { postgresDatabase } from './store/postgres.ts'
import { sqliteDatabase } from './store/sqlite.ts'
import { type BookingRecord, type NewBooking, openStore, type Store, type Survey } from './store/store.ts'
import { deadline, realTimers, type Timers } from './timers.ts'
import { viewBooking, viewCancellation } from './view.ts'

/** What bookings are made from. */
export interface BookingsOptions {
  /** By airline name. */
  connectors: ReadonlyMap<string, Connector>
  /** Prices, seats and baggage as the airlines have them now. */
  reads: LiveReads
  /** Path of the SQLite file, where there is no databaseUrl; its folder is made where it is missing. */
  databaseFile: string
  /** The PostgreSQL database to keep bookings in, `postgresql://…`. */
  databaseUrl?: string | undefined
  /** Milliseconds since the epoch. */
  now?: () => number
  log: Log
  meter?: Meter
  /** Called when seats of these flights were taken or given back, so that nothing older is shown. */
  touched: (segmentIds: string[]) => void
  timers?: Timers
  timing?: Partial<Timing>
  /** Calls that book, pay, quote or cancel in progress at most; more are answered with `overloaded`. */
  mostAtOnce?: number
  /** From 0 to 1: spreads retries out. */
  random?: () => number
}

/** A booking, and whether its outcome is known. */
interface BookingAnswer {
  booking: Booking
  /** False: an airline's answer is not known yet; read the booking again. */
  isSettled: boolean
}

/** Which bookings to list. */
interface BookingsQuery {
  /** Left out: any. */
  status?: BookingStatus
  limit: number
  /** A nextCursor of the same list; left out: the newest. */
  cursor?: string
}

/** Bookings across airlines. What asks an airline throws overloaded where too much is in progress already. */
export interface Bookings {
  /**
   * Books, once per idempotency key. Throws FanfareError: what is wrong with the request, what an airline said no to, or
   * idempotency_key_reused.
   */
  create(request: BookingRequest, idempotencyKey: string): Promise<BookingAnswer>
  /** Throws booking_not_found. */
  find(reference: string): Promise<Booking>
  /** Newest first. Throws invalid_cursor. */
  list(query: BookingsQuery): Promise<BookingList>
  /** Pays what is held. Throws booking_not_found, invalid_booking_status, hold_lapsed, price_changed and what an airline says. */
  pay(reference: string, expectedTotal: Money | null): Promise<BookingAnswer>
  /** What cancelling would give back. Throws booking_not_found, invalid_booking_status, not_cancellable and what an airline does. */
  quoteCancellation(reference: string): Promise<Cancellation>
  /** Cancels. Throws as quoteCancellation does. */
  cancel(reference: string): Promise<Cancellation>
  /** Calls that book, pay, quote or cancel and are not answered yet. */
  inProgress(): number
  /** How many bookings there are and what work is to be done. Throws booking_store_unavailable. */
  survey(): Promise<Survey>
  /** Throws when the store cannot be read. */
  checkStore(): Promise<void>
  /** Takes up what an earlier process left, and from then on whatever falls due. */
  start(): void
  /**
   * Lets work that is under way come to an end, within a bound; what has not by then goes on in another process. Calls
   * still get answers, but begin nothing that needs an airline.
   */
  stop(): Promise<void>
  /** Stops, and closes the store. */
  close(): Promise<void>
}

const usualTiming: Timing = {
  deadlineMs: 30_000,
  lookUpForMs: 30 * 60_000,
  askAgainMs: 5_000,
  leaseMs: 8_000,
  backOffMs: { first: 1_000, most: 60_000 },
  pollMs: 1_000,
  closeMs: 8_000,
}

/** How many calls may be in progress unless something else is said. */
const usualMostAtOnce = 500

/** Opens bookings on a SQLite file or on PostgreSQL. Throws booking_store_unavailable. */
export async function createBookings(options: BookingsOptions): Promise<Bookings> {
  const { databaseFile, databaseUrl, log } = options
  if (databaseUrl !== undefined) return createBookingsOn(await openStore(postgresDatabase(databaseUrl, log)), options)
  mkdirSync(dirname(databaseFile), { recursive: true })
  return createBookingsOn(await openStore(sqliteDatabase(databaseFile)), options)
}

/** Bookings on a store that is open; close() closes it. */
export function createBookingsOn(
  store: Store,
  options: Omit<BookingsOptions, 'databaseFile' | 'databaseUrl'>,
): Bookings {
  const { connectors, now = Date.now, timers = realTimers, meter = noMeter } = options
  const timing = { ...usualTiming, ...options.timing }
  const runs = createRuns({ ...options, store, now, timers, timing, meter, random: options.random ?? Math.random })
  const bound = createBound(options.mostAtOnce ?? usualMostAtOnce)
  const desk = { store, runs, now, timers, timing }

  async function create(request: BookingRequest, key: string): Promise<BookingAnswer> {
    const { signal, end } = deadline(timers, timing.deadlineMs, new AbortController().signal)
    try {
      const hash = payloadHash(request)
      const standing = (await store.findKey(key, now())) ?? (await begin(request, key, hash))
      if (standing.payloadHash !== hash) {
        throw new FanfareError(
          'idempotency_key_reused',
          'The Idempotency-Key was used with another payload. Use a new key for a new booking.',
        )
      }
      await runs.ended(standing.reference, signal)
      return outcomeOf(await findBooking(store, standing.reference))
    } finally {
      end()
    }
  }

  /** Puts the booking on the disk and starts to work on it; gives what the key stands for, which may be an earlier booking. */
  async function begin(request: BookingRequest, key: string, hash: string) {
    const booking = newBooking(request, checkRequest(request, connectors), now())
    const { reference } = booking
    const expiresAt = now() + keyLifetimeMs
    const stored = await store.insert(booking, { key, payloadHash: hash, expiresAt }, runs.newLease())
    if (stored.reference === reference) {
      void runs.start(reference, 0, async () => ({
        booking: { ...booking, version: 0, acknowledged: false },
        call: null,
      }))
    }
    return stored
  }

  function outcomeOf(record: BookingRecord): BookingAnswer {
    const { reference, state } = record
    if (state.is === 'failed' && !record.acknowledged) throw toError(state.because, reference)
    return answer(record, record.acknowledged)
  }

  function answer(record: BookingRecord, isSettled: boolean): BookingAnswer {
    return { booking: viewBooking(record, now()), isSettled }
  }

  async function pay(reference: string, expectedTotal: Money | null) {
    const record = await perform(desk, reference, {
      judge: (booking) => judgePayment(booking, expectedTotal, now()),
      begin: async () => ({ state: { is: 'paying' } }),
    })
    const { state } = record
    if (state.is === 'failed' || (state.is === 'undoing' && state.because.code === 'hold_lapsed')) {
      throw toError(state.because, reference)
    }
    return answer(record, statusOf(state, now()) !== 'pending')
  }

  async function quoteCancellation(reference: string) {
    const record = await findBooking(store, reference)
    if (judgeCancellation(record, now()) !== 'begin') return viewKnown(record)
    const { signal, end } = deadline(timers, timing.deadlineMs, new AbortController().signal)
    try {
      return viewCancellation(record, 'quoted', await askForQuotes(record, connectors, signal), now())
    } finally {
      end()
    }
  }

  async function cancel(reference: string) {
    const record = await perform(desk, reference, {
      judge: (booking) => judgeCancellation(booking, now()),
      begin: async (booking, signal) => beginCancellation(booking, await askForQuotes(booking, connectors, signal)),
    })
    if (record.state.is !== 'cancelled' && record.state.is !== 'cancelling') throw refusalOf(record)
    return viewKnown(record)
  }

  function viewKnown(record: BookingRecord) {
    return viewCancellation(
      record,
      record.state.is === 'cancelled' ? 'cancelled' : 'pending',
      knownQuotes(record),
      now(),
    )
  }

  return {
    create: (request, key) => bound.within(() => create(request, key)),
    inProgress: bound.inProgress,
    find: async (reference) => viewBooking(await findBooking(store, reference), now()),

    async list({ status, limit, cursor }) {
      const after = cursor === undefined ? null : parseCursor(cursor, status ?? '')
      const records = await store.list({ status: status ?? null, limit: limit + 1, after, now: now() })
      const page = records.slice(0, limit)
      const last = page.at(-1)
      const nextCursor =
        last && records.length > limit
          ? toCursor({ status: status ?? '', createdAt: last.createdAt, reference: last.reference })
          : null
      return { bookings: page.map((record) => viewBooking(record, now())), nextCursor }
    },

    pay: (reference, expectedTotal) => bound.within(() => pay(reference, expectedTotal)),
    quoteCancellation: (reference) => bound.within(() => quoteCancellation(reference)),
    cancel: (reference) => bound.within(() => cancel(reference)),
    survey: () => store.survey(now()),
    checkStore: () => store.check(),
    start: () => runs.startRecovery(),

    stop: () => runs.stop(),

    async close() {
      await runs.stop()
      await store.close()
    },
  }
}

function newBooking(request: BookingRequest, offers: readonly NamedOffer[], now: number): NewBooking {
  const reference = newReference()
  const isAlone = offers.length === 1
  return {
    reference,
    createdAt: now,
    request,
    state: { is: 'checking' },
    orders: offers.map(({ offerId, connector }, number) => ({
      clientReference: clientReference(reference, number + 1),
      number,
      place: number,
      airline: connector.airline.name,
      offerId,
      way: connector.hold && (request.payment === 'hold' || !isAlone) ? 'hold' : 'buy',
      state: { is: 'planned' },
      plan: null,
    })),
    history: [
      {
        at: now,
        airline: null,
        event: 'booking_created',
        detail: 'Stored; the airlines are asked for prices, seats and baggage',
      },
    ],
  }
}
