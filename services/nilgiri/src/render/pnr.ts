import type { AirlineSystem, CancellationQuote, Flight, Order } from '@fanfare/kit'
import { seatsNeeded } from '@fanfare/kit'
import { hostInstant } from '../formats.ts'
import type { Name, Pnr, RefundAnswer, SoldSegment } from '../schemas/cart.ts'
import { documentsOf } from '../tickets.ts'
import { amount } from './amount.ts'
import { column, soldLine } from './screen.ts'
import { bagText, brandOf, pnrStates, ptcs, renderFlight } from './words.ts'

/** An order as a PNR. */
export function renderPnr(system: AirlineSystem, order: Order): Pnr {
  const brand = brandOf(system, { code: order.offer.brand })
  const flights = order.offer.flights.flatMap((key) => system.flight(key) ?? [])
  const seats = seatsNeeded(order.passengerMix)
  const isLive = order.status === 'held' || order.status === 'confirmed'
  const statusOf = ({ movedMinutes }: Flight): SoldSegment['status'] =>
    !isLive ? 'HX' : movedMinutes === 0 ? 'HK' : 'TK'
  const names = order.passengers.map((passenger) => ({
    passenger: Number(passenger.id),
    surname: passenger.familyName,
    given: passenger.givenName,
    title: titleOf(passenger.title),
    ptc: ptcs[passenger.type],
  }))
  const { price, refund, fee } = order
  const documents = documentsOf(order)
  const extras = extrasOf(order)
  const timeLimit = order.status === 'held' && order.payBy !== null ? hostInstant(order.payBy) : null
  return {
    status: 'OK',
    screen: [
      `RLOC ${order.locator}  ${pnrStates[order.status]}${timeLimit === null ? '' : `  TL ${timeLimit}`}`,
      ...names.map(nameLine),
      ...flights.map((flight, index) => soldLine(index + 1, flight, brand.bookingClass, statusOf(flight), seats)),
      ...extras.map(({ ssr, passenger, text, amount }) => `SR ${ssr} ${text}/P${passenger}  AED${column(amount)}`),
      ...documents.map(({ kind, number, passenger }) => `${kind} ${number}/P${passenger}`),
      `OS ${order.clientReference}`,
      `TOTAL AED${column(amount(price.total))}`,
    ],
    locator: order.locator,
    reference: order.clientReference,
    state: pnrStates[order.status],
    timeLimit,
    segments: flights.map((flight) => ({
      ...renderFlight(flight),
      rbd: brand.bookingClass,
      seats,
      status: statusOf(flight),
    })),
    names,
    contact: order.contact,
    extras,
    currency: 'AED',
    fare: amount(price.base),
    tax: amount(price.tax),
    seats: amount(price.seats),
    bags: amount(price.baggage),
    total: amount(price.total),
    documents,
    refund: refund === null ? null : amount(refund),
    fee: fee === null ? null : amount(fee),
  }
}

/** ` 1.VERMA/ASHA MS(ADT)` */
export function nameLine({ passenger, surname, given, title, ptc }: Pnr['names'][number]): string {
  return ` ${passenger}.${surname}/${given} ${title}(${ptc})`
}

function extrasOf({ seats, baggage, offer }: Order): Pnr['extras'] {
  return [
    ...seats.map((seat) => ({
      passenger: Number(seat.passengerId),
      ssr: 'RQST' as const,
      segment: offer.flights.indexOf(seat.flightKey) + 1,
      text: seat.designator,
      units: 1,
      amount: amount(seat.price),
    })),
    ...baggage.map((bag) => ({
      passenger: Number(bag.passengerId),
      ssr: 'XBAG' as const,
      segment: null,
      text: bagText(bag.code),
      units: bag.quantity,
      amount: amount(bag.price),
    })),
  ]
}

const titles: Name['title'][] = ['MR', 'MS', 'MRS', 'MISS', 'MSTR', 'DR']

/** The title as the PNR was made with; PNRs are made here only, so no other word can stand there. */
function titleOf(stored: string): Name['title'] {
  const title = titles.find((candidate) => candidate === stored)
  if (title === undefined) throw new Error(`a PNR carries the title ${stored}, which Nilgiri does not know`)
  return title
}

/** What a cancellation gives back. */
export function renderRefund(locator: string, { refund, fee }: CancellationQuote, done: boolean): RefundAnswer {
  return {
    status: 'OK',
    screen: [
      `RLOC ${locator}  ${done ? 'CANCELLED' : 'REFUND QUOTE'}`,
      `REFUND AED${column(amount(refund))}  FEE AED${column(amount(fee))}`,
    ],
    locator,
    currency: 'AED',
    refund: amount(refund),
    fee: amount(fee),
  }
}
