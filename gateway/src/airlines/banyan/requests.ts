import { randomUUID } from 'node:crypto'
import Builder from 'fast-xml-builder'
import type { Money } from '../../schemas/money.ts'
import type { Passenger } from '../../schemas/passenger.ts'
import type { OrderDraft, QueryPassenger, SliceQuery } from '../connector.ts'
import { cabinTypeCodes, passengerTypeCodes } from './map.ts'
import { messageNamespace } from './wire.ts'

/** What an element holds: text, elements in the order of their keys (a list repeats one), or nothing at all. */
type Content = string | number | undefined | Tree | readonly Content[]
interface Tree {
  readonly [name: string]: Content
}

/** Namespace of everything below a message's parts. */
const commonNamespace = 'http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes'

const ownerCode = '0Z'
const seller = { Name: 'Fanfare', OrgID: 'FANFARE' }

/** Characters that no XML 1.0 document may hold, however escaped. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

const clean = (_name: string, value: unknown) =>
  typeof value === 'string' ? value.replace(forbidden, '\ufffd') : value

const builder = new Builder({
  ignoreAttributes: false,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  tagValueProcessor: clean,
  attributeValueProcessor: clean,
})

/** A request under a TrxID of its own. */
function write(name: string, request: Record<string, Tree | Tree[] | string>): string {
  const declared = Object.entries(request).map(([part, content]) => [part, declare(content)])
  const declaredHere = { '@_xmlns': commonNamespace }
  return builder.build({
    [`IATA_${name}RQ`]: {
      '@_xmlns': messageNamespace,
      DistributionChain: {
        DistributionChainLink: { ...declaredHere, Ordinal: 1, OrgRole: 'Seller', ParticipatingOrg: seller },
      },
      PayloadAttributes: {
        TrxID: { ...declaredHere, '#text': randomUUID() },
        VersionNumber: { ...declaredHere, '#text': '21.3' },
      },
      Request: Object.fromEntries(declared),
    },
  })
}

function declare(content: Tree | Tree[] | string): Content {
  if (Array.isArray(content)) return content.map(declare)
  const namespace = { '@_xmlns': commonNamespace }
  return typeof content === 'string' ? { ...namespace, '#text': content } : { ...namespace, ...content }
}

/** A question for offers. */
export function airShoppingRequest({ origin, destination, departureDate, cabin, passengers }: SliceQuery): string {
  return write('AirShopping', {
    FlightRequest: {
      FlightRequestOriginDestinationsCriteria: {
        OriginDestCriteria: {
          CabinType: { CabinTypeCode: cabinTypeCodes[cabin], PrefLevel: { PrefLevelCode: 'Required' } },
          DestArrivalCriteria: { IATA_LocationCode: destination },
          OriginDepCriteria: { Date: departureDate, IATA_LocationCode: origin },
        },
      },
    },
    PaxList: paxList(passengers),
  })
}

function paxList(party: readonly QueryPassenger[]): Tree {
  return { Pax: party.map(({ id, type }) => ({ PaxID: id, PTC: passengerTypeCodes[type] })) }
}

/** A question for an offer's price now. `offerId` is Banyan's own. */
export function offerPriceRequest(offerId: string, party: readonly QueryPassenger[]): string {
  const selected = { OfferRefID: offerId, OwnerCode: ownerCode, SelectedOfferItem: flightItems(offerId, party) }
  return write('OfferPrice', {
    DataLists: { PaxList: paxList(party) },
    PricedOffer: { SelectedOfferList: { SelectedOffer: selected } },
  })
}

/** Every item of an offer: Banyan counts them from 1 by passenger type. */
function flightItems(offerId: string, party: readonly QueryPassenger[]): Tree[] {
  const types = (['adult', 'child', 'infant'] as const).filter((type) => party.some((pax) => pax.type === type))
  return types.map((type, index) => ({
    OfferItemRefID: `${offerId}-${index + 1}`,
    PaxRefID: party.filter((pax) => pax.type === type).map(({ id }) => id),
  }))
}

/** A question for the seats that can be bought with an offer. */
export function seatAvailabilityRequest(offerId: string): string {
  return write('SeatAvailability', { SeatAvailCoreRequest: offerRequest(offerId) })
}

/** A question for the services that can be bought with an offer. */
export function serviceListRequest(offerId: string): string {
  return write('ServiceList', { ServiceListCoreRequest: offerRequest(offerId) })
}

function offerRequest(offerId: string): Tree {
  return { OfferRequest: { Offer: { OfferID: offerId, OwnerCode: ownerCode } } }
}

/** A draft in Banyan's words. */
export interface OrderParts {
  /** Banyan's own id of the draft's offer. */
  offerId: string
  /** What of the total the flights cost. */
  flightsPrice: Money
  /** `flight` counts the offer's flights from 1. */
  seats: { flight: number; passengerId: string; row: string; column: string; price: Money }[]
  /** `price` is for the whole quantity. */
  services: { code: string; passengerId: string; quantity: number; price: Money }[]
}

