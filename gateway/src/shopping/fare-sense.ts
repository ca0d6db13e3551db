import { parseOfferId } from '../airlines/offer-id.ts'
import { isKnownCurrency, minorNumber } from '../money/money.ts'
import type { Airline } from '../schemas/airline.ts'
import type { Money } from '../schemas/money.ts'
import type { Offer, PricedOffer, Slice } from '../schemas/offer.ts'

/** A moment with its offset, as RFC 3339 has it. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

const amount = /^\d{1,12}(\.\d{1,3})?$/

/** Longest that one journey takes, in milliseconds; more is a date that was misread. */
const longestJourneyMs = 7 * 24 * 60 * 60 * 1000

/** What makes no sense in an offer, whatever was asked; null when all of it may be. For a person to read. */
export function nonsenseInFare(airline: Airline, offer: Offer | PricedOffer): string | null {
  const id = parseOfferId(offer.id)
  if (id?.airline !== airline.name || offer.airline !== airline.name) return 'it is another airline’s'
  if (Number.isNaN(Date.parse(offer.expiresAt))) return 'nobody can say when it expires'
  if (offer.seatsLeft !== null && !(Number.isInteger(offer.seatsLeft) && offer.seatsLeft >= 0)) {
    return 'so many seats cannot be left'
  }
  // A search's offer carries its price in its id; a priced one the price that the search quoted.
  const quoted = 'quotedPrice' in offer ? offer.quotedPrice : offer.airlinePrice
  if (!isSame(id.quotedPrice, quoted)) return 'its id says another price'
  return nonsenseInPrice(airline.currency, offer) ?? nonsenseInSlice(offer.slice)
}

function nonsenseInPrice(currency: string, offer: Offer | PricedOffer): string | null {
  const { price, basePrice, taxes, airlinePrice, perPassenger, conditions } = offer
  const wrong = (money: Money): string | null => {
    if (money.currency !== currency) return `it is priced in ${money.currency}, not in ${currency}`
    return amount.test(money.amount) ? null : `${money.amount} is no price`
  }
  const nonsense =
    wrong(price) ??
    wrong(basePrice) ??
    wrong(taxes) ??
    wrong(airlinePrice) ??
    (conditions.change.fee && wrong(conditions.change.fee)) ??
    (conditions.cancel.fee && wrong(conditions.cancel.fee))
  if (nonsense !== null) return nonsense
  if (!isKnownCurrency(currency)) return `there is no exchange rate for ${currency}`
  if (!isSame(price, airlinePrice)) return 'it has two prices'
  const [total, base, tax] = [minorNumber(price), minorNumber(basePrice), minorNumber(taxes)]
  if (total <= 0) return 'it costs nothing'
  if (total !== base + tax) return 'base price and taxes are not its price'
  let [paxTotal, paxBase, paxTax] = [0, 0, 0]
  for (const one of perPassenger) {
    const why = wrong(one.price) ?? wrong(one.basePrice) ?? wrong(one.taxes)
    if (why !== null) return why
    paxTotal += minorNumber(one.price)
    paxBase += minorNumber(one.basePrice)
    paxTax += minorNumber(one.taxes)
  }
  const addsUp = paxTotal === total && paxBase === base && paxTax === tax
  return addsUp ? null : 'the passengers’ prices are not its price'
}

function nonsenseInSlice({ origin, destination, departingAt, arrivingAt, stops, segments }: Slice): string | null {
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) return 'it has no flight'
  if (stops !== segments.length - 1) return 'it has another number of stops than flights'
  if (first.origin !== origin || last.destination !== destination) return 'its flights are of another route'
  if (first.departingAt !== departingAt || last.arrivingAt !== arrivingAt) return 'its flights are at another time'
  let place = origin
  let time = Number.NEGATIVE_INFINITY
  for (const segment of segments) {
    if (segment.id !== `${segment.flightNumber}-${segment.departingAt.slice(0, 10)}-${segment.origin}`) {
      return `${segment.id} is named after another flight`
    }
    if (segments.some((other) => other !== segment && other.id === segment.id)) return `${segment.id} is flown twice`
    if (segment.origin !== place) return `${segment.id} does not leave from where the flight before arrives`
    if (!moment.test(segment.departingAt) || !moment.test(segment.arrivingAt)) return `${segment.id} has no times`
    const departure = Date.parse(segment.departingAt)
    const arrival = Date.parse(segment.arrivingAt)
    if (!(departure >= time)) return `${segment.id} leaves before the flight before arrives`
    if (!(arrival > departure)) return `${segment.id} arrives before it leaves`
    place = segment.destination
    time = arrival
  }
  return time - Date.parse(departingAt) <= longestJourneyMs ? null : 'it takes longer than a week'
}

/** Whether this can be asked in that currency, which there must be a rate for. Nothing at all may be asked. */
export function isPrice(money: Money, currency: string): boolean {
  return money.currency === currency && isKnownCurrency(currency) && amount.test(money.amount)
}

function isSame(a: Money, b: Money): boolean {
  return a.amount === b.amount && a.currency === b.currency
}
