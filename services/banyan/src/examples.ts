import {
  type AirlineSystem,
  type ExampleValues,
  exampleDate,
  type LiveExamples,
  type Offer,
  type Order,
} from '@fanfare/kit'
import { XmlDocument } from 'libxml2-wasm'
import { cancelOfferId, flightItemId, seatItemId, seatOfferId, serviceItemId, serviceOfferId } from './message-ids.ts'
import { writeOffers } from './messages/air-shopping.ts'
import { offerPrice } from './messages/offer-price.ts'
import { serviceList } from './messages/service-list.ts'
import { amount } from './money.ts'
import { orderView } from './render/order-view.ts'
import { type Tree, writeMessage } from './xml-writer.ts'

/** One adult in economy on this route, which is flown many times a day. */
const question = {
  origin: 'DEL',
  destination: 'BOM',
  cabin: 'economy',
  passengers: { adults: 1, children: 0, infants: 0 },
} as const

const party = [{ id: 'PAX1', type: 'adult' as const }]

/** Shown when nothing is left on the route on the example's day; everything but the offer is still right. */
const soldOutOfferId = '0Z201-20300115-DEL.YVALUE.100.t3k9zz.1a2b3c4d'
const unknownLocator = 'A1B2C3'

const traveller = {
  title: 'MS',
  givenName: 'Asha',
  familyName: 'Verma',
  bornOn: '1990-04-12',
  gender: 'female' as const,
}
const contact = { email: 'asha@example.com', phone: '+919810012345' }

/**
 * Example messages that work now, from what can be sold now: requests by their root element, answers by path and root
 * element. The order that OrderCreate's example makes is the one that the other examples read, pay and cancel.
 */
export function liveExamples(system: AirlineSystem): LiveExamples {
  const reference = `EXAMPLE-${system.clock.now().toString(36).toUpperCase()}`
  const current = () => examplesNow(system, reference)
  return { initial: current(), current }
}

function examplesNow(system: AirlineSystem, reference: string): ExampleValues {
  const date = exampleDate(system.clock)
  const offer = system.shop({ ...question, date }).find(({ brand }) => brand.code === 'YVALUE')
  const order = system.findByClientReference(reference)
  const messages: Record<string, Buffer> = {
    ...shoppingRequests(system, date, offer?.id ?? soldOutOfferId),
    ...orderRequests(system, reference, order),
    IATA_OrderCreateRQ: orderCreateRequest(system, reference, offer),
  }
  if (offer) {
    const { IATA_OfferPriceRQ: price, IATA_ServiceListRQ: list } = messages
    messages['AirShopping/IATA_AirShoppingRS'] = writeOffers([offer], party)
    if (price) messages['OfferPrice/IATA_OfferPriceRS'] = offerPrice(system)(price)
    if (list) messages['ServiceList/IATA_ServiceListRS'] = serviceList(system)(list)
    const view = orderView(system, order ?? exampleOrder(system, reference, offer))
    for (const name of ['OrderCreate', 'OrderRetrieve', 'OrderChange']) messages[`${name}/IATA_OrderViewRS`] = view
  }
  return Object.fromEntries(Object.entries(messages).map(([name, bytes]) => [name, indented(bytes)]))
}

function indented(bytes: Buffer): string {
  using document = XmlDocument.fromBuffer(bytes)
  return document.toString({ format: true })
}

function request(root: string, content: Tree): Buffer {
  return writeMessage(root, {
    DistributionChain: {
      DistributionChainLink: {
        Ordinal: 1,
        OrgRole: 'Seller',
        ParticipatingOrg: { Name: 'Example Travel', OrgID: 'EXAMPLE' },
      },
    },
    PayloadAttributes: { TrxID: 'example-1', VersionNumber: '21.3' },
    Request: content,
  })
}

function shoppingRequests(system: AirlineSystem, date: string, offerId: string): Record<string, Buffer> {
  const { designator } = system.carrier
  const paxList = { Pax: { PaxID: 'PAX1', PTC: 'ADT' } }
  const asked = { OfferRequest: { Offer: { OfferID: offerId, OwnerCode: designator } } }
  const { origin, destination } = question
  return {
    IATA_AirShoppingRQ: request('IATA_AirShoppingRQ', {
      FlightRequest: {
        FlightRequestOriginDestinationsCriteria: {
          OriginDestCriteria: {
            CabinType: { CabinTypeCode: '5', PrefLevel: { PrefLevelCode: 'Required' } },
            DestArrivalCriteria: { IATA_LocationCode: destination },
            OriginDepCriteria: { Date: date, IATA_LocationCode: origin },
          },
        },
      },
      PaxList: paxList,
    }),
    IATA_OfferPriceRQ: request('IATA_OfferPriceRQ', {
      DataLists: { PaxList: paxList },
      PricedOffer: {
        SelectedOfferList: {
          SelectedOffer: {
            OfferRefID: offerId,
            OwnerCode: designator,
            SelectedOfferItem: { OfferItemRefID: flightItemId(offerId, 1), PaxRefID: 'PAX1' },
          },
        },
      },
    }),
    IATA_SeatAvailabilityRQ: request('IATA_SeatAvailabilityRQ', { SeatAvailCoreRequest: asked }),
    IATA_ServiceListRQ: request('IATA_ServiceListRQ', { ServiceListCoreRequest: asked }),
  }
}

