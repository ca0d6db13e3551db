import type { AirlineSystem, CancellationQuote, Flight, Order, OrderPassenger, OrderStatus } from '@fanfare/kit'
import type { Booking, Pax } from '../schemas/bookings.ts'
import type { Price } from '../schemas/common.ts'
import { renderLeg } from './flights.ts'
import { instant } from './instant.ts'
import { paxTypes, sexes } from './words.ts'

/** A booking as Monsoon says it. */
export function renderBooking({ carrier: { currency }, flight }: AirlineSystem, order: Order): Booking {
  const price = (minor: number): Price => ({ amount_minor: minor, currency })
  const { refund, fee } = order
  return {
    pnr: order.locator,
    external_reference: order.clientReference,
    status: renderStatus(order.status),
    booked_at: instant(order.createdAt),
    fare_code: order.offer.brand,
    flight_keys: order.offer.flights,
    legs: order.offer.flights.flatMap((key) => flight(key) ?? []).map(renderBookedLeg),
    pax: order.passengers.map(renderPax),
    contact: { email: order.contact.email, mobile: order.contact.phone },
    seats: order.seats.map((seat) => ({
      pax_ref: seat.passengerId,
      flight_key: seat.flightKey,
      seat_no: seat.designator,
      price: price(seat.price),
    })),
    extras: order.baggage.map((bag) => ({
      pax_ref: bag.passengerId,
      extra_code: bag.code,
      quantity: bag.quantity,
      price: price(bag.price),
    })),
    charges: {
      base: price(order.price.base),
      taxes: price(order.price.tax),
      seats: price(order.price.seats),
      extras: price(order.price.baggage),
      total: price(order.price.total),
    },
    refund: refund === null || fee === null ? null : { refund: price(refund), cancellation_fee: price(fee) },
  }
}

/** What a cancellation gives back. */
export function renderRefund({ refund, fee }: CancellationQuote, currency: string) {
  return {
    refund: { amount_minor: refund, currency },
    cancellation_fee: { amount_minor: fee, currency },
  }
}

function renderStatus(status: OrderStatus): Booking['status'] {
  switch (status) {
    case 'confirmed':
      return 'CONFIRMED'
    case 'cancelled':
      return 'CANCELLED'
    case 'held':
    case 'lapsed':
      throw new Error(`Monsoon sells at once, yet an order is ${status}`)
  }
}

function renderBookedLeg(flight: Flight): Booking['legs'][number] {
  return { ...renderLeg(flight), schedule_change_min: flight.movedMinutes }
}

function renderPax(passenger: OrderPassenger): Pax {
  return {
    pax_ref: passenger.id,
    pax_type: paxTypes[passenger.type],
    title: passenger.title,
    first_name: passenger.givenName,
    last_name: passenger.familyName,
    dob: passenger.bornOn,
    sex: sexes[passenger.gender],
  }
}
