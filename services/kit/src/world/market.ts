import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { Inventory } from '../orders/inventory.ts'
import { Refusal } from '../orders/types.ts'
import { seatPlan } from './aircraft.ts'
import { airports, isDomestic } from './airports.ts'
import { type CabinState, createCabinStates, daysToDeparture } from './cabin-state.ts'
import { noChanges, type WorldChanges } from './changes.ts'
import { priceJourney, seatsNeeded } from './fares.ts'
import { dayNumber } from './local-time.ts'
import { formatOfferKey, parseOfferKey } from './offer-key.ts'
import { priceDrift } from './price-drift.ts'
import { cabinOfSeat, sellableSeats } from './seats.ts'
import { createTimetable } from './timetable.ts'
import type {
  Cabin,
  Carrier,
  FareBrand,
  Flight,
  FlightSeats,
  Journey,
  Offer,
  PassengerMix,
  SeatState,
  ShopRequest,
} from './types.ts'

/** What a carrier offers at this moment: its world, less what is sold. Throws Refusal as AirlineSystem says. */
export interface Market {
  shop(request: ShopRequest): readonly Offer[]
  offer(id: string): Offer
  seatMaps(offerId: string): readonly FlightSeats[]
  baggage(offerId: string): { code: string; price: number; maxQuantity: number }[]
  /** null: the carrier sells no such flight. */
  flight(key: string): Flight | null
  /** Seats that can be sold on the flight in the cabin when nobody has bought any (blocked seats left out). */
  capacity(flight: Flight, cabin: Cabin): number
  /** Seats that the world's other travellers have on the flight in the cabin by now; they never include an owned seat. */
  othersSeats(flight: Flight, cabin: Cabin): ReadonlySet<string>
  /** Cabin of a seat on the flight; null: no such seat, or one that is not for sale. */
  cabinOfSeat(flight: Flight, designator: string): Cabin | null
}

const minute = 60_000
/** Sale ends this long before departure. */
const closeMinutes = 60
/** Airlines sell this many days ahead. */
const horizonDays = 330
/** Offers made in the same span share one expiry, so that an unchanged answer is the same bytes. */
const spanMinutes = 5
/** Airlines show "nine or more" as nine. */
const mostSeatsShown = 9

/** What an answer stands on; it is good while none of it changes. */
interface Basis {
  /** Milliseconds since the epoch, as validUntil: a clock that was set back makes it new. */
  madeAt: number
  validUntil: number
  flights: readonly Flight[]
  versions: number
}

/** What a market stands on. */
export interface MarketOptions {
  carrier: Carrier
  seed: string
  clock: Clock
  inventory: Inventory
  /** What was made to happen to its flights; a change must change the inventory's version of the flight. Left out: nothing. */
  changes?: WorldChanges
}

