import { convert, minorNumber } from '../../money/money.ts'
import type { Money } from '../../schemas/money.ts'
import type { Sort } from '../../schemas/search.ts'
import { offerIn } from '../offer-currency.ts'
import type { Bytes } from './bytes.ts'
import type { Position } from './cursor.ts'
import { type ListedOffer, type Shown, writeMoney, writeMoneys } from './offer-list.ts'

/** How the offers of one slice become a list. */
export interface MergeOptions {
  currency: string
  sort: Sort
  /** Most stops; null: any. */
  maxStops: number | null
  /** Highest price, in `currency`; null: any. */
  maxPrice: Money | null
  /** Most rows. */
  limit: number
  /** Where the page before ended; null: from the start. */
  after: Position | null
  /** Offers that expire until then are left out, milliseconds since the epoch. */
  now: number
}

/** A page of one slice. */
export interface MergedOffers {
  /** Writes rows as JSON, commas between: one per physical journey, its cheapest offer; the journey's other offers are in its sameFlight. */
  write(bytes: Bytes): void
  /** Where the page ends; null: nothing comes after it. */
  next: Position | null
  /** When the first of all offers that were merged expires; Infinity for none. */
  expiresAt: number
}

interface Row {
  position: Position
  cheapest: ListedOffer
  others: ListedOffer[]
}

/** Turns the offers of all airlines for one slice into one page of rows. Every offer that passes the filters is in exactly one row. */
export function mergeOffers(offers: readonly ListedOffer[], options: MergeOptions): MergedOffers {
  const { currency, sort, maxStops, limit, after, now } = options
  const most = options.maxPrice === null ? Number.POSITIVE_INFINITY : minorNumber(options.maxPrice)
  const journeys = new Map<string, ListedOffer[]>()
  let firstExpiry = Number.POSITIVE_INFINITY
  for (const offer of offers) {
    const { expiresAt, journey, stops } = offer
    if (!(expiresAt > now)) continue
    if (maxStops !== null && stops > maxStops) continue
    if (minorIn(offer, currency) > most) continue
    firstExpiry = Math.min(firstExpiry, expiresAt)
    const same = journeys.get(journey)
    if (same) same.push(offer)
    else journeys.set(journey, [offer])
  }

  const rows: Row[] = []
  const byPrice = (a: ListedOffer, b: ListedOffer) =>
    minorIn(a, currency) - minorIn(b, currency) || (a.id < b.id ? -1 : 1)
  for (const same of journeys.values()) {
    const [cheapest, ...others] = same.sort(byPrice)
    if (!cheapest) continue
    const position = { value: sortValue(cheapest, sort, currency), id: cheapest.id }
    if (after === null || byPosition(after, position) < 0) rows.push({ position, cheapest, others })
  }
  rows.sort((a, b) => byPosition(a.position, b.position))
  const page = rows.slice(0, limit)
  return {
    write(bytes) {
      for (const [index, row] of page.entries()) {
        if (index > 0) bytes.text(',')
        writeRow(bytes, row, currency)
      }
    },
    next: rows.length > page.length ? (page.at(-1)?.position ?? null) : null,
    expiresAt: firstExpiry,
  }
}

function sortValue(offer: ListedOffer, sort: Sort, currency: string): number {
  switch (sort) {
    case 'price':
      return minorIn(offer, currency)
    case 'duration':
      return offer.minutes
    case 'departure':
      return offer.departingAt
  }
}

function byPosition(a: Position, b: Position): number {
  return a.value - b.value || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1)
}

/** The price in minor units of the currency: at most 15 digits, so a number holds it exactly. */
function minorIn(offer: ListedOffer, currency: string): number {
  return offer.price.currency === currency ? offer.minor : shownIn(offer, currency).minor
}

function shownIn(offer: ListedOffer, currency: string): Shown {
  if (offer.shown?.price.currency !== currency) {
    const price = convert(offer.price, currency)
    offer.shown = { price, minor: minorNumber(price), moneys: null }
  }
  return offer.shown
}

/** Writes a row as JSON, with its prices in the currency. */
function writeRow(bytes: Bytes, { cheapest, others }: Row, currency: string): void {
  const { body, start, moneys, terms, end } = cheapest
  if (cheapest.price.currency === currency) bytes.piece(body, start, end)
  else {
    bytes.piece(body, start, moneys)
    bytes.text(moneysIn(cheapest, currency))
    bytes.piece(body, terms, end)
  }
  for (const [index, offer] of others.entries()) writeSameFlight(bytes, offer, currency, index > 0)
  bytes.text(']}')
}

function writeSameFlight(bytes: Bytes, offer: ListedOffer, currency: string, isFurther: boolean): void {
  const { id, airline, body, brand, moneys, terms, expiry } = offer
  const price = offer.price.currency === currency ? offer.price : shownIn(offer, currency).price
  bytes.text(`${isFurther ? ',' : ''}{"offerId":"${id}","airline":"${airline}",`)
  bytes.piece(body, brand, moneys)
  bytes.text(`"price":${writeMoney(price)},`)
  bytes.piece(body, terms, expiry)
  bytes.text('}')
}

/** An offer's prices in another currency than its own. */
function moneysIn(offer: ListedOffer, currency: string): string {
  const shown = shownIn(offer, currency)
  if (shown.moneys === null) {
    const { body, moneys, terms } = offer
    shown.moneys = writeMoneys(offerIn(JSON.parse(`{${body.toString('utf8', moneys, terms - 1)}}`), currency))
  }
  return shown.moneys
}
