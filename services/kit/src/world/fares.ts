import { airport, isDomestic } from './airports.ts'
import { dayNumber } from './local-time.ts'
import { draw } from './random.ts'
import type {
  Carrier,
  Fare,
  FareBrand,
  Flight,
  Journey,
  PassengerFare,
  PassengerMix,
  PassengerType,
  TaxLine,
} from './types.ts'

/** What moves a fare besides distance and brand. */
export interface Demand {
  /** Days from now to departure. */
  daysToDeparture: number
  /** Share of the cabin that is taken on the fullest flight, 0 to 1. */
  load: number
  /** What the fare is multiplied by besides; see price-drift.ts. */
  drift: number
}

/** Multiplier by days to departure, falling with time ahead; between two points it is interpolated. */
const advanceCurve: [days: number, factor: number][] = [
  [0, 2.1],
  [1, 1.9],
  [3, 1.6],
  [7, 1.35],
  [14, 1.15],
  [30, 1],
  [60, 0.88],
  [120, 0.84],
]

/** What a journey costs in a brand for a party, without saying how many seats are left. */
export function priceJourney(
  carrier: Carrier,
  seed: string,
  journey: Journey,
  brand: FareBrand,
  party: PassengerMix,
  demand: Demand,
): Omit<Fare, 'seatsLeft'> {
  const adultBase = adultFare(carrier, seed, journey, brand, demand)
  const perPassenger = passengerTypes(party).map((type) => passengerFare(carrier, journey, brand, type, adultBase))
  let base = 0
  let tax = 0
  for (const fare of perPassenger) {
    const count = countOf(party, fare.type)
    base += fare.base * count
    tax += fare.tax * count
  }
  return { brand, fareBasis: fareBasis(journey, brand), perPassenger, base, tax, total: base + tax }
}

/** How many of a type travel. */
export function countOf(party: PassengerMix, type: PassengerType): number {
  return type === 'adult' ? party.adults : type === 'child' ? party.children : party.infants
}

/** Passengers that need a seat of their own. */
export function seatsNeeded(party: PassengerMix): number {
  return party.adults + party.children
}

function passengerTypes(party: PassengerMix): PassengerType[] {
  return (['adult', 'child', 'infant'] as const).filter((type) => countOf(party, type) > 0)
}

function adultFare(carrier: Carrier, seed: string, journey: Journey, brand: FareBrand, demand: Demand): number {
  const [first] = journey.flights
  if (!first) throw new RangeError('a journey has at least one flight')
  const km = journey.flights.reduce((sum, flight) => sum + flight.distanceKm, 0)
  // A connection costs the traveller time, so it sells for less than its kilometres.
  const connection = journey.flights.length > 1 ? 0.82 : 1
  // A kilometre costs less the longer the flight; the exponent keeps 1,000 km at its plain rate.
  const distance = carrier.fareLevel.perKm * km * (Math.max(km, 200) / 1000) ** -0.12
  const level = carrier.fareLevel.fixed + distance * connection
  const fare =
    level *
    brand.factor *
    advanceFactor(demand.daysToDeparture) *
    loadFactor(demand.load) *
    demand.drift *
    dayFactor(carrier, seed, first)
  return Math.max(carrier.fareRounding, Math.round(fare / carrier.fareRounding) * carrier.fareRounding)
}

function advanceFactor(days: number): number {
  let [fromDays, fromFactor] = advanceCurve[0] ?? [0, 1]
  for (const [toDays, toFactor] of advanceCurve) {
    if (days <= toDays) {
      const share = toDays === fromDays ? 1 : (Math.max(days, 0) - fromDays) / (toDays - fromDays)
      return fromFactor + (toFactor - fromFactor) * share
    }
    fromDays = toDays
    fromFactor = toFactor
  }
  return fromFactor
}

/** From a tenth under the plain fare in an empty cabin to half over it in a full one. */
function loadFactor(load: number): number {
  return 0.9 + 0.6 * load * load
}

/** Fridays and Sundays are dearer, early and late departures cheaper, and every departure has a mood of its own (±6 %). */
function dayFactor(carrier: Carrier, seed: string, flight: Flight): number {
  const weekday = (dayNumber(flight.date) + 3) % 7
  const week = weekday === 4 || weekday === 6 ? 1.12 : weekday === 1 || weekday === 2 ? 0.95 : 1
  const hour = Number(flight.departure.local.slice(11, 13))
  const time = hour < 6 || hour >= 22 ? 0.88 : (hour >= 7 && hour < 10) || (hour >= 17 && hour < 20) ? 1.08 : 1
  const mood = 0.94 + 0.12 * draw(`${seed}/${carrier.name}/mood/${flight.key}`)
  return week * time * mood
}

function passengerFare(
  carrier: Carrier,
  journey: Journey,
  brand: FareBrand,
  type: PassengerType,
  adultBase: number,
): PassengerFare {
  const { fareRounding, passengerFactor } = carrier
  const base = Math.round((adultBase * passengerFactor[type]) / fareRounding) * fareRounding
  const taxes = taxLines(carrier, journey, brand, type, base)
  const tax = taxes.reduce((sum, line) => sum + line.amount, 0)
  return { type, base, taxes, tax, total: base + tax }
}

/**
 * Taxes as tickets in India carry them: K3 goods and services tax on the base fare (5 % economy, 12 % above it), P2 and IN airport
 * fees for each departure, YQ fuel surcharge by distance. Infants pay K3 only. Amounts are set in rupees.
 */
function taxLines(carrier: Carrier, journey: Journey, brand: FareBrand, type: PassengerType, base: number): TaxLine[] {
  const rupees = (amount: number) => Math.round(amount * carrier.minorPerRupee)
  const lines: TaxLine[] = [{ code: 'K3', amount: Math.round(base * (brand.cabin === 'economy' ? 0.05 : 0.12)) }]
  if (type === 'infant') return lines
  const [first] = journey.flights
  const last = journey.flights.at(-1)
  const domestic = first && last ? isDomestic(first.origin, last.destination) : true
  const departures = journey.flights.reduce((sum, { origin }) => sum + (5 - airport(origin).tier), 0)
  const km = journey.flights.reduce((sum, flight) => sum + flight.distanceKm, 0)
  lines.push(
    { code: 'P2', amount: rupees(journey.flights.length * 236) },
    { code: 'IN', amount: rupees((domestic ? 90 : 320) * departures) },
    { code: 'YQ', amount: rupees(Math.round((domestic ? 0.22 : 0.95) * km + 150)) },
  )
  return lines
}

/** Booking class, one way or connection, market: `LOWIN`, `LXOWI`. */
function fareBasis(journey: Journey, brand: FareBrand): string {
  const [first] = journey.flights
  const last = journey.flights.at(-1)
  const market = first && last && isDomestic(first.origin, last.destination) ? 'IN' : 'INT'
  return `${brand.bookingClass}${journey.flights.length > 1 ? 'X' : ''}OW${market}`
}
