import type { Cancellation, Connector, HeldOrder, Order } from '../airlines/connector.ts'
import { parseOfferId } from '../airlines/offer-id.ts'
import { type ErrorCode, FanfareError } from '../errors.ts'
import { compare, fromMinor } from '../money/money.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { failureFrom, failureOf, isOutcomeUnknown, nothingBooked } from './failure.ts'
import type { StepResult } from './meter.ts'
import { type LiveReads, type Plan, planOrders, priceFailure, undoCost } from './pricing.ts'
import type { News, SagaOptions, Turn } from './saga.ts'
import { scheduleEvents } from './schedule.ts'
import { type Call, earliestPayBy, type Failure } from './state.ts'
import type { BookingRecord, HistoryRecord, OrderRecord } from './store/store.ts'
import { pause } from './timers.ts'

/** What came of a step. */
export interface Outcome {
  result: StepResult
  /** What is known now. */
  news?: News
  /** Set: the airline asks for this many milliseconds before the next call. */
  waitMs?: number
  /** Set: no more in this turn; go on after so many milliseconds at the earliest. */
  putOffMs?: number
  /** Set: this is to be called next, once that is on the disk. */
  call?: Call<OrderRecord>
}

/**
 * The calls to airlines, each turned into news. None throws what an airline did. Where a call changes something at an
 * airline, the booking has the order as asked for, and `order` is as it was before that.
 */
export interface AirlineSteps {
  check(booking: BookingRecord, turn: Turn): Promise<Outcome>
  ask(booking: BookingRecord, order: OrderRecord, to: 'hold' | 'purchase', turn: Turn, waits: number): Promise<Outcome>
  pay(booking: BookingRecord, order: OrderRecord, held: HeldOrder, turn: Turn, waits: number): Promise<Outcome>
  cancel(booking: BookingRecord, order: OrderRecord, taken: Order, turn: Turn, waits: number): Promise<Outcome>
  lookUp(booking: BookingRecord, order: OrderRecord, turn: Turn): Promise<Outcome>
}

/** How often in all an airline is asked for the same order. */
const mostAsks = 5

/** How often in one turn an airline may ask for patience. */
const mostWaits = 10

/** How long to wait where an airline asks for patience and names no time, in milliseconds. */
const usualWaitMs = 1_000

/** What may stand in the way of an offer whose price has moved: more to the point than a total that cannot be told any more. */
const tellsMore = new Set<ErrorCode>(['price_changed', 'seat_taken', 'sold_out', 'baggage_unavailable'])

