import type { AirlineSystem, Allowance, Carrier, FareBrand, Offer } from '@fanfare/kit'
import type { TravellerType } from '../schemas/common.ts'
import type { OfferBaggage } from '../schemas/offer.ts'
import { amount } from './amount.ts'
import { bagTypes } from './words.ts'

type Included = OfferBaggage['included'][number]

/** What a fare family includes for each type of traveller. */
export function allowances({ allowances, infantAllowances }: FareBrand): Included[] {
  return [
    ...allowances.map((allowance) => renderAllowance(allowance, ['ADULT', 'CHILD'])),
    ...infantAllowances.map((allowance) => renderAllowance(allowance, ['INFANT'])),
  ]
}

function renderAllowance({ kind, pieces, weightKg }: Allowance, travellerTypes: TravellerType[]): Included {
  return { travellerTypes, bagType: bagTypes[kind], pieces, weightKg }
}

/** What an offer includes and what can be bought with it. */
export function renderBaggage(
  carrier: Carrier,
  offer: Offer,
  forSale: ReturnType<AirlineSystem['baggage']>,
): OfferBaggage {
  return {
    currency: carrier.currency,
    flightIds: offer.journey.flights.map((flight) => flight.key),
    travellers: offer.passengers,
    included: allowances(offer.brand),
    products: forSale.flatMap(({ code, price, maxQuantity }) => {
      const product = carrier.baggage.find((candidate) => candidate.code === code)
      if (product === undefined) return []
      return {
        productCode: code,
        bagType: bagTypes[product.allowance.kind],
        pieces: product.allowance.pieces,
        weightKg: product.allowance.weightKg,
        travellerTypes: ['ADULT', 'CHILD'] satisfies TravellerType[],
        unitPrice: amount(price),
        maxUnits: maxQuantity,
      }
    }),
  }
}
