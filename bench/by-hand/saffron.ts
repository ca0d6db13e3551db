import type { Cabin, Offer } from '../../gateway/src/schemas/offer.ts'
import { duration, type HandSearch, json, type Passengers, partyOf, type Send } from './search.ts'

interface Point {
  airport: string
  localTime: string
  utcOffset: string
  timeZone: string
}

interface Flight {
  flightId: string
  marketing: { carrier: string; number: string }
  operating: { carrier: string }
  departure: Point
  arrival: Point
  durationMinutes: number
  equipment: string
}

interface Condition {
  permitted: boolean
  feePerTraveller: string | null
}

interface FareFamily {
  code: string
  name: string
  cabin: 'ECONOMY' | 'PREMIUM_ECONOMY' | 'BUSINESS' | 'FIRST'
  bookingClass: string
  conditions: { change: Condition; cancellation: Condition }
  baggage: { bagType: string; pieces: number | null; weightKg: number | null; travellerTypes: string[] }[]
}

interface Fare {
  offerId: string
  fareFamily: string
  fareBasis: string
  seatsRemaining: number
  validUntil: string
  pricing: {
    base: string
    taxTotal: string
    total: string
    perTraveller: { travellerType: string; base: string; taxTotal: string; total: string }[]
  }
}

interface Journey {
  durationMinutes: number
  flights: Flight[]
  offers: Fare[]
}

interface Availability {
  currency: string
  fareFamilies: FareFamily[]
  journeys: Journey[]
}

const cabins: Record<FareFamily['cabin'], Cabin> = {
  ECONOMY: 'economy',
  PREMIUM_ECONOMY: 'premium_economy',
  BUSINESS: 'business',
  FIRST: 'first',
}

const travellerTypes = { adult: 'ADULT', child: 'CHILD', infant: 'INFANT' }

/** Saffron Airways: JSON, an API key. */
export function saffron(send: Send): HandSearch {
  return async ({ origin, destination, departureDate, passengers }) => {
    const travellers = partyOf(passengers)
    const text = await send({
      airline: 'saffron',
      method: 'POST',
      path: '/v2/availability',
      headers: { ...json, 'x-api-key': 'fanfare' },
      body: JSON.stringify({ origin, destination, departureDate, cabin: 'ECONOMY', travellers }),
    })
    const answer: Availability = JSON.parse(text)
    if (!Array.isArray(answer.journeys)) throw new Error('saffron sent no journeys')
    const families = new Map(answer.fareFamilies.map((family) => [family.code, family]))
    return answer.journeys.flatMap((journey) =>
      journey.offers.map((fare) => {
        const family = families.get(fare.fareFamily)
        if (!family) throw new Error(`saffron sent no fare family ${fare.fareFamily}`)
        return mapOffer(answer.currency, journey, fare, family, passengers)
      }),
    )
  }
}

function mapOffer(currency: string, journey: Journey, fare: Fare, family: FareFamily, passengers: Passengers): Offer {
  const { pricing } = fare
  const { flights } = journey
  const first = flights[0]
  const last = flights.at(-1)
  if (!first || !last) throw new Error('saffron sent a journey without flights')
  const money = (amount: string) => ({ amount, currency })
  const condition = ({ permitted, feePerTraveller: fee }: Condition) => ({
    allowed: permitted,
    fee: permitted && fee !== null ? money(fee) : null,
  })
  const segmentIds = flights.map(({ flightId }) => flightId)
  return {
    id: `saffron~${pricing.total}${currency}~${fare.offerId}`,
    airline: 'saffron',
    slice: {
      origin: first.departure.airport,
      destination: last.arrival.airport,
      departingAt: moment(first.departure),
      arrivingAt: moment(last.arrival),
      duration: duration(journey.durationMinutes),
      stops: flights.length - 1,
      segments: flights.map((flight) => mapSegment(flight, family, fare.fareBasis)),
    },
    fareBrand: family.name,
    price: money(pricing.total),
    basePrice: money(pricing.base),
    taxes: money(pricing.taxTotal),
    airlinePrice: money(pricing.total),
    perPassenger: passengers.map(({ id, type }) => {
      const share = pricing.perTraveller.find(({ travellerType }) => travellerType === travellerTypes[type])
      if (!share) throw new Error(`saffron sent no price for ${id}`)
      const { base, taxTotal, total } = share
      return { passengerId: id, type, basePrice: money(base), taxes: money(taxTotal), price: money(total) }
    }),
    conditions: {
      change: condition(family.conditions.change),
      cancel: condition(family.conditions.cancellation),
    },
    baggage: mapBaggage(family, segmentIds, passengers),
    seatsLeft: fare.seatsRemaining,
    expiresAt: fare.validUntil,
    sameFlight: [],
  }
}

function mapSegment(flight: Flight, family: FareFamily, fareBasisCode: string): Offer['slice']['segments'][number] {
  const { departure, arrival, marketing } = flight
  return {
    id: flight.flightId,
    flightNumber: `${marketing.carrier}${marketing.number}`,
    marketingCarrier: marketing.carrier,
    operatingCarrier: flight.operating.carrier,
    origin: departure.airport,
    destination: arrival.airport,
    departingAt: moment(departure),
    arrivingAt: moment(arrival),
    originTimeZone: departure.timeZone,
    destinationTimeZone: arrival.timeZone,
    duration: duration(flight.durationMinutes),
    aircraft: flight.equipment,
    cabin: cabins[family.cabin],
    bookingClass: family.bookingClass,
    fareBasisCode,
  }
}

function mapBaggage({ baggage }: FareFamily, segmentIds: string[], passengers: Passengers): Offer['baggage'] {
  return baggage.flatMap(({ bagType, travellerTypes: types, pieces, weightKg }) => {
    const kind = bagType === 'CABIN_BAG' ? 'carry_on' : bagType === 'CHECKED_BAG' ? 'checked' : null
    const passengerIds = passengers.filter(({ type }) => types.includes(travellerTypes[type])).map(({ id }) => id)
    return kind && passengerIds.length > 0 ? [{ segmentIds, passengerIds, kind, pieces, weightKg }] : []
  })
}

function moment({ localTime, utcOffset }: Point): string {
  return `${localTime}${utcOffset}`
}
