import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Money } from '../../schemas/money.ts'
import type { Cabin, Offer, PricedOffer } from '../../schemas/offer.ts'
import type { Passenger, PassengerType } from '../../schemas/passenger.ts'
import type { Seat, SeatMap } from '../../schemas/seat-map.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type { Cancellation, OfferRef, Order, OrderDraft, QueryPassenger } from '../connector.ts'
import { formatOfferId } from '../offer-id.ts'
import type * as wire from './wire.ts'

const airline = 'saffron'

type Flight = wire.Offer['journey']['flights'][number]
type Family = wire.Offer['fareFamily']
type Bag = wire.OfferBaggage['included'][number]
type Segment = Offer['slice']['segments'][number]
type IncludedBaggage = BaggageOptions['included'][number]
type TravellerType = Bag['travellerTypes'][number]

const cabins: Record<Family['cabin'], Cabin> = {
  ECONOMY: 'economy',
  PREMIUM_ECONOMY: 'premium_economy',
  BUSINESS: 'business',
  FIRST: 'first',
}

/** Saffron's word for a cabin. */
export const wireCabins: Record<Cabin, Family['cabin']> = {
  economy: 'ECONOMY',
  premium_economy: 'PREMIUM_ECONOMY',
  business: 'BUSINESS',
  first: 'FIRST',
}

const wireTravellerTypes: Record<PassengerType, TravellerType> = { adult: 'ADULT', child: 'CHILD', infant: 'INFANT' }

const wireGenders: Record<Passenger['gender'], string> = { female: 'F', male: 'M', unspecified: 'X' }

const kinds: Record<'WINDOW' | 'MIDDLE' | 'AISLE', Seat['kind']> = {
  WINDOW: 'window',
  MIDDLE: 'middle',
  AISLE: 'aisle',
}

/** The question of a search in Saffron's words. */
export function travellers(passengers: QueryPassenger[]) {
  const count = (type: PassengerType) => passengers.filter((passenger) => passenger.type === type).length
  return { adults: count('adult'), children: count('child'), infants: count('infant') }
}

/** An offer as Saffron quotes it, in its own currency. */
export function mapOffer(offer: wire.Offer): Offer {
  const quotedPrice = { amount: offer.pricing.total, currency: offer.currency }
  return { id: formatOfferId({ airline, quotedPrice, ref: offer.offerId }), ...mapFare(offer), sameFlight: [] }
}

/** An offer as Saffron prices it now, under the reference that the airline answers with. */
export function mapPricedOffer(offer: wire.Offer, ref: OfferRef): PricedOffer {
  const { quotedPrice } = ref
  const fare = mapFare(offer)
  const { amount, currency } = fare.airlinePrice
  return {
    id: formatOfferId({ ...ref, ref: offer.offerId }),
    ...fare,
    quotedPrice,
    priceChanged: amount !== quotedPrice.amount || currency !== quotedPrice.currency,
  }
}

function mapFare(offer: wire.Offer): Omit<Offer, 'id' | 'sameFlight'> {
  const { currency, fareFamily, journey, pricing } = offer
  const money = (amount: string): Money => ({ amount, currency })
  const condition = ({ permitted, feePerTraveller }: Family['conditions']['change']) => ({
    allowed: permitted,
    fee: permitted && feePerTraveller !== null ? money(feePerTraveller) : null,
  })
  const segments = journey.flights.map((flight) => mapSegment(flight, fareFamily, offer.fareBasis))
  const counts = countsOf(pricing.perTraveller)
  const passengers = passengersOf(counts)
  const prices = new Map(pricing.perTraveller.map((price) => [price.travellerType, price]))
  return {
    airline,
    slice: mapSlice(journey, segments),
    fareBrand: fareFamily.name,
    price: money(pricing.total),
    basePrice: money(pricing.base),
    taxes: money(pricing.taxTotal),
    airlinePrice: money(pricing.total),
    perPassenger: passengers.flatMap(({ id, type }) => {
      const price = prices.get(wireTravellerTypes[type])
      if (price === undefined) return []
      return {
        passengerId: id,
        type,
        basePrice: money(price.base),
        taxes: money(price.taxTotal),
        price: money(price.total),
      }
    }),
    conditions: {
      change: condition(fareFamily.conditions.change),
      cancel: condition(fareFamily.conditions.cancellation),
    },
    baggage: mapIncluded(
      fareFamily.baggage,
      segments.map((segment) => segment.id),
      passengers,
    ),
    seatsLeft: offer.seatsRemaining,
    expiresAt: offer.validUntil,
  }
}

function mapSlice({ flights, durationMinutes }: wire.Offer['journey'], segments: Segment[]): Offer['slice'] {
  const [first] = flights
  const { arrival } = flights.at(-1) ?? first
  return {
    origin: first.departure.airport,
    destination: arrival.airport,
    departingAt: moment(first.departure),
    arrivingAt: moment(arrival),
    duration: duration(durationMinutes),
    stops: flights.length - 1,
    segments,
  }
}

