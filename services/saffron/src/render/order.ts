import type {
  AirlineSystem,
  Flight,
  Order as KitOrder,
  CancellationQuote as KitQuote,
  OrderPassenger,
} from '@fanfare/kit'
import { type Order, type Traveller, titles } from '../schemas/order.ts'
import { amount } from './amount.ts'
import { instant } from './instant.ts'
import { renderFlight } from './offer.ts'
import { genders, orderStatuses, travellerTypes } from './words.ts'

/** An order as Saffron says it. */
export function renderOrder({ carrier, flight }: AirlineSystem, order: KitOrder): Order {
  const { price, refund, fee } = order
  return {
    recordLocator: order.locator,
    clientReference: order.clientReference,
    status: orderStatuses[order.status],
    createdAt: instant(order.createdAt),
    paymentDeadline: order.status === 'held' && order.payBy !== null ? instant(order.payBy) : null,
    fareFamily: order.offer.brand,
    flights: order.offer.flights.flatMap((key) => flight(key) ?? []).map(renderBookedFlight),
    travellers: order.passengers.map(renderTraveller),
    contact: order.contact,
    seats: order.seats.map((seat) => ({
      travellerId: seat.passengerId,
      flightId: seat.flightKey,
      seatNumber: seat.designator,
      price: amount(seat.price),
    })),
    baggage: order.baggage.map((bag) => ({
      travellerId: bag.passengerId,
      productCode: bag.code,
      units: bag.quantity,
      price: amount(bag.price),
    })),
    pricing: {
      currency: carrier.currency,
      base: amount(price.base),
      taxTotal: amount(price.tax),
      seats: amount(price.seats),
      baggage: amount(price.baggage),
      total: amount(price.total),
    },
    cancellation: refund === null || fee === null ? null : { refund: amount(refund), fee: amount(fee) },
  }
}

function renderBookedFlight(flight: Flight): Order['flights'][number] {
  return { ...renderFlight(flight), retimedMinutes: flight.movedMinutes }
}

function renderTraveller(passenger: OrderPassenger): Traveller {
  return {
    travellerId: passenger.id,
    travellerType: travellerTypes[passenger.type],
    title: renderTitle(passenger.title),
    firstName: passenger.givenName,
    lastName: passenger.familyName,
    dateOfBirth: passenger.bornOn,
    gender: genders[passenger.gender],
  }
}

/** The title as the order was made with; orders are made here only, so no other word can stand there. */
function renderTitle(stored: string): Traveller['title'] {
  const title = titles.find((candidate) => candidate === stored)
  if (title === undefined) throw new Error(`an order carries the title ${stored}, which Saffron does not know`)
  return title
}

/** What a cancellation gives back. */
export function renderQuote(locator: string, { refund, fee }: KitQuote, currency: string) {
  return { recordLocator: locator, currency, refund: amount(refund), fee: amount(fee) }
}
