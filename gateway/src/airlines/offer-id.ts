import type { OfferRef } from './connector.ts'

const form = /^([a-z]{2,20})~(\d{1,12}(?:\.\d{1,3})?)([A-Z]{3})~([A-Za-z0-9._-]{1,900})$/

/**
 * An offer id: airline, quoted price and the airline's own reference, in URL-safe characters,
 * e.g. `saffron~4250.00INR~0S101.20300115.Y`. `ref` may hold letters, digits, dot, underscore and hyphen.
 */
export function formatOfferId({ airline, quotedPrice, ref }: OfferRef): string {
  return `${airline}~${quotedPrice.amount}${quotedPrice.currency}~${ref}`
}

/** Takes an offer id apart; null when it is not one. What the reference says is still the client's word. */
export function parseOfferId(id: string): OfferRef | null {
  const match = form.exec(id)
  if (match === null) return null
  const [, airline = '', amount = '', currency = '', ref = ''] = match
  return { airline, quotedPrice: { amount, currency }, ref }
}
