import { type Dialect, type ExpressionBuilder, Kysely, type Transaction } from 'kysely'
import type { BookingRequest, BookingStatus } from '../../schemas/booking.ts'
import type { Plan } from '../pricing.ts'
import { type BookingState, type OrderState, statusOf } from '../state.ts'
import { migrate } from './migrations.ts'
import type { BookingTable, HistoryTable, OrderTable, Tables } from './tables.ts'

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

/** Who may change a booking, and until when. */
export interface Lease {
  owner: string
  /** Milliseconds since the epoch. */
  until: number
}

/** What becomes of a booking's job: worked on under the lease, to be taken up again by anybody, or gone. */
export type Job = { is: 'leased'; lease: Lease } | { is: 'due'; at: number; attempts: number } | { is: 'done' }

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
  now: number
}

/** Somebody else has taken the booking over: what this process meant to write about it is void. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
  constructor(reference: string) {
    super(`${reference} is in other hands now`)
  }
}

/** Where bookings are kept. What a method has answered is on the disk. */
export interface Store {
  /**
   * Stores the booking, its orders, its job (leased) and its idempotency key, all or nothing. Where the key stands already
   * and has not expired, stores nothing and answers with what it stands for.
   */
  insert(
    booking: NewBooking,
    key: { key: string; payloadHash: string; expiresAt: number },
    lease: Lease,
  ): Promise<{ reference: string; payloadHash: string }>
  /** What a key that has not expired stands for; null: it is free. */
  findKey(key: string, now: number): Promise<{ reference: string; payloadHash: string } | null>
  /** null: there is none. */
  find(reference: string): Promise<BookingRecord | null>
  /** Newest first. */
  list(query: ListQuery): Promise<BookingRecord[]>
  /** Gives a lease back, leaving the job due at the time it was. Harmless where it is not ours. */
  release(reference: string, owner: string): Promise<void>
  /** Takes leases on what is due and in nobody's hands. */
  leaseDue(lease: Lease, now: number, limit: number): Promise<{ reference: string; attempts: number }[]>
  /** Writes a change under a lease and gives the booking as it is now. Throws LeaseLost. */
  save(booking: BookingRecord, owner: string, change: Change, now: number): Promise<BookingRecord>
  /** Forgets idempotency keys that have expired. */
  forgetKeys(now: number): Promise<void>
  /** Throws when nothing can be read. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Opens the store and brings its schema up to date. */
export async function openStore(dialect: Dialect): Promise<Store> {
  const db = new Kysely<Tables>({ dialect })
  await migrate(db)

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

  return {
    insert: (booking, key, lease) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('idempotency_keys')
          .where('key', '=', key.key)
          .where('expires_at', '<=', booking.createdAt)
          .execute()
        const standing = await trx
          .selectFrom('idempotency_keys')
          .select(['reference', 'payload_hash'])
          .where('key', '=', key.key)
          .executeTakeFirst()
        if (standing) return { reference: standing.reference, payloadHash: standing.payload_hash }
        const { reference } = booking
        await trx
          .insertInto('bookings')
          .values({
            reference,
            version: 0,
            created_at: booking.createdAt,
            ...stateColumns(booking.state, booking.createdAt),
            acknowledged: 0,
            request: JSON.stringify(booking.request),
          })
          .execute()
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
          .values({
            reference,
            due_at: booking.createdAt,
            attempts: 0,
            lease_owner: lease.owner,
            lease_until: lease.until,
          })
          .execute()
        await trx
          .insertInto('idempotency_keys')
          .values({ key: key.key, payload_hash: key.payloadHash, reference, expires_at: key.expiresAt })
          .execute()
        return { reference, payloadHash: key.payloadHash }
      }),

    async findKey(key, now) {
      const row = await db
        .selectFrom('idempotency_keys')
        .select(['reference', 'payload_hash'])
        .where('key', '=', key)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row ? { reference: row.reference, payloadHash: row.payload_hash } : null
    },

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
          .$if(status !== null, (query) => query.where((at) => hasStatus(at, status ?? '', now)))
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

