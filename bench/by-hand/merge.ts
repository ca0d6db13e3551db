import { convert, fromMinor, toMinor } from '../../gateway/src/money/money.ts'
import { splitIn } from '../../gateway/src/money/totals.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'

interface Candidate {
  offer: Offer
  price: Offer['price']
  value: number
}

/** The cheapest offer of each journey with its prices in the currency and the journey's others in its sameFlight, cheapest first. */
export function merge(offers: Offer[], currency: string, limit: number): Offer[] {
  const now = Date.now()
  const journeys = new Map<string, Candidate[]>()
  for (const offer of offers) {
    if (Date.parse(offer.expiresAt) <= now) continue
    const price = convert(offer.price, currency)
    const candidate = { offer, price, value: Number(price.amount) }
    const key = journeyOf(offer)
    const same = journeys.get(key)
    if (same) same.push(candidate)
    else journeys.set(key, [candidate])
  }
  const rows = [...journeys.values()].flatMap((candidates) => {
    const [cheapest, ...others] = candidates.sort(byPrice)
    return cheapest ? [{ ...cheapest, others }] : []
  })
  return rows
    .sort(byPrice)
    .slice(0, limit)
    .map(({ offer, others }) => ({
      ...inCurrency(offer, currency),
      sameFlight: others.map(({ offer: { id, airline, fareBrand, conditions, baggage, seatsLeft }, price }) => ({
        offerId: id,
        airline,
        fareBrand,
        price,
        conditions,
        baggage,
        seatsLeft,
      })),
    }))
}

/** The same for the same aircraft at the same time, whoever sells it. */
function journeyOf({ slice }: Offer): string {
  return slice.segments
    .map(({ operatingCarrier, origin, destination, departingAt, cabin }) =>
      [operatingCarrier, origin, destination, Date.parse(departingAt), cabin].join(' '),
    )
    .join(';')
}

function byPrice(a: Candidate, b: Candidate): number {
  return a.value - b.value || (a.offer.id < b.offer.id ? -1 : 1)
}

/** The offer with its prices in the currency. What its passengers pay is converted as a running total, so that it adds up. */
function inCurrency(offer: Offer, currency: string): Offer {
  const from = offer.price.currency
  if (from === currency) return offer
  let total = 0n
  let converted = 0n
  const next = (amount: Offer['price']) => {
    total += toMinor(amount)
    const before = converted
    converted = toMinor(convert(fromMinor(total, from), currency))
    return converted - before
  }
  const taxes = offer.perPassenger.map((passenger) => next(passenger.taxes))
  const perPassenger = offer.perPassenger.map((passenger, index) => {
    const tax = taxes[index] ?? 0n
    const base = next(passenger.basePrice)
    return {
      ...passenger,
      basePrice: fromMinor(base, currency),
      taxes: fromMinor(tax, currency),
      price: fromMinor(base + tax, currency),
    }
  })
  return { ...offer, ...splitIn(offer, currency), perPassenger }
}