/** An order; without payment it is held. */
export function orderCreateRequest(draft: OrderDraft, parts: OrderParts, isPaid: boolean): string {
  const { offerId } = parts
  return write('OrderCreate', {
    BookingRef: { BookingEntity: { Org: seller }, BookingID: draft.clientReference },
    CreateOrder: {
      AcceptSelectedQuotedOfferList: {
        SelectedPricedOffer: [
          {
            OfferRefID: offerId,
            OwnerCode: ownerCode,
            SelectedOfferItem: flightItems(offerId, draft.passengers),
            TotalOfferPriceAmount: amount(parts.flightsPrice),
          },
          ...parts.seats.map((seat) => selectedSeat(offerId, seat)),
          ...parts.services.map((service) => selectedService(offerId, service)),
        ],
      },
    },
    DataLists: {
      ContactInfoList: {
        ContactInfo: {
          ContactInfoID: 'C1',
          EmailAddress: { EmailAddressText: draft.contact.email },
          Phone: { PhoneNumber: draft.contact.phone },
        },
      },
      PaxList: { Pax: draft.passengers.map((passenger, index) => pax(passenger, index, draft.passengers)) },
    },
    ...(isPaid && { PaymentFunctions: { PaymentProcessingDetails: paymentDetails(draft.total) } }),
  })
}

function selectedSeat(offerId: string, { flight, passengerId, row, column, price }: OrderParts['seats'][number]): Tree {
  return {
    OfferRefID: `${offerId}-S`,
    OwnerCode: ownerCode,
    SelectedOfferItem: {
      OfferItemRefID: `${offerId}-S${flight}-${Number(price.amount.replace('.', ''))}`,
      PaxRefID: passengerId,
      SelectedSeat: { ColumnID: column, SeatRowNumber: row },
    },
    TotalOfferPriceAmount: amount(price),
  }
}

function selectedService(
  offerId: string,
  { code, passengerId, quantity, price }: OrderParts['services'][number],
): Tree {
  return {
    OfferRefID: `${offerId}-B`,
    OwnerCode: ownerCode,
    SelectedOfferItem: {
      OfferItemRefID: `${offerId}-B-${code}`,
      PaxRefID: passengerId,
      SelectedALaCarteOfferItem: { Qty: quantity },
    },
    TotalOfferPriceAmount: amount(price),
  }
}

const genderCodes: Record<Passenger['gender'], string> = { female: 'F', male: 'M', unspecified: 'U' }

function pax(passenger: Passenger, index: number, passengers: readonly Passenger[]): Tree {
  const { id, type, title, givenName, familyName, bornOn, gender, document } = passenger
  const adults = passengers.filter((other) => other.type === 'adult')
  const infantsBefore = passengers.slice(0, index).filter((other) => other.type === 'infant').length
  return {
    ...(index === 0 && { ContactInfoRefID: 'C1' }),
    ...(document && {
      IdentityDoc: {
        ExpiryDate: document.expiresOn,
        IdentityDocID: document.number,
        IdentityDocTypeCode: document.type === 'passport' ? 'PT' : 'NI',
        IssuingCountryCode: document.country,
        Surname: familyName,
      },
    }),
    Individual: {
      Birthdate: bornOn,
      GenderCode: genderCodes[gender],
      GivenName: givenName,
      Surname: familyName,
      TitleName: title.toUpperCase(),
    },
    PaxID: id,
    // On whose lap.
    ...(type === 'infant' && { PaxRefID: adults[infantsBefore]?.id }),
    PTC: passengerTypeCodes[type],
  }
}

/** A question for the order that carries our reference. */
export function orderRetrieveRequest(clientReference: string): string {
  return write('OrderRetrieve', {
    OrderValidationFilterCriteria: { BookingRefFilterCriteria: { BookingID: clientReference, Org: seller } },
  })
}

/** A question for what cancelling an order gives back. */
export function cancelQuoteRequest(orderId: string): string {
  return write('OrderReshop', { OrderRefID: orderId, UpdateOrder: { CancelOrderRef: { OrderRefID: orderId } } })
}

/** Cancels an order as quoted. */
export function cancelRequest(orderId: string, quoteOfferId: string): string {
  return write('OrderChange', {
    ChangeOrderChoice: { AcceptCancelledOffer: { OfferID: quoteOfferId, OwnerCode: ownerCode } },
    Order: { OrderID: orderId, OwnerCode: ownerCode },
  })
}

/** Pays a held order. */
export function paymentRequest(orderId: string, total: Money): string {
  return write('OrderChange', {
    Order: { OrderID: orderId, OwnerCode: ownerCode },
    PaymentFunctions: {
      OrderAssociation: { OrderRefID: orderId },
      PaymentProcessingDetails: paymentDetails(total),
    },
  })
}

/** Paid in cash terms: money moves between seller and airline by their own settlement. */
function paymentDetails(total: Money): Tree {
  return { Amount: amount(total), PaymentMethod: { SettlementPlan: { PaymentTypeCode: 'CA' } } }
}

function amount({ amount: text, currency }: Money): Tree {
  return { '@_CurCode': currency, '#text': text }
}
