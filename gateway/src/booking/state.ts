import type { Cancellation, HeldOrder, Order } from '../airlines/connector.ts'
import type { ErrorCode } from '../errors.ts'
import type { BookingStatus, OrderStatus } from '../schemas/booking.ts'

/** Why a booking failed, in the words of the table of errors. Stored, and told again to whoever asks again. */
export interface Failure {
  code: ErrorCode
  detail: string
  errors?: { path: string; message: string }[]
  facts?: Record<string, unknown>
  /** Seconds. */
  retryAfter?: number
}

/**
 * One airline's part of a booking. `asked`, `paying` and `cancelling` are on disk before the airline is called and stay until
 * its answer is known: whoever finds one after a crash knows that the call may or may not have been made.
 */
export type OrderState =
  /** The airline has not been asked for anything. */
  | { is: 'planned' }
  /**
   * Asked to hold or to sell, `times` in all under the same client reference; `since`: when it was last asked in a way that
   * may yet be acted upon, milliseconds since the epoch.
   */
  | { is: 'asked'; to: 'hold' | 'purchase'; since: number; times: number }
  | { is: 'held'; order: HeldOrder }
  /** Asked to take payment for what it holds. */
  | { is: 'paying'; order: HeldOrder; since: number }
  | { is: 'confirmed'; order: Order }
  /** The airline said no, or never had the order: it keeps nothing for us. */
  | { is: 'refused'; because: Failure }
  /**
   * To be given back; `quote` is what the airline said before that this gives, null where nobody asked. `since`: when it was
   * last asked to in a way that may yet be acted upon, milliseconds since the epoch; null: it was not, or has answered.
   */
  | { is: 'cancelling'; order: Order; quote: Cancellation | null; since: number | null }
  | { is: 'cancelled'; order: Order; cancellation: Cancellation }
  /** A hold that the airline let go when its time to pay had passed. */
  | { is: 'lapsed'; order: HeldOrder }

/** The whole booking. Every state but the last three, and held, has a next step that can be taken now. */
export type BookingState =
  /** On disk; the airlines are asked only for prices, seats and baggage. */
  | { is: 'checking' }
  /** Orders are being taken, one airline after the other. */
  | { is: 'ordering' }
  /** Held at every airline; `payBy` is the earliest of their times, in milliseconds since the epoch. */
  | { is: 'held'; payBy: number }
  /** The traveller pays what is held. */
  | { is: 'paying' }
  /** The booking cannot be had: what was taken is being given back. */
  | { is: 'undoing'; because: Failure }
  /** The traveller gives the booking back. */
  | { is: 'cancelling' }
  | { is: 'confirmed' }
  | { is: 'cancelled' }
  /** Nothing is taken anywhere. */
  | { is: 'failed'; because: Failure }

/** What of an order decides the next step. */
export interface SagaOrder {
  /** hold: held first and paid when everything is in hand; buy: bought with one call. */
  way: 'hold' | 'buy'
  state: OrderState
}

/** What of a booking decides the next step. */
export interface Saga<O extends SagaOrder = SagaOrder> {
  payment: 'now' | 'hold'
  state: BookingState
  /** In the order of work: holds first, then airlines that sell at once, those that are cheapest to undo first. */
  orders: readonly O[]
}

/** A call that changes something at an airline: the order says so on disk before it is made. */
export type Call<O extends SagaOrder = SagaOrder> =
  | { do: 'hold' | 'purchase'; order: O }
  | { do: 'pay'; order: O; held: HeldOrder }
  | { do: 'cancel'; order: O; taken: Order }

/** What is to be done next. */
export type Step<O extends SagaOrder = SagaOrder> =
  | Call<O>
  /** Ask the airlines for prices, seats and baggage. */
  | { do: 'check' }
  /** Ask the airline what became of the order. */
  | { do: 'look up'; order: O }
  | { do: 'become'; state: BookingState }
  /** Nothing before this time, milliseconds since the epoch; null: nothing ever again by itself. */
  | { do: 'wait'; until: number | null }

