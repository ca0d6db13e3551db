import type {
  Carrier,
  FareBrand,
  Flight,
  Offer as KitOffer,
  LocalTime,
  PassengerFare,
  PassengerMix,
} from '@fanfare/kit'
import type { Availability } from '../schemas/availability.ts'
import type { Offer } from '../schemas/offer.ts'
import { amount } from './amount.ts'
import { allowances } from './baggage.ts'
import { instant } from './instant.ts'
import { cabins, travellerTypes } from './words.ts'

type Journey = Availability['journeys'][number]

/** Offers of one question, cheapest first, gathered by journey. */
export function renderAvailability(carrier: Carrier, offers: readonly KitOffer[]): Availability {
  const families = new Map<string, FareBrand>()
  const journeys = new Map<string, Journey>()
  for (const offer of offers) {
    families.set(offer.brand.code, offer.brand)
    const key = offer.journey.flights.map((flight) => flight.key).join()
    const journey = journeys.get(key)
    const rendered = { ...renderFare(offer), fareFamily: offer.brand.code }
    if (journey) journey.offers.push(rendered)
    else journeys.set(key, { ...renderJourney(offer), offers: [rendered] })
  }
  return {
    currency: carrier.currency,
    fareFamilies: Array.from(families.values(), renderFamily),
    journeys: [...journeys.values()],
  }
}

/** One offer with all that is known of it. */
export function renderOffer(carrier: Carrier, offer: KitOffer): Offer {
  return {
    currency: carrier.currency,
    ...renderFare(offer),
    fareFamily: renderFamily(offer.brand),
    journey: renderJourney(offer),
  }
}

function renderJourney({ journey }: KitOffer): Offer['journey'] {
  return { durationMinutes: journey.minutes, flights: journey.flights.map(renderFlight) }
}

/** One flight. */
export function renderFlight(flight: Flight): Offer['journey']['flights'][number] {
  return {
    flightId: flight.key,
    marketing: { carrier: flight.marketing, number: flight.number },
    operating: { carrier: flight.operating.designator, number: flight.operating.number },
    departure: renderPoint(flight.origin, flight.departure),
    arrival: renderPoint(flight.destination, flight.arrival),
    durationMinutes: flight.minutes,
    distanceKm: Math.round(flight.distanceKm),
    equipment: flight.aircraft,
  }
}

function renderPoint(airport: string, { local, offset, zone }: LocalTime) {
  return { airport, localTime: local, utcOffset: offset, timeZone: zone }
}

function renderFamily(brand: FareBrand): Offer['fareFamily'] {
  return {
    code: brand.code,
    name: brand.name,
    cabin: cabins[brand.cabin],
    bookingClass: brand.bookingClass,
    conditions: { change: renderCondition(brand.changeFee), cancellation: renderCondition(brand.cancelFee) },
    baggage: allowances(brand),
  }
}

function renderCondition(fee: number | null) {
  return { permitted: fee !== null, feePerTraveller: fee === null ? null : amount(fee) }
}

function renderFare(offer: KitOffer) {
  return {
    offerId: offer.id,
    fareBasis: offer.fareBasis,
    seatsRemaining: offer.seatsLeft,
    validUntil: instant(offer.expiresAt),
    pricing: {
      base: amount(offer.base),
      taxTotal: amount(offer.tax),
      total: amount(offer.total),
      perTraveller: offer.perPassenger.map((fare) => renderTravellerPricing(fare, offer.passengers)),
    },
  }
}

function renderTravellerPricing(fare: PassengerFare, { adults, children, infants }: PassengerMix) {
  return {
    travellerType: travellerTypes[fare.type],
    count: { adult: adults, child: children, infant: infants }[fare.type],
    base: amount(fare.base),
    taxes: fare.taxes.map((tax) => ({ code: tax.code, amount: amount(tax.amount) })),
    taxTotal: amount(fare.tax),
    total: amount(fare.total),
  }
}
