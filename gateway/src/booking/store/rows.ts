import type { ExpressionBuilder } from 'kysely'
import type { BookingRequest, BookingStatus } from '../../schemas/booking.ts'
import type { Plan } from '../pricing.ts'
import { type BookingState, type OrderState, statusOf } from '../state.ts'
import type { BookingRecord, OrderRecord } from './store.ts'
import type { BookingTable, HistoryTable, OrderTable, Tables } from './tables.ts'

/** A hold that has lapsed is failed from that moment, though it is written down a little later. */
export function hasStatus(at: ExpressionBuilder<Tables, 'bookings'>, status: BookingStatus, now: number) {
  const stored = at('status', '=', status)
  const lapsed = at.and([at('status', '=', 'held'), at('pay_by', '<=', now)])
  if (status === 'held') return at.and([stored, at('pay_by', '>', now)])
  return status === 'failed' ? at.or([stored, lapsed]) : stored
}

/** A booking's state as its table has it. */
export function stateColumns(state: BookingState) {
  return {
    state: JSON.stringify(state),
    // A hold is stored as held even when its time has just passed: `pay_by` says the rest. No other state goes by time.
    status: state.is === 'held' ? 'held' : statusOf(state, 0),
    pay_by: state.is === 'held' ? state.payBy : null,
  }
}

/** What of an order changes, as its table has it. */
export function orderColumns({ place, way, state, plan }: OrderRecord) {
  return {
    place,
    way,
    airline_reference: 'order' in state ? state.order.airlineReference : null,
    state: JSON.stringify(state),
    plan: plan === null ? null : JSON.stringify(plan),
  }
}

/** A booking from its rows. */
export function readBooking(row: BookingTable, orders: OrderTable[], history: HistoryTable[]): BookingRecord {
  const state: BookingState = JSON.parse(row.state)
  const request: BookingRequest = JSON.parse(row.request)
  return {
    reference: row.reference,
    version: row.version,
    createdAt: row.created_at,
    request,
    state,
    acknowledged: row.acknowledged === 1,
    orders: orders.map(readOrder),
    history: history.map(({ at, airline, event, detail }) => ({ at, airline, event, detail })),
  }
}

function readOrder(row: OrderTable): OrderRecord {
  const state: OrderState = JSON.parse(row.state)
  const plan: Plan | null = row.plan === null ? null : JSON.parse(row.plan)
  return {
    clientReference: row.client_reference,
    number: row.number,
    place: row.place,
    airline: row.airline,
    offerId: row.offer_id,
    way: row.way === 'hold' ? 'hold' : 'buy',
    state,
    plan,
  }
}
