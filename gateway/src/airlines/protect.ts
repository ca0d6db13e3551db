import type { Operation } from '../upstream/operation.ts'
import type { Policy } from '../upstream/policies/policy.ts'
import type { Connector } from './connector.ts'

/** A connector each of whose calls goes through the policy of its operation. */
export function protect(connector: Connector, policyOf: (operation: Operation) => Policy): Connector {
  const { airline, hold } = connector
  const search = policyOf('search')
  const price = policyOf('price')
  const seatMaps = policyOf('seat_maps')
  const baggage = policyOf('baggage')
  const holding = policyOf('hold')
  const purchase = policyOf('purchase')
  const pay = policyOf('pay')
  const findOrder = policyOf('find_order')
  const quoteCancellation = policyOf('quote_cancellation')
  const cancel = policyOf('cancel')

  return {
    airline,
    search: (query, signal, recall) => search((inTime) => connector.search(query, inTime, recall), signal),
    price: (ref, signal) => price((inTime) => connector.price(ref, inTime), signal),
    seatMaps: (ref, signal) => seatMaps((inTime) => connector.seatMaps(ref, inTime), signal),
    baggage: (ref, signal) => baggage((inTime) => connector.baggage(ref, inTime), signal),
    ...(hold && { hold: (draft, signal) => holding((inTime) => hold(draft, inTime), signal) }),
    purchase(order, signal) {
      const policy = 'airlineReference' in order ? pay : purchase
      return policy((inTime) => connector.purchase(order, inTime), signal)
    },
    findOrder: (reference, signal) => findOrder((inTime) => connector.findOrder(reference, inTime), signal),
    quoteCancellation: (order, signal) =>
      quoteCancellation((inTime) => connector.quoteCancellation(order, inTime), signal),
    cancel: (order, signal) => cancel((inTime) => connector.cancel(order, inTime), signal),
  }
}
