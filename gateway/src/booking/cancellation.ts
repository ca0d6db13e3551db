import type { Cancellation as AirlineCancellation, Connector } from '../airlines/connector.ts'
import { FanfareError } from '../errors.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { failureOf, toError } from './failure.ts'
import type { Verdict } from './operation.ts'
import type { News } from './saga.ts'
import { isLapsed, statusOf } from './state.ts'
import type { BookingRecord, OrderRecord } from './store/store.ts'
import type { Quotes } from './view.ts'

/** Whether the booking can be given back. Throws invalid_booking_status. */
export function judgeCancellation(booking: BookingRecord, now: number): Verdict {
  const { reference, state } = booking
  if (state.is === 'cancelled') return 'done'
  if (state.is === 'cancelling') return 'begun'
  if (state.is === 'confirmed' || (state.is === 'held' && !isLapsed(state, now))) return 'begin'
  throw new FanfareError(
    'invalid_booking_status',
    `Booking ${reference} is ${statusOf(state, now)}; only a held or confirmed one can be cancelled.`,
  )
}

/** Asks the airlines what they would give back; changes nothing. Throws FanfareError for what an airline says or does. */
export async function askForQuotes(
  booking: BookingRecord,
  connectors: ReadonlyMap<string, Connector>,
  signal: AbortSignal,
): Promise<Quotes> {
  const quotes = booking.orders.map(async (order) => {
    const connector = connectors.get(order.airline)
    const { state } = order
    if (!connector || (state.is !== 'held' && state.is !== 'confirmed')) return null
    return [order.clientReference, await connector.quoteCancellation(state.order, signal)] as const
  })
  try {
    return new Map((await Promise.all(quotes)).filter((quote) => quote !== null))
  } catch (error) {
    if (!(error instanceof AirlineError)) throw error
    throw toError(failureOf(error, 'Nothing was cancelled.'), booking.reference)
  }
}

/** What the airlines said when it was cancelled, or asked to be. */
export function knownQuotes({ orders }: BookingRecord): Quotes {
  return new Map(
    orders.flatMap(({ clientReference, state }): [string, AirlineCancellation][] => {
      if (state.is === 'cancelled') return [[clientReference, state.cancellation]]
      return state.is === 'cancelling' && state.quote ? [[clientReference, state.quote]] : []
    }),
  )
}

/** What is written before the first order is given back. */
export function beginCancellation({ orders }: BookingRecord, quotes: Quotes): News {
  return {
    state: { is: 'cancelling' },
    orders: orders.map((order): OrderRecord => {
      if (order.state.is !== 'held' && order.state.is !== 'confirmed') return order
      const quote = quotes.get(order.clientReference) ?? null
      return { ...order, state: { is: 'cancelling', order: order.state.order, quote, since: null } }
    }),
  }
}

/** The airline's words when it refused the cancellation, from the history. */
export function refusalOf({ reference, history }: BookingRecord): FanfareError {
  const refusal = history.findLast(({ event }) => event === 'cancellation_refused')
  const detail = `${refusal?.airline ?? 'An airline'} does not take booking ${reference} back: ${refusal?.detail ?? ''}`
  return new FanfareError('not_cancellable', detail)
}
