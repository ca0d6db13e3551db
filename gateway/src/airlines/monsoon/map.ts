import { fromMinor, toMinor } from '../../money/money.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Money } from '../../schemas/money.ts'
import type { Offer, PricedOffer, Segment, Slice } from '../../schemas/offer.ts'
import type { Passenger, PassengerType } from '../../schemas/passenger.ts'
import type { Seat, SeatMap } from '../../schemas/seat-map.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type { Cancellation, Order, OrderDraft, QueryPassenger } from '../connector.ts'
import { formatOfferId } from '../offer-id.ts'
import {
  minutesAhead,
  type WireBag,
  type WireBagKind,
  type WireBooking,
  type WireBookingRequest,
  type WireExtras,
  type WireFare,
  type WireFlightResults,
  type WireJourney,
  type WireLeg,
  type WirePaxCount,
  type WirePaxType,
  type WirePrice,
  type WireQuote,
  type WireRefund,
  type WireSeat,
  type WireSeatChart,
  type WireSeatCharts,
  type WireTime,
} from './wire.ts'

const airline = 'monsoon'

const paxTypes: Record<PassengerType, WirePaxType> = { adult: 'ADT', child: 'CHD', infant: 'INF' }
const passengerTypes: Record<WirePaxType, PassengerType> = { ADT: 'adult', CHD: 'child', INF: 'infant' }
const bagKinds: Record<WireBagKind, 'carry_on' | 'checked'> = { CABIN: 'carry_on', CHECKED: 'checked' }
const seatKinds: Record<WireSeat['position'], Seat['kind']> = { WINDOW: 'window', MIDDLE: 'middle', AISLE: 'aisle' }
const sexes: Record<Passenger['gender'], WireBookingRequest['pax'][number]['sex']> = {
  female: 'F',
  male: 'M',
  unspecified: 'X',
}

/** How many of each type travel, as Monsoon counts them. */
export function mapPaxCount(passengers: readonly QueryPassenger[]): WirePaxCount {
  const count = (type: PassengerType) => passengers.filter((passenger) => passenger.type === type).length
  return { adt: count('adult'), chd: count('child'), inf: count('infant') }
}

/** Every fare of a search as an offer. */
export function mapOffers({ journeys }: WireFlightResults): Offer[] {
  return journeys.flatMap((journey) =>
    journey.fares.map((fare) => ({ ...mapFare(journey, fare, mapMoney(fare.total)), sameFlight: [] })),
  )
}

/** A quote as a priced offer; `quotedPrice` is what the search said. */
export function mapQuote({ journey, fare }: WireQuote, quotedPrice: Money): PricedOffer {
  const isSame =
    quotedPrice.currency === fare.total.currency && toMinor(quotedPrice) === BigInt(fare.total.amount_minor)
  return { ...mapFare(journey, fare, quotedPrice), quotedPrice, priceChanged: !isSame }
}

function mapFare(journey: WireJourney, fare: WireFare, quotedPrice: Money): Omit<Offer, 'sameFlight'> {
  const slice = mapSlice(journey, fare)
  const price = mapMoney(fare.total)
  const passengers = passengersOf(fare)
  return {
    id: formatOfferId({ airline, quotedPrice, ref: fare.fare_key }),
    airline,
    slice,
    fareBrand: fare.fare_name,
    price,
    basePrice: mapMoney(fare.base),
    taxes: mapMoney(fare.taxes),
    airlinePrice: price,
    perPassenger: passengers.map(({ id, type, paxFare }) => ({
      passengerId: id,
      type,
      basePrice: mapMoney(paxFare.base),
      taxes: mapMoney(paxFare.taxes),
      price: mapMoney(paxFare.total),
    })),
    conditions: { change: mapCondition(fare.change_fee), cancel: mapCondition(fare.cancel_fee) },
    baggage: mapBags(
      fare.bags,
      slice.segments.map((segment) => segment.id),
      passengers,
    ),
    seatsLeft: fare.seats_left,
    expiresAt: fare.valid_until,
  }
}

/** p1…pn as the gateway numbers them: adults, children, infants. */
function passengersOf({ per_pax }: WireFare) {
  return (['ADT', 'CHD', 'INF'] as const)
    .flatMap((type) => per_pax.filter((paxFare) => paxFare.pax_type === type))
    .flatMap((paxFare) => Array.from({ length: paxFare.count }, () => paxFare))
    .map((paxFare, index) => ({ id: `p${index + 1}`, type: passengerTypes[paxFare.pax_type], paxFare }))
}

