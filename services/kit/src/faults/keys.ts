import type { Order, OrderRequest } from '../orders/types.ts'
import type { ShopRequest } from '../world/types.ts'

/**
 * What requests ask for, in words that mean the same in every run: no expiry, no reference and no record locator is in
 * them, as these differ from run to run or by who came first.
 */

/** Of a search: `DEL-BOM/2030-02-01/economy/1-0-0`. */
export function searchKey({ origin, destination, date, cabin, passengers }: ShopRequest): string {
  const { adults, children, infants } = passengers
  return `${origin}-${destination}/${date}/${cabin ?? 'any'}/${adults}-${children}-${infants}`
}

/** Of an offer: its flights, brand and party. */
export function offerKey(offerId: string): string {
  return offerId.split('.').slice(0, 3).join('.')
}

/** Of an order that is asked for: the offer, who travels and where they sit. */
export function orderRequestKey({ offerId, passengers, seats }: OrderRequest): string {
  return orderWords(offerKey(offerId), passengers, seats)
}

/** Of an order that there is: the same as that of the request that made it. */
export function orderKey({ offer, passengers, seats }: Order): string {
  const { adults, children, infants } = offer.passengers
  const flights = offer.flights.map((flight) => flight.replace(/-(\d{4})-(\d{2})-(\d{2})-/, '-$1$2$3-')).join('_')
  return orderWords(`${flights}.${offer.brand}.${adults}${children}${infants}`, passengers, seats)
}

function orderWords(
  offer: string,
  passengers: readonly Pick<Order['passengers'][number], 'givenName' | 'familyName' | 'bornOn'>[],
  seats: readonly Pick<Order['seats'][number], 'designator'>[],
): string {
  const names = passengers.map(({ givenName, familyName, bornOn }) => `${givenName} ${familyName} ${bornOn}`)
  return `${offer}/${names.join('+')}/${seats.map(({ designator }) => designator).join('+')}`
}
