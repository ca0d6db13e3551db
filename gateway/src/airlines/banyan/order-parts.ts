import { fromMinor, toMinor } from '../../money/money.ts'
import { AirlineError, type Rejection } from '../../upstream/airline-error.ts'
import type { OrderDraft } from '../connector.ts'
import { serviceId } from './map.ts'
import type { OrderParts } from './requests.ts'

/**
 * Takes a draft apart into what Banyan sells one by one. The parts always add up to the draft's total, so Banyan refuses
 * a total that is not its own. Throws rejected: service_unavailable for a seat or service that is none of the offer's,
 * price_changed where seats and services alone cost more than the total.
 */
export function orderParts(draft: OrderDraft, offerId: string): OrderParts {
  const segmentIds = draft.offer.slice.segments.map(({ id }) => id)
  const seats = draft.seats.map(({ segmentId, passengerId, designator, price }) => {
    const flight = segmentIds.indexOf(segmentId) + 1
    if (flight === 0) throw rejected('service_unavailable', `the offer does not fly on ${segmentId}`)
    return { flight, passengerId, row: designator.slice(0, -1), column: designator.slice(-1), price }
  })
  const services = draft.baggage.map(({ serviceId: id, passengerId, quantity, price }) => {
    const code = /~([A-Z0-9]{1,16})$/.exec(id)?.[1] ?? ''
    if (id !== serviceId(segmentIds[0] ?? '', code))
      throw rejected('service_unavailable', `${id} is none of the offer’s`)
    return { code, passengerId, quantity, price: fromMinor(toMinor(price) * BigInt(quantity), price.currency) }
  })
  const extras = [...seats, ...services].reduce((sum, { price }) => sum + toMinor(price), 0n)
  const rest = toMinor(draft.total) - extras
  if (rest < 0n) throw rejected('price_changed', 'seats and services cost more than the total')
  return { offerId, flightsPrice: fromMinor(rest, draft.total.currency), seats, services }
}

function rejected(reason: Rejection, message: string): AirlineError {
  return new AirlineError('banyan', 'rejected', message, { reason })
}