function mapSlice({ from, to, duration_min, legs }: WireJourney, fare: WireFare): Slice {
  const segments = legs.map((leg) => mapSegment(leg, fare))
  return {
    origin: from,
    destination: to,
    departingAt: segments[0]?.departingAt ?? '',
    arrivingAt: segments.at(-1)?.arrivingAt ?? '',
    duration: mapDuration(duration_min),
    stops: legs.length - 1,
    segments,
  }
}

function mapSegment(leg: WireLeg, fare: WireFare): Segment {
  return {
    id: leg.flight_key,
    flightNumber: leg.flight_no,
    marketingCarrier: leg.carrier,
    operatingCarrier: leg.operated_by,
    origin: leg.from,
    destination: leg.to,
    departingAt: mapTime(leg.departs),
    arrivingAt: mapTime(leg.arrives),
    originTimeZone: leg.departs.zone,
    destinationTimeZone: leg.arrives.zone,
    duration: mapDuration(leg.duration_min),
    aircraft: leg.aircraft,
    cabin: 'economy',
    bookingClass: fare.booking_class,
    fareBasisCode: fare.fare_basis,
  }
}

/** Local time with the offset that lies between it and UTC. */
function mapTime(time: WireTime): string {
  const minutes = minutesAhead(time)
  const ahead = Math.abs(minutes)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${time.local}${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`
}

function mapDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return `PT${hours > 0 ? `${hours}H` : ''}${rest > 0 || hours === 0 ? `${rest}M` : ''}`
}

function mapMoney({ amount_minor, currency }: WirePrice): Money {
  return fromMinor(amount_minor, currency)
}

function mapCondition(fee: WirePrice | null) {
  return fee === null ? { allowed: false, fee: null } : { allowed: true, fee: mapMoney(fee) }
}

function mapBags(bags: readonly WireBag[], segmentIds: string[], passengers: readonly QueryPassenger[]) {
  return bags.flatMap(({ kind, pieces, kg, pax_types }) => {
    const passengerIds = idsOf(passengers, pax_types)
    return passengerIds.length === 0 ? [] : [{ segmentIds, passengerIds, kind: bagKinds[kind], pieces, weightKg: kg }]
  })
}

function idsOf(passengers: readonly QueryPassenger[], types: readonly WirePaxType[]): string[] {
  return passengers.filter(({ type }) => types.includes(paxTypes[type])).map(({ id }) => id)
}

/** One map per flight. */
export function mapSeatMaps({ flights }: WireSeatCharts): SeatMap[] {
  return flights.map((chart) => ({
    segmentId: chart.flight_key,
    aircraft: chart.aircraft.code,
    cabins: [mapCabin(chart)],
  }))
}

function mapCabin({ layout, zones, rows }: WireSeatChart): SeatMap['cabins'][number] {
  const prices = new Map(zones.map(({ zone, price }) => [zone, mapMoney(price)]))
  const columns = [...layout].map((column) => (column === '-' ? null : column))
  const letters = columns.filter((column) => column !== null)
  return {
    cabin: 'economy',
    columns,
    rows: rows.map(({ row, exit, over_wing, seats }) => {
      const byDesignator = new Map(seats.map((seat) => [seat.seat_no, seat]))
      return {
        number: row,
        exit,
        wing: over_wing,
        seats: letters.map((letter) => {
          const seat = byDesignator.get(`${row}${letter}`)
          return seat === undefined ? null : mapSeat(seat, prices.get(seat.zone) ?? null)
        }),
      }
    }),
  }
}

function mapSeat({ seat_no, position, state, features }: WireSeat, price: Money | null): Seat {
  const isBlocked = state === 'BLOCKED'
  return {
    designator: seat_no,
    kind: seatKinds[position],
    available: state === 'FREE' && price !== null,
    price: isBlocked ? null : price,
    traits: [...features.flatMap((feature) => mapTrait(feature) ?? []), ...(isBlocked ? (['blocked'] as const) : [])],
  }
}

function mapTrait(feature: string): Seat['traits'][number] | null {
  switch (feature) {
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

/** Included and purchasable baggage. */
export function mapBaggage({ flight_keys, pax, bags, extras }: WireExtras): BaggageOptions {
  const passengers = [
    ...Array.from({ length: pax.adt }, () => 'adult' as const),
    ...Array.from({ length: pax.chd }, () => 'child' as const),
    ...Array.from({ length: pax.inf }, () => 'infant' as const),
  ].map((type, index) => ({ id: `p${index + 1}`, type }))
  return {
    included: mapBags(bags, flight_keys, passengers),
    purchasable: extras.map((extra) => ({
      serviceId: `${servicePrefix(flight_keys[0] ?? '')}${extra.extra_code}`,
      kind: bagKinds[extra.kind],
      pieces: extra.pieces,
      weightKg: extra.kg,
      segmentIds: flight_keys,
      passengerIds: idsOf(passengers, extra.pax_types),
      price: mapMoney(extra.price),
      maxQuantity: extra.max_per_pax,
    })),
  }
}

function servicePrefix(firstSegmentId: string): string {
  return `${airline}~${firstSegmentId}~`
}

/** Monsoon's code of a service of this offer; null when the service is not one of them. */
export function mapServiceId(serviceId: string, firstSegmentId: string): string | null {
  const prefix = servicePrefix(firstSegmentId)
  const code = serviceId.slice(prefix.length)
  return serviceId.startsWith(prefix) && /^[A-Z0-9]{1,12}$/.test(code) ? code : null
}

/** What to ask Monsoon to sell; `extraCodes` has the code of each service of the draft by its id. */
export function mapDraft(
  draft: OrderDraft,
  fareKey: string,
  extraCodes: ReadonlyMap<string, string>,
): WireBookingRequest {
  return {
    external_reference: draft.clientReference,
    fare_key: fareKey,
    pax: draft.passengers.map((passenger) => ({
      pax_ref: passenger.id,
      pax_type: paxTypes[passenger.type],
      title: passenger.title.toUpperCase(),
      first_name: passenger.givenName,
      last_name: passenger.familyName,
      dob: passenger.bornOn,
      sex: sexes[passenger.gender],
    })),
    contact: { email: draft.contact.email, mobile: draft.contact.phone },
    seats: draft.seats.map(({ passengerId, segmentId, designator }) => ({
      pax_ref: passengerId,
      flight_key: segmentId,
      seat_no: designator,
    })),
    extras: draft.baggage.map(({ passengerId, serviceId, quantity }) => ({
      pax_ref: passengerId,
      extra_code: extraCodes.get(serviceId) ?? '',
      quantity,
    })),
    agreed_total: { amount_minor: Number(toMinor(draft.total)), currency: draft.total.currency },
  }
}

/** A booking as an order. */
export function mapOrder({ pnr, external_reference, status, legs, charges }: WireBooking): Order {
  return {
    airline,
    clientReference: external_reference,
    airlineReference: pnr,
    status: status === 'CANCELLED' ? 'cancelled' : 'confirmed',
    price: {
      base: mapMoney(charges.base),
      taxes: mapMoney(charges.taxes),
      seats: mapMoney(charges.seats),
      baggage: mapMoney(charges.extras),
      total: mapMoney(charges.total),
    },
    payBy: null,
    flights: legs.map((leg) => ({
      segmentId: leg.flight_key,
      flightNumber: leg.flight_no,
      departingAt: mapTime(leg.departs),
      arrivingAt: mapTime(leg.arrives),
    })),
  }
}

/** What a cancellation gives back. */
export function mapRefund({ refund, cancellation_fee }: WireRefund): Cancellation {
  return { refund: mapMoney(refund), fee: mapMoney(cancellation_fee) }
}

/** Why Monsoon said no. */
export function mapErrorCode(code: string): Rejection {
  switch (code) {
    case 'FARE_UNKNOWN':
      return 'offer_not_found'
    case 'FARE_EXPIRED':
      return 'offer_expired'
    case 'FLIGHT_FULL':
      return 'sold_out'
    case 'PRICE_MOVED':
      return 'price_changed'
    case 'SEAT_GONE':
      return 'seat_taken'
    case 'EXTRA_UNKNOWN':
      return 'service_unavailable'
    case 'HOLDS_NOT_SOLD':
      return 'not_supported'
    case 'HOLD_LAPSED':
      return 'hold_lapsed'
    case 'PNR_UNKNOWN':
      return 'order_not_found'
    case 'NOT_CANCELLABLE':
      return 'not_cancellable'
    default:
      return 'invalid'
  }
}