/** A hold of an offer with a window seat and a bag, where they are to be had. */
function orderCreateRequest(system: AirlineSystem, reference: string, offer: Offer | undefined): Buffer {
  const { designator } = system.carrier
  const offerId = offer?.id ?? soldOutOfferId
  const selections: Tree[] = [
    {
      OfferRefID: offerId,
      OwnerCode: designator,
      SelectedOfferItem: { OfferItemRefID: flightItemId(offerId, 1), PaxRefID: 'PAX1' },
      TotalOfferPriceAmount: amount(offer?.total ?? 9900),
    },
  ]
  const [map] = offer ? system.seatMaps(offerId) : []
  const seat = [...(map?.seats.values() ?? [])].find((state) => state.available && state.seat.kind === 'window')
  const [bag] = offer ? system.baggage(offerId) : []
  if (seat) {
    selections.push({
      OfferRefID: seatOfferId(offerId),
      OwnerCode: designator,
      SelectedOfferItem: {
        OfferItemRefID: seatItemId(offerId, 1, seat.price),
        PaxRefID: 'PAX1',
        SelectedSeat: { ColumnID: seat.seat.column, SeatRowNumber: Number.parseInt(seat.seat.designator, 10) },
      },
      TotalOfferPriceAmount: amount(seat.price),
    })
  }
  if (bag) {
    selections.push({
      OfferRefID: serviceOfferId(offerId),
      OwnerCode: designator,
      SelectedOfferItem: {
        OfferItemRefID: serviceItemId(offerId, bag.code),
        PaxRefID: 'PAX1',
        SelectedALaCarteOfferItem: { Qty: 1 },
      },
      TotalOfferPriceAmount: amount(bag.price),
    })
  }
  return request('IATA_OrderCreateRQ', {
    BookingRef: {
      BookingEntity: { Org: { Name: 'Example Travel', OrgID: 'EXAMPLE' } },
      BookingID: reference,
    },
    CreateOrder: { AcceptSelectedQuotedOfferList: { SelectedPricedOffer: selections } },
    DataLists: {
      ContactInfoList: {
        ContactInfo: {
          ContactInfoID: 'CONTACT',
          EmailAddress: { EmailAddressText: contact.email },
          Phone: { PhoneNumber: contact.phone },
        },
      },
      PaxList: {
        Pax: {
          ContactInfoRefID: 'CONTACT',
          Individual: {
            Birthdate: traveller.bornOn,
            GenderCode: 'F',
            GivenName: traveller.givenName,
            Surname: traveller.familyName,
            TitleName: traveller.title,
          },
          PaxID: 'PAX1',
          PTC: 'ADT',
        },
      },
    },
  })
}

function orderRequests(system: AirlineSystem, reference: string, order: Order | null): Record<string, Buffer> {
  const { designator } = system.carrier
  const locator = order?.locator ?? unknownLocator
  return {
    IATA_OrderRetrieveRQ: request('IATA_OrderRetrieveRQ', {
      OrderValidationFilterCriteria: {
        BookingRefFilterCriteria: { BookingID: reference, Org: { Name: 'Example Travel', OrgID: 'EXAMPLE' } },
      },
    }),
    IATA_OrderReshopRQ: request('IATA_OrderReshopRQ', {
      OrderRefID: locator,
      UpdateOrder: { CancelOrderRef: { OrderRefID: locator } },
    }),
    IATA_OrderChangeRQ: request('IATA_OrderChangeRQ', {
      ChangeOrderChoice: {
        AcceptCancelledOffer: { OfferID: cancelOfferId(locator, order?.refund ?? 0), OwnerCode: designator },
      },
      Order: { OrderID: locator, OwnerCode: designator },
    }),
  }
}

/** What the order of the example will look like once somebody has made it. */
function exampleOrder(system: AirlineSystem, clientReference: string, offer: Offer): Order {
  const createdAt = system.clock.now()
  const { base, tax, total, passengers, expiresAt } = offer
  return {
    number: 1,
    locator: unknownLocator,
    clientReference,
    status: 'held',
    createdAt,
    payBy: createdAt + system.carrier.holdMinutes * 60_000,
    offer: {
      flights: offer.journey.flights.map(({ key }) => key),
      brand: offer.brand.code,
      passengers,
      expiresAt: expiresAt / 1000,
    },
    passengerMix: passengers,
    passengers: [{ id: 'PAX1', type: 'adult', ...traveller }],
    contact,
    seats: [],
    baggage: [],
    price: { base, tax, seats: 0, baggage: 0, total },
    refund: null,
    fee: null,
  }
}
