import { compare, convert, toMinor } from '../../money/money.ts'
import type { Money } from '../../schemas/money.ts'
import type { Offer, SameFlight } from '../../schemas/offer.ts'
import type { Sort } from '../../schemas/search.ts'
import { offerIn } from '../offer-currency.ts'
import type { Position } from './cursor.ts'

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
  /** One per physical journey, its cheapest offer; the journey's other offers are in its sameFlight. */
  offers: Offer[]
  /** Where the page ends; null: nothing comes after it. */
  next: Position | null
  /** When the first of all offers that were merged expires; Infinity for none. */
  expiresAt: number
}

/** An offer and its price in the currency asked for. */
interface Candidate {
  offer: Offer
  price: Money
  /** `price` in minor units: at most 15 digits, so a number holds it exactly. */
  minor: number
  /** The offer in the currency; null while it has not led a row. */
  shown: Offer | null
  /** The row that it led last, and what else was in that; null before. */
  row: { offer: Offer; others: readonly Candidate[] } | null
}

interface Row {
  position: Position
  cheapest: Candidate
  others: Candidate[]
}

/** Turns the offers of all airlines for one slice into one page of rows. Every offer that passes the filters is in exactly one row. */
export function mergeOffers(offers: readonly Offer[], options: MergeOptions): MergedOffers {
  const journeys = new Map<string, Candidate[]>()
  let firstExpiry = Number.POSITIVE_INFINITY
  for (const offer of offers) {
    const facts = factsOf(offer)
    const { expiresAt, journey } = facts
    if (!(expiresAt > options.now)) continue
    if (options.maxStops !== null && offer.slice.stops > options.maxStops) continue
    const candidate = candidateOf(offer, facts, options.currency)
    if (options.maxPrice !== null && compare(candidate.price, options.maxPrice) > 0) continue
    firstExpiry = Math.min(firstExpiry, expiresAt)
    const same = journeys.get(journey)
    if (same) same.push(candidate)
    else journeys.set(journey, [candidate])
  }

  const rows: Row[] = []
  for (const candidates of journeys.values()) {
    const [cheapest, ...others] = candidates.sort(byPrice)
    if (!cheapest) continue
    const position = { value: sortValue(cheapest, options.sort), id: cheapest.offer.id }
    if (options.after === null || byPosition(options.after, position) < 0) rows.push({ position, cheapest, others })
  }
  rows.sort((a, b) => byPosition(a.position, b.position))
  const page = rows.slice(0, options.limit)
  return {
    offers: page.map((row) => toOffer(row, options.currency)),
    next: rows.length > page.length ? (page.at(-1)?.position ?? null) : null,
    expiresAt: firstExpiry,
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

function sortValue({ offer, minor }: Candidate, sort: Sort): number {
  switch (sort) {
    case 'price':
      return minor
    case 'duration':
      return factsOf(offer).minutes
    case 'departure':
      return factsOf(offer).departingAt
  }
}

/** What merging needs of an offer besides its price. Times are milliseconds since the epoch. */
interface Facts {
  expiresAt: number
  departingAt: number
  minutes: number
  journey: string
  /** In the currency that was asked for last; null before. */
  candidate: Candidate | null
}

/** Kept per offer: one that is recalled or merged again need not be taken apart again. */
const known = new WeakMap<Offer, Facts>()

function factsOf(offer: Offer): Facts {
  let facts = known.get(offer)
  if (!facts) {
    const departingAt = Date.parse(offer.slice.departingAt)
    facts = {
      expiresAt: Date.parse(offer.expiresAt),
      departingAt,
      minutes: Math.round((Date.parse(offer.slice.arrivingAt) - departingAt) / 60_000),
      journey: journeyOf(offer),
      candidate: null,
    }
    known.set(offer, facts)
  }
  return facts
}

function candidateOf(offer: Offer, facts: Facts, currency: string): Candidate {
  if (facts.candidate?.price.currency !== currency) {
    const price = convert(offer.price, currency)
    facts.candidate = { offer, price, minor: Number(toMinor(price)), shown: null, row: null }
  }
  return facts.candidate
}

function byPrice(a: Candidate, b: Candidate): number {
  return a.minor - b.minor || (a.offer.id < b.offer.id ? -1 : 1)
}

function byPosition(a: Position, b: Position): number {
  return a.value - b.value || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1)
}

/** A row that is made of the same as before is the very same object. */
function toOffer({ cheapest, others }: Row, currency: string): Offer {
  if (cheapest.row && isSame(cheapest.row.others, others)) return cheapest.row.offer
  cheapest.shown ??= offerIn(cheapest.offer, currency)
  const offer = { ...cheapest.shown, sameFlight: others.map(toSameFlight) }
  cheapest.row = { offer, others }
  return offer
}

function toSameFlight({ offer, price }: Candidate): SameFlight {
  const { id, airline, fareBrand, conditions, baggage, seatsLeft } = offer
  return { offerId: id, airline, fareBrand, price, conditions, baggage, seatsLeft }
}

function isSame(some: readonly Candidate[], others: readonly Candidate[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index])
}