/** RFC 3339 with the airport's offset. */
function moment({ localTime, utcOffset }: Flight['departure']): string {
  return `${localTime}${utcOffset}`
}

function mapSegment(flight: Flight, family: Family, fareBasisCode: string): Segment {
  const { departure, arrival, marketing, operating } = flight
  return {
    id: flight.flightId,
    flightNumber: `${marketing.carrier}${marketing.number}`,
    marketingCarrier: marketing.carrier,
    operatingCarrier: operating.carrier,
    origin: departure.airport,
    destination: arrival.airport,
    departingAt: moment(departure),
    arrivingAt: moment(arrival),
    originTimeZone: departure.timeZone,
    destinationTimeZone: arrival.timeZone,
    duration: duration(flight.durationMinutes),
    aircraft: flight.equipment,
    cabin: cabins[family.cabin],
    bookingClass: family.bookingClass,
    fareBasisCode,
  }
}

/** ISO 8601: 130 → PT2H10M, 1500 → P1DT1H. */
export function duration(minutes: number): string {
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`
  if (days === 0 && time === '') return 'PT0M'
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`
}

type Counts = wire.OfferBaggage['travellers']

function countsOf(perTraveller: wire.Offer['pricing']['perTraveller']): Counts {
  const count = (type: TravellerType) => perTraveller.find((price) => price.travellerType === type)?.count ?? 0
  return { adults: count('ADULT'), children: count('CHILD'), infants: count('INFANT') }
}

