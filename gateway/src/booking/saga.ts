import type { Connector } from '../airlines/connector.ts'
import { type AirlineSteps, createAirlineSteps, type Outcome } from './airline-steps.ts'
import type { Meter } from './meter.ts'
import type { LiveReads } from './pricing.ts'
import { askedFor, type BookingState, type Call, type Failure, isSettled, nextStep } from './state.ts'
import type { BookingRecord, Change, HistoryRecord, Job, Lease, OrderRecord, Store } from './store/store.ts'
import { LeaseLost } from './store/store.ts'
import { pause, type Timers } from './timers.ts'
import { isToldUnresolved, unresolvedEvent, unresolvedSince } from './unresolved.ts'

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
  /** How long after an order was last asked for it is looked up before it is taken as never made. */
  lookUpForMs: number
  /** How long after an order was asked for it is asked for again, when the airline says that it has none. */
  askAgainMs: number
  /** How long a lease holds unless it is renewed: so long nobody takes up what a process left that died. */
  leaseMs: number
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
  meter: Meter
  /** Called when seats of these flights were taken or given back. */
  touched: (segmentIds: string[]) => void
}

/** One turn of work on a booking. */
export interface Turn {
  /** Aborts at the deadline, when the process stops, or when another has taken the booking over. */
  signal: AbortSignal
  /** The deadline, milliseconds since the epoch. */
  endsAt: number
  /** How often this booking has been put off without getting on. */
  attempts: number
  /** Whether it is the process that stops, not the deadline that passed: then nothing is failed for want of time. */
  isStopping: () => boolean
  /** Whether the lease can still be relied on. */
  isOurs: () => boolean
}

/** What is newly known of a booking; what is left out stays. */
export interface News {
  state?: BookingState
  orders?: OrderRecord[]
  events?: Omit<HistoryRecord, 'at'>[]
}

/** A booking that is leased to us, and the call that is written in it as about to be made; null: none is. */
export interface Work {
  booking: BookingRecord
  call: Call<OrderRecord> | null
}

/** Carries bookings from step to step. */
export interface Saga {
  /**
   * Takes one step after the other until there is nothing left to do now, the turn ends, or an airline's answer cannot be
   * had; the booking's job then says when to go on. The lease must be ours, and is given back. Throws LeaseLost and
   * what the store throws; the booking is then as it was last written.
   */
  drive(work: Work, turn: Turn): Promise<BookingRecord>
  /** Takes the lease and writes the news that something begins, both or neither. Throws LeaseLost. */
  begin(booking: BookingRecord, news: News): Promise<Work>
  /** Leaves the booking to its job, to go on after the back-off, or after `notBeforeMs` where that is longer. */
  putOff(booking: BookingRecord, attempts: number, notBeforeMs: number): Promise<BookingRecord>
}

