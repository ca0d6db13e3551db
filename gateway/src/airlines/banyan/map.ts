import { airport, zoned } from '../../places/places.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Money } from '../../schemas/money.ts'
import type { Cabin, Offer, PricedOffer, Segment } from '../../schemas/offer.ts'
import type { PassengerType } from '../../schemas/passenger.ts'
import type { Seat, SeatMap } from '../../schemas/seat-map.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type { Cancellation, OfferRef, Order, QueryPassenger } from '../connector.ts'
import { formatOfferId } from '../offer-id.ts'
import type { Allowance, Flight, PassengerTypeCode, Pax } from './data-lists.ts'
import type * as wire from './wire.ts'

const airline = 'banyan'
const currency = 'USD'

type IncludedBaggage = BaggageOptions['included'][number]
type CabinMap = SeatMap['cabins'][number]

/** CabinTypeCode (ATSB code list 9873). */
export const cabinTypeCodes: Record<Cabin, string> = {
  first: '1',
  business: '2',
  premium_economy: '4',
  economy: '5',
}

/** IATA passenger type codes. */
export const passengerTypeCodes: Record<PassengerType, PassengerTypeCode> = {
  adult: 'ADT',
  child: 'CHD',
  infant: 'INF',
}

/** Cents as money. */
function money(cents: number): Money {
  const digits = `${cents}`.padStart(3, '0')
  return { amount: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency }
}

/** An offer as Banyan quotes it, in its own currency. */
export function mapOffer(offer: wire.Offer): Offer {
  const fare = mapFare(offer)
  const id = formatOfferId({ airline, quotedPrice: fare.airlinePrice, ref: offer.id })
  return { id, ...fare, sameFlight: [] }
}

/** An offer as Banyan prices it now, under the reference that the airline answers with. */
export function mapPricedOffer(offer: wire.Offer, ref: OfferRef): PricedOffer {
  const { quotedPrice } = ref
  const fare = mapFare(offer)
  const { amount } = fare.airlinePrice
  const priceChanged = amount !== quotedPrice.amount || currency !== quotedPrice.currency
  return { id: formatOfferId({ ...ref, ref: offer.id }), ...fare, quotedPrice, priceChanged }
}

function mapFare(offer: wire.Offer): Omit<Offer, 'id' | 'sameFlight'> {
  const { journey, cancelFee, changeFee } = offer
  const [first] = journey.flights
  const last = journey.flights.at(-1) ?? first
  const segments = journey.flights.map((flight) => mapSegment(flight, offer))
  return {
    airline,
    slice: {
      origin: first.origin,
      destination: last.destination,
      departingAt: zoned(first.departure, first.origin),
      arrivingAt: zoned(last.arrival, last.destination),
      duration: journey.duration,
      stops: journey.flights.length - 1,
      segments,
    },
    fareBrand: offer.priceClass.name,
    price: money(offer.total),
    basePrice: money(offer.base),
    taxes: money(offer.tax),
    airlinePrice: money(offer.total),
    perPassenger: offer.fares.map(({ pax, base, tax, total }) => ({
      passengerId: pax.id,
      type: mapPassengerType(pax.type),
      basePrice: money(base),
      taxes: money(tax),
      price: money(total),
    })),
    conditions: { change: condition(changeFee), cancel: condition(cancelFee) },
    baggage: mapIncluded(
      offer,
      segments.map(({ id }) => id),
    ),
    seatsLeft: null,
    expiresAt: offer.expiresAt,
  }
}

function condition(fee: number | null) {
  return { allowed: fee !== null, fee: fee === null ? null : money(fee) }
}

function mapSegment(flight: Flight, offer: wire.Offer): Segment {
  const { carrier, number, operatingCarrier, origin, destination, departure, arrival, duration, aircraft } = flight
  return {
    id: segmentId(flight),
    flightNumber: `${carrier}${number}`,
    marketingCarrier: carrier,
    operatingCarrier,
    origin,
    destination,
    departingAt: zoned(departure, origin),
    arrivingAt: zoned(arrival, destination),
    originTimeZone: airport(origin)?.timeZone ?? '',
    destinationTimeZone: airport(destination)?.timeZone ?? '',
    duration,
    aircraft,
    cabin: mapCabin(offer.priceClass.cabin),
    bookingClass: offer.bookingClass,
    fareBasisCode: offer.fareBasis,
  }
}

function segmentId({ carrier, number, departure, origin }: Flight): string {
  return `${carrier}${number}-${departure.slice(0, 10)}-${origin}`
}

/** A code of another list is shown as economy: the lowest that it can be. */
function mapCabin(code: string): Cabin {
  switch (code) {
    case '1':
      return 'first'
    case '2':
      return 'business'
    case '4':
      return 'premium_economy'
    default:
      return 'economy'
  }
}

function mapPassengerType(code: PassengerTypeCode): PassengerType {
  switch (code) {
    case 'ADT':
      return 'adult'
    case 'CHD':
      return 'child'
    case 'INF':
      return 'infant'
  }
}

function mapKind({ type }: Allowance): IncludedBaggage['kind'] | null {
  switch (type) {
    case 'CarryOn':
      return 'carry_on'
    case 'Checked':
      return 'checked'
    default:
      return null
  }
}

function mapIncluded({ baggage }: wire.Offer, segmentIds: string[]): IncludedBaggage[] {
  return baggage.flatMap(({ paxIds, allowance }) => {
    const kind = mapKind(allowance)
    const { pieces, weightKg } = allowance
    return kind === null ? [] : [{ segmentIds, passengerIds: paxIds, kind, pieces, weightKg }]
  })
}