/** The market of one carrier on its inventory. */
export function createMarket(options: MarketOptions): Market {
  const { carrier, seed, clock, inventory, changes = noChanges } = options
  const secret = `${seed}/${carrier.name}/offers`
  const timetable = createTimetable(carrier, seed)
  const cabinState = createCabinStates(seed, clock, inventory, changes)
  const brands = new Map(carrier.brands.map((brand) => [brand.code, brand]))
  const shopped = new LRUCache<string, Basis & { offers: readonly Offer[] }>({ max: 4_000 })
  const seatMapsKept = new LRUCache<string, Basis & { maps: readonly FlightSeats[] }>({ max: 1_000 })

  const versionsOf = (flights: readonly Flight[]) => flights.reduce((sum, { key }) => sum + inventory.version(key), 0)
  const isGood = ({ madeAt, validUntil, flights, versions }: Basis) => {
    const now = clock.now()
    return madeAt <= now && now < validUntil && versionsOf(flights) === versions
  }

  /** Until the span, the day (prices go by days) or the sale of one of the flights ends. */
  function basisOf(flights: readonly Flight[]): Basis {
    const now = clock.now()
    const closing = flights.map((flight) => closesAt(flight)).filter((at) => at > now)
    const validUntil = Math.min(spanEnd(now), nextDay(now), ...closing)
    return { flights, versions: versionsOf(flights), madeAt: now, validUntil }
  }

  /** `drift`: what the fare has moved by since it was searched; 1: nothing. */
  function makeOffer(
    journey: Journey,
    brand: FareBrand,
    party: PassengerMix,
    expiresAt: number,
    drift: number,
  ): Offer | null {
    let left = Number.POSITIVE_INFINITY
    let load = 0
    for (const flight of journey.flights) {
      const state: CabinState = cabinState(flight, brand.cabin)
      left = Math.min(left, state.left)
      load = Math.max(load, state.load)
    }
    if (left < seatsNeeded(party)) return null
    const [first] = journey.flights
    const moved = journey.flights.reduce((sum, { key }) => sum + changes.priceFactor(key), 0) / journey.flights.length
    const days = first ? daysToDeparture(first, clock.now()) : 0
    const demand = { daysToDeparture: days, load, drift: drift * moved }
    const fare = priceJourney(carrier, seed, journey, brand, party, demand)
    const flights = journey.flights.map(({ key }) => key)
    const id = formatOfferKey({ flights, brand: brand.code, passengers: party, expiresAt: expiresAt / 1000 }, secret)
    return { ...fare, id, journey, passengers: party, expiresAt, seatsLeft: Math.min(left, mostSeatsShown) }
  }

  function shop({ origin, destination, date, passengers, cabin }: ShopRequest): readonly Offer[] {
    for (const code of [origin, destination]) {
      if (!airports.has(code)) throw new Refusal('unknown_airport', `${carrier.title} knows no airport ${code}`)
    }
    const { adults, children, infants } = passengers
    const key = `${origin}${destination}${date}${adults}${children}${infants}${cabin ?? ''}`
    const kept = shopped.get(key)
    if (kept && isGood(kept)) return kept.offers
    const now = clock.now()
    const ahead = dayNumber(date) - Math.floor(now / 86_400_000)
    const journeys = ahead > horizonDays ? [] : timetable.journeys(origin, destination, date).filter(isOpen)
    const expiresAt = spanEnd(now) + carrier.offerMinutes * minute
    const offers = journeys.flatMap((journey) =>
      carrier.brands.flatMap((brand) =>
        cabin === null || brand.cabin === cabin ? (makeOffer(journey, brand, passengers, expiresAt, 1) ?? []) : [],
      ),
    )
    offers.sort((a, b) => a.total - b.total || a.journey.minutes - b.journey.minutes || (a.id < b.id ? -1 : 1))
    const answer = { offers, ...basisOf(journeys.flatMap(({ flights }) => flights)) }
    shopped.set(key, answer)
    return answer.offers
  }

  const isOpen = ({ flights }: Journey) => flights.every((flight) => closesAt(flight) > clock.now())

  /** What an offer id names, whatever became of it. */
  function resolve(id: string): { journey: Journey; brand: FareBrand; passengers: PassengerMix; expiresAt: number } {
    const key = parseOfferKey(id, secret)
    const flights = key?.flights.flatMap((flight) => timetable.flight(flight) ?? [])
    const brand = key && brands.get(key.brand)
    const first = flights?.[0]
    const last = flights?.at(-1)
    if (!key || !flights || !brand || !first || !last || flights.length !== key.flights.length) {
      throw new Refusal('offer_not_found', `${carrier.title} made no such offer`)
    }
    const minutes = (last.arrival.epochMs - first.departure.epochMs) / minute
    return { journey: { flights, minutes }, brand, passengers: key.passengers, expiresAt: key.expiresAt * 1000 }
  }

  function offer(id: string): Offer {
    const { journey, brand, passengers, expiresAt } = resolve(id)
    if (clock.now() >= expiresAt) throw new Refusal('offer_expired', 'the offer has expired')
    if (!isOpen(journey)) throw new Refusal('offer_expired', `sale ended ${closeMinutes} minutes before departure`)
    const drift = priceDrift(carrier, seed, journey, brand, clock.now())
    const made = makeOffer(journey, brand, passengers, expiresAt, drift)
    if (!made) throw new Refusal('sold_out', 'not enough seats are left at this fare')
    return made
  }

  function seatMaps(offerId: string): readonly FlightSeats[] {
    const { journey, brand } = resolve(offerId)
    const key = `${brand.code}/${journey.flights.map((flight) => flight.key).join('_')}`
    const kept = seatMapsKept.get(key)
    if (kept && isGood(kept)) return kept.maps
    const maps = journey.flights.map((flight) => flightSeats(flight, brand))
    seatMapsKept.set(key, { maps, ...basisOf(journey.flights) })
    return maps
  }

  function flightSeats(flight: Flight, brand: FareBrand): FlightSeats {
    const plan = seatPlan(flight.layout)
    const { others, left } = cabinState(flight, brand.cabin)
    const sellable = sellableSeats(flight, brand.cabin)
    const owned = inventory.ownedSeats(flight.key)
    const isDomesticFlight = isDomestic(flight.origin, flight.destination)
    const seats = new Map<string, SeatState>()
    for (const row of plan.cabins.find(({ cabin }) => cabin === brand.cabin)?.rows ?? []) {
      for (const seat of row.seats) {
        if (!seat) continue
        const { designator, zone } = seat
        const price = brand.includedSeatZones.includes(zone)
          ? 0
          : carrier.seatPrice[zone][isDomesticFlight ? 'domestic' : 'international']
        const available = left > 0 && sellable.has(designator) && !others.has(designator) && !owned.has(designator)
        seats.set(designator, { seat, available, price })
      }
    }
    return { flight, plan, seats }
  }

  function baggage(offerId: string): { code: string; price: number; maxQuantity: number }[] {
    const { journey } = resolve(offerId)
    return carrier.baggage.map(({ code, price, maxQuantity }) => ({
      code,
      maxQuantity,
      price: journey.flights.reduce(
        (sum, { origin, destination }) => sum + price[isDomestic(origin, destination) ? 'domestic' : 'international'],
        0,
      ),
    }))
  }

  return {
    shop,
    offer,
    seatMaps,
    baggage,
    flight: timetable.flight,
    capacity: (flight, cabin) => sellableSeats(flight, cabin).size,
    othersSeats: (flight, cabin) => cabinState(flight, cabin).others,
    cabinOfSeat,
  }
}

function closesAt(flight: Flight): number {
  return flight.departure.epochMs - closeMinutes * minute
}

function spanEnd(now: number): number {
  const span = spanMinutes * minute
  return (Math.floor(now / span) + 1) * span
}

function nextDay(now: number): number {
  return (Math.floor(now / 86_400_000) + 1) * 86_400_000
}
