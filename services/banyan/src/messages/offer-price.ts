import type { AirlineSystem, Offer } from '@fanfare/kit'
import { flightItemId } from '../message-ids.ts'
import { NdcFault } from '../ndc-fault.ts'
import { mixOf, type Pax, paxList, readParty } from '../party.ts'
import { createDataLists } from '../render/data-lists.ts'
import { renderOffer } from '../render/offer.ts'
import { childrenOf, only, required, requiredText, type XmlNode } from '../xml-reader.ts'
import { writeMessage } from '../xml-writer.ts'
import { checkOwner, readRequest } from './request.ts'

/** Answers OfferPriceRQ: one offer as it is priced now, with every tax. */
export function offerPrice(system: AirlineSystem): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const request = readRequest(bytes, 'IATA_OfferPriceRQ')
    const party = readParty(required(request, 'DataLists', 'PaxList'))
    const selected = only(required(request, 'PricedOffer', 'SelectedOfferList'), 'SelectedOffer')
    checkOwner(selected)
    const offer = system.offer(requiredText(selected, 'OfferRefID'))
    checkFlightItems(offer, party, selected)
    const lists = createDataLists()
    const priced = renderOffer(offer, party, lists, true)
    return writeMessage('IATA_OfferPriceRS', {
      Response: { DataLists: lists.write({ PaxList: paxList(party) }), PricedOffer: priced },
    })
  }
}

/**
 * An offer is taken whole: each of its items once, for every passenger of the item's type. Throws NdcFault 913 for items
 * that are not the offer's, 0Z06 for passengers that it is not for.
 */
export function checkFlightItems(offer: Offer, party: readonly Pax[], selected: XmlNode): void {
  const { adults, children, infants } = offer.passengers
  const mix = mixOf(party)
  if (mix.adults !== adults || mix.children !== children || mix.infants !== infants) {
    throw new NdcFault('0Z06', `the offer is for ${adults} ADT, ${children} CHD and ${infants} INF`, 'PaxList')
  }
  const items = childrenOf(selected, 'SelectedOfferItem')
  if (items.length !== offer.perPassenger.length) {
    throw new NdcFault('913', 'the offer’s items must be taken all together, each once', 'SelectedOfferItem')
  }
  offer.perPassenger.forEach(({ type }, index) => {
    const item = items.find(
      (candidate) => requiredText(candidate, 'OfferItemRefID') === flightItemId(offer.id, index + 1),
    )
    if (item === undefined) throw new NdcFault('913', 'the offer has no such item', 'OfferItemRefID')
    const named = childrenOf(item, 'PaxRefID').map(({ text }) => text)
    const expected = party.filter((pax) => pax.type === type).map(({ id }) => id)
    if (named.toSorted().join(' ') !== expected.toSorted().join(' ')) {
      throw new NdcFault('0Z06', `the item is for every ${type} and no one else`, 'PaxRefID')
    }
  })
}
