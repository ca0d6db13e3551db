import { type Allowance, countOf, type FareBrand, type Flight, type Journey, type Offer } from '@fanfare/kit'
import type { GuestType } from '../schemas/common.ts'
import type { Bundle, IncludedBag, PricedOffer, Sector, Solution } from '../schemas/searches.ts'
import { amount } from './amount.ts'
import { instant, zonedMoment } from './moment.ts'
import { bagKinds, cabins } from './words.ts'

/** Offers of one search, cheapest first, gathered by journey. */
export function renderSolutions(offers: readonly Offer[]): Solution[] {
  const solutions = new Map<string, Solution>()
  for (const offer of offers) {
    const key = offer.journey.flights.map((flight) => flight.key).join()
    const solution = solutions.get(key)
    if (solution) solution.bundles.push(renderBundle(offer))
    else solutions.set(key, { ...renderJourney(offer.journey), bundles: [renderBundle(offer)] })
  }
  return [...solutions.values()]
}

/** One offer at its price of now. */
export function renderPricedOffer(offer: Offer): PricedOffer {
  return { currency: 'THB', ...renderJourney(offer.journey), bundle: renderBundle(offer) }
}

function renderJourney({ minutes, flights }: Journey): Pick<Solution, 'minutes' | 'sectors'> {
  return { minutes, sectors: flights.map(renderSector) }
}

/** One flight. */
export function renderSector(flight: Flight): Sector {
  return {
    flightKey: flight.key,
    flightNumber: `${flight.marketing}${flight.number}`,
    operatedBy: flight.operating.designator,
    from: flight.origin,
    to: flight.destination,
    departs: zonedMoment(flight.departure),
    arrives: zonedMoment(flight.arrival),
    minutes: flight.minutes,
    aircraft: flight.aircraft,
  }
}

function renderBundle(offer: Offer): Bundle {
  const { brand, passengers } = offer
  return {
    offerToken: offer.id,
    code: brand.code,
    name: brand.name,
    cabin: cabins[brand.cabin],
    bookingCode: brand.bookingClass,
    fareBasis: offer.fareBasis,
    price: {
      fare: amount(offer.base),
      taxes: amount(offer.tax),
      total: amount(offer.total),
      guests: offer.perPassenger.map(({ type, base, tax, total }) => ({
        guestType: type,
        count: countOf(passengers, type),
        fare: amount(base),
        taxes: amount(tax),
        total: amount(total),
      })),
    },
    includes: { bags: includedBags(brand), seatZones: [...brand.includedSeatZones] },
    rules: { changeFee: fee(brand.changeFee), refundFee: fee(brand.cancelFee) },
    seatsLeft: offer.seatsLeft,
    goodUntil: instant(offer.expiresAt),
  }
}

function fee(minor: number | null): number | null {
  return minor === null ? null : amount(minor)
}

/** What a bundle carries for each type of guest. */
export function includedBags({ allowances, infantAllowances }: FareBrand): IncludedBag[] {
  const render = (allowance: Allowance, guestTypes: GuestType[]) => ({ ...renderBag(allowance), guestTypes })
  return [
    ...allowances.map((allowance) => render(allowance, ['adult', 'child'])),
    ...infantAllowances.map((allowance) => render(allowance, ['infant'])),
  ]
}

/** Baggage by the piece. Throws for baggage that counts by weight, which Lotus Air cannot say. */
export function renderBag({ kind, pieces, weightKg }: Allowance): Omit<IncludedBag, 'guestTypes'> {
  if (pieces === null) throw new Error('Lotus Air counts its baggage by the piece')
  return { kind: bagKinds[kind], pieces, kgEach: weightKg }
}
