import { FanfareError } from '../errors.ts'
import { compare } from '../money/money.ts'
import type { Money } from '../schemas/money.ts'
import { toError } from './failure.ts'
import type { Verdict } from './operation.ts'
import { addTotals } from './pricing.ts'
import { isLapsed, lapse, statusOf } from './state.ts'
import type { BookingRecord } from './store/store.ts'

/** Whether the booking can be paid. Throws hold_lapsed, invalid_booking_status, price_changed. */
export function judgePayment(booking: BookingRecord, expectedTotal: Money | null, now: number): Verdict {
  const { reference, state } = booking
  if (state.is === 'confirmed') return 'done'
  if (state.is === 'held' && isLapsed(state, now)) throw toError(lapse(state.payBy), reference)
  if ((state.is === 'undoing' || state.is === 'failed') && state.because.code === 'hold_lapsed') {
    throw toError(state.because, reference)
  }
  if (state.is !== 'held' && state.is !== 'paying') {
    throw new FanfareError(
      'invalid_booking_status',
      `Booking ${reference} is ${statusOf(state, now)}; only a held one can be paid.`,
    )
  }
  if (expectedTotal) checkTotal(booking, expectedTotal)
  return state.is === 'held' ? 'begin' : 'begun'
}

function checkTotal({ reference, request, orders }: BookingRecord, expectedTotal: Money) {
  const { currency } = request.expectedTotal
  const { total } = addTotals(
    orders.flatMap(({ plan }) => (plan ? [plan.price] : [])),
    currency,
  )
  if (expectedTotal.currency === currency && compare(expectedTotal, total) === 0) return
  throw new FanfareError(
    'price_changed',
    `Booking ${reference} costs ${total.amount} ${total.currency}, not ${expectedTotal.amount} ${expectedTotal.currency}. It is still held.`,
    { facts: { reference, expectedTotal, total } },
  )
}