/** Makes the steps. */
export function createAirlineSteps(options: SagaOptions): AirlineSteps {
  const { connectors, reads, now, timers, timing, log } = options

  function connectorOf({ airline }: OrderRecord): Connector {
    const connector = connectors.get(airline)
    if (!connector) throw new Error(`no airline named ${airline} is connected any more`)
    return connector
  }

  function touch({ plan }: OrderRecord) {
    if (plan) options.touched(plan.draft.offer.slice.segments.map(({ id }) => id))
  }

  /** How long to wait before asking again, when the airline asked for patience and there is time for it; null otherwise. */
  function patience(error: unknown, { endsAt }: Turn, waits: number): number | null {
    if (!(error instanceof AirlineError) || error.kind !== 'rate_limited' || waits >= mostWaits) return null
    const waitMs = error.retryAfterMs ?? usualWaitMs
    return now() + waitMs < endsAt ? waitMs : null
  }

  /** Asks again while the airline asks for patience. Only for calls that change nothing. */
  async function patiently<T>(call: () => Promise<T>, turn: Turn): Promise<T> {
    for (let waits = 0; ; waits++) {
      try {
        return await call()
      } catch (error) {
        const waitMs = patience(error, turn, waits)
        if (waitMs === null || !(await pause(timers, waitMs, turn.signal))) throw error
      }
    }
  }

  const patientReads = (turn: Turn): LiveReads => ({
    price: (ref, signal) => patiently(() => reads.price(ref, signal), turn),
    seatMaps: (ref, signal) => patiently(() => reads.seatMaps(ref, signal), turn),
    baggage: (ref, signal) => patiently(() => reads.baggage(ref, signal), turn),
  })

  async function plan({ request, orders }: BookingRecord, turn: Turn): Promise<Plan[]> {
    const asked = orders.map(({ clientReference, offerId }) => {
      const ref = parseOfferId(offerId)
      if (!ref) throw new Error(`${clientReference} is stored with an offer id that is none: ${offerId}`)
      return { clientReference, offerId, ref }
    })
    return planOrders(request, asked, patientReads(turn), turn.signal)
  }

  /** What an airline's refusal means to the traveller, with the facts as they are now where they can be had. */
  async function explain(
    booking: BookingRecord,
    error: AirlineError,
    order: OrderRecord,
    turn: Turn,
  ): Promise<Failure> {
    const failure = failureOf(error, nothingBooked)
    const { expectedTotal } = booking.request
    switch (failure.code) {
      case 'price_changed': {
        const now = await plan(booking, turn).then((plans) => priceFailure(expectedTotal, plans), failureFrom)
        // null: the price has moved back meanwhile.
        if (now === null) return { ...failure, facts: { expectedTotal, total: expectedTotal } }
        return tellsMore.has(now.code) ? now : { ...failure, facts: { expectedTotal } }
      }
      case 'seat_taken': {
        const now = await plan(booking, turn).then(() => null, failureFrom)
        const seats = order.plan?.draft.seats.map(({ price: _, ...seat }) => seat)
        return now?.code === 'seat_taken' ? now : { ...failure, facts: { seats } }
      }
      case 'baggage_unavailable': {
        const baggage = order.plan?.draft.baggage.map(({ price: _, ...choice }) => choice)
        return { ...failure, facts: { baggage } }
      }
      default:
        return failure
    }
  }

  /** An order that an airline says it has. */
  function taken(booking: BookingRecord, order: OrderRecord, answer: Order): News {
    const events = [priceEvent(order, answer)].filter((event) => event !== null)
    events.push(...scheduleEvents(order, answer))
    if (answer.status === 'confirmed') {
      events.unshift(eventOn(order, 'order_confirmed', `Confirmed as ${answer.airlineReference}`))
      return { orders: [{ ...order, state: { is: 'confirmed', order: answer } }], events }
    }
    if (isHeld(answer)) {
      events.unshift(eventOn(order, 'order_held', `Held as ${answer.airlineReference} until ${answer.payBy}`))
      return { orders: [{ ...order, state: { is: 'held', order: answer } }], events }
    }
    const detail = `${order.airline} has cancelled ${answer.airlineReference}. ${nothingBooked}`
    return refused(booking, order, { code: 'booking_refused', detail })
  }

  function priceEvent(order: OrderRecord, { price }: Order) {
    const asked = order.plan?.draft.total
    if (!asked || (asked.currency === price.total.currency && compare(asked, price.total) === 0)) return null
    const detail = `Sold at ${price.total.amount} ${price.total.currency}, where ${asked.amount} ${asked.currency} was agreed`
    log.error({ clientReference: order.clientReference, airline: order.airline }, detail)
    return eventOn(order, 'price_differs', detail)
  }

  return {
    async check(booking, turn) {
      let plans: Plan[]
      try {
        plans = await plan(booking, turn)
      } catch (error) {
        if (turn.isStopping()) return { result: 'put_off', putOffMs: 0 }
        if (!(error instanceof AirlineError || error instanceof FanfareError)) {
          log.error({ err: error, reference: booking.reference }, 'a booking could not be checked')
        }
        return { result: 'refused', news: { state: { is: 'undoing', because: failureFrom(error) } } }
      }
      const orders = inOrderOfWork(booking.orders, plans, booking.request.expectedTotal.currency)
      const because = priceFailure(booking.request.expectedTotal, plans)
      if (because) return { result: 'refused', news: { state: { is: 'undoing', because }, orders } }
      return { result: 'done', news: { state: { is: 'ordering' }, orders } }
    },

    async ask(booking, order, to, turn, waits) {
      const connector = connectorOf(order)
      if (!order.plan) throw new Error(`${order.clientReference} has no price to be asked for at`)
      const { draft } = order.plan
      try {
        const answer =
          to === 'hold' && connector.hold
            ? await connector.hold(draft, turn.signal)
            : await connector.purchase(draft, turn.signal)
        touch(order)
        return { result: 'done', news: taken(booking, order, answer) }
      } catch (error) {
        touch(order)
        if (!(error instanceof AirlineError) || isOutcomeUnknown(error)) {
          return { result: 'unanswered', news: unanswered(order, error) }
        }
        const waitMs = patience(error, turn, waits)
        if (waitMs !== null) return { result: 'put_off', news: { orders: [order] }, waitMs }
        if (order.state.is === 'asked') return refusedAgain(booking, order, error, turn)
        return { result: 'refused', news: refused(booking, order, await explain(booking, error, order, turn)) }
      }
    },

    async pay(booking, order, held, turn, waits) {
      const connector = connectorOf(order)
      const stillHeld: OrderRecord = { ...order, state: { is: 'held', order: held } }
      try {
        return { result: 'done', news: taken(booking, order, await connector.purchase(held, turn.signal)) }
      } catch (error) {
        if (!(error instanceof AirlineError) || isOutcomeUnknown(error)) {
          return { result: 'unanswered', news: unanswered(order, error) }
        }
        if (error.kind !== 'rejected') {
          const waitMs = patience(error, turn, waits)
          const news = { orders: [stillHeld] }
          const wait = waitMs === null ? { putOffMs: retryAfter(error) } : { waitMs }
          return { result: 'put_off', news, ...wait }
        }
        // A refusal may answer a second attempt at what the first, whose answer was lost, has done.
        const found = await find(connector, order, turn)
        if (found === 'unknown') return { result: 'unanswered', putOffMs: 0 }
        if (found?.status === 'confirmed') return { result: 'done', news: taken(booking, order, found) }
        touch(order)
        const because = failureOf(error, 'What was held is given back.')
        return {
          result: 'refused',
          news: {
            state: { is: 'undoing', because },
            // Only what the airline shows as gone is gone: it has said that it has the order.
            orders: [found?.status === 'cancelled' ? { ...order, state: { is: 'lapsed', order: held } } : stillHeld],
            events: [eventOn(order, 'payment_refused', error.message)],
          },
        }
      }
    },

    async lookUp(booking, order, turn) {
      const { state } = order
      if (state.is !== 'asked' && state.is !== 'paying') throw new Error(`${order.clientReference} needs no looking up`)
      const found = await find(connectorOf(order), order, turn)
      if (found === 'unknown') return { result: 'unanswered', putOffMs: 0 }
      if (state.is === 'paying' && found?.status === 'held') {
        const held: OrderRecord = { ...order, state: { is: 'held', order: { ...state.order, flights: found.flights } } }
        const news = { orders: [held], events: scheduleEvents(order, found) }
        return { result: 'absent', news, putOffMs: 0 }
      }
      if (found && found.status !== 'cancelled') {
        touch(order)
        return { result: 'done', news: taken(booking, order, found) }
      }
      if (found === null) {
        const waitedMs = now() - state.since
        const isWanted = state.is === 'asked' && booking.state.is === 'ordering' && state.times < mostAsks
        if (isWanted && waitedMs >= timing.askAgainMs) return { result: 'absent', call: { do: state.to, order } }
        if (waitedMs < timing.lookUpForMs) return { result: 'absent', putOffMs: 0 }
      }
      touch(order)
      const detail = found
        ? `${order.airline} has cancelled ${found.airlineReference}. ${nothingBooked}`
        : `${order.airline} did not answer and has no order of ours. ${nothingBooked}`
      if (state.is === 'asked') {
        const because: Failure = { code: found ? 'booking_refused' : 'airline_timeout', detail }
        return { result: 'absent', news: refused(booking, order, because) }
      }
      return {
        result: 'absent',
        news: {
          state: { is: 'undoing', because: { code: 'hold_lapsed', detail } },
          orders: [{ ...order, state: { is: 'lapsed', order: state.order } }],
          events: [eventOn(order, 'hold_lapsed', detail)],
        },
      }
    },

    async cancel(booking, order, answer, turn, waits) {
      const connector = connectorOf(order)
      const { quote, since } = order.state.is === 'cancelling' ? order.state : { quote: null, since: null }
      const notDone: OrderRecord = { ...order, state: { is: 'cancelling', order: answer, quote, since } }
      try {
        const cancellation = await connector.cancel(answer, turn.signal)
        touch(order)
        return { result: 'done', news: cancelled(order, answer, cancellation) }
      } catch (error) {
        const waitMs = patience(error, turn, waits)
        if (waitMs !== null) return { result: 'put_off', news: { orders: [notDone] }, waitMs }
        if (!(error instanceof AirlineError) || error.kind !== 'rejected') {
          log.warn(
            { err: error, reference: booking.reference, airline: order.airline },
            'an order is not given back yet',
          )
          return isOutcomeUnknown(error)
            ? { result: 'unanswered', putOffMs: retryAfter(error) }
            : { result: 'put_off', news: { orders: [notDone] }, putOffMs: retryAfter(error) }
        }
        const found = await find(connector, order, turn)
        if (found === 'unknown') return { result: 'unanswered', news: { orders: [notDone] }, putOffMs: 0 }
        const isGone = found ? found.status === 'cancelled' : answer.status === 'held' && saysGone(error)
        if (isGone) {
          touch(order)
          return { result: 'done', news: cancelled(order, answer, quote ?? nothingPaid(answer)) }
        }
        // While an earlier attempt may yet be acted upon, a refusal does not say that the order stays.
        const stays = since === null || now() - since >= timing.lookUpForMs
        return stays ? keepOrPutOff(booking, notDone, found ?? answer, error) : refusedToCancel(booking, notDone, error)
      }
    },
  }

  /** An airline refuses to take an order back that it has. */
  function keepOrPutOff(booking: BookingRecord, order: OrderRecord, answer: Order, error: AirlineError): Outcome {
    const { state, orders } = booking
    if (state.is !== 'cancelling' || orders.some((one) => one.state.is !== 'cancelling')) {
      return refusedToCancel(booking, order, error)
    }
    const kept = orders.map((one) => asTaken(one, one.clientReference === order.clientReference ? answer : null))
    const payBy = earliestPayBy(kept)
    return {
      result: 'refused',
      news: {
        state: payBy === null ? { is: 'confirmed' } : { is: 'held', payBy },
        orders: kept,
        events: [eventOn(order, 'cancellation_refused', error.message), ...scheduleEvents(order, answer)],
      },
    }
  }

  /** It is asked again and again: the rest of the booking is given back already, or it may have been done before. */
  function refusedToCancel({ reference, history }: BookingRecord, order: OrderRecord, error: AirlineError): Outcome {
    const { airline } = order
    log.error({ err: error, reference, airline }, 'an airline refuses to take an order back')
    const event = eventOn(order, 'cancellation_refused', error.message)
    const isKnown = history.some((past) => past.event === event.event && past.airline === airline)
    return { result: 'refused', news: { orders: [order], events: isKnown ? [] : [event] }, putOffMs: 0 }
  }

  /**
   * An airline refuses an order that it was asked for before and may yet make of that: the booking cannot be had, and the
   * order is looked up until that is over, to be given back if it comes.
   */
  async function refusedAgain(
    booking: BookingRecord,
    order: OrderRecord,
    error: AirlineError,
    turn: Turn,
  ): Promise<Outcome> {
    if (error.kind !== 'rejected') {
      return { result: 'put_off', news: { orders: [order] }, putOffMs: retryAfter(error) }
    }
    const found = await find(connectorOf(order), order, turn)
    if (found !== null && found !== 'unknown') return { result: 'done', news: taken(booking, order, found) }
    const because = await explain(booking, error, order, turn)
    const events = [eventOn(order, 'order_refused', because.detail)]
    return { result: 'refused', news: { state: { is: 'undoing', because }, orders: [order], events } }
  }

  function unanswered(order: OrderRecord, error: unknown): News {
    const message = error instanceof Error ? error.message : String(error)
    log.warn({ err: error, clientReference: order.clientReference, airline: order.airline }, 'an answer was lost')
    return { events: [eventOn(order, 'outcome_unknown', `${message}; the order is looked up`)] }
  }

  async function find(connector: Connector, order: OrderRecord, turn: Turn): Promise<Order | null | 'unknown'> {
    try {
      return await patiently(() => connector.findOrder(order.clientReference, turn.signal), turn)
    } catch (error) {
      log.warn({ err: error, clientReference: order.clientReference, airline: order.airline }, 'a look-up failed')
      return 'unknown'
    }
  }
}