/** p1…pn: adults, then children, then infants. */
function passengersOf({ adults, children, infants }: Counts): QueryPassenger[] {
  const types = [
    ...Array.from({ length: adults }, (): PassengerType => 'adult'),
    ...Array.from({ length: children }, (): PassengerType => 'child'),
    ...Array.from({ length: infants }, (): PassengerType => 'infant'),
  ]
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

function mapBagType(bagType: string): IncludedBaggage['kind'] | null {
  switch (bagType) {
    case 'CABIN_BAG':
      return 'carry_on'
    case 'CHECKED_BAG':
      return 'checked'
    default:
      return null
  }
}

function whoHas(bag: Bag, passengers: QueryPassenger[]): string[] {
  return passengers
    .filter((passenger) => bag.travellerTypes.includes(wireTravellerTypes[passenger.type]))
    .map((passenger) => passenger.id)
}

function mapIncluded(bags: Bag[], segmentIds: string[], passengers: QueryPassenger[]): IncludedBaggage[] {
  return bags.flatMap((bag) => {
    const kind = mapBagType(bag.bagType)
    const passengerIds = whoHas(bag, passengers)
    if (kind === null || passengerIds.length === 0) return []
    return { segmentIds, passengerIds, kind, pieces: bag.pieces, weightKg: bag.weightKg }
  })
}

/** Included and purchasable baggage of one offer. */
export function mapBaggage(baggage: wire.OfferBaggage): BaggageOptions {
  const { currency, flightIds } = baggage
  const passengers = passengersOf(baggage.travellers)
  return {
    included: mapIncluded(baggage.included, flightIds, passengers),
    purchasable: baggage.products.flatMap((product) => {
      const kind = mapBagType(product.bagType)
      const passengerIds = whoHas(product, passengers)
      if (kind === null || passengerIds.length === 0) return []
      return {
        serviceId: `${airline}~${flightIds[0]}~${product.productCode}`,
        kind,
        pieces: product.pieces,
        weightKg: product.weightKg,
        segmentIds: flightIds,
        passengerIds,
        price: { amount: product.unitPrice, currency },
        maxQuantity: product.maxUnits,
      }
    }),
  }
}

type Cabins = wire.SeatMaps['seatMaps'][number]['cabins'][number]
type WireSeat = Cabins['rows'][number]['seats'][number]

/** One map per flight. */
export function mapSeatMaps({ currency, seatMaps }: wire.SeatMaps): SeatMap[] {
  return seatMaps.map(({ flightId, equipment, cabins }) => ({
    segmentId: flightId,
    aircraft: equipment.code,
    cabins: cabins.map((cabin) => mapCabin(cabin, currency)),
  }))
}

function mapCabin({ cabin, layout, rows }: Cabins, currency: string): SeatMap['cabins'][number] {
  const columns = Array.from(layout, (mark) => (mark === '=' ? null : mark))
  const letters = columns.filter((column) => column !== null)
  return {
    cabin: cabins[cabin],
    columns,
    rows: rows.map(({ rowNumber, exitRow, overWing, seats }) => {
      const byNumber = new Map(seats.map((seat) => [seat.seatNumber, seat]))
      return {
        number: rowNumber,
        exit: exitRow,
        wing: overWing,
        seats: letters.map((letter) => {
          const seat = byNumber.get(`${rowNumber}${letter}`)
          return seat === undefined ? null : mapSeat(seat, currency)
        }),
      }
    }),
  }
}

function mapSeat({ seatNumber, position, status, price, characteristics }: WireSeat, currency: string): Seat {
  const traits = characteristics.flatMap((characteristic) => mapCharacteristic(characteristic) ?? [])
  return {
    designator: seatNumber,
    kind: kinds[position],
    available: status === 'FREE',
    price: price === null ? null : { amount: price, currency },
    traits: status === 'BLOCKED' ? [...traits, 'blocked'] : traits,
  }
}

function mapCharacteristic(characteristic: string): Seat['traits'][number] | null {
  switch (characteristic) {
    case 'EXIT_ROW':
      return 'exit_row'
    case 'EXTRA_LEGROOM':
      return 'extra_legroom'
    case 'BULKHEAD':
      return 'bulkhead'
    case 'OVER_WING':
      return 'over_wing'
    case 'NEAR_GALLEY':
      return 'near_galley'
    case 'LIMITED_RECLINE':
      return 'limited_recline'
    case 'NO_INFANT':
      return 'no_infant'
    default:
      return null
  }
}

/** A draft in Saffron's words; `offerId` is Saffron's own, from the draft's offer. */
export function orderRequest(draft: OrderDraft, offerId: string, payment: 'PAY_NOW' | 'HOLD') {
  return {
    clientReference: draft.clientReference,
    offerId,
    travellers: draft.passengers.map((passenger) => ({
      travellerId: passenger.id,
      travellerType: wireTravellerTypes[passenger.type],
      title: passenger.title.toUpperCase(),
      firstName: passenger.givenName,
      lastName: passenger.familyName,
      dateOfBirth: passenger.bornOn,
      gender: wireGenders[passenger.gender],
    })),
    contact: { email: draft.contact.email, phone: draft.contact.phone },
    seats: draft.seats.map((seat) => ({
      travellerId: seat.passengerId,
      flightId: seat.segmentId,
      seatNumber: seat.designator,
    })),
    baggage: draft.baggage.map((bag) => ({
      travellerId: bag.passengerId,
      productCode: productCode(bag.serviceId),
      units: bag.quantity,
    })),
    expectedTotal: draft.total.amount,
    payment,
  }
}

/** The last part of a service id; what it names is Saffron's to judge. */
function productCode(serviceId: string): string {
  return serviceId.slice(serviceId.lastIndexOf('~') + 1)
}

/** An order as Saffron keeps it; a lapsed hold counts as cancelled. */
export function mapOrder(order: wire.Order): Order {
  const { currency, base, taxTotal, seats, baggage, total } = order.pricing
  const money = (amount: string): Money => ({ amount, currency })
  return {
    airline,
    clientReference: order.clientReference,
    airlineReference: order.recordLocator,
    status: mapStatus(order.status),
    price: {
      base: money(base),
      taxes: money(taxTotal),
      seats: money(seats),
      baggage: money(baggage),
      total: money(total),
    },
    payBy: order.status === 'HELD' ? order.paymentDeadline : null,
    flights: order.flights.map(({ flightId, marketing, departure, arrival }) => ({
      segmentId: flightId,
      flightNumber: `${marketing.carrier}${marketing.number}`,
      departingAt: moment(departure),
      arrivingAt: moment(arrival),
    })),
  }
}

function mapStatus(status: wire.Order['status']): Order['status'] {
  switch (status) {
    case 'HELD':
      return 'held'
    case 'CONFIRMED':
      return 'confirmed'
    case 'CANCELLED':
    case 'LAPSED':
      return 'cancelled'
  }
}

/** What a cancellation gives back. */
export function mapRefund({ currency, refund, fee }: wire.Refund): Cancellation {
  return { refund: { amount: refund, currency }, fee: { amount: fee, currency } }
}

/** Why Saffron said no, by its error code. */
export function mapRejection(code: string): Rejection {
  switch (code) {
    case 'OFFER_NOT_FOUND':
      return 'offer_not_found'
    case 'OFFER_EXPIRED':
      return 'offer_expired'
    case 'FARE_SOLD_OUT':
      return 'sold_out'
    case 'PRICE_CHANGED':
      return 'price_changed'
    case 'SEAT_NOT_AVAILABLE':
      return 'seat_taken'
    case 'BAGGAGE_PRODUCT_UNKNOWN':
      return 'service_unavailable'
    case 'HOLD_LAPSED':
      return 'hold_lapsed'
    case 'HOLD_NOT_OFFERED':
      return 'not_supported'
    case 'ORDER_NOT_FOUND':
      return 'order_not_found'
    case 'ORDER_NOT_CANCELLABLE':
      return 'not_cancellable'
    default:
      return 'invalid'
  }
}
