import {
  type Carrier,
  countOf,
  type FareBrand,
  type Journey,
  type PassengerFare as KitPassengerFare,
  type Offer,
} from '@fanfare/kit'
import { hostInstant } from '../formats.ts'
import type { AvailabilityAnswer, Fare, FareSearchAnswer, QuoteAnswer, Segment } from '../schemas/shopping.ts'
import { amount } from './amount.ts'
import { column, flightLine } from './screen.ts'
import { bagsOf, cabinCode, ptcs, renderFlight } from './words.ts'

/** A display: the answer, and what a sell from its lines finds. */
export interface Display {
  bytes: Buffer
  /** Offers by line, the first line first. */
  lines: readonly (readonly Offer[])[]
}

/** Offers of one question, cheapest first, as flights and what is left in their classes, by departure. */
export function renderAvailability(carrier: Carrier, offers: readonly Offer[]): Display {
  const lines = byJourney(offers).sort((a, b) => departure(a) - departure(b))
  const statuses = lines.map((line) => statusOf(carrier.brands, line))
  const rendered = lines.map((line, index) => ({
    line: index + 1,
    segments: renderSegments(line[0].journey, statuses[index] ?? ''),
  }))
  const screen = [
    '** NILGIRI - AVAILABILITY **',
    ...lines.flatMap(([{ journey }], index) => journeyLines(journey, index + 1, statuses[index] ?? '')),
  ]
  const answer: AvailabilityAnswer = { status: 'OK', screen: orNothing(screen), lines: rendered }
  return { bytes: Buffer.from(JSON.stringify(answer)), lines }
}

/** Offers of one question as priced lines, by their cheapest fare. */
export function renderFareSearch(carrier: Carrier, offers: readonly Offer[]): Display {
  const lines = byJourney(offers)
  const cabins = new Set(offers.map(({ brand }) => brand.cabin))
  const brands = carrier.brands.filter(({ cabin }) => cabins.has(cabin))
  const statuses = lines.map((line) => statusOf(brands, line))
  const rendered = lines.map((line, index) => ({
    line: index + 1,
    segments: renderSegments(line[0].journey, statuses[index] ?? ''),
    fares: line.map(renderFare),
  }))
  const screen = [
    `** NILGIRI - LOW FARE SEARCH - ${carrier.currency} **`,
    ...lines.flatMap((line, index) => [
      ...journeyLines(line[0].journey, index + 1, statuses[index] ?? ''),
      ...line.map(fareLine),
    ]),
  ]
  const answer: FareSearchAnswer = { status: 'OK', screen: orNothing(screen), lines: rendered }
  return { bytes: Buffer.from(JSON.stringify(answer)), lines }
}

/** One quote as it stands now. */
export function renderQuote(carrier: Carrier, offer: Offer): QuoteAnswer {
  const status = statusOf([offer.brand], [offer])
  return {
    status: 'OK',
    screen: [
      `** NILGIRI - QUOTE - ${carrier.currency} **`,
      ...journeyLines(offer.journey, 1, status),
      ...priceLines(offer),
    ],
    segments: renderSegments(offer.journey, status),
    fare: renderFare(offer),
  }
}

/** Fare and tax lines of an offer. */
export function renderPassengerFares({ perPassenger, passengers }: Offer): Fare['passengers'] {
  return perPassenger.map((fare) => ({
    ptc: ptcs[fare.type],
    count: countOf(passengers, fare.type),
    fare: amount(fare.base),
    taxes: fare.taxes.map((tax) => ({ code: tax.code, amount: amount(tax.amount) })),
    total: amount(fare.total),
  }))
}

/** The same on the screen. */
export function priceLines({ perPassenger, passengers, fareBasis, total }: Offer): string[] {
  const lines = perPassenger.flatMap((fare) => passengerLines(fare, countOf(passengers, fare.type), fareBasis))
  return [...lines, `GRAND TOTAL AED${column(amount(total), 12)}`]
}

function passengerLines(fare: KitPassengerFare, count: number, fareBasis: string): string[] {
  return [
    `${ptcs[fare.type]} X${count}  ${fareBasis.padEnd(8)} F AED${column(amount(fare.base))}`,
    ...fare.taxes.map((tax) => `        ${tax.code.padEnd(8)} T AED${column(amount(tax.amount))}`),
  ]
}

type Line = [Offer, ...Offer[]]

function byJourney(offers: readonly Offer[]): Line[] {
  const lines = new Map<string, Line>()
  for (const offer of offers) {
    const key = offer.journey.flights.map((flight) => flight.key).join()
    const line = lines.get(key)
    if (line) line.push(offer)
    else lines.set(key, [offer])
  }
  return [...lines.values()]
}

function departure([{ journey }]: Line): number {
  return journey.flights[0]?.departure.epochMs ?? 0
}

/** What is left by class, the dearest first: a class without an offer has nothing left for the party. */
function statusOf(brands: readonly FareBrand[], line: readonly Offer[]): string {
  const left = ({ code }: FareBrand) => line.find(({ brand }) => brand.code === code)?.seatsLeft ?? 0
  return brands
    .map((brand) => `${brand.bookingClass}${left(brand)}`)
    .reverse()
    .join(' ')
}

function renderSegments({ flights }: Journey, status: string): Segment[] {
  return flights.map((flight) => ({ ...renderFlight(flight), status }))
}

function journeyLines({ flights }: Journey, number: number, status: string): string[] {
  const day = flights[0]?.date ?? ''
  return flights.map((flight, place) => flightLine(place === 0 ? number : null, flight, status, day))
}

function orNothing(screen: string[]): string[] {
  return screen.length > 1 ? screen : [...screen, 'NO FLIGHTS']
}

function fareLine({ brand, fareBasis, total, seatsLeft }: Offer): string {
  const { checked } = bagsOf(brand)
  const refund = brand.cancelFee === null ? 'NO REFUND' : `REFUND FEE ${amount(brand.cancelFee)}`
  return `      ${brand.bookingClass}${seatsLeft} ${fareBasis.padEnd(8)} AED${column(amount(total))}  ${checked.padEnd(4)} ${refund}`
}

function renderFare(offer: Offer): Fare {
  const { brand } = offer
  return {
    quote: offer.id,
    good: hostInstant(offer.expiresAt),
    rbd: brand.bookingClass,
    cabin: cabinCode(brand.cabin),
    brand: brand.name,
    fareBasis: offer.fareBasis,
    passengers: renderPassengerFares(offer),
    fare: amount(offer.base),
    tax: amount(offer.tax),
    total: amount(offer.total),
    bags: bagsOf(brand),
    penalties: {
      change: brand.changeFee === null ? null : amount(brand.changeFee),
      refund: brand.cancelFee === null ? null : amount(brand.cancelFee),
    },
  }
}
