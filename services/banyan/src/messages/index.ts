import type { AirlineSystem } from '@fanfare/kit'
import { airShopping } from './air-shopping.ts'
import { offerPrice } from './offer-price.ts'
import { orderChange } from './order-change.ts'
import { orderCreate } from './order-create.ts'
import { orderReshop } from './order-reshop.ts'
import { orderRetrieve } from './order-retrieve.ts'
import { seatAvailability } from './seat-availability.ts'
import { serviceList } from './service-list.ts'

/** A message pair that Banyan speaks; the request is sent to /ndc/21.3/<name>. */
export interface Message {
  name: string
  /** Root element of the answer. */
  answer: string
  tag: 'Shopping' | 'Orders'
  summary: string
  description: string
  /** Makes what turns a request's bytes into the answer's. That throws NdcFault or Refusal. */
  open(system: AirlineSystem): (bytes: Buffer) => Buffer
}

export const messages: Message[] = [
  {
    name: 'AirShopping',
    answer: 'IATA_AirShoppingRS',
    tag: 'Shopping',
    summary: 'Offers for one origin, destination and date',
    description:
      'One OriginDestCriteria; without CabinType, every cabin. The PaxList says who travels: ADT, CHD, INF. Nothing found is a Response with no Offer.',
    open: airShopping,
  },
  {
    name: 'OfferPrice',
    answer: 'IATA_OfferPriceRS',
    tag: 'Shopping',
    summary: 'An offer as it is priced now, with every tax',
    description: 'Takes an offer whole: each OfferItem once, with every passenger of its type.',
    open: offerPrice,
  },
  {
    name: 'SeatAvailability',
    answer: 'IATA_SeatAvailabilityRS',
    tag: 'Shopping',
    summary: 'Seat maps of an offer’s flights',
    description:
      'The cabin of the offer, one SeatMap per flight. OccupationStatusCode F is free, O occupied, Z blocked; a free seat refers to the item of the ALaCarteOffer that has its price. SeatColumn says left of the aisle (LS), between aisles (CC) or right (RS).',
    open: seatAvailability,
  },
  {
    name: 'ServiceList',
    answer: 'IATA_ServiceListRS',
    tag: 'Shopping',
    summary: 'Baggage that can be bought with an offer',
    description:
      'UnitPrice is for one unit on all flights of the offer. BookingInstructions/SpecialService/Qty is the most that one passenger may buy.',
    open: serviceList,
  },
  {
    name: 'OrderCreate',
    answer: 'IATA_OrderViewRS',
    tag: 'Orders',
    summary: 'Sell an offer, or hold it',
    description:
      'With PaymentFunctions the order is paid, without it is held until PaymentTimeLimitDateTime. The first SelectedPricedOffer is the flights; seats and services follow as offers of their own. Where every one says TotalOfferPriceAmount, or PaymentFunctions an Amount, the order is refused at any other price. BookingRef is the seller’s own reference: the same request with the same reference gives the same order again.',
    open: orderCreate,
  },
  {
    name: 'OrderRetrieve',
    answer: 'IATA_OrderViewRS',
    tag: 'Orders',
    summary: 'An order, by its OrderID or the seller’s own reference',
    description:
      'OrderFilterCriteria/OrderID, or BookingRefFilterCriteria/BookingID with the reference of OrderCreate.',
    open: orderRetrieve,
  },
  {
    name: 'OrderReshop',
    answer: 'IATA_OrderReshopRS',
    tag: 'Orders',
    summary: 'What cancelling an order gives back',
    description:
      'UpdateOrder/CancelOrderRef. DueByAirlineAmount is the refund, Fee what stays with the airline. Changes nothing; a cancelled order answers what its cancellation gave.',
    open: orderReshop,
  },
  {
    name: 'OrderChange',
    answer: 'IATA_OrderViewRS',
    tag: 'Orders',
    summary: 'Pay a hold, or cancel an order',
    description:
      'PaymentFunctions without ChangeOrderChoice pay; AcceptCancelledOffer with the OfferID that OrderReshop gave cancels. Either may be repeated and answers the same.',
    open: orderChange,
  },
]