/** The one place that decides what a booking does next. Pure: it looks at what is on disk and at the time, nothing else. */
export function nextStep<O extends SagaOrder>(saga: Saga<O>, now: number): Step<O> {
  const { state, orders } = saga
  const unknown = orders.find((order) => order.state.is === 'asked' || order.state.is === 'paying')
  switch (state.is) {
    case 'checking':
      return { do: 'check' }
    case 'ordering': {
      if (unknown) return { do: 'look up', order: unknown }
      const planned = orders.find((order) => order.state.is === 'planned')
      if (planned) return { do: planned.way === 'hold' ? 'hold' : 'purchase', order: planned }
      if (saga.payment === 'now') return payNext(orders)
      const payBy = earliestPayBy(orders)
      return { do: 'become', state: payBy === null ? { is: 'confirmed' } : { is: 'held', payBy } }
    }
    case 'held':
      return now < state.payBy
        ? { do: 'wait', until: state.payBy }
        : { do: 'become', state: { is: 'undoing', because: lapse(state.payBy) } }
    case 'paying':
      return unknown ? { do: 'look up', order: unknown } : payNext(orders)
    case 'undoing':
      return (
        cancelLast(orders) ??
        (unknown && { do: 'look up', order: unknown }) ?? {
          do: 'become',
          state: { is: 'failed', because: state.because },
        }
      )
    case 'cancelling':
      return cancelLast(orders) ?? { do: 'become', state: { is: 'cancelled' } }
    case 'confirmed':
    case 'cancelled':
    case 'failed':
      return { do: 'wait', until: null }
    default:
      return state satisfies never
  }
}

/** The order as it is written before the call is made, so that whoever finds it knows that it may have been. */
export function askedFor<O extends SagaOrder>(call: Call<O>, now: number): O {
  const { order } = call
  const { state } = order
  switch (call.do) {
    case 'hold':
    case 'purchase': {
      const times = state.is === 'asked' ? state.times + 1 : 1
      return { ...order, state: { is: 'asked', to: call.do, since: now, times } }
    }
    case 'pay':
      return { ...order, state: { is: 'paying', order: call.held, since: now } }
    case 'cancel': {
      const quote = state.is === 'cancelling' ? state.quote : null
      return { ...order, state: { is: 'cancelling', order: call.taken, quote, since: now } }
    }
  }
}

function payNext<O extends SagaOrder>(orders: readonly O[]): Step<O> {
  for (const order of orders) {
    if (order.state.is === 'held') return { do: 'pay', order, held: order.state.order }
  }
  return { do: 'become', state: { is: 'confirmed' } }
}

function cancelLast<O extends SagaOrder>(orders: readonly O[]): Step<O> | null {
  for (const order of orders.toReversed()) {
    const { state } = order
    if (state.is === 'held' || state.is === 'confirmed' || state.is === 'cancelling') {
      return { do: 'cancel', order, taken: state.order }
    }
  }
  return null
}

/** Whether nothing happens any more by itself, but that a hold lapses. */
export function isSettled({ is }: BookingState): boolean {
  return is === 'held' || is === 'confirmed' || is === 'cancelled' || is === 'failed'
}

/** When the first of the held orders lapses, milliseconds since the epoch; null where none is held. */
export function earliestPayBy(orders: readonly SagaOrder[]): number | null {
  const times = orders.flatMap(({ state }) => (state.is === 'held' ? [Date.parse(state.order.payBy)] : []))
  return times.length === 0 ? null : Math.min(...times)
}

/** Why a booking fails that was held and not paid by `payBy`, milliseconds since the epoch. */
export function lapse(payBy: number): Failure {
  return {
    code: 'hold_lapsed',
    detail: `The booking was to be paid by ${new Date(payBy).toISOString()}. Search again.`,
  }
}

/** Whether the hold has run out, though nobody may have written that down yet. */
export function isLapsed(state: BookingState, now: number): boolean {
  return state.is === 'held' && state.payBy <= now
}

/** What the traveller is told. A hold that lapses fails at once, while what is left of it is still being given back. */
export function statusOf(state: BookingState, now: number): BookingStatus {
  switch (state.is) {
    case 'held':
      return isLapsed(state, now) ? 'failed' : 'held'
    case 'undoing':
      return state.because.code === 'hold_lapsed' ? 'failed' : 'pending'
    case 'checking':
    case 'ordering':
    case 'paying':
    case 'cancelling':
      return 'pending'
    default:
      return state.is
  }
}

/** What the traveller is told of one order; `booking` is the status of the whole. */
export function orderStatusOf(state: OrderState, booking: BookingStatus): OrderStatus {
  switch (state.is) {
    case 'planned':
      return booking === 'failed' ? 'failed' : 'pending'
    case 'held':
      return booking === 'failed' ? 'cancelled' : 'held'
    case 'asked':
    case 'paying':
    case 'cancelling':
      return 'pending'
    case 'refused':
      return 'failed'
    case 'lapsed':
      return 'cancelled'
    default:
      return state.is
  }
}
