import type { Cancellation as AirlineCancellation } from '../airlines/connector.ts'
import { compare, convert, fromMinor, subtract, sum, toMinor } from '../money/money.ts'
import type { Booking, Cancellation } from '../schemas/booking.ts'
import type { Money } from '../schemas/money.ts'
import { addTotals, type Plan } from './pricing.ts'
import { isSameTime, knownFlights, soldFlights } from './schedule.ts'
import { isLapsed, lapse, orderStatusOf, statusOf } from './state.ts'
import type { BookingRecord, HistoryRecord, OrderRecord } from './store/store.ts'

/** A booking as travellers read it at this moment. */
export function viewBooking(record: BookingRecord, now: number): Booking {
  const { reference, createdAt, request, state } = record
  const status = statusOf(state, now)
  const orders = record.orders.toSorted((a, b) => a.number - b.number)
  const plans = orders.flatMap(({ plan }) => (plan ? [plan] : []))
  const currency = request.expectedTotal.currency
  return {
    reference,
    status,
    createdAt: new Date(createdAt).toISOString(),
    orders: orders.map((order) => ({
      airline: order.airline,
      airlineReference: 'order' in order.state ? order.state.order.airlineReference : null,
      status: orderStatusOf(order.state, status),
      offerId: order.offerId,
      price: order.plan?.price.total ?? null,
      airlinePrice: ('order' in order.state ? order.state.order.price.total : order.plan?.draft.total) ?? null,
    })),
    passengers: request.passengers,
    contact: request.contact,
    segments: orders.flatMap(segmentsOf).sort((a, b) => Date.parse(a.departingAt) - Date.parse(b.departingAt)),
    price:
      plans.length < orders.length
        ? null
        : addTotals(
            plans.map(({ price }) => price),
            currency,
          ),
    payBy: status === 'held' && state.is === 'held' ? new Date(state.payBy).toISOString() : null,
    history: historyOf(record, now).map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry })),
  }
}

/** What has happened, with the lapse of a hold that nobody has written down yet. */
function historyOf({ state, history }: BookingRecord, now: number): HistoryRecord[] {
  if (state.is !== 'held' || !isLapsed(state, now)) return history
  const { code, detail } = lapse(state.payBy)
  return [...history, { at: state.payBy, airline: null, event: code, detail }]
}

function segmentsOf(order: OrderRecord): Booking['segments'] {
  if (!order.plan) return []
  const sold = soldFlights(order)
  const flights = knownFlights(order)
  return segmentsAsSold(order.plan).map((segment, index) => {
    const [before, now] = [sold[index], flights[index]]
    if (!before || !now || isSameTime(before, now)) return { ...segment, movedFrom: null }
    const { departingAt, arrivingAt } = now
    const movedFrom = { departingAt: segment.departingAt, arrivingAt: segment.arrivingAt }
    return { ...segment, departingAt, arrivingAt, movedFrom }
  })
}

function segmentsAsSold({ draft, seats, services }: Plan): Omit<Booking['segments'][number], 'movedFrom'>[] {
  const { airline, slice, baggage } = draft.offer
  return slice.segments.map((segment) => ({
    ...segment,
    airline,
    seats: seats
      .filter(({ segmentId }) => segmentId === segment.id)
      .map(({ passengerId, designator, price }) => ({ passengerId, designator, price })),
    baggage: [
      ...baggage
        .filter(({ segmentIds }) => segmentIds.includes(segment.id))
        .map(({ passengerIds, kind, pieces, weightKg }) => ({
          passengerIds,
          kind,
          pieces,
          weightKg,
          purchased: false,
        })),
      ...draft.baggage.flatMap(({ serviceId, passengerId, quantity }) =>
        services
          .filter((service) => service.serviceId === serviceId && service.segmentIds.includes(segment.id))
          .map(({ kind, pieces, weightKg }) => ({
            passengerIds: [passengerId],
            kind,
            pieces: pieces === null ? null : pieces * quantity,
            // Where pieces are counted the weight is each piece's own; where they are not, units add weight.
            weightKg: weightKg === null || pieces !== null ? weightKg : weightKg * quantity,
            purchased: true,
          })),
      ),
    ],
  }))
}

/** What each order gives back, by client reference, in its airline's currency. */
export type Quotes = ReadonlyMap<string, AirlineCancellation>

/** A cancellation as travellers read it: quoted, asked for or done. */
export function viewCancellation(
  record: BookingRecord,
  status: Cancellation['status'],
  quotes: Quotes,
  now: number,
): Cancellation {
  const currency = record.request.expectedTotal.currency
  const orders = record.orders
    .toSorted((a, b) => a.number - b.number)
    .map((order) => ({
      airline: order.airline,
      airlineReference: 'order' in order.state ? order.state.order.airlineReference : null,
      ...shownRefund(order, quotes.get(order.clientReference), currency),
    }))
  return {
    reference: record.reference,
    status,
    refund: sum(
      orders.map(({ refund }) => refund),
      currency,
    ),
    fee: sum(
      orders.map(({ fee }) => fee),
      currency,
    ),
    orders,
    booking: viewBooking(record, now),
  }
}

/** Refund and fee in the booking's currency: together what the traveller paid, to the last digit. Both zero for a hold. */
function shownRefund({ plan }: OrderRecord, quote: AirlineCancellation | undefined, currency: string) {
  const nothing: Money = fromMinor(0, currency)
  if (!plan || !quote) return { refund: nothing, fee: nothing }
  const paid = plan.price.total
  if (toMinor(quote.refund) === 0n) return { refund: nothing, fee: toMinor(quote.fee) === 0n ? nothing : paid }
  const fee = convert(quote.fee, currency)
  const kept = compare(fee, paid) > 0 ? paid : fee
  return { refund: subtract(paid, kept), fee: kept }
}