/** Makes the saga. */
export function createSaga(options: SagaOptions): Saga {
  const { store, owner, now, timers, timing, random, log, meter } = options
  const steps: AirlineSteps = createAirlineSteps(options)

  const lease = (): Lease => ({ owner, until: now() + timing.leaseMs })

  /**
   * Writes news, what follows from them by itself, and where the work goes on at once also the call that comes next, so that
   * news and call cost one wait for the disk.
   */
  async function write(
    booking: BookingRecord,
    { state = booking.state, orders = [], events = [] }: News,
    { goesOn, takes }: { goesOn: boolean; takes?: Lease },
  ): Promise<Work> {
    const changed = new Map(orders.map((order) => [order.clientReference, order]))
    const saga = {
      payment: booking.request.payment,
      state,
      orders: booking.orders
        .map((order) => changed.get(order.clientReference) ?? order)
        .sort((a, b) => a.place - b.place),
    }
    const history = [...events]
    if (state !== booking.state) history.push(eventOf(state))
    let step = nextStep(saga, now())
    for (; step.do === 'become'; step = nextStep(saga, now())) {
      saga.state = step.state
      history.push(eventOf(step.state))
    }
    const call = goesOn && isCall(step) ? step : null
    if (call) changed.set(call.order.clientReference, askedFor(call, now()))
    const change = { state: saga.state, orders: [...changed.values()], job: jobOf(saga.state), ...(takes && { takes }) }
    const written = await save(booking, change, history)
    if (isSettled(written.state) && isToldUnresolved(booking.history)) {
      log.warn({ reference: booking.reference, state: written.state.is }, 'a booking that was unresolved is settled')
    }
    return { booking: written, call }
  }

  function save(booking: BookingRecord, change: Change, events: Omit<HistoryRecord, 'at'>[]) {
    const at = now()
    return store.save(booking, owner, { ...change, events: events.map((event) => ({ at, ...event })) }, at)
  }

  function jobOf(state: BookingState): Job {
    if (state.is === 'held') return { is: 'due', at: state.payBy, attempts: 0 }
    return isSettled(state) ? { is: 'done' } : { is: 'leased', lease: lease() }
  }

  /** `orders`: those that change with it; `isStopping`: another process is to go on at once. */
  function putOff(
    booking: BookingRecord,
    attempts: number,
    notBeforeMs: number,
    { orders = [], isStopping = false }: { orders?: OrderRecord[]; isStopping?: boolean } = {},
  ) {
    const { first, most } = timing.backOffMs
    const backOff = Math.min(most, first * 2 ** Math.min(attempts, 30)) * (0.5 + random() / 2)
    const wait = isStopping ? notBeforeMs : Math.max(backOff, notBeforeMs)
    const at = Math.ceil(now() + wait)
    const since = unresolvedSince(booking.history)
    const isNew = now() - since >= tellAfterMs && !isToldUnresolved(booking.history)
    if (isNew) {
      const facts = { reference: booking.reference, since: new Date(since).toISOString(), state: booking.state.is }
      log.warn(facts, 'a booking is still unresolved; it is worked on until it is settled')
    }
    const job: Job = { is: 'due', at, attempts: attempts + 1 }
    return save(booking, { job, orders }, isNew ? [unresolvedEvent] : [])
  }

  /** Makes a call that is on the disk as about to be made. */
  function make(booking: BookingRecord, call: Call<OrderRecord>, turn: Turn, waits: number): Promise<Outcome> {
    switch (call.do) {
      case 'hold':
      case 'purchase':
        return steps.ask(booking, call.order, call.do, turn, waits)
      case 'pay':
        return steps.pay(booking, call.order, call.held, turn, waits)
      case 'cancel':
        return steps.cancel(booking, call.order, call.taken, turn, waits)
    }
  }

  async function take({ booking, call }: Work, turn: Turn, waits: number): Promise<Outcome> {
    if (call) return measured(call.do, make(booking, call, turn, waits))
    const step = nextStep(sagaOf(booking), now())
    switch (step.do) {
      case 'check':
        return measured('check', steps.check(booking, turn))
      case 'look up':
        return measured('look_up', steps.lookUp(booking, step.order, turn))
      case 'become':
      case 'wait':
        return { result: 'done', news: {} }
      default:
        return { result: 'done', call: step }
    }
  }

  async function measured(step: Parameters<Meter['step']>[0], taken: Promise<Outcome>): Promise<Outcome> {
    const outcome = await taken
    meter.step(step, outcome.result)
    return outcome
  }

  return {
    begin: (booking, news) => write(booking, news, { goesOn: true, takes: lease() }),
    putOff: (booking, attempts, notBeforeMs) => putOff(booking, attempts, notBeforeMs),

    async drive(start, turn) {
      let work = start
      for (let waits = 0; ; ) {
        const { booking, call } = work
        // A call that was not made is taken back: nobody need look for what it did.
        if (turn.signal.aborted) {
          return putOff(booking, 0, 0, { orders: call ? [call.order] : [], isStopping: turn.isStopping() })
        }
        if (!turn.isOurs()) throw new LeaseLost(booking.reference)
        const { news, waitMs, putOffMs, call: next } = await take(work, turn, waits)
        const goesOn = waitMs === undefined && putOffMs === undefined && !turn.signal.aborted
        if (news) work = await write(booking, news, { goesOn })
        else if (next) work = { booking: await writeCall(booking, next), call: next }
        else work = { booking, call: null }
        if (jobOf(work.booking.state).is !== 'leased') return work.booking
        if (putOffMs !== undefined) {
          return putOff(work.booking, turn.attempts, putOffMs, { isStopping: turn.isStopping() })
        }
        if (news?.state || news?.orders) turn = { ...turn, attempts: 0 }
        if (waitMs === undefined) continue
        waits++
        await pause(timers, waitMs, turn.signal)
      }
    },
  }

  function writeCall(booking: BookingRecord, call: Call<OrderRecord>) {
    return save(booking, { orders: [askedFor(call, now())], job: { is: 'leased', lease: lease() } }, [])
  }
}

/** How long a booking may be unresolved before a line in the log says so, in milliseconds. */
const tellAfterMs = 60_000

function isCall(step: ReturnType<typeof nextStep<OrderRecord>>): step is Call<OrderRecord> {
  return step.do === 'hold' || step.do === 'purchase' || step.do === 'pay' || step.do === 'cancel'
}

function sagaOf({ request, state, orders }: BookingRecord) {
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
