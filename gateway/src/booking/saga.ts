import type { Connector } from '../airlines/connector.ts'
import { type AirlineSteps, createAirlineSteps, type Outcome } from './airline-steps.ts'
import type { LiveReads } from './pricing.ts'
import { type BookingState, type Failure, nextStep } from './state.ts'
import type { BookingRecord, Change, HistoryRecord, Job, Lease, OrderRecord, Store } from './store/store.ts'
import { pause, type Timers } from './timers.ts'

/** Logs what a person who runs Fanfare should know of. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** How long things may take, in milliseconds. */
export interface Timing {
  /** One request, and one turn of the recovery, from beginning to end. */
  deadlineMs: number
  /** How long an order whose answer was lost is looked up before it is taken as never made. */
  lookUpForMs: number
  /** Between two attempts at what does not get on: from … doubling to … */
  backOffMs: { first: number; most: number }
  /** How often the recovery looks for work. */
  pollMs: number
  /** How long close() waits for what is under way. */
  closeMs: number
}

/** What the saga stands on. */
export interface SagaOptions {
  connectors: ReadonlyMap<string, Connector>
  reads: LiveReads
  store: Store
  /** Names this process in leases. */
  owner: string
  /** Milliseconds since the epoch. */
  now: () => number
  timers: Timers
  timing: Timing
  /** From 0 to 1: spreads retries out. */
  random: () => number
  log: Log
  /** Called when seats of these flights were taken or given back. */
  touched: (segmentIds: string[]) => void
}

/** One turn of work on a booking. */
export interface Turn {
  /** Aborts at the deadline, or when the process stops. */
  signal: AbortSignal
  /** The deadline, milliseconds since the epoch. */
  endsAt: number
  /** How often this booking has been put off without getting on. */
  attempts: number
  /** Whether it is the process that stops, not the deadline that passed: then nothing is failed for want of time. */
  isStopping: () => boolean
}

/** What is newly known of a booking; what is left out stays. */
export interface News {
  state?: BookingState
  orders?: OrderRecord[]
  events?: Omit<HistoryRecord, 'at'>[]
}

/** Carries bookings from step to step. */
export interface Saga {
  /**
   * Takes one step after the other until there is nothing left to do now, the turn ends, or an airline's answer cannot be
   * had; the booking's job then says when to go on. The lease must be ours, and is given back. Throws LeaseLost and
   * what the store throws; the booking is then as it was last written.
   */
  drive(booking: BookingRecord, turn: Turn): Promise<BookingRecord>
  /** Takes the lease and writes the news that something begins, both or neither. Throws LeaseLost. */
  begin(booking: BookingRecord, news: News): Promise<BookingRecord>
  /** Leaves the booking to its job, to go on after the back-off, or after `notBeforeMs` where that is longer. */
  putOff(booking: BookingRecord, attempts: number, notBeforeMs: number): Promise<BookingRecord>
}

/** A lease outlives a turn by this much, in milliseconds, so that nobody takes over from a process that is alive. */
const leaseMarginMs = 10_000

/** How long a lease on a booking holds. */
export function leaseMs({ deadlineMs }: Timing): number {
  return deadlineMs + leaseMarginMs
}