    leaseDue: (lease, now, limit) =>
      db
        .updateTable('jobs')
        .set({ lease_owner: lease.owner, lease_until: lease.until })
        .where('reference', 'in', (query) =>
          query
            .selectFrom('jobs')
            .select('reference')
            .where('due_at', '<=', now)
            .where((at) => at.or([at('lease_until', 'is', null), at('lease_until', '<=', now)]))
            .orderBy('due_at')
            .limit(limit),
        )
        .returning(['reference', 'attempts'])
        .execute(),

    save: (booking, owner, change, now) =>
      db.transaction().execute(async (trx) => {
        const { reference, version, history } = booking
        if (change.takes && !(await takeLease(trx, reference, change.takes, now))) throw new LeaseLost(reference)
        const state = change.state ?? booking.state
        const acknowledged = booking.acknowledged || state.is === 'held' || state.is === 'confirmed'
        const { numUpdatedRows } = await trx
          .updateTable('bookings')
          .set({ version: version + 1, ...stateColumns(state, now), acknowledged: acknowledged ? 1 : 0 })
          .where('reference', '=', reference)
          .where('version', '=', version)
          .where((at) =>
            at.exists(
              at
                .selectFrom('jobs')
                .select('jobs.reference')
                .where('jobs.reference', '=', reference)
                .where('jobs.lease_owner', '=', owner),
            ),
          )
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
        await writeJob(trx, reference, change.job, now)
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

    async forgetKeys(now) {
      await db.deleteFrom('idempotency_keys').where('expires_at', '<=', now).execute()
    },

    async check() {
      await db.selectFrom('jobs').select('reference').limit(1).execute()
    },

    close: () => db.destroy(),
  }
}

/** A hold that has lapsed is failed from that moment, though it is written down a little later. */
function hasStatus(at: ExpressionBuilder<Tables, 'bookings'>, status: string, now: number) {
  const stored = at('status', '=', status)
  const lapsed = at.and([at('status', '=', 'held'), at('pay_by', '<=', now)])
  if (status === 'held') return at.and([stored, at('pay_by', '>', now)])
  return status === 'failed' ? at.or([stored, lapsed]) : stored
}

function stateColumns(state: BookingState, now: number) {
  return {
    state: JSON.stringify(state),
    // A hold is stored as held even when its time has just passed: `pay_by` says the rest.
    status: state.is === 'held' ? 'held' : statusOf(state, now),
    pay_by: state.is === 'held' ? state.payBy : null,
  }
}

function orderColumns({ place, way, state, plan }: OrderRecord) {
  return {
    place,
    way,
    airline_reference: 'order' in state ? state.order.airlineReference : null,
    state: JSON.stringify(state),
    plan: plan === null ? null : JSON.stringify(plan),
  }
}

/** False while another has it. */
async function takeLease(trx: Transaction<Tables>, reference: string, { owner, until }: Lease, now: number) {
  const row = await trx
    .insertInto('jobs')
    .values({ reference, due_at: now, attempts: 0, lease_owner: owner, lease_until: until })
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

async function writeJob(trx: Transaction<Tables>, reference: string, job: Job, now: number) {
  if (job.is === 'done') {
    await trx.deleteFrom('jobs').where('reference', '=', reference).execute()
    return
  }
  const columns =
    job.is === 'leased'
      ? { due_at: now, attempts: 0, lease_owner: job.lease.owner, lease_until: job.lease.until }
      : { due_at: job.at, attempts: job.attempts, lease_owner: null, lease_until: null }
  await trx.updateTable('jobs').set(columns).where('reference', '=', reference).execute()
}

function readBooking(row: BookingTable, orders: OrderTable[], history: HistoryTable[]): BookingRecord {
  const state: BookingState = JSON.parse(row.state)
  const request: BookingRequest = JSON.parse(row.request)
  return {
    reference: row.reference,
    version: row.version,
    createdAt: row.created_at,
    request,
    state,
    acknowledged: row.acknowledged === 1,
    orders: orders.map(readOrder),
    history: history.map(({ at, airline, event, detail }) => ({ at, airline, event, detail })),
  }
}

function readOrder(row: OrderTable): OrderRecord {
  const state: OrderState = JSON.parse(row.state)
  const plan: Plan | null = row.plan === null ? null : JSON.parse(row.plan)
  return {
    clientReference: row.client_reference,
    number: row.number,
    place: row.place,
    airline: row.airline,
    offerId: row.offer_id,
    way: row.way === 'hold' ? 'hold' : 'buy',
    state,
    plan,
  }
}
