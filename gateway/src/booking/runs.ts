import { randomUUID } from 'node:crypto'
import { createSaga, type Saga, type SagaOptions, type Work } from './saga.ts'
import { type Lease, LeaseLost } from './store/store.ts'
import { deadline, inTime, pause } from './timers.ts'

/** What runs stand on. */
export type RunOptions = Omit<SagaOptions, 'owner'>

/** Work on bookings in this process: at most one run per booking, each under a lease. */
export interface Runs {
  /** Names this process in leases. */
  owner: string
  saga: Saga
  /** A lease that begins now. */
  newLease(): Lease
  /** Whether this process works on the booking. */
  has(reference: string): boolean
  /** Waits while anybody works on the booking, here or elsewhere. False when the signal aborted first. */
  ended(reference: string, signal: AbortSignal): Promise<boolean>
  /**
   * Starts a run on a booking that is leased to this process; `attempts`: how often it was put off before. Never rejects:
   * what goes wrong is logged, and the booking's job tries again later.
   */
  start(reference: string, attempts: number, load: () => Promise<Work | null>): Promise<void>
  /** Takes up what is due from now on, again and again. */
  startRecovery(): void
  /** Waits for what runs, up to the bound in the timing, then breaks it off; leases are given back. */
  stop(): Promise<void>
}

/** Work on one booking. */
interface Run {
  ended: Promise<void>
  /** Milliseconds since the epoch. */
  since: number
  /** When the lease runs out as far as we know, milliseconds since the epoch; what is written renews it too. */
  until: number
  /** Breaks it off. */
  abort(reason: Error): void
}

/** Most bookings that the recovery works on at once. */
const mostRecoveries = 16

/** How often a booking that another process works on is looked at, in milliseconds. */
const lookEveryMs = 100

/** How often in its time a lease is renewed. */
const renewals = 3

/** How long what is broken off may take to write down where it stopped, in milliseconds. */
const writeDownMs = 1_000

/** How often expired idempotency keys are thrown away, in milliseconds. */
const forgetEveryMs = 60 * 60 * 1000

/** Makes the runs. */
export function createRuns(options: RunOptions): Runs {
  const { store, now, timers, timing, log, random } = options
  const owner = randomUUID()
  const saga = createSaga({ ...options, owner })
  const stopping = new AbortController()
  const running = new Map<string, Run>()
  const renewEveryMs = Math.ceil(timing.leaseMs / renewals)
  let isStopped = false
  let cancelRenewal: (() => void) | null = null
  let renewing = Promise.resolve()
  let cancelPoll = () => {}
  let polling = Promise.resolve()
  let recoveries = 0
  let forgetAt = 0

  const newLease = () => ({ owner, until: now() + timing.leaseMs })

  function start(reference: string, attempts: number, load: () => Promise<Work | null>) {
    const { signal, abort, end } = deadline(timers, timing.deadlineMs, stopping.signal)
    const endsAt = now() + timing.deadlineMs
    const run: Run = { ended: Promise.resolve(), since: now(), until: now() + timing.leaseMs, abort }
    const isOurs = () => now() < run.until
    const turn = { signal, endsAt, attempts, isStopping: () => stopping.signal.aborted, isOurs }
    const work = async () => {
      try {
        const work = await load()
        if (work) await saga.drive(work, turn)
      } catch (error) {
        await recoverFrom(error, reference, attempts)
      } finally {
        end()
        running.delete(reference)
      }
    }
    running.set(reference, run)
    run.ended = work()
    cancelRenewal ??= timers.after(renewEveryMs, renew)
    return run.ended
  }

  /** Renews the leases of what has been under way for a while, as long as anything is. */
  function renew() {
    renewing = renewLeases()
      .catch((error) => log.error({ err: error }, 'leases could not be renewed'))
      .finally(() => {
        cancelRenewal = running.size === 0 ? null : timers.after(renewEveryMs, renew)
      })
  }

  async function renewLeases() {
    const at = now()
    const runs = new Map([...running].filter(([, { since }]) => at - since >= renewEveryMs / 2))
    const lease = newLease()
    const renewed = new Set(await store.renew([...runs.keys()], lease))
    for (const [reference, run] of runs) {
      if (renewed.has(reference)) run.until = lease.until
      else if (running.get(reference) === run) run.abort(new LeaseLost(reference))
    }
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
      const stale = running.get(reference)
      if (stale) {
        // A run of ours could not renew its lease in time. It ends, and whoever comes first goes on.
        stale.abort(new LeaseLost(reference))
        await store.release(reference, owner)
        continue
      }
      recoveries++
      void start(reference, attempts, () => find(reference)).finally(() => recoveries--)
    }
    if (now() >= forgetAt) {
      await store.forgetKeys(now())
      forgetAt = now() + forgetEveryMs
    }
  }

  async function find(reference: string): Promise<Work | null> {
    const booking = await store.find(reference)
    return booking && { booking, call: null }
  }

  function poll() {
    polling = recover()
      .catch((error) => log.error({ err: error }, 'the recovery of bookings failed; it goes on'))
      .finally(() => {
        if (!isStopped) cancelPoll = timers.after(Math.ceil(timing.pollMs * (0.75 + random() / 2)), poll)
      })
  }

  async function waitForRuns(ms: number) {
    const patience = new AbortController()
    const cancel = timers.after(ms, () => patience.abort())
    await inTime(Promise.all([...running.values()].map(({ ended }) => ended)), patience.signal)
    cancel()
  }

  return {
    owner,
    saga,
    newLease,
    has: (reference) => running.has(reference),
    async ended(reference, signal) {
      for (;;) {
        const run = running.get(reference)
        if (run) {
          if (!(await inTime(run.ended, signal))) return false
        } else {
          if (!(await store.isInHand(reference, now()))) return true
          if (!(await pause(timers, lookEveryMs, signal))) return false
        }
      }
    },
    start,
    startRecovery: poll,

    async stop() {
      isStopped = true
      cancelPoll()
      await polling
      await waitForRuns(timing.closeMs)
      stopping.abort(new Error('the process stops'))
      // Whoever heeds the signal needs but a moment to write down where it stopped.
      await waitForRuns(Math.min(timing.closeMs, writeDownMs))
      cancelRenewal?.()
      await renewing
      for (const reference of running.keys()) await store.release(reference, owner)
    },
  }
}
