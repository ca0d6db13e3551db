import type { Dialect } from 'kysely'
import { FanfareError } from '../../errors.ts'

/** A database that bookings can be kept in, and all that is of its own kind. */
export interface StoreDatabase {
  /** Kysely's dialect over connections of its own, which end with it; changing the schema may wait longer than bookings may. */
  dialect(purpose: 'bookings' | 'migration'): Dialect
  /** Whether several may write at once, each holding the rows that it writes: then whoever looks for work skips those. */
  locksRows: boolean
}

/** Seconds after which a client may try again. */
const retryAfter = 2

/** What is thrown when the database cannot be reached, or is too busy to answer in time. */
export function storeUnavailable(cause: unknown): FanfareError {
  return new FanfareError(
    'booking_store_unavailable',
    'Bookings can be neither read nor written for the moment. Try again with the same Idempotency-Key.',
    { retryAfter, cause },
  )
}
