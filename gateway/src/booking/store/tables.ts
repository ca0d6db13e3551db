import type { BookingStatus } from '../../schemas/booking.ts'

/**
 * The tables as they are on disk. Times are milliseconds since the epoch, flags 0 or 1, and JSON is text that is only ever
 * read whole, so that SQLite and PostgreSQL hold the same.
 */
export interface Tables {
  bookings: BookingTable
  orders: OrderTable
  history: HistoryTable
  jobs: JobTable
  idempotency_keys: IdempotencyKeyTable
}

export interface BookingTable {
  reference: string
  /** Grows with every change: whoever changes a booking names the version that he read. */
  version: number
  created_at: number
  /** What the traveller is told, as statusOf says, but for holds that lapse by time alone. */
  status: BookingStatus
  /** Set while held. */
  pay_by: number | null
  /** JSON of BookingState. */
  state: string
  /** 1 from when the traveller was first told that it is held or confirmed. */
  acknowledged: number
  /** JSON of BookingRequest. */
  request: string
}

export interface OrderTable {
  client_reference: string
  reference: string
  /** Position among the request's offers. */
  number: number
  /** Position in the order of work. */
  place: number
  airline: string
  offer_id: string
  /** hold or buy. */
  way: string
  /** The record locator, once there is one. */
  airline_reference: string | null
  /** JSON of OrderState. */
  state: string
  /** JSON of Plan; null until priced. */
  plan: string | null
}

export interface HistoryTable {
  reference: string
  /** From 0. */
  number: number
  at: number
  airline: string | null
  event: string
  detail: string
}

/** Work that a booking needs; there is no row for a booking that needs none. */
interface JobTable {
  reference: string
  /** In real time. */
  due_at: number
  /** When its hold lapses in the world's time, which makes it due; null: it waits for none. */
  lapses_at: number | null
  attempts: number
  /** Who works on it until lease_until, in real time; null: nobody. */
  lease_owner: string | null
  lease_until: number | null
}

interface IdempotencyKeyTable {
  key: string
  payload_hash: string
  reference: string
  expires_at: number
}
