import type { Money } from '../schemas/money.ts'
import { compare, convert, multiply, subtract, sum } from './money.ts'

/** A price and what it is made of; basePrice + taxes is price to the last digit. */
export interface SplitPrice {
  price: Money
  basePrice: Money
  taxes: Money
}

/**
 * A split price in another currency. The price and the taxes are converted; the base is what is left, so that the split
 * adds up in every currency. Throws unknown_currency.
 */
export function splitIn({ price, taxes }: SplitPrice, currency: string): SplitPrice {
  const converted = convert(price, currency)
  const convertedTaxes = convert(taxes, currency)
  const kept = compare(convertedTaxes, converted) > 0 ? converted : convertedTaxes
  return { price: converted, basePrice: subtract(converted, kept), taxes: kept }
}

/** What is priced together: offers, seats and units of baggage, each in any currency. */
export interface PricedParts {
  offers: readonly SplitPrice[]
  seats: readonly { price: Money }[]
  /** `price` is per unit. */
  baggage: readonly { price: Money; quantity: number }[]
}

/** What the parts cost in one currency; base + taxes + seats + baggage is total to the last digit. */
export interface Totals {
  base: Money
  taxes: Money
  seats: Money
  baggage: Money
  total: Money
}

/**
 * Adds prices up as everything that Fanfare shows is added up: each offer, each seat and each unit of baggage is converted
 * by itself and the total is their sum. So whoever adds the prices of an itinerary up gets what a booking of it costs.
 * Throws unknown_currency.
 */
export function totalsOf(parts: PricedParts, currency: string): Totals {
  const offers = parts.offers.map((offer) => splitIn(offer, currency))
  const base = sum(
    offers.map((offer) => offer.basePrice),
    currency,
  )
  const taxes = sum(
    offers.map((offer) => offer.taxes),
    currency,
  )
  const seats = sum(
    parts.seats.map((seat) => seat.price),
    currency,
  )
  const baggage = sum(
    parts.baggage.map(({ price, quantity }) => multiply(convert(price, currency), quantity)),
    currency,
  )
  return { base, taxes, seats, baggage, total: sum([base, taxes, seats, baggage], currency) }
}
