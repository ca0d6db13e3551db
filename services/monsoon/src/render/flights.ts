import type { Allowance, Carrier, FareBrand, Flight, LocalTime, Offer, PassengerFare, PassengerMix } from '@fanfare/kit'
import type { PaxType, Price } from '../schemas/common.ts'
import type { Bag, Fare, FlightResults, Journey, Leg, PaxCount, PaxFare, Quote } from '../schemas/flights.ts'
import { instant } from './instant.ts'
import { bagKinds, paxTypes } from './words.ts'

/** Offers of one search, cheapest first, gathered by journey in the order of their cheapest fares. */
export function renderFlights({ currency }: Carrier, offers: readonly Offer[]): FlightResults {
  const journeys = new Map<string, Journey>()
  for (const offer of offers) {
    const key = offer.journey.flights.map((flight) => flight.key).join()
    const journey = journeys.get(key)
    const fare = renderFare(currency, offer)
    if (journey) journey.fares.push(fare)
    else journeys.set(key, { ...renderJourney(offer), fares: [fare] })
  }
  return { journeys: [...journeys.values()] }
}

/** One fare as it stands now. */
export function renderQuote({ currency }: Carrier, offer: Offer): Quote {
  return {
    journey: renderJourney(offer),
    fare: renderFare(currency, offer),
    tax_lines: offer.perPassenger.flatMap(({ type, taxes }) =>
      taxes.map(({ code, amount }) => ({
        pax_type: paxTypes[type],
        code,
        price: { amount_minor: amount, currency },
      })),
    ),
  }
}

/** What comes with a brand, for each type of passenger. */
export function renderBags({ allowances, infantAllowances }: FareBrand): Bag[] {
  return [
    ...allowances.map((allowance) => renderBag(allowance, ['ADT', 'CHD'])),
    ...infantAllowances.map((allowance) => renderBag(allowance, ['INF'])),
  ]
}

/** Who travels. */
export function renderPaxCount({ adults, children, infants }: PassengerMix): PaxCount {
  return { adt: adults, chd: children, inf: infants }
}

function renderJourney({ journey }: Offer): Quote['journey'] {
  const legs = journey.flights.map(renderLeg)
  return {
    from: legs[0]?.from ?? '',
    to: legs.at(-1)?.to ?? '',
    duration_min: journey.minutes,
    legs,
  }
}

/** One flight. */
export function renderLeg(flight: Flight): Leg {
  return {
    flight_key: flight.key,
    flight_no: `${flight.marketing}${flight.number}`,
    carrier: flight.marketing,
    operated_by: flight.operating.designator,
    from: flight.origin,
    to: flight.destination,
    departs: renderTime(flight.departure),
    arrives: renderTime(flight.arrival),
    duration_min: flight.minutes,
    aircraft: flight.aircraft,
  }
}

function renderTime({ epochMs, local, zone }: LocalTime): Leg['departs'] {
  return { utc: instant(epochMs), local, zone }
}

function renderFare(currency: string, offer: Offer): Fare {
  const price = (minor: number): Price => ({ amount_minor: minor, currency })
  const { brand, passengers } = offer
  return {
    fare_key: offer.id,
    fare_name: brand.name,
    fare_basis: offer.fareBasis,
    booking_class: brand.bookingClass,
    base: price(offer.base),
    taxes: price(offer.tax),
    total: price(offer.total),
    per_pax: offer.perPassenger.map((fare) => renderPaxFare(currency, fare, passengers)),
    bags: renderBags(brand),
    change_fee: brand.changeFee === null ? null : price(brand.changeFee),
    cancel_fee: brand.cancelFee === null ? null : price(brand.cancelFee),
    seats_left: offer.seatsLeft,
    valid_until: instant(offer.expiresAt),
  }
}

function renderPaxFare(currency: string, fare: PassengerFare, mix: PassengerMix): PaxFare {
  const price = (minor: number): Price => ({ amount_minor: minor, currency })
  const counts = { adult: mix.adults, child: mix.children, infant: mix.infants }
  return {
    pax_type: paxTypes[fare.type],
    count: counts[fare.type],
    base: price(fare.base),
    taxes: price(fare.tax),
    total: price(fare.total),
  }
}

function renderBag({ kind, pieces, weightKg }: Allowance, pax_types: PaxType[]): Bag {
  return { kind: bagKinds[kind], pieces, kg: weightKg, pax_types }
}