/** Makes the saga. */
export function createSaga(options: SagaOptions): Saga {
  const { store, owner, now, timers, timing, random } = options
  const steps: AirlineSteps = createAirlineSteps(options)

  const lease = () => ({ owner, until: now() + leaseMs(timing) })

  /** Writes news, and what follows from them by themselves. */
  function write(booking: BookingRecord, { state = booking.state, orders = [], events = [] }: News, takes?: Lease) {
    const changed = new Map(orders.map((order) => [order.clientReference, order]))
    const saga = {
      payment: booking.request.payment,
      state,
      orders: booking.orders.map((order) => changed.get(order.clientReference) ?? order),
    }
    const history = [...events]
    if (state !== booking.state) history.push(eventOf(state))
    for (let step = nextStep(saga, now()); step.do === 'become'; step = nextStep(saga, now())) {
      saga.state = step.state
      history.push(eventOf(step.state))
    }
    return save(booking, { state: saga.state, orders, job: jobOf(saga.state), ...(takes && { takes }) }, history)
  }

  function save(booking: BookingRecord, change: Change, events: Omit<HistoryRecord, 'at'>[]) {
    const at = now()
    return store.save(booking, owner, { ...change, events: events.map((event) => ({ at, ...event })) }, at)
  }

  function jobOf(state: BookingState): Job {
    switch (state.is) {
      case 'held':
        return { is: 'due', at: state.payBy, attempts: 0 }
      case 'confirmed':
      case 'cancelled':
      case 'failed':
        return { is: 'done' }
      default:
        return { is: 'leased', lease: lease() }
    }
  }

  function putOff(booking: BookingRecord, attempts: number, notBeforeMs: number) {
    const { first, most } = timing.backOffMs
    const backOff = Math.min(most, first * 2 ** Math.min(attempts, 30)) * (0.5 + random() / 2)
    const at = Math.ceil(now() + Math.max(backOff, notBeforeMs))
    return save(booking, { job: { is: 'due', at, attempts: attempts + 1 } }, [])
  }

  async function take(
    booking: BookingRecord,
    turn: Turn,
    waits: number,
  ): Promise<{ booking: BookingRecord } & Outcome> {
    const step = nextStep(orderOfWork(booking), now())
    switch (step.do) {
      case 'check':
        return { booking, ...(await steps.check(booking, turn)) }
      case 'hold':
      case 'purchase': {
        const intent = steps.asking(step.order, step.do)
        const asked = await write(booking, { orders: [intent] })
        return { booking: asked, ...(await steps.ask(asked, intent, turn, waits)) }
      }
      case 'pay': {
        const intent = steps.paying(step.order, step.held)
        const asked = await write(booking, { orders: [intent] })
        return { booking: asked, ...(await steps.pay(intent, step.held, turn, waits)) }
      }
      case 'cancel': {
        const intent = steps.cancelling(step.order, step.taken)
        const asked = intent === step.order ? booking : await write(booking, { orders: [intent] })
        return { booking: asked, ...(await steps.cancel(asked, intent, step.taken, turn, waits)) }
      }
      case 'look up':
        return { booking, ...(await steps.lookUp(step.order, turn)) }
      case 'become':
      case 'wait':
        return { booking, news: {} }
    }
  }

  return {
    begin: (booking, news) => write(booking, news, lease()),
    putOff,

    async drive(start, turn) {
      let booking = start
      for (let waits = 0; ; ) {
        if (turn.signal.aborted) return putOff(booking, 0, 0)
        const { booking: asked, news, waitMs, putOffMs } = await take(booking, turn, waits)
        booking = news ? await write(asked, news) : asked
        if (jobOf(booking.state).is !== 'leased') return booking
        if (putOffMs !== undefined) return putOff(booking, turn.attempts, putOffMs)
        if (news?.state || news?.orders) turn = { ...turn, attempts: 0 }
        if (waitMs === undefined) continue
        waits++
        await pause(timers, waitMs, turn.signal)
      }
    },
  }
}

function orderOfWork({ request, state, orders }: BookingRecord) {
  return { payment: request.payment, state, orders }
}

function eventOf(state: BookingState): Omit<HistoryRecord, 'at'> {
  const event = (name: string, detail: string) => ({ airline: null, event: name, detail })
  switch (state.is) {
    case 'checking':
      return event('booking_created', 'The booking is stored; the airlines are asked for prices')
    case 'ordering':
      return event('price_agreed', 'The airlines’ prices add up to what the client expects')
    case 'held':
      return event('booking_held', `Held until ${new Date(state.payBy).toISOString()}`)
    case 'paying':
      return event('payment_requested', 'The traveller pays')
    case 'confirmed':
      return event('booking_confirmed', 'Every airline has confirmed')
    case 'cancelling':
      return event('cancellation_requested', 'The traveller cancels')
    case 'cancelled':
      return event('booking_cancelled', 'Every airline has taken its order back')
    case 'undoing':
      return undoingEvent(state.because)
    case 'failed':
      return event('booking_failed', 'No airline keeps anything for this booking')
  }
}

function undoingEvent({ code, detail }: Failure) {
  return { airline: null, event: code, detail }
}
