import { minorNumber } from '../../money/money.ts'
import type { Money } from '../../schemas/money.ts'
import type { Offer } from '../../schemas/offer.ts'
import { type Bytes, openBytes } from './bytes.ts'

/** What lists are sorted, grouped and filtered by. Times are milliseconds since the epoch. */
interface Facts {
  id: string
  price: Money
  /** `price` in minor units: at most 15 digits, so a number holds it exactly. */
  minor: number
  stops: number
  expiresAt: number
  departingAt: number
  /** From the first departure to the last arrival. */
  minutes: number
  /** See journeyOf. */
  journey: string
}

/** Where the pieces of an offer's JSON begin in its list's body, in their order; each ends where the next begins, the last at `end`. */
interface Pieces {
  /** `"id"` to `"slice"`, with the brace before. */
  start: number
  /** `"fareBrand"` alone. */
  brand: number
  /** `"price"` to `"perPassenger"`, in the airline's currency. */
  moneys: number
  /** `"conditions"` to `"seatsLeft"`, without a comma after. */
  terms: number
  /** `"expiresAt"` to `"sameFlight"`, of which the list is open. */
  expiry: number
  end: number
}

/** What an offer costs in the currency that was asked for last. */
export interface Shown {
  price: Money
  /** `price` in minor units. */
  minor: number
  /** The piece in that currency; null while the offer has not led a row. */
  moneys: string | null
}

/** An offer as an answer needs it: its facts, and its JSON as pieces of bytes, which are off the heap. */
export interface ListedOffer extends Facts, Pieces {
  airline: string
  body: Buffer
  /** Kept, as the same offer is usually asked for in the same currency again; null before. */
  shown: Shown | null
}

/** One airline's offers for one slice. */
export interface OfferList {
  offers: readonly ListedOffer[]
  /** What the cache keeps of it, for `readOfferList`: the pieces, what they are (Index as JSON), and the length of that. */
  body: Buffer
}

/** A list without its pieces. */
interface Index {
  airline: string
  currency: string
  /** id, amount, minor, stops, expiresAt, departingAt, minutes, journey, and the lengths of the five pieces. */
  offers: IndexRow[]
}

type IndexRow = [
  ...[string, string, number, number, number, number, number, string],
  ...[number, number, number, number, number],
]

const lengthBytes = 4

/** Lists an airline's offers, which have been held to sense: all are in its currency. */
export function listOffers(offers: readonly Offer[]): OfferList {
  const bytes = openBytes()
  const index: Index = {
    airline: offers[0]?.airline ?? '',
    currency: offers[0]?.price.currency ?? '',
    offers: offers.map((offer) => {
      const { id, price, slice, expiresAt } = offer
      const departingAt = Date.parse(slice.departingAt)
      const minutes = Math.round((Date.parse(slice.arrivingAt) - departingAt) / 60_000)
      return [
        ...([id, price.amount, minorNumber(price), slice.stops, Date.parse(expiresAt)] as const),
        ...([departingAt, minutes, journeyOf(offer)] as const),
        ...writePieces(bytes, offer),
      ]
    }),
  }
  const size = bytes.size()
  bytes.text(JSON.stringify(index))
  const indexBytes = bytes.size() - size
  bytes.text('0000')
  const body = bytes.take()
  body.writeUInt32BE(indexBytes, body.length - lengthBytes)
  return { offers: listedIn(body, index), body }
}

/** Reads a list's body: our own bytes, held by a checksum on their way through Redis. null where they do not read. */
export function readOfferList(body: Buffer): OfferList | null {
  try {
    const end = body.length - lengthBytes
    const start = end - body.readUInt32BE(end)
    const index: Index = JSON.parse(body.toString('utf8', start, end))
    const offers = listedIn(body, index)
    return (offers.at(-1)?.end ?? 0) === start ? { offers, body } : null
  } catch {
    return null
  }
}

function listedIn(body: Buffer, { airline, currency, offers }: Index): ListedOffer[] {
  let start = 0
  return offers.map((row) => {
    const [id, amount, minor, stops, expiresAt, departingAt, minutes, journey, ...lengths] = row
    const brand = start + lengths[0]
    const moneys = brand + lengths[1]
    const terms = moneys + lengths[2]
    const expiry = terms + lengths[3]
    const end = expiry + lengths[4]
    const price = { amount, currency }
    const facts = { id, airline, price, minor, stops, expiresAt, departingAt, minutes, journey }
    const listed = { ...facts, body, start, brand, moneys, terms, expiry, end, shown: null }
    start = end
    return listed
  })
}

/** The same for offers on the same aircraft at the same time, whoever sells them and under whatever flight numbers. */
export function journeyOf({ slice }: Offer): string {
  let journey = ''
  for (const { operatingCarrier, origin, destination, departingAt, cabin } of slice.segments) {
    journey += `${operatingCarrier} ${origin}${destination} ${Date.parse(departingAt)} ${cabin};`
  }
  return journey
}

/** Writes an offer and gives the lengths of its pieces. */
function writePieces(bytes: Bytes, offer: Offer): [number, number, number, number, number] {
  const { id, airline, slice, fareBrand, conditions, baggage, seatsLeft, expiresAt } = offer
  const fare = `"conditions":${JSON.stringify(conditions)},"baggage":${JSON.stringify(baggage)}`
  return [
    lengthOf(bytes, `{"id":"${id}","airline":"${airline}","slice":${JSON.stringify(slice)},`),
    lengthOf(bytes, `"fareBrand":${JSON.stringify(fareBrand)},`),
    lengthOf(bytes, writeMoneys(offer)),
    lengthOf(bytes, `${fare},"seatsLeft":${seatsLeft}`),
    lengthOf(bytes, `,"expiresAt":${JSON.stringify(expiresAt)},"sameFlight":[`),
  ]
}

function lengthOf(bytes: Bytes, text: string): number {
  const before = bytes.size()
  bytes.text(text)
  return bytes.size() - before
}

/** An offer's prices as JSON without braces, with a comma after. */
export function writeMoneys({
  price,
  basePrice,
  taxes,
  airlinePrice,
  perPassenger,
}: Pick<Offer, 'price' | 'basePrice' | 'taxes' | 'airlinePrice' | 'perPassenger'>): string {
  const total = `"price":${writeMoney(price)},"basePrice":${writeMoney(basePrice)},"taxes":${writeMoney(taxes)}`
  const each = perPassenger.map(writePassenger).join(',')
  return `${total},"airlinePrice":${writeMoney(airlinePrice)},"perPassenger":[${each}],`
}

function writePassenger({ passengerId, type, basePrice, taxes, price }: Offer['perPassenger'][number]): string {
  const parts = `"basePrice":${writeMoney(basePrice)},"taxes":${writeMoney(taxes)},"price":${writeMoney(price)}`
  return `{"passengerId":"${passengerId}","type":"${type}",${parts}}`
}

/** Money as JSON. Neither an amount nor a currency has a letter that JSON writes otherwise. */
export function writeMoney({ amount, currency }: Money): string {
  return `{"amount":"${amount}","currency":"${currency}"}`
}
