import {
  type Allowance,
  anyText,
  type DataLists,
  type Flight,
  type Journey,
  type Pax,
  type PriceClass,
  readAmount,
  readDataLists,
} from './data-lists.ts'
import { child, childrenOf, readXml, required, requiredText, WireError, type XmlNode } from './xml.ts'

/** Banyan's answers as it sends them: only what we use, references resolved, checked where they enter. Amounts are cents. */

/** Namespace of a message's root element and its direct children. */
export const messageNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage'

/** Why Banyan said no. */
export interface Refusal {
  /** PADIS 9321, or Banyan's own. */
  code: string
  message: string
}

/** Code of a refusal: an airport that Banyan does not know. */
export const unknownAirport = '0Z01'

/** Code of a refusal: Banyan itself failed. */
export const systemError = '911'

/** A message that reads as NDC: what was asked for, or why not. */
export type Answer<T> = { value: T } | { refusal: Refusal }

/** Reads the bytes of an answer. Throws WireError where they do not read as the message it expects. */
export type Reader<T> = (bytes: Buffer) => Answer<T>

interface Fare {
  pax: Pax
  /** For this passenger alone. */
  base: number
  tax: number
  total: number
}

export interface Offer {
  id: string
  /** UTC. */
  expiresAt: string
  journey: Journey
  priceClass: PriceClass
  bookingClass: string
  fareBasis: string
  /** One per passenger, in the order of the question. */
  fares: Fare[]
  base: number
  tax: number
  total: number
  baggage: { paxIds: string[]; allowance: Allowance }[]
  /** Per passenger; null: not allowed. */
  cancelFee: number | null
  changeFee: number | null
}

export interface SeatMap {
  flight: Flight
  cabins: {
    /** CabinTypeCode. */
    cabin: string
    /** `section` is LS, CC or RS: left of the aisles, between them, right of them. */
    columns: { id: string; section: string }[]
    rows: {
      number: number
      /** PADIS 9864. */
      characteristics: string[]
      seats: {
        column: string
        /** PADIS 9865: F is free. */
        status: string
        /** null: not for sale now. */
        price: number | null
        /** PADIS 9825. */
        characteristics: string[]
      }[]
    }[]
  }[]
}

export interface ServiceList {
  /** As Banyan names them. */
  passengers: Pax[]
  services: {
    code: string
    allowance: Allowance
    maxQuantity: number
    /** Per unit, all flights together. */
    price: number
    flights: Flight[]
    paxIds: string[]
  }[]
}

export interface Order {
  locator: string
  clientReference: string
  status: 'held' | 'paid' | 'closed'
  /** UTC; null unless held. */
  payBy: string | null
  base: number
  tax: number
  seats: number
  baggage: number
  total: number
  /** In the order in which they are flown. */
  flights: Flight[]
  /** What cancelling gave back; null unless closed. */
  refund: Refund | null
}

