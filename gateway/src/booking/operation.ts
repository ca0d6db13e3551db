import { FanfareError } from '../errors.ts'
import type { Runs } from './runs.ts'
import type { News, Timing, Work } from './saga.ts'
import { type BookingRecord, LeaseLost, type Store } from './store/store.ts'
import { deadline, inTime, type Timers } from './timers.ts'

/** What an operation makes of a booking: begin it, wait for it since it has begun, or nothing since it is done. */
export type Verdict = 'begin' | 'begun' | 'done'

/** Something a traveller does to a booking that stands. */
export interface Operation {
  /** Judges the booking as it is. Throws FanfareError where it does not allow the operation. */
  judge(booking: BookingRecord): Verdict
  /** What beginning it writes. May ask airlines for what changes nothing; throws what is to be told. */
  begin(booking: BookingRecord, signal: AbortSignal): Promise<News>
}

/** What `perform` stands on. */
export interface Desk {
  store: Store
  runs: Runs
  /** Real time, milliseconds since the epoch. */
  now: () => number
  timers: Timers
  timing: Timing
}

/** The booking. Throws booking_not_found. */
export async function findBooking(store: Store, reference: string): Promise<BookingRecord> {
  const booking = await store.find(reference)
  if (!booking) throw new FanfareError('booking_not_found', `There is no booking ${reference}.`)
  return booking
}

/**
 * Performs the operation unless it is begun or done already, and gives the booking as it is when that is over or when the
 * time for an answer has passed. Throws booking_not_found, invalid_booking_status where it never comes to its turn, and
 * what the operation's judge and beginning throw.
 */
export async function perform(desk: Desk, reference: string, operation: Operation): Promise<BookingRecord> {
  const { store, runs, now, timers, timing } = desk
  const { signal, end } = deadline(timers, timing.deadlineMs, new AbortController().signal)
  try {
    for (;;) {
      const booking = await findBooking(store, reference)
      const verdict = operation.judge(booking)
      if (verdict === 'done') return booking
      const isFree = !runs.has(reference) && !(await store.isInHand(reference, now()))
      if (!isFree) {
        if (await runs.ended(reference, signal)) continue
        if (verdict === 'begun') return booking
        throw busy(reference)
      }
      if (verdict === 'begun') return booking
      const begun = await tryToBegin(desk, booking, await operation.begin(booking, signal))
      if (!begun) continue
      await inTime(
        runs.start(reference, 0, async () => begun),
        signal,
      )
      return await findBooking(store, reference)
    }
  } finally {
    end()
  }
}

function busy(reference: string): FanfareError {
  return new FanfareError('invalid_booking_status', `Booking ${reference} is being worked on. Read it again.`)
}

/** The booking with the operation begun and leased to us; null when another changed it meanwhile, or works on it. */
async function tryToBegin({ runs }: Desk, booking: BookingRecord, news: News): Promise<Work | null> {
  try {
    return await runs.saga.begin(booking, news)
  } catch (error) {
    if (error instanceof LeaseLost) return null
    throw error
  }
}
