import { minorNumber } from '../../money/money.ts'
import type { Money } from '../../schemas/money.ts'
import type { Offer } from '../../schemas/offer.ts'

/** What lists are sorted, grouped and filtered by. Times are milliseconds since the epoch. */
interface Facts {
  id: string
  /** Price in minor units of the list's currency: at most 15 digits, so a number holds it exactly. */
  minor: number
  stops: number
  expiresAt: number
  departingAt: number
  /** From the first departure to the last arrival. */
  minutes: number
  /** See journeyOf. */
  journey: string
}

/** What an offer costs in the currency that was asked for last. */
export interface Shown {
  price: Money
  /** `price` in minor units. */
  minor: number
  /** As in ListedOffer, but in that currency; null while the offer has not led a row. */
  moneys: string | null
}

/** An offer as an answer needs it: facts, and its JSON in pieces, of which an answer changes some. */
export interface ListedOffer extends Facts {
  airline: string
  price: Money
  /** `"id"` to `"slice"`, with the brace before. */
  head: string
  /** `"fareBrand"` alone. */
  brand: string
  /** `"price"` to `"perPassenger"`, in the airline's currency. */
  moneys: string
  /** `"conditions"` to `"seatsLeft"`. */
  terms: string
  /** `"expiresAt"`. */
  expiry: string
  /** Kept, as the same offer is usually asked for in the same currency again; null before. */
  shown: Shown | null
}

/** One airline's offers for one slice. */
export interface OfferList {
  offers: readonly ListedOffer[]
  /** What the cache keeps of it, for `readOfferList`. */
  body: Buffer
}

/** A list's body begins with a line of this; its offers' pieces follow, one after the other. */
interface Index {
  airline: string
  currency: string
  /** Facts in their order above, the price's amount, and the lengths of the five pieces. */
  offers: [string, number, number, number, number, number, string, string, number, number, number, number, number][]
}

/** Lists an airline's offers, which have been held to sense: all are in its currency. */
export function listOffers(offers: readonly Offer[]): OfferList {
  const listed = offers.map(listOffer)
  return { offers: listed, body: Buffer.from(writeBody(listed)) }
}

/** Reads a list's body: our own bytes, held by a checksum on their way through Redis. null where they do not read. */
export function readOfferList(body: Buffer): OfferList | null {
  try {
    return { offers: readBody(body.toString()), body }
  } catch {
    return null
  }
}

/** The same for offers on the same aircraft at the same time, whoever sells them and under whatever flight numbers. */
export function journeyOf({ slice }: Offer): string {
  let journey = ''
  for (const { operatingCarrier, origin, destination, departingAt, cabin } of slice.segments) {
    journey += `${operatingCarrier} ${origin}${destination} ${Date.parse(departingAt)} ${cabin};`
  }
  return journey
}

function listOffer(offer: Offer): ListedOffer {
  const { id, airline, slice, fareBrand, price, conditions, baggage, seatsLeft, expiresAt } = offer
  const departingAt = Date.parse(slice.departingAt)
  return {
    id,
    airline,
    minor: minorNumber(price),
    stops: slice.stops,
    expiresAt: Date.parse(expiresAt),
    departingAt,
    minutes: Math.round((Date.parse(slice.arrivingAt) - departingAt) / 60_000),
    journey: journeyOf(offer),
    price,
    head: `{"id":"${id}","airline":"${airline}","slice":${JSON.stringify(slice)}`,
    brand: `"fareBrand":${JSON.stringify(fareBrand)}`,
    moneys: writeMoneys(offer),
    terms: `"conditions":${JSON.stringify(conditions)},"baggage":${JSON.stringify(baggage)},"seatsLeft":${seatsLeft}`,
    expiry: `"expiresAt":${JSON.stringify(expiresAt)}`,
    shown: null,
  }
}

/** An offer's prices as JSON, without braces. */
export function writeMoneys({
  price,
  basePrice,
  taxes,
  airlinePrice,
  perPassenger,
}: Pick<Offer, 'price' | 'basePrice' | 'taxes' | 'airlinePrice' | 'perPassenger'>): string {
  const total = `"price":${writeMoney(price)},"basePrice":${writeMoney(basePrice)},"taxes":${writeMoney(taxes)}`
  return `${total},"airlinePrice":${writeMoney(airlinePrice)},"perPassenger":[${perPassenger.map(writePassenger).join(',')}]`
}

function writePassenger({ passengerId, type, basePrice, taxes, price }: Offer['perPassenger'][number]): string {
  const parts = `"basePrice":${writeMoney(basePrice)},"taxes":${writeMoney(taxes)},"price":${writeMoney(price)}`
  return `{"passengerId":"${passengerId}","type":"${type}",${parts}}`
}

/** Money as JSON. Neither an amount nor a currency has a letter that JSON writes otherwise. */
export function writeMoney({ amount, currency }: Money): string {
  return `{"amount":"${amount}","currency":"${currency}"}`
}

function writeBody(offers: readonly ListedOffer[]): string {
  const [first] = offers
  const index: Index = {
    airline: first?.airline ?? '',
    currency: first?.price.currency ?? '',
    offers: offers.map((offer) => [
      ...([offer.id, offer.minor, offer.stops, offer.expiresAt, offer.departingAt, offer.minutes] as const),
      ...([offer.journey, offer.price.amount, offer.head.length, offer.brand.length] as const),
      ...([offer.moneys.length, offer.terms.length, offer.expiry.length] as const),
    ]),
  }
  let text = `${JSON.stringify(index)}\n`
  for (const { head, brand, moneys, terms, expiry } of offers) text += head + brand + moneys + terms + expiry
  return text
}

function readBody(text: string): ListedOffer[] {
  let at = text.indexOf('\n')
  const { airline, currency, offers }: Index = JSON.parse(text.slice(0, at))
  at++
  const next = (length: number) => {
    const from = at
    at += length
    return text.slice(from, at)
  }
  const listed = offers.map(
    ([id, minor, stops, expiresAt, departingAt, minutes, journey, amount, head, brand, moneys, terms, expiry]) => ({
      ...{ id, minor, stops, expiresAt, departingAt, minutes, journey },
      airline,
      price: { amount, currency },
      head: next(head),
      brand: next(brand),
      moneys: next(moneys),
      terms: next(terms),
      expiry: next(expiry),
      shown: null,
    }),
  )
  if (at !== text.length) throw new Error('the list was cut off')
  return listed
}
