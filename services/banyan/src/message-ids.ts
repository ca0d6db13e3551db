/**
 * How Banyan's ids are made of one another, so that a seller can order what it was shown without keeping a message:
 * the seller finds the same rules in the API's description.
 */

/** OfferItemID of the flights for the nth passenger type of an offer, counted from 1 in the order ADT, CHD, INF. */
export function flightItemId(offerId: string, nth: number): string {
  return `${offerId}-${nth}`
}

/** OfferID of the seats that can be bought with an offer. */
export function seatOfferId(offerId: string): string {
  return `${offerId}-S`
}

/** OfferItemID of the seats of one price (minor units) on the nth flight of an offer, counted from 1. */
export function seatItemId(offerId: string, nth: number, price: number): string {
  return `${seatOfferId(offerId)}${nth}-${price}`
}

/** Takes a seat item's id apart; null where it is none of this offer. */
export function parseSeatItemId(offerId: string, itemId: string): { nth: number; price: number } | null {
  const prefix = seatOfferId(offerId)
  const match = itemId.startsWith(prefix) && /^([1-9])-(\d{1,9})$/.exec(itemId.slice(prefix.length))
  return match ? { nth: Number(match[1]), price: Number(match[2]) } : null
}

/** OfferID of the services that can be bought with an offer. */
export function serviceOfferId(offerId: string): string {
  return `${offerId}-B`
}

/** OfferItemID of a service that can be bought with an offer. */
export function serviceItemId(offerId: string, code: string): string {
  return `${serviceOfferId(offerId)}-${code}`
}

/** OfferID of cancelling an order for a refund (minor units). */
export function cancelOfferId(locator: string, refund: number): string {
  return `${locator}-X-${refund}`
}

/** OrderItemID of the nth item of an order, counted from 1. */
export function orderItemId(locator: string, nth: number): string {
  return `${locator}-${nth}`
}
