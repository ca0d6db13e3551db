import type { Offer, PassengerFare } from '@fanfare/kit'
import { flightItemId } from '../message-ids.ts'
import { amount } from '../money.ts'
import type { Pax } from '../party.ts'
import type { Tree } from '../xml-writer.ts'
import type { DataLists } from './data-lists.ts'
import { timestamp } from './timestamp.ts'

/**
 * An Offer element: one item per passenger type, priced for all its passengers. What it refers to goes to `lists`.
 * `taxLines`: with each tax, not only their sum.
 */
export function renderOffer(offer: Offer, party: readonly Pax[], lists: DataLists, taxLines: boolean): Tree {
  const { brand, journey } = offer
  const journeyId = lists.journey(journey)
  const segmentIds = journey.flights.map((flight) => lists.segment(flight))
  const priceClassId = lists.priceClass(brand)
  const idsOf = (...types: Pax['type'][]) => party.filter(({ type }) => types.includes(type)).map(({ id }) => id)
  const baggage = [
    { allowances: brand.allowances, paxIds: idsOf('adult', 'child') },
    { allowances: brand.infantAllowances, paxIds: idsOf('infant') },
  ].filter(({ allowances, paxIds }) => allowances.length > 0 && paxIds.length > 0)

  return {
    BaggageAssociations: baggage.map(({ allowances, paxIds }) => ({
      BaggageAllowanceRefID: allowances.map((allowance) => lists.allowance(allowance)),
      PaxRefID: paxIds,
    })),
    OfferExpirationTimeLimitDateTime: timestamp(offer.expiresAt),
    OfferID: offer.id,
    OfferItem: offer.perPassenger.map((fare, index) => {
      const paxIds = idsOf(fare.type)
      return {
        FareDetail: {
          FareComponent: {
            FareBasisCode: offer.fareBasis,
            PaxSegmentRefID: segmentIds,
            PriceClassRefID: priceClassId,
            RBD: { RBD_Code: brand.bookingClass },
          },
          PaxRefID: paxIds,
        },
        OfferItemID: flightItemId(offer.id, index + 1),
        Price: renderFare(fare, paxIds.length, taxLines),
        Service: {
          OfferServiceAssociation: { PaxJourneyRef: { PaxJourneyRefID: journeyId } },
          PaxRefID: paxIds,
          ServiceID: `SV${index + 1}`,
        },
      }
    }),
    OwnerCode: journey.flights[0]?.marketing,
    PenaltyRefID: [
      ...(brand.cancelFee === null ? [] : [lists.penalty('Cancellation', brand.cancelFee)]),
      ...(brand.changeFee === null ? [] : [lists.penalty('Change', brand.changeFee)]),
    ],
    TotalPrice: { TotalAmount: amount(offer.total) },
  }
}

function renderFare({ base, taxes, tax, total }: PassengerFare, count: number, taxLines: boolean): Tree {
  return {
    BaseAmount: amount(base * count),
    TaxSummary: {
      Tax: taxLines ? taxes.map((line) => ({ Amount: amount(line.amount * count), TaxCode: line.code })) : undefined,
      TotalTaxAmount: amount(tax * count),
    },
    TotalAmount: amount(total * count),
  }
}
