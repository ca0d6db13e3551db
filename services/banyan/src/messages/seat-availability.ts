import type { AirlineSystem } from '@fanfare/kit'
import { seatItemId, seatOfferId } from '../message-ids.ts'
import { amount } from '../money.ts'
import { createDataLists } from '../render/data-lists.ts'
import { renderCabins } from '../render/seat-map.ts'
import { only, required, requiredText } from '../xml-reader.ts'
import { type Tree, writeMessage } from '../xml-writer.ts'
import { checkOwner, readRequest } from './request.ts'

/** Answers SeatAvailabilityRQ for an offer: the seats of each of its flights, in the cabin of the offer. */
export function seatAvailability(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const request = readRequest(bytes, 'IATA_SeatAvailabilityRQ')
    const asked = only(required(request, 'SeatAvailCoreRequest', 'OfferRequest'), 'Offer')
    checkOwner(asked)
    const offerId = requiredText(asked, 'OfferID')
    const { brand } = system.offer(offerId)
    const lists = createDataLists()
    const items: Tree[] = []
    const seatMaps = system.seatMaps(offerId).map(({ flight, plan, seats }, index) => {
      const segmentId = lists.segment(flight, brand)
      const prices = [...seats.values()].flatMap(({ available, price }) => (available ? [price] : []))
      for (const price of [...new Set(prices)].toSorted((a, b) => a - b)) {
        items.push({
          Eligibility: { OfferFlightAssociations: { PaxSegmentReferences: { PaxSegmentRefID: segmentId } } },
          OfferItemID: seatItemId(offerId, index + 1, price),
          Service: { ServiceDefinitionRefID: 'SEAT', ServiceID: `SV${items.length + 1}` },
          UnitPrice: { TotalAmount: amount(price) },
        })
      }
      const itemOf = (price: number) => seatItemId(offerId, index + 1, price)
      return { CabinCompartment: renderCabins(plan, seats, itemOf), PaxSegmentRefID: segmentId }
    })
    const { designator } = system.carrier
    const seat = { Name: 'Seat', OwnerCode: designator, RFIC: 'A', RFISC: '0B5', ServiceDefinitionID: 'SEAT' }
    return writeMessage('IATA_SeatAvailabilityRS', {
      Response: {
        ALaCarteOffer:
          items.length === 0 ? undefined : { OfferID: seatOfferId(offerId), OfferItem: items, OwnerCode: designator },
        DataLists: lists.write({ ServiceDefinitionList: { ServiceDefinition: seat } }),
        SeatMap: seatMaps,
      },
    })
  }
}