/** Holds first, then the airlines that sell at once, those that are cheapest to undo first. */
function inOrderOfWork(orders: readonly OrderRecord[], plans: readonly Plan[], currency: string): OrderRecord[] {
  return orders
    .flatMap((order) => {
      const plan = plans.find(({ draft }) => draft.clientReference === order.clientReference)
      return plan ? [{ order, plan }] : []
    })
    .sort((a, b) => {
      if (a.order.way !== b.order.way) return a.order.way === 'hold' ? -1 : 1
      return a.order.way === 'hold' ? 0 : compare(undoCost(a.plan, currency), undoCost(b.plan, currency))
    })
    .map(({ order, plan }, place) => ({ ...order, place, plan }))
}

function isHeld(order: Order): order is HeldOrder {
  return order.status === 'held' && order.payBy !== null
}

/** An order whose cancellation was refused, as it was before it was asked for; `answer` is what the airline says of it now. */
function asTaken(order: OrderRecord, answer: Order | null): OrderRecord {
  if (order.state.is !== 'cancelling') return order
  const taken = answer ?? order.state.order
  return { ...order, state: isHeld(taken) ? { is: 'held', order: taken } : { is: 'confirmed', order: taken } }
}

/** What the booking fails for stays what it failed for first. */
function refused(booking: BookingRecord, order: OrderRecord, because: Failure): News {
  return {
    ...(booking.state.is !== 'undoing' && { state: { is: 'undoing', because } }),
    orders: [{ ...order, state: { is: 'refused', because } }],
    events: [eventOn(order, 'order_refused', because.detail)],
  }
}

function cancelled(order: OrderRecord, answer: Order, cancellation: Cancellation): News {
  const { refund, fee } = cancellation
  const detail = `Given back; refund ${refund.amount} ${refund.currency}, fee ${fee.amount} ${fee.currency}`
  return {
    orders: [{ ...order, state: { is: 'cancelled', order: answer, cancellation } }],
    events: [eventOn(order, 'order_cancelled', detail)],
  }
}

/** What giving back an order gives that was never paid. */
function nothingPaid({ price }: Order): Cancellation {
  const nothing = fromMinor(0, price.total.currency)
  return { refund: nothing, fee: nothing }
}

function eventOn({ airline }: OrderRecord, event: string, detail: string): Omit<HistoryRecord, 'at'> {
  return { airline, event, detail }
}

function saysGone({ reason }: AirlineError): boolean {
  return reason === 'order_not_found' || reason === 'hold_lapsed'
}

function retryAfter(error: unknown): number {
  return error instanceof AirlineError ? (error.retryAfterMs ?? 0) : 0
}