/** What an offer includes, and what can be bought with it. */
export function mapBaggage(offer: wire.Offer, { services, passengers }: wire.ServiceList): BaggageOptions {
  const segmentIds = offer.journey.flights.map(segmentId)
  const ours = passengerIds(passengers)
  return {
    included: mapIncluded(offer, segmentIds),
    purchasable: services.flatMap(({ code, allowance, flights, paxIds, price, maxQuantity }) => {
      const kind = mapKind(allowance)
      if (kind === null) return []
      const { pieces, weightKg } = allowance
      return {
        serviceId: serviceId(segmentIds[0] ?? '', code),
        kind,
        pieces,
        weightKg,
        segmentIds: flights.map(segmentId),
        passengerIds: paxIds.flatMap((id) => ours.get(id) ?? []),
        price: money(price),
        maxQuantity,
      }
    }),
  }
}

/** Our name for something that Banyan sells with an offer, by the offer's first flight. */
export function serviceId(firstSegmentId: string, code: string): string {
  return `${airline}~${firstSegmentId}~${code}`
}

/** Our ids of passengers that Banyan named itself: p1…pn, adults first, then children, then infants. */
function passengerIds(passengers: readonly Pax[]): Map<string, string> {
  const order: PassengerTypeCode[] = ['ADT', 'CHD', 'INF']
  const sorted = passengers.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
  return new Map(sorted.map(({ id }, index) => [id, `p${index + 1}`]))
}

/** Who an offer is for, p1…pn: adults, then children, then infants. */
export function partyOf(adults: number, children: number, infants: number): QueryPassenger[] {
  const types: PassengerType[] = [
    ...Array<PassengerType>(adults).fill('adult'),
    ...Array<PassengerType>(children).fill('child'),
    ...Array<PassengerType>(infants).fill('infant'),
  ]
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

/** The seats of one flight. */
export function mapSeatMap({ flight, cabins }: wire.SeatMap): SeatMap {
  return { segmentId: segmentId(flight), aircraft: flight.aircraft, cabins: cabins.map(mapCabinMap) }
}

function mapCabinMap({ cabin, columns, rows }: wire.SeatMap['cabins'][number]): CabinMap {
  return {
    cabin: mapCabin(cabin),
    // Where the section changes, an aisle runs.
    columns: columns.flatMap(({ id, section }, index) => {
      const before = columns[index - 1]
      return before !== undefined && before.section !== section ? [null, id] : [id]
    }),
    rows: rows.map(({ number, characteristics, seats }) => {
      const byColumn = new Map(seats.map((seat) => [seat.column, seat]))
      return {
        number,
        exit: characteristics.includes('E'),
        wing: characteristics.includes('K'),
        seats: columns.map(({ id }) => {
          const seat = byColumn.get(id)
          return seat === undefined ? null : mapSeat(number, seat)
        }),
      }
    }),
  }
}

type WireSeat = wire.SeatMap['cabins'][number]['rows'][number]['seats'][number]

function mapSeat(row: number, { column, status, price, characteristics }: WireSeat): Seat {
  const traits = characteristics.flatMap((code) => mapTrait(code) ?? [])
  return {
    designator: `${row}${column}`,
    kind: mapSeatKind(characteristics),
    available: status === 'F' && price !== null,
    price: price === null ? null : money(price),
    traits: status === 'Z' ? [...traits, 'blocked'] : traits,
  }
}

function mapSeatKind(characteristics: string[]): Seat['kind'] {
  if (characteristics.includes('W')) return 'window'
  return characteristics.includes('A') ? 'aisle' : 'middle'
}

/** PADIS 9825; null for what we show nothing of. */
function mapTrait(code: string): Seat['traits'][number] | null {
  switch (code) {
    case 'E':
      return 'exit_row'
    case 'L':
      return 'extra_legroom'
    case 'K':
      return 'bulkhead'
    case 'OW':
      return 'over_wing'
    case 'AG':
      return 'near_galley'
    case '1D':
      return 'limited_recline'
    case '1A':
      return 'no_infant'
    default:
      return null
  }
}

/** An order as Banyan keeps it. */
export function mapOrder({ locator, clientReference, status, payBy, flights, ...price }: wire.Order): Order {
  return {
    airline,
    clientReference,
    airlineReference: locator,
    status: mapStatus(status),
    price: {
      base: money(price.base),
      taxes: money(price.tax),
      seats: money(price.seats),
      baggage: money(price.baggage),
      total: money(price.total),
    },
    payBy,
    flights: flights.map((flight) => ({
      segmentId: segmentId(flight),
      flightNumber: `${flight.carrier}${flight.number}`,
      departingAt: zoned(flight.departure, flight.origin),
      arrivingAt: zoned(flight.arrival, flight.destination),
    })),
  }
}

function mapStatus(status: wire.Order['status']): Order['status'] {
  switch (status) {
    case 'held':
      return 'held'
    case 'paid':
      return 'confirmed'
    case 'closed':
      return 'cancelled'
  }
}

/** What a cancellation gives back. */
export function mapRefund({ refund, fee }: wire.Refund): Cancellation {
  return { refund: money(refund), fee: money(fee) }
}

/** Why Banyan said no, by its error code. */
export function mapRejection(code: string): Rejection {
  switch (code) {
    case '913':
      return 'offer_not_found'
    case '0Z02':
      return 'offer_expired'
    case '0Z03':
      return 'sold_out'
    case '0Z04':
      return 'price_changed'
    case '2':
      return 'seat_taken'
    case '3':
    case '0Z05':
      return 'service_unavailable'
    case '0Z08':
      return 'hold_lapsed'
    case '129':
      return 'order_not_found'
    case '0Z10':
      return 'not_cancellable'
    case '915':
      return 'not_supported'
    default:
      return 'invalid'
  }
}
