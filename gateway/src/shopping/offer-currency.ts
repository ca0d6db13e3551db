import { convert, fromMinor, toMinor } from '../money/money.ts'
import { splitIn } from '../money/totals.ts'
import type { Money } from '../schemas/money.ts'
import type { Offer, PricedOffer } from '../schemas/offer.ts'

/**
 * An offer with its prices in another currency; airlinePrice and fees stay as the airline quotes them. What adds up in
 * the airline's currency adds up in the other. Throws unknown_currency.
 */
export function offerIn<T extends Offer | PricedOffer>(offer: T, currency: string): T {
  if (offer.price.currency === currency) return offer
  const amounts = [...offer.perPassenger.map(({ taxes }) => taxes), ...offer.perPassenger.map((one) => one.basePrice)]
  const shares = sharesIn(amounts, offer.price.currency, currency)
  const perPassenger = offer.perPassenger.map((passenger, index) => {
    const taxes = shares[index] ?? 0n
    const basePrice = shares[index + offer.perPassenger.length] ?? 0n
    return {
      ...passenger,
      basePrice: fromMinor(basePrice, currency),
      taxes: fromMinor(taxes, currency),
      price: fromMinor(basePrice + taxes, currency),
    }
  })
  return { ...offer, ...splitIn(offer, currency), perPassenger }
}

/** Amounts in minor units of another currency: differences of converted running totals, so that they add up to the converted sum. */
function sharesIn(amounts: readonly Money[], from: string, to: string): bigint[] {
  let total = 0n
  let converted = 0n
  return amounts.map((amount) => {
    total += toMinor(amount)
    const before = converted
    converted = toMinor(convert(fromMinor(total, from), to))
    return converted - before
  })
}
