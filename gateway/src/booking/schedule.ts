import type { Order, OrderFlight } from '../airlines/connector.ts'
import type { HistoryRecord, OrderRecord } from './store/store.ts'

/** An order's flights as they were sold: what later times are held against. */
export function soldFlights({ plan }: OrderRecord): OrderFlight[] {
  const segments = plan?.draft.offer.slice.segments ?? []
  return segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
    segmentId: id,
    flightNumber,
    departingAt,
    arrivingAt,
  }))
}

/** An order's flights as its airline last stated them; as they were sold where it has not. */
export function knownFlights(order: OrderRecord): OrderFlight[] {
  return 'order' in order.state ? latest(soldFlights(order), order.state.order.flights) : soldFlights(order)
}

/** Whether two statements of a flight say the same times, however they write them. */
export function isSameTime(one: OrderFlight, other: OrderFlight): boolean {
  return (
    Date.parse(one.departingAt) === Date.parse(other.departingAt) &&
    Date.parse(one.arrivingAt) === Date.parse(other.arrivingAt)
  )
}

/** One event for each flight that `answer` states at other times than were known. */
export function scheduleEvents(order: OrderRecord, answer: Pick<Order, 'flights'>): Omit<HistoryRecord, 'at'>[] {
  const known = knownFlights(order)
  return latest(known, answer.flights).flatMap((now, index) => {
    const before = known[index]
    if (!before || isSameTime(before, now)) return []
    const { flightNumber, departingAt, arrivingAt } = now
    const detail = `${flightNumber} leaves ${departingAt}, not ${before.departingAt}, and arrives ${arrivingAt}, not ${before.arrivingAt}`
    return { airline: order.airline, event: 'schedule_changed', detail }
  })
}

/** The flights that were known, each as it is stated now; one that is not stated any more stays as it was. */
function latest(known: readonly OrderFlight[], stated: readonly OrderFlight[]): OrderFlight[] {
  return known.map((flight) => stated.find(({ segmentId }) => segmentId === flight.segmentId) ?? flight)
}
