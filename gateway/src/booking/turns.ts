import { FanfareError } from '../errors.ts'
import type { Runs } from './runs.ts'
import type { News, Timing, Turn } from './saga.ts'
import type { BookingRecord, Store } from './store/store.ts'
import { deadline, inTime, pause, type Timers } from './timers.ts'

/** What an operation makes of a booking: begin it, wait for it since it has begun, or nothing since it is done. */
export type Verdict = 'begin' | 'begun' | 'done'

/** Something a traveller does to a booking that stands. */
export interface Operation {
  /** Judges the booking as it is. Throws FanfareError where it does not allow the operation. */
  judge(booking: BookingRecord): Verdict
  /** What beginning it writes. May ask airlines for what changes nothing; throws what is to be told. */
  begin(booking: BookingRecord, turn: Turn): Promise<News>
}

/** What `perform` stands on. */
export interface Desk {
  store: Store
  runs: Runs
  now: () => number
  timers: Timers
  timing: Timing
}

/** How often a booking that another process works on is looked at, in milliseconds. */
const lookEveryMs = 200

/** The booking. Throws booking_not_found. */
export async function findBooking(store: Store, reference: string): Promise<BookingRecord> {
  const booking = await store.find(reference)
  if (!booking) throw new FanfareError('booking_not_found', `There is no booking ${reference}.`)
  return booking
}

/**
 * Performs the operation unless it is begun or done already, and gives the booking as it is when that is over or when the
 * time for an answer has passed. Throws booking_not_found, what the operation's judge throws and what its beginning throws.
 */
export async function perform(desk: Desk, reference: string, operation: Operation): Promise<BookingRecord> {
  const { store, runs, now, timers, timing } = desk
  const { signal, end } = deadline(timers, timing.deadlineMs, new AbortController().signal)
  try {
    for (;;) {
      const booking = await findBooking(store, reference)
      const verdict = operation.judge(booking)
      if (verdict === 'done') return booking
      const run = runs.of(reference)
      if (run) {
        if (!(await inTime(run, signal))) return booking
        continue
      }
      if (verdict === 'begun') return booking
      if (await store.lease(reference, runs.newLease(), now())) {
        await inTime(begin(desk, reference, operation), signal)
        return await findBooking(store, reference)
      }
      if (runs.of(reference)) continue
      if (!(await pause(timers, lookEveryMs, signal))) return booking
    }
  } finally {
    end()
  }
}

/** Begins the operation on a booking that is leased to us and drives it on. Throws what beginning it throws. */
async function begin({ store, runs }: Desk, reference: string, operation: Operation): Promise<void> {
  const refusals: unknown[] = []
  await runs.start(reference, 0, async (turn) => {
    const booking = await findBooking(store, reference)
    try {
      if (operation.judge(booking) !== 'begin') return null
      return await runs.saga.write(booking, await operation.begin(booking, turn))
    } catch (error) {
      refusals.push(error)
      return null
    }
  })
  if (refusals.length > 0) throw refusals[0]
}
