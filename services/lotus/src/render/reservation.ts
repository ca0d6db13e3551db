import type { AirlineSystem, Flight, CancellationQuote as KitQuote, Order, OrderPassenger } from '@fanfare/kit'
import { type CancellationQuote, type Guest, honorifics, type Reservation } from '../schemas/reservations.ts'
import { amount } from './amount.ts'
import { instant } from './moment.ts'
import { renderSector } from './offers.ts'
import { sexes, states } from './words.ts'

/** An order as Lotus Air says it. */
export function renderReservation({ flight }: AirlineSystem, order: Order): Reservation {
  const { price, refund, fee } = order
  return {
    reservationCode: order.locator,
    idempotencyKey: order.clientReference,
    state: states[order.status],
    madeAt: instant(order.createdAt),
    payBefore: order.status === 'held' && order.payBy !== null ? instant(order.payBy) : null,
    bundle: order.offer.brand,
    sectors: order.offer.flights.flatMap((key) => flight(key) ?? []).map(renderBookedSector),
    guests: order.passengers.map(renderGuest),
    reach: { email: order.contact.email, mobile: order.contact.phone },
    seats: order.seats.map(({ passengerId, flightKey, designator, price }) => ({
      guestRef: passengerId,
      flightKey,
      seat: designator,
      price: amount(price),
    })),
    bags: order.baggage.map(({ passengerId, code, quantity, price }) => ({
      guestRef: passengerId,
      bagCode: code,
      units: quantity,
      price: amount(price),
    })),
    charges: {
      currency: 'THB',
      fare: amount(price.base),
      taxes: amount(price.tax),
      seats: amount(price.seats),
      bags: amount(price.baggage),
      total: amount(price.total),
    },
    givenBack: refund === null || fee === null ? null : { refund: amount(refund), fee: amount(fee) },
  }
}

function renderBookedSector(flight: Flight): Reservation['sectors'][number] {
  return { ...renderSector(flight), movedBy: flight.movedMinutes }
}

function renderGuest(passenger: OrderPassenger): Guest {
  return {
    guestRef: passenger.id,
    guestType: passenger.type,
    honorific: renderHonorific(passenger.title),
    given: passenger.givenName,
    family: passenger.familyName,
    birthDate: passenger.bornOn,
    sex: sexes[passenger.gender],
  }
}

/** As the reservation was made with; reservations are made here only, so no other word can stand there. */
function renderHonorific(stored: string): Guest['honorific'] {
  const honorific = honorifics.find((candidate) => candidate === stored)
  if (honorific === undefined) throw new Error(`a reservation carries ${stored}, which Lotus Air does not know`)
  return honorific
}

/** What a cancellation gives back. */
export function renderQuote(reservationCode: string, { refund, fee }: KitQuote): CancellationQuote {
  return { reservationCode, currency: 'THB', refund: amount(refund), fee: amount(fee) }
}