export interface Refund {
  refund: number
  fee: number
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/

/** Reads AirShoppingRS. */
export const readAirShopping = reader('IATA_AirShoppingRS', (message): Offer[] => {
  const response = required(message, 'Response')
  const lists = readDataLists(response)
  const carriers = childrenOf(required(response, 'OffersGroup'), 'CarrierOffers')
  return carriers.flatMap((carrier) => childrenOf(carrier, 'Offer').map((offer) => readOffer(offer, lists)))
})

/** Reads OfferPriceRS. */
export const readOfferPrice = reader('IATA_OfferPriceRS', (message): Offer => {
  const response = required(message, 'Response')
  return readOffer(required(response, 'PricedOffer'), readDataLists(response))
})

/** Reads SeatAvailabilityRS. */
export const readSeatAvailability = reader('IATA_SeatAvailabilityRS', (message): SeatMap[] => {
  const response = required(message, 'Response')
  const lists = readDataLists(response)
  const prices = new Map(
    childrenOf(child(response, 'ALaCarteOffer'), 'OfferItem').map((item) => [
      requiredText(item, anyText, 'OfferItemID'),
      readAmount(item, 'UnitPrice', 'TotalAmount'),
    ]),
  )
  return childrenOf(response, 'SeatMap').map((map) => ({
    flight: lists.segment(requiredText(map, anyText, 'PaxSegmentRefID')),
    cabins: childrenOf(map, 'CabinCompartment').map((cabin) => readCabin(cabin, prices)),
  }))
})

/** Reads ServiceListRS. */
export const readServiceList = reader('IATA_ServiceListRS', (message): ServiceList => {
  const response = required(message, 'Response')
  const lists = readDataLists(response)
  const items = childrenOf(child(response, 'ALaCarteOffer'), 'OfferItem')
  return {
    passengers: lists.passengers,
    services: items.map((item) => {
      const eligibility = required(item, 'Eligibility')
      const segments = required(eligibility, 'OfferFlightAssociations', 'PaxSegmentReferences')
      return {
        ...lists.serviceAllowance(requiredText(item, anyText, 'Service', 'ServiceDefinitionRefID')),
        price: readAmount(item, 'UnitPrice', 'TotalAmount'),
        flights: childrenOf(segments, 'PaxSegmentRefID').map(({ text }) => lists.segment(text)),
        paxIds: childrenOf(eligibility, 'PaxRefID').map(({ text }) => text),
      }
    }),
  }
})

/** Reads OrderViewRS. */
export const readOrderView = reader('IATA_OrderViewRS', readOrder)

/** Reads OrderViewRS of an order that was just cancelled: what that gave back. */
export const readCancelled = reader('IATA_OrderViewRS', (message): Refund => {
  const { refund } = readOrder(message)
  if (refund === null) throw new WireError('an Order that was cancelled is not CLOSED')
  return refund
})

/** Reads OrderReshopRS that quotes a cancellation. */
export const readCancelQuote = reader('IATA_OrderReshopRS', (message): Refund & { offerId: string } => {
  const offer = required(message, 'Response', 'ReshopResults', 'ReshopOffers', 'Offer')
  return {
    offerId: requiredText(offer, anyText, 'OfferID'),
    ...readRefund(required(offer, 'DeleteOrderItem', 'PriceDifferential')),
  }
})

function reader<T>(root: string, read: (message: XmlNode) => T): Reader<T> {
  return (bytes) => {
    const message = readXml(bytes, root, messageNamespace)
    const error = child(message, 'Error')
    if (error === undefined) return { value: read(message) }
    return { refusal: { code: requiredText(error, anyText, 'Code'), message: child(error, 'DescText')?.text ?? '' } }
  }
}

function readOffer(offer: XmlNode, lists: DataLists): Offer {
  const items = childrenOf(offer, 'OfferItem')
  const [first] = items
  if (first === undefined) throw new WireError('an Offer has no OfferItem')
  const component = required(first, 'FareDetail', 'FareComponent')
  const journeyId = requiredText(
    first,
    anyText,
    'Service',
    'OfferServiceAssociation',
    'PaxJourneyRef',
    'PaxJourneyRefID',
  )
  const penalties = childrenOf(offer, 'PenaltyRefID').map(({ text }) => lists.penalty(text))
  const feeOf = (type: string) => penalties.find((penalty) => penalty.type === type)?.fee ?? null
  return {
    id: requiredText(offer, /^[A-Za-z0-9._-]{1,200}$/, 'OfferID'),
    expiresAt: requiredText(offer, instant, 'OfferExpirationTimeLimitDateTime'),
    journey: lists.journey(journeyId),
    priceClass: lists.priceClass(requiredText(component, anyText, 'PriceClassRefID')),
    bookingClass: requiredText(component, /^[A-Z]$/, 'RBD', 'RBD_Code'),
    fareBasis: requiredText(component, anyText, 'FareBasisCode'),
    ...readFares(items, lists.passengers, readAmount(offer, 'TotalPrice', 'TotalAmount')),
    baggage: childrenOf(offer, 'BaggageAssociations').flatMap((association) => {
      const paxIds = childrenOf(association, 'PaxRefID').map(({ text }) => text)
      return childrenOf(association, 'BaggageAllowanceRefID').map(({ text }) => ({
        paxIds,
        allowance: lists.allowance(text),
      }))
    }),
    cancelFee: feeOf('Cancellation'),
    changeFee: feeOf('Change'),
  }
}

/** An item is priced for all its passengers together, each of them alike. */
function readFares(
  items: readonly XmlNode[],
  passengers: readonly Pax[],
  total: number,
): Pick<Offer, 'fares' | 'base' | 'tax' | 'total'> {
  const perPax = new Map<string, Omit<Fare, 'pax'>>()
  let [base, tax, sum] = [0, 0, 0]
  for (const item of items) {
    const price = required(item, 'Price')
    const paxIds = childrenOf(required(item, 'FareDetail'), 'PaxRefID').map(({ text }) => text)
    const itemPrice = {
      base: readAmount(price, 'BaseAmount'),
      tax: readAmount(price, 'TaxSummary', 'TotalTaxAmount'),
      total: readAmount(price, 'TotalAmount'),
    }
    const each = {
      base: itemPrice.base / paxIds.length,
      tax: itemPrice.tax / paxIds.length,
      total: itemPrice.total / paxIds.length,
    }
    if (!Object.values(each).every(Number.isInteger)) throw new WireError('a Price does not divide by its passengers')
    if (each.base + each.tax !== each.total) throw new WireError('a Price is not the sum of its parts')
    for (const id of paxIds) perPax.set(id, each)
    base += itemPrice.base
    tax += itemPrice.tax
    sum += itemPrice.total
  }
  if (sum !== total) throw new WireError('TotalPrice is not the sum of the items')
  const fares = passengers.map((pax) => {
    const fare = perPax.get(pax.id)
    if (fare === undefined) throw new WireError('an Offer has no price for one of its passengers')
    return { pax, ...fare }
  })
  if (perPax.size !== fares.length) throw new WireError('an Offer is for other passengers')
  return { fares, base, tax, total }
}

function readCabin(cabin: XmlNode, prices: ReadonlyMap<string, number>): SeatMap['cabins'][number] {
  return {
    cabin: requiredText(cabin, anyText, 'CabinType', 'CabinTypeCode'),
    columns: childrenOf(cabin, 'SeatColumn').map((column) => ({
      id: requiredText(column, /^[A-L]$/, 'ColumnID'),
      section: requiredText(column, /^(LS|CC|RS)$/, 'SeatCharacteristicCode'),
    })),
    rows: childrenOf(cabin, 'SeatRow').map((row) => ({
      number: Number(requiredText(row, /^[1-9]\d?$/, 'RowNumber')),
      characteristics: childrenOf(row, 'RowCharacteristicCode').map(({ text }) => text),
      seats: childrenOf(row, 'Seat').map((seat) => {
        const item = child(seat, 'OfferItemRefID')
        const price = item === undefined ? null : prices.get(item.text)
        if (price === undefined) throw new WireError('a Seat refers to no OfferItem')
        return {
          column: requiredText(seat, /^[A-L]$/, 'ColumnID'),
          status: requiredText(seat, anyText, 'OccupationStatusCode'),
          price,
          characteristics: childrenOf(seat, 'SeatCharacteristicCode').map(({ text }) => text),
        }
      }),
    })),
  }
}

function readOrder(message: XmlNode): Order {
  const order = required(message, 'Response', 'Order')
  const items = childrenOf(order, 'OrderItem')
  const kinds = items.map((item) => ({ item, kind: itemKind(item) }))
  const flights = kinds.find(({ kind }) => kind === 'flight')?.item
  if (flights === undefined) throw new WireError('an Order has no flights')
  const sumOf = (wanted: string) =>
    kinds.reduce((sum, { item, kind }) => (kind === wanted ? sum + readAmount(item, 'Price', 'TotalAmount') : sum), 0)
  const [base, tax] = [
    readAmount(flights, 'Price', 'BaseAmount'),
    readAmount(flights, 'Price', 'TaxSummary', 'TotalTaxAmount'),
  ]
  const [seats, baggage, total] = [sumOf('seat'), sumOf('service'), readAmount(order, 'TotalPrice', 'TotalAmount')]
  if (base + tax + seats + baggage !== total) throw new WireError('TotalPrice is not the sum of the items')
  return {
    locator: requiredText(order, /^[A-Z0-9]{5,8}$/, 'OrderID'),
    clientReference: readClientReference(flights),
    ...readStatus(message, order, flights),
    base,
    tax,
    seats,
    baggage,
    total,
    flights: readFlights(flights, readDataLists(required(message, 'Response'))),
  }
}

/** The flights of an order, which has a Service for each of them and each passenger. */
function readFlights(item: XmlNode, lists: DataLists): Flight[] {
  const segmentIds = childrenOf(item, 'Service').map((service) =>
    requiredText(service, anyText, 'OrderServiceAssociation', 'PaxSegmentRef', 'PaxSegmentRefID'),
  )
  return [...new Set(segmentIds)].map(lists.segment)
}

function itemKind(item: XmlNode): 'flight' | 'seat' | 'service' {
  const association = required(item, 'Service', 'OrderServiceAssociation')
  if (child(association, 'PaxSegmentRef') !== undefined) return 'flight'
  return child(association, 'SeatOnLeg') === undefined ? 'service' : 'seat'
}

/** The seller's BookingRef is an organisation's, the record locator a carrier's. */
function readClientReference(flights: XmlNode): string {
  const references = childrenOf(required(flights, 'Service'), 'BookingRef')
  const ours = references.find((reference) => child(child(reference, 'BookingEntity'), 'Org') !== undefined)
  if (ours === undefined) throw new WireError('an Order has no BookingRef of the seller')
  return requiredText(ours, anyText, 'BookingID')
}

function readStatus(message: XmlNode, order: XmlNode, flights: XmlNode): Pick<Order, 'status' | 'payBy' | 'refund'> {
  switch (requiredText(order, anyText, 'StatusCode')) {
    case 'CLOSED':
      return { status: 'closed', payBy: null, refund: readRefund(required(flights, 'PriceDifferential')) }
    case 'OPENED':
      if (isPaid(message)) return { status: 'paid', payBy: null, refund: null }
      return { status: 'held', payBy: requiredText(flights, instant, 'PaymentTimeLimitDateTime'), refund: null }
    default:
      throw new WireError('an Order is neither OPENED nor CLOSED')
  }
}

function isPaid(message: XmlNode): boolean {
  return childrenOf(message, 'PaymentFunctions').some(
    (payment) => child(child(payment, 'PaymentProcessingSummary'), 'PaymentStatusCode')?.text === 'SUCCESSFUL',
  )
}

function readRefund(differential: XmlNode): Refund {
  const price = required(differential, 'DiffPrice', 'Price')
  return { refund: readAmount(price, 'DueByAirlineAmount'), fee: readAmount(price, 'Fee', 'Amount') }
}
