import { randomUUID } from 'node:crypto'
import { createSaga, leaseMs, type Saga, type SagaOptions } from './saga.ts'
import { type BookingRecord, LeaseLost } from './store/store.ts'
import { deadline, inTime } from './timers.ts'

/** What runs stand on. */
export type RunOptions = Omit<SagaOptions, 'owner'>

/** Work on bookings in this process: at most one run per booking, each under a lease. */
export interface Runs {
  /** Names this process in leases. */
  owner: string
  saga: Saga
  /** A lease that begins now. */
  newLease(): { owner: string; until: number }
  /** The run that works on the booking; undefined: none does in this process. */
  of(reference: string): Promise<void> | undefined
  /**
   * Starts a run on a booking that is leased to this process; `attempts`: how often it was put off before. Never rejects:
   * what goes wrong is logged, and the booking's job tries again later.
   */
  start(reference: string, attempts: number, load: () => Promise<BookingRecord | null>): Promise<void>
  /** Takes up what is due from now on, again and again. */
  startRecovery(): void
  /** Waits for what runs, up to the bound in the timing, then breaks it off; leases are given back. */
  stop(): Promise<void>
}

/** Most bookings that the recovery works on at once. */
const mostRecoveries = 16

/** How often expired idempotency keys are thrown away, in milliseconds. */
const forgetEveryMs = 60 * 60 * 1000

/** Makes the runs. */
export function createRuns(options: RunOptions): Runs {
  const { store, now, timers, timing, log, random } = options
  const owner = randomUUID()
  const saga = createSaga({ ...options, owner })
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  let isStopped = false
  let cancelPoll = () => {}
  let polling = Promise.resolve()
  let recoveries = 0
  let forgetAt = 0

  const newLease = () => ({ owner, until: now() + leaseMs(timing) })

  function start(reference: string, attempts: number, load: () => Promise<BookingRecord | null>) {
    const { signal, end } = deadline(timers, timing.deadlineMs, stopping.signal)
    const endsAt = now() + timing.deadlineMs
    const turn = { signal, endsAt, attempts, isStopping: () => stopping.signal.aborted }
    const run = (async () => {
      try {
        const booking = await load()
        if (booking) await saga.drive(booking, turn)
      } catch (error) {
        await recoverFrom(error, reference, attempts)
      } finally {
        end()
        running.delete(reference)
      }
    })()
    running.set(reference, run)
    return run
  }

  async function recoverFrom(error: unknown, reference: string, attempts: number) {
    if (error instanceof LeaseLost) {
      log.warn({ err: error, reference }, 'another process works on this booking')
      return
    }
    log.error({ err: error, reference }, 'work on a booking broke off; it is tried again')
    try {
      const booking = await store.find(reference)
      if (booking) await saga.putOff(booking, attempts, 0)
    } catch (again) {
      log.error({ err: again, reference }, 'a booking could not be put off; its lease runs out by itself')
    }
  }

  async function recover() {
    const room = mostRecoveries - recoveries
    const due = room > 0 ? await store.leaseDue(newLease(), now(), room) : []
    for (const { reference, attempts } of due) {
      if (running.has(reference)) continue
      recoveries++
      void start(reference, attempts, () => store.find(reference)).finally(() => recoveries--)
    }
    if (now() >= forgetAt) {
      await store.forgetKeys(now())
      forgetAt = now() + forgetEveryMs
    }
  }

  function poll() {
    polling = recover()
      .catch((error) => log.error({ err: error }, 'the recovery of bookings failed; it goes on'))
      .finally(() => {
        if (!isStopped) cancelPoll = timers.after(Math.ceil(timing.pollMs * (0.75 + random() / 2)), poll)
      })
  }

  async function waitForRuns() {
    const patience = new AbortController()
    const cancel = timers.after(timing.closeMs, () => patience.abort())
    await inTime(Promise.all(running.values()), patience.signal)
    cancel()
  }

  return {
    owner,
    saga,
    newLease,
    of: (reference) => running.get(reference),
    start,
    startRecovery: poll,

    async stop() {
      isStopped = true
      cancelPoll()
      await polling
      await waitForRuns()
      stopping.abort(new Error('the process stops'))
      // Whoever heeds the signal needs but a moment to write down where it stopped.
      await waitForRuns()
      for (const reference of running.keys()) await store.release(reference, owner)
    },
  }
}
