import { type ExpressionBuilder, Kysely, type Transaction } from 'kysely'
import type { BookingRequest, BookingStatus } from '../../schemas/booking.ts'
import type { Plan } from '../pricing.ts'
import type { BookingState, OrderState } from '../state.ts'
import type { StoreDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { hasStatus, orderColumns, readBooking, stateColumns } from './rows.ts'
import type { BookingTable, Tables } from './tables.ts'

/** One airline's part of a booking, as stored. */
export interface OrderRecord {
  clientReference: string
  /** Position among the request's offers. */
  number: number
  /** Position in the order of work. */
  place: number
  airline: string
  offerId: string
  way: 'hold' | 'buy'
  state: OrderState
  /** null until the airline has priced it. */
  plan: Plan | null
}

/** Something that happened, as stored. */
export interface HistoryRecord {
  /** Milliseconds since the epoch. */
  at: number
  /** null: it concerns the whole booking. */
  airline: string | null
  event: string
  detail: string
}

/** A booking as stored. */
export interface BookingRecord {
  reference: string
  version: number
  /** Milliseconds since the epoch. */
  createdAt: number
  request: BookingRequest
  state: BookingState
  /** Whether it has ever been held or confirmed. */
  acknowledged: boolean
  /** In the order of work. */
  orders: OrderRecord[]
  /** Oldest first. */
  history: HistoryRecord[]
}

/** A booking to be stored for the first time. */
export type NewBooking = Omit<BookingRecord, 'version' | 'acknowledged'>

/** An idempotency key to be stored with its booking. */
export interface NewKey {
  key: string
  payloadHash: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Who may change a booking, and until when. */
export interface Lease {
  owner: string
  /** Milliseconds since the epoch. */
  until: number
}

/**
 * What becomes of a booking's job: worked on under the lease, to be taken up again by anybody at a real time, to be taken up
 * when its hold has lapsed in the world's time, or gone.
 */
export type Job =
  | { is: 'leased'; lease: Lease }
  | { is: 'due'; at: number; attempts: number }
  | { is: 'lapses'; at: number }
  | { is: 'done' }

/** A moment in both times, milliseconds since the epoch. Leases and back-offs go by real time, holds by the world's. */
export interface Moment {
  real: number
  world: number
}

/** A change to a booking; what is left out stays. */
export interface Change {
  state?: BookingState
  /** Those that change. */
  orders?: OrderRecord[]
  events?: HistoryRecord[]
  job: Job
  /** Set: the lease is taken with the change, unless another has it. Left out: it must be ours already. */
  takes?: Lease
}

/** A page of the list. */
interface ListQuery {
  /** null: any. */
  status: BookingStatus | null
  limit: number
  /** The last booking of the page before; null: the first page. */
  after: { createdAt: number; reference: string } | null
  /** The world's time. */
  now: number
}

/** Somebody else has taken the booking over: what this process meant to write about it is void. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
  constructor(reference: string) {
    super(`${reference} is in other hands now`)
  }
}

/** How much there is and how much is to be done. */
export interface Survey {
  /** Bookings by status. */
  bookings: Map<BookingStatus, number>
  /** Since when the oldest pending booking is, in the world's milliseconds since the epoch; null: none is pending. */
  oldestPendingAt: number | null
  /** Work that somebody has in hand, by a lease that has not run out. */
  jobsInHand: number
  /** Work that is due and in nobody's hands. */
  jobsDue: number
  /** Work that is not due yet: holds until they lapse, and what is tried again later. */
  jobsWaiting: number
  /** Since when the longest overdue of it is, in real milliseconds since the epoch; null: none is due. */
  oldestDueAt: number | null
}

/**
 * Where bookings are kept. What a method has answered is on the disk. Each throws booking_store_unavailable when the
 * database cannot be reached; what was to be written may then be written or not. `now` is real time, `worldNow` the
 * world's, both in milliseconds since the epoch.
 */
export interface Store {
  /**
   * Stores the booking, its orders, its job (leased) and its idempotency key, all or nothing. Where the key stands already
   * and has not expired, stores nothing and answers with what it stands for.
   */
  insert(
    booking: NewBooking,
    key: NewKey,
    lease: Lease,
    now: number,
  ): Promise<{ reference: string; payloadHash: string }>
  /** What a key that has not expired stands for; null: it is free. */
  findKey(key: string, worldNow: number): Promise<{ reference: string; payloadHash: string } | null>
  /** null: there is none. */
  find(reference: string): Promise<BookingRecord | null>
  /** Newest first. */
  list(query: ListQuery): Promise<BookingRecord[]>
  /** Gives a lease back, leaving the job due at the time it was. Harmless where it is not ours. */
  release(reference: string, owner: string): Promise<void>
  /** Whether somebody works on it under a lease that has not run out. */
  isInHand(reference: string, now: number): Promise<boolean>
  /** Makes leases of ours hold until then, unless somebody else has taken them; gives the references that are still ours. */
  renew(references: readonly string[], lease: Lease): Promise<string[]>
  /** Takes leases on what is due and in nobody's hands. */
  leaseDue(lease: Lease, moment: Moment, limit: number): Promise<{ reference: string; attempts: number }[]>
  /** Writes a change under a lease and gives the booking as it is now. Throws LeaseLost. */
  save(booking: BookingRecord, owner: string, change: Change, now: number): Promise<BookingRecord>
  /** Forgets idempotency keys that have expired. */
  forgetKeys(worldNow: number): Promise<void>
  survey(moment: Moment): Promise<Survey>
  /** Forgets every booking and every key; whoever works on one finds its lease lost. */
  clear(): Promise<void>
  /** Throws when nothing can be read. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Opens the store and brings its schema up to date. Throws booking_store_unavailable. */
export async function openStore(database: StoreDatabase): Promise<Store> {
  await using migrated = new Kysely<Tables>({ dialect: database.dialect('migration') })
  await migrate(migrated)
  const db = new Kysely<Tables>({ dialect: database.dialect('bookings') })

  /** A booking is read from several tables, all as they stood at one moment. */
  const snapshot = () => db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read')

  async function complete(trx: Transaction<Tables>, rows: BookingTable[]): Promise<BookingRecord[]> {
    if (rows.length === 0) return []
    const references = rows.map(({ reference }) => reference)
    const orders = await trx
      .selectFrom('orders')
      .selectAll()
      .where('reference', 'in', references)
      .orderBy('place')
      .execute()
    const history = await trx
      .selectFrom('history')
      .selectAll()
      .where('reference', 'in', references)
      .orderBy('number')
      .execute()
    const ordersOf = Map.groupBy(orders, ({ reference }) => reference)
    const historyOf = Map.groupBy(history, ({ reference }) => reference)
    return rows.map((row) => readBooking(row, ordersOf.get(row.reference) ?? [], historyOf.get(row.reference) ?? []))
  }

  async function findKey(key: string, worldNow: number) {
    const row = await db
      .selectFrom('idempotency_keys')
      .select(['reference', 'payload_hash'])
      .where('key', '=', key)
      .where('expires_at', '>', worldNow)
      .executeTakeFirst()
    return row ? { reference: row.reference, payloadHash: row.payload_hash } : null
  }

  return {
    async insert(booking, key, lease, now) {
      const standing = await findKey(key.key, booking.createdAt)
      if (standing) return standing
      const mine = { reference: booking.reference, payloadHash: key.payloadHash }
      try {
        await db.transaction().execute((trx) => insertNew(trx, booking, key, lease, now))
        return mine
      } catch (error) {
        if (!(error instanceof KeyTaken)) throw error
        return (await findKey(key.key, booking.createdAt)) ?? mine
      }
    },

    findKey,

    find: (reference) =>
      snapshot().execute(async (trx) => {
        const rows = await trx.selectFrom('bookings').selectAll().where('reference', '=', reference).execute()
        const [booking] = await complete(trx, rows)
        return booking ?? null
      }),

    list: ({ status, limit, after, now }) =>
      snapshot().execute(async (trx) => {
        const rows = await trx
          .selectFrom('bookings')
          .selectAll()
          .$if(status !== null, (query) => query.where((at) => hasStatus(at, status ?? 'pending', now)))
          .$if(after !== null, (query) =>
            query.where((at) =>
              at.or([
                at('created_at', '<', after?.createdAt ?? 0),
                at.and([at('created_at', '=', after?.createdAt ?? 0), at('reference', '<', after?.reference ?? '')]),
              ]),
            ),
          )
          .orderBy('created_at', 'desc')
          .orderBy('reference', 'desc')
          .limit(limit)
          .execute()
        return complete(trx, rows)
      }),

    async release(reference, owner) {
      await db
        .updateTable('jobs')
        .set({ lease_owner: null, lease_until: null })
        .where('reference', '=', reference)
        .where('lease_owner', '=', owner)
        .execute()
    },

    async isInHand(reference, now) {
      const row = await db
        .selectFrom('jobs')
        .select('reference')
        .where('reference', '=', reference)
        .where('lease_until', '>', now)
        .executeTakeFirst()
      return row !== undefined
    },

    async renew(references, { owner, until }) {
      if (references.length === 0) return []
      const rows = await db
        .updateTable('jobs')
        .set({ lease_until: until })
        .where('reference', 'in', [...references])
        .where('lease_owner', '=', owner)
        .returning('reference')
        .execute()
      return rows.map(({ reference }) => reference)
    },

    leaseDue: (lease, moment, limit) =>
      db
        .with(
          (due) => due('due').materialized(),
          (query) =>
            query
              .selectFrom('jobs')
              .select('reference')
              .where((at) => isDue(at, moment))
              .orderBy('due_at')
              .limit(limit)
              .$if(database.locksRows, (rows) => rows.forUpdate().skipLocked()),
        )
        .updateTable('jobs')
        .set({ lease_owner: lease.owner, lease_until: lease.until })
        .where('reference', 'in', (query) => query.selectFrom('due').select('reference'))
        .returning(['reference', 'attempts'])
        .execute(),

    save: (booking, owner, change, now) =>
      db.transaction().execute(async (trx) => {
        const { reference, version, history } = booking
        if (change.takes && !(await takeLease(trx, reference, change.takes, now))) throw new LeaseLost(reference)
        // First of all, since it locks the job: nobody takes the lease between here and the end of the transaction.
        if (!(await writeJob(trx, reference, owner, change.job, now))) throw new LeaseLost(reference)
        const state = change.state ?? booking.state
        const acknowledged = booking.acknowledged || state.is === 'held' || state.is === 'confirmed'
        const { numUpdatedRows } = await trx
          .updateTable('bookings')
          .set({ version: version + 1, ...stateColumns(state), acknowledged: acknowledged ? 1 : 0 })
          .where('reference', '=', reference)
          .where('version', '=', version)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) throw new LeaseLost(reference)
        const changed = new Map(change.orders?.map((order) => [order.clientReference, order]))
        for (const order of changed.values()) {
          await trx
            .updateTable('orders')
            .set(orderColumns(order))
            .where('client_reference', '=', order.clientReference)
            .execute()
        }
        const events = change.events ?? []
        await writeHistory(trx, reference, history.length, events)
        return {
          ...booking,
          version: version + 1,
          state,
          acknowledged,
          orders: booking.orders
            .map((order) => changed.get(order.clientReference) ?? order)
            .sort((a, b) => a.place - b.place),
          history: [...history, ...events],
        }
      }),

    async forgetKeys(worldNow) {
      await db.deleteFrom('idempotency_keys').where('expires_at', '<=', worldNow).execute()
    },

    clear: () =>
      db.transaction().execute(async (trx) => {
        for (const table of ['idempotency_keys', 'jobs', 'history', 'orders', 'bookings'] as const) {
          await trx.deleteFrom(table).execute()
        }
      }),

    survey: (moment) =>
      snapshot().execute(async (trx) => {
        const counts = await trx
          .selectFrom('bookings')
          .select(({ fn }) => ['status', fn.countAll<number>().as('count'), fn.min('created_at').as('oldest')])
          .groupBy('status')
          .execute()
        const all = await trx
          .selectFrom('jobs')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
        const inHand = await trx
          .selectFrom('jobs')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('lease_until', '>', moment.real)
          .executeTakeFirstOrThrow()
        const due = await trx
          .selectFrom('jobs')
          .select(({ fn }) => [
            fn.countAll<number>().as('count'),
            fn.min('due_at').as('oldest'),
            fn.min('lapses_at').as('lapsed'),
          ])
          .where((at) => isDue(at, moment))
          .executeTakeFirstOrThrow()
        const dueSince = [
          due.oldest !== null && due.oldest < notByItself ? [due.oldest] : [],
          due.lapsed === null ? [] : [moment.real - (moment.world - due.lapsed)],
        ].flat()
        return {
          bookings: new Map(counts.map(({ status, count }) => [status, count])),
          oldestPendingAt: counts.find(({ status }) => status === 'pending')?.oldest ?? null,
          jobsInHand: inHand.count,
          jobsDue: due.count,
          jobsWaiting: all.count - inHand.count - due.count,
          oldestDueAt: dueSince.length === 0 ? null : Math.min(...dueSince),
        }
      }),

    async check() {
      await db.selectFrom('jobs').select('reference').limit(1).execute()
    },

    close: () => db.destroy(),
  }
}

/** When a job is due in real time that waits for the world's; later than any date that JavaScript knows. */
const notByItself = 8.64e15

/** What is to be done now and is in nobody's hands. */
function isDue(at: ExpressionBuilder<Tables, 'jobs'>, { real, world }: Moment) {
  return at.and([
    at.or([at('due_at', '<=', real), at('lapses_at', '<=', world)]),
    at.or([at('lease_until', 'is', null), at('lease_until', '<=', real)]),
  ])
}

/** False while another has it. */
async function takeLease(trx: Transaction<Tables>, reference: string, { owner, until }: Lease, now: number) {
  const row = await trx
    .insertInto('jobs')
    .values({ reference, ...jobColumns({ is: 'leased', lease: { owner, until } }, now) })
    .onConflict((conflict) =>
      conflict
        .column('reference')
        .doUpdateSet({ lease_owner: owner, lease_until: until })
        .where((at) => at.or([at('jobs.lease_until', 'is', null), at('jobs.lease_until', '<=', now)])),
    )
    .returning('reference')
    .executeTakeFirst()
  return row !== undefined
}

async function writeHistory(trx: Transaction<Tables>, reference: string, from: number, events: HistoryRecord[]) {
  if (events.length === 0) return
  await trx
    .insertInto('history')
    .values(events.map((event, index) => ({ reference, number: from + index, ...event })))
    .execute()
}

/** False where the lease is not the owner's. */
async function writeJob(trx: Transaction<Tables>, reference: string, owner: string, job: Job, now: number) {
  if (job.is === 'done') {
    const { numDeletedRows } = await trx
      .deleteFrom('jobs')
      .where('reference', '=', reference)
      .where('lease_owner', '=', owner)
      .executeTakeFirst()
    return numDeletedRows === 1n
  }
  const { numUpdatedRows } = await trx
    .updateTable('jobs')
    .set(jobColumns(job, now))
    .where('reference', '=', reference)
    .where('lease_owner', '=', owner)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function jobColumns(job: Exclude<Job, { is: 'done' }>, now: number) {
  const free = { attempts: 0, lapses_at: null, lease_owner: null, lease_until: null }
  switch (job.is) {
    case 'leased':
      return { ...free, due_at: now, lease_owner: job.lease.owner, lease_until: job.lease.until }
    case 'due':
      return { ...free, due_at: job.at, attempts: job.attempts }
    case 'lapses':
      return { ...free, due_at: notByItself, lapses_at: job.at }
  }
}

/** Another booking was stored under the key meanwhile. */
class KeyTaken extends Error {}

/** A booking with its orders, its job and its key. Throws KeyTaken. */
async function insertNew(trx: Transaction<Tables>, booking: NewBooking, key: NewKey, lease: Lease, now: number) {
  const { reference } = booking
  await trx
    .insertInto('bookings')
    .values({
      reference,
      version: 0,
      created_at: booking.createdAt,
      ...stateColumns(booking.state),
      acknowledged: 0,
      request: JSON.stringify(booking.request),
    })
    .execute()
  await trx
    .deleteFrom('idempotency_keys')
    .where('key', '=', key.key)
    .where('expires_at', '<=', booking.createdAt)
    .execute()
  // Waits for whoever stores a booking under the same key at this moment.
  const row = await trx
    .insertInto('idempotency_keys')
    .values({ key: key.key, payload_hash: key.payloadHash, reference, expires_at: key.expiresAt })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!row) throw new KeyTaken()
  await trx
    .insertInto('orders')
    .values(
      booking.orders.map((order) => ({
        client_reference: order.clientReference,
        reference,
        number: order.number,
        airline: order.airline,
        offer_id: order.offerId,
        ...orderColumns(order),
      })),
    )
    .execute()
  await writeHistory(trx, reference, 0, booking.history)
  await trx
    .insertInto('jobs')
    .values({ reference, ...jobColumns({ is: 'leased', lease }, now) })
    .execute()
}
