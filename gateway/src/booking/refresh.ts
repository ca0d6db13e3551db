import type { Connector, Order } from '../airlines/connector.ts'
import type { BookingSource } from '../schemas/booking.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { type Desk, findBooking, tryToBegin } from './operation.ts'
import type { News } from './saga.ts'
import { scheduleEvents } from './schedule.ts'
import { type Failure, isLapsed, isSettled } from './state.ts'
import type { BookingRecord, OrderRecord } from './store/store.ts'
import { deadline } from './timers.ts'

/** How long the airlines have for their answers, in milliseconds. */
const deadlineMs = 5_000

/** A booking as it stands, and what each airline that was asked said. */
export interface Refreshed {
  record: BookingRecord
  sources: BookingSource[]
}

/** What an airline says of an order by now; null: it did not answer, or has no such order. */
interface Look {
  order: OrderRecord
  found: Order | null
  source: BookingSource
}

/**
 * Asks each airline for its order and writes down what is new: flights that were moved, and a hold that an airline has let
 * go. Only a booking that is held or confirmed is asked about: any other is being worked on, or over. An airline that does
 * not answer leaves its order as it was known. Where somebody else changes the booking meanwhile, that stands, and what the
 * airlines said is forgotten. `worldNow`: whether a hold still stands goes by it. Throws booking_not_found and booking_store_unavailable.
 */
export async function refreshBooking(
  desk: Desk,
  connectors: ReadonlyMap<string, Connector>,
  reference: string,
  worldNow: () => number,
): Promise<Refreshed> {
  const { store, runs, timers } = desk
  const booking = await findBooking(store, reference)
  if (!isStanding(booking, worldNow())) return { record: booking, sources: [] }
  const { signal, end } = deadline(timers, deadlineMs, new AbortController().signal)
  const looks = await Promise.all(booking.orders.map((order) => look(connectors, order, signal))).finally(end)
  const sources = looks.toSorted((a, b) => a.order.number - b.order.number).map(({ source }) => source)
  const news = newsOf(booking, looks)
  if (news === null) return { record: booking, sources }
  const begun = await tryToBegin(desk, booking, news)
  if (begun && !isSettled(begun.booking.state)) void runs.start(reference, 0, async () => begun)
  return { record: begun?.booking ?? (await findBooking(store, reference)), sources }
}

function isStanding({ state }: BookingRecord, now: number): boolean {
  return state.is === 'confirmed' || (state.is === 'held' && !isLapsed(state, now))
}

async function look(
  connectors: ReadonlyMap<string, Connector>,
  order: OrderRecord,
  signal: AbortSignal,
): Promise<Look> {
  const { airline, clientReference } = order
  const connector = connectors.get(airline)
  if (!connector) return { order, found: null, source: failed(airline, `no airline named ${airline} is connected`) }
  try {
    const found = await connector.findOrder(clientReference, signal)
    if (found) return { order, found, source: { airline, status: 'ok', detail: null } }
    return { order, found, source: failed(airline, `${airline} knows of no such order`) }
  } catch (error) {
    if (!(error instanceof AirlineError)) throw error
    const status = (['timeout', 'rate_limited', 'circuit_open'] as const).find((kind) => kind === `${error.kind}`)
    return { order, found: null, source: { airline, status: status ?? 'error', detail: error.message } }
  }
}

function failed(airline: string, detail: string): BookingSource {
  return { airline, status: 'error', detail }
}

/** null: the airlines say what was known. */
function newsOf({ state }: BookingRecord, looks: readonly Look[]): News | null {
  const orders: OrderRecord[] = []
  const events: Required<News>['events'] = []
  let because: Failure | null = null
  for (const { order, found } of looks) {
    if (found === null) continue
    // What an airline has cancelled of a confirmed booking is for people to settle: there is no hold to let go.
    if (found.status === 'cancelled') {
      if (state.is !== 'held' || order.state.is !== 'held') continue
      const detail = `${order.airline} has let the hold ${found.airlineReference} go.`
      because ??= { code: 'hold_lapsed', detail: `${detail} Search again.` }
      orders.push({ ...order, state: { is: 'lapsed', order: order.state.order } })
      events.push({ airline: order.airline, event: 'hold_lapsed', detail })
      continue
    }
    const moved = scheduleEvents(order, found)
    if (moved.length === 0) continue
    orders.push(withFlights(order, found))
    events.push(...moved)
  }
  if (orders.length === 0) return null
  return { ...(because && { state: { is: 'undoing', because } }), orders, events }
}

function withFlights(order: OrderRecord, { flights }: Order): OrderRecord {
  const { state } = order
  if (state.is === 'held') return { ...order, state: { ...state, order: { ...state.order, flights } } }
  if (state.is === 'confirmed') return { ...order, state: { ...state, order: { ...state.order, flights } } }
  return order
}
