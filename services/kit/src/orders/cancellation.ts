import type { Carrier } from '../world/types.ts'
import type { StoredOrder } from './order-store.ts'
import { type CancellationQuote, Refusal } from './types.ts'

/** What cancelling the order gives back at `now`. Throws Refusal not_cancellable once a confirmed order has departed. */
export function quoteRefund(carrier: Carrier, stored: StoredOrder, now: number): CancellationQuote {
  const { order } = stored
  switch (order.status) {
    case 'held':
    case 'lapsed':
      return { refund: 0, fee: 0 }
    case 'cancelled':
      return { refund: order.refund ?? 0, fee: order.fee ?? 0 }
    case 'confirmed':
      return quotePaid(carrier, stored, now)
  }
}

function quotePaid(carrier: Carrier, { order, departsAt, cancelFee }: StoredOrder, now: number): CancellationQuote {
  if (departsAt <= now) throw new Refusal('not_cancellable', 'the flight has departed')
  const { base, tax, total } = order.price
  if (now < order.createdAt + carrier.freeCancelMinutes * 60_000) return { refund: total, fee: 0 }
  const travellers = order.passengerMix.adults + order.passengerMix.children
  // Seats and baggage stay paid; of the fare, what the fee leaves comes back, or the tax alone.
  const refund = cancelFee === null ? tax : Math.max(0, base + tax - cancelFee * travellers)
  return { refund, fee: total - refund }
}
