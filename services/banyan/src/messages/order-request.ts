import { randomUUID } from 'node:crypto'
import { type AirlineSystem, notice, type OrderRequest, offerKey, Refusal } from '@fanfare/kit'
import { parseSeatItemId, seatOfferId, serviceItemId, serviceOfferId } from '../message-ids.ts'
import { readAmount } from '../money.ts'
import { NdcFault } from '../ndc-fault.ts'
import { readParty } from '../party.ts'
import { child, childrenOf, only, required, requiredText, type XmlNode } from '../xml-reader.ts'
import { checkFlightItems } from './offer-price.ts'
import { readPassengers } from './passengers.ts'
import { readPayment } from './payment.ts'
import { checkOwner } from './request.ts'

/** Most characters of a seller's own reference. */
const longestReference = 64

/** Reads the Request of an OrderCreateRQ. Throws NdcFault for what is missing or does not fit, Refusal as the system does. */
export function readOrder(system: AirlineSystem, request: XmlNode): OrderRequest {
  const list = required(request, 'CreateOrder', 'AcceptSelectedQuotedOfferList')
  const selections = childrenOf(list, 'SelectedPricedOffer')
  for (const selected of selections) checkOwner(selected)
  const [flights, ...extras] = selections
  if (flights === undefined) throw new NdcFault('912', 'no offer is selected', 'SelectedPricedOffer')

  const offerId = requiredText(flights, 'OfferRefID')
  const payment = readPayment(request)
  // Whatever is looked up to read it: it is an order that is asked for, also where nothing comes of it.
  notice(payment === null ? 'hold' : 'purchase', offerKey(offerId))
  const clientReference = readReference(request) ?? randomUUID()
  const dataLists = required(request, 'DataLists')
  const earlier = system.findByClientReference(clientReference)
  // An order that is asked for again is answered again, although its offer may be gone by now.
  const flightKeys = earlier?.offer.flights ?? checkedFlights(system, offerId, flights, dataLists)
  const itemsOf = (id: string) =>
    extras.flatMap((selected) =>
      requiredText(selected, 'OfferRefID') === id ? childrenOf(selected, 'SelectedOfferItem') : [],
    )
  const seatItems = itemsOf(seatOfferId(offerId))
  const serviceItems = itemsOf(serviceOfferId(offerId))
  checkExtras(extras, offerId)

  const seats = seatItems.map((item) => readSeat(item, offerId, flightKeys))
  if (earlier === null) checkSeatPrices(system, offerId, seats)
  const total = readTotal(selections)
  if (payment !== null && total !== null && payment !== total) {
    throw new NdcFault('914', 'the payment is not the total of the offers selected', 'PaymentFunctions')
  }
  return {
    clientReference,
    offerId,
    passengers: readPassengers(required(dataLists, 'PaxList')),
    contact: readContact(dataLists),
    seats: seats.map(({ passengerId, flightKey, designator }) => ({ passengerId, flightKey, designator })),
    baggage: serviceItems.flatMap((item) => readBaggage(system, item, offerId)),
    expectedTotal: payment ?? total,
    pay: payment !== null,
  }
}

function checkedFlights(system: AirlineSystem, offerId: string, selected: XmlNode, dataLists: XmlNode): string[] {
  const offer = system.offer(offerId)
  checkFlightItems(offer, readParty(required(dataLists, 'PaxList')), selected)
  return offer.journey.flights.map(({ key }) => key)
}

function checkExtras(extras: readonly XmlNode[], offerId: string): void {
  const known = [seatOfferId(offerId), serviceOfferId(offerId)]
  if (!extras.every((selected) => known.includes(requiredText(selected, 'OfferRefID')))) {
    throw new NdcFault('913', 'no such offer goes with the first one selected', 'OfferRefID')
  }
}

/** The seller's own reference; null where the request has none. */
function readReference(request: XmlNode): string | null {
  if (child(request, 'BookingRef') === undefined) return null
  const reference = requiredText(only(request, 'BookingRef'), 'BookingID')
  if (reference.length > longestReference) {
    throw new NdcFault('914', `a BookingID has at most ${longestReference} characters`, 'BookingID')
  }
  return reference
}

interface SeatChoice {
  passengerId: string
  flightKey: string
  designator: string
  /** As the seller was shown it, minor units. */
  price: number
}

function readSeat(item: XmlNode, offerId: string, flightKeys: readonly string[]): SeatChoice {
  const id = parseSeatItemId(offerId, requiredText(item, 'OfferItemRefID'))
  const flightKey = id === null ? undefined : flightKeys[id.nth - 1]
  if (id === null || flightKey === undefined) {
    throw new NdcFault('913', 'no such seats are offered', 'OfferItemRefID')
  }
  const row = requiredText(item, 'SelectedSeat', 'SeatRowNumber')
  const column = requiredText(item, 'SelectedSeat', 'ColumnID')
  if (!/^[1-9]\d?$/.test(row) || !/^[A-Z]$/.test(column))
    throw new NdcFault('3', `${row}${column} is no seat`, 'SelectedSeat')
  return { passengerId: only(item, 'PaxRefID').text, flightKey, designator: row + column, price: id.price }
}

function checkSeatPrices(system: AirlineSystem, offerId: string, seats: readonly SeatChoice[]): void {
  if (seats.length === 0) return
  const maps = new Map(system.seatMaps(offerId).map((map) => [map.flight.key, map.seats]))
  for (const { flightKey, designator, price } of seats) {
    const state = maps.get(flightKey)?.get(designator)
    if (state?.available && state.price !== price) {
      throw new Refusal('price_changed', `seat ${designator} is not sold at this price`)
    }
  }
}

function readBaggage(system: AirlineSystem, item: XmlNode, offerId: string): OrderRequest['baggage'] {
  const itemId = requiredText(item, 'OfferItemRefID')
  const product = system.carrier.baggage.find(({ code }) => serviceItemId(offerId, code) === itemId)
  if (product === undefined) throw new Refusal('baggage_unknown', `${itemId} is not offered`)
  const quantity = requiredText(item, 'SelectedALaCarteOfferItem', 'Qty')
  if (!/^[1-9]\d?$/.test(quantity)) throw new NdcFault('914', 'Qty must be a whole number', 'Qty')
  return childrenOf(item, 'PaxRefID').map(({ text }) => ({
    passengerId: text,
    code: product.code,
    quantity: Number(quantity),
  }))
}

function readContact(dataLists: XmlNode): OrderRequest['contact'] {
  const [contact] = childrenOf(required(dataLists, 'ContactInfoList'), 'ContactInfo')
  if (contact === undefined) throw new NdcFault('912', 'ContactInfoList has no ContactInfo', 'ContactInfo')
  return {
    email: requiredText(contact, 'EmailAddress', 'EmailAddressText'),
    phone: requiredText(contact, 'Phone', 'PhoneNumber'),
  }
}

/** What the seller expects to pay for all it selected, minor units; null where an offer names no total. */
function readTotal(selections: readonly XmlNode[]): number | null {
  let total = 0
  for (const selected of selections) {
    const amount = child(selected, 'TotalOfferPriceAmount')
    if (amount === undefined) return null
    total += readAmount(amount)
  }
  return total
}
