import type { AirlineSystem } from '@fanfare/kit'
import { serviceItemId, serviceOfferId } from '../message-ids.ts'
import { amount } from '../money.ts'
import { nameParty, paxList } from '../party.ts'
import { createDataLists } from '../render/data-lists.ts'
import { renderServiceDefinition } from '../render/service-definition.ts'
import { only, required, requiredText } from '../xml-reader.ts'
import { writeMessage } from '../xml-writer.ts'
import { checkOwner, readRequest } from './request.ts'

/** Answers ServiceListRQ for an offer: the baggage that adults and children can buy besides what it includes. */
export function serviceList(system: AirlineSystem): (bytes: Buffer) => Buffer {
  const { baggage: products, designator } = system.carrier
  return (bytes) => {
    const request = readRequest(bytes, 'IATA_ServiceListRQ')
    const asked = only(required(request, 'ServiceListCoreRequest', 'OfferRequest'), 'Offer')
    checkOwner(asked)
    const offerId = requiredText(asked, 'OfferID')
    const { journey, passengers, brand } = system.offer(offerId)
    const lists = createDataLists()
    const segmentIds = journey.flights.map((flight) => lists.segment(flight, brand))
    const party = nameParty(passengers)
    const buyers = party.filter(({ type }) => type !== 'infant').map(({ id }) => id)
    const offered = system.baggage(offerId).flatMap(({ code, price }) => {
      const product = products.find((candidate) => candidate.code === code)
      return product ? [{ product, price }] : []
    })
    const definitions = offered.map(({ product }) => renderServiceDefinition(product, lists))
    return writeMessage('IATA_ServiceListRS', {
      Response: {
        ALaCarteOffer:
          offered.length === 0
            ? undefined
            : {
                OfferID: serviceOfferId(offerId),
                OfferItem: offered.map(({ product, price }, index) => ({
                  Eligibility: {
                    OfferFlightAssociations: { PaxSegmentReferences: { PaxSegmentRefID: segmentIds } },
                    PaxRefID: buyers,
                  },
                  OfferItemID: serviceItemId(offerId, product.code),
                  Service: { ServiceDefinitionRefID: product.code, ServiceID: `SV${index + 1}` },
                  UnitPrice: { TotalAmount: amount(price) },
                })),
                OwnerCode: designator,
              },
        DataLists: lists.write({
          PaxList: paxList(party),
          ServiceDefinitionList: definitions.length === 0 ? undefined : { ServiceDefinition: definitions },
        }),
      },
    })
  }
}
