import type { AirlineSystem, Offer, ShopRequest } from '@fanfare/kit'
import { readCabin } from '../codes.ts'
import { NdcFault } from '../ndc-fault.ts'
import { mixOf, type Pax, paxList, readParty } from '../party.ts'
import { createDataLists } from '../render/data-lists.ts'
import { renderOffer } from '../render/offer.ts'
import { child, only, required, requiredText, type XmlNode } from '../xml-reader.ts'
import { writeMessage } from '../xml-writer.ts'
import { readRequest } from './request.ts'

/** Ways to name the passengers that an answer is kept for at once. */
const mostNamings = 8

/** Answers AirShoppingRQ: offers of one slice, cheapest first. */
export function airShopping(system: AirlineSystem): (bytes: Buffer) => Buffer {
  // The market gives the same array while nothing changes, so the same bytes answer it.
  const rendered = new WeakMap<readonly Offer[], Map<string, Buffer>>()

  return (bytes) => {
    const { party, ...question } = readQuestion(readRequest(bytes, 'IATA_AirShoppingRQ'))
    const offers = system.shop(question)
    const naming = JSON.stringify(party)
    const known = rendered.get(offers)?.get(naming)
    if (known) return known
    const answer = writeOffers(offers, party)
    let answers = rendered.get(offers)
    if (answers === undefined || answers.size >= mostNamings) {
      answers = new Map()
      rendered.set(offers, answers)
    }
    answers.set(naming, answer)
    return answer
  }
}

function readQuestion(request: XmlNode): ShopRequest & { party: Pax[] } {
  const flightRequest = required(request, 'FlightRequest')
  const slices = child(flightRequest, 'FlightRequestOriginDestinationsCriteria')
  if (slices === undefined)
    throw new NdcFault('915', 'Banyan shops by origin, destination and date only', 'FlightRequest')
  const slice = only(slices, 'OriginDestCriteria')
  const cabin = child(slice, 'CabinType') && required(only(slice, 'CabinType'), 'CabinTypeCode')
  const party = readParty(required(request, 'PaxList'))
  return {
    origin: requiredText(slice, 'OriginDepCriteria', 'IATA_LocationCode'),
    destination: requiredText(slice, 'DestArrivalCriteria', 'IATA_LocationCode'),
    date: readDate(required(slice, 'OriginDepCriteria', 'Date')),
    passengers: mixOf(party),
    cabin: cabin === undefined ? null : readCabin(cabin),
    party,
  }
}

function readDate({ name, text }: XmlNode): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  // Date.parse takes the 30th of February for the 1st of March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) {
    throw new NdcFault('914', `${text} is no date`, name)
  }
  return text
}

/** AirShoppingRS with these offers. */
export function writeOffers(offers: readonly Offer[], party: readonly Pax[]): Buffer {
  const lists = createDataLists()
  const rendered = offers.map((offer) => renderOffer(offer, party, lists, false))
  return writeMessage('IATA_AirShoppingRS', {
    Response: {
      DataLists: lists.write({ PaxList: paxList(party) }),
      OffersGroup: {
        CarrierOffers: { CarrierOffersSummary: { MatchedOfferQty: offers.length }, Offer: rendered },
      },
    },
  })
}
