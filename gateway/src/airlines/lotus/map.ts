import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Money } from '../../schemas/money.ts'
import type { Cabin, Offer, PricedOffer } from '../../schemas/offer.ts'
import type { Passenger, PassengerType } from '../../schemas/passenger.ts'
import type { Seat, SeatMap } from '../../schemas/seat-map.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type { Cancellation, OfferRef, Order, OrderDraft, QueryPassenger } from '../connector.ts'
import { formatOfferId } from '../offer-id.ts'
import { amountNumber, exactAmount } from './amount.ts'
import type * as wire from './wire.ts'
import { zonedParts } from './wire.ts'

const airline = 'lotus'

type Bundle = wire.PricedOffer['bundle']
type Segment = Offer['slice']['segments'][number]
type IncludedBaggage = BaggageOptions['included'][number]

const cabins: Record<Bundle['cabin'], Cabin> = {
  economy: 'economy',
  'premium-economy': 'premium_economy',
  business: 'business',
  first: 'first',
}

/** Lotus Air's word for a cabin. */
export const wireCabins: Record<Cabin, Bundle['cabin']> = {
  economy: 'economy',
  premium_economy: 'premium-economy',
  business: 'business',
  first: 'first',
}

const wireSexes: Record<Passenger['gender'], string> = {
  female: 'female',
  male: 'male',
  unspecified: 'undisclosed',
}

/** An amount of an answer; those have been read as exact, so another is a fault of ours. */
function baht(value: number): Money {
  const amount = exactAmount(value)
  if (amount === null) throw new RangeError(`${value} is no amount in baht`)
  return { amount, currency: 'THB' }
}

/** The party of a search in Lotus Air's words. */
export function travelParty(passengers: QueryPassenger[]) {
  const count = (type: PassengerType) => passengers.filter((passenger) => passenger.type === type).length
  return { adults: count('adult'), children: count('child'), infants: count('infant') }
}

/** The offers on one page of a search: one for each bundle of each journey. */
export function mapPage({ solutions }: wire.SearchPage): Offer[] {
  return solutions.flatMap(({ bundles, ...journey }) =>
    bundles.map((bundle) => {
      const offer = mapBundle(journey, bundle)
      const id = formatOfferId({ airline, quotedPrice: offer.airlinePrice, ref: bundle.offerToken })
      return { ...offer, id, sameFlight: [] }
    }),
  )
}

/** An offer as Lotus Air prices it now, under the reference that the airline answers with. */
export function mapPricedOffer({ bundle, ...journey }: wire.PricedOffer, ref: OfferRef): PricedOffer {
  const { quotedPrice } = ref
  const offer = mapBundle(journey, bundle)
  const { amount, currency } = offer.airlinePrice
  return {
    ...offer,
    id: formatOfferId({ ...ref, ref: bundle.offerToken }),
    quotedPrice,
    priceChanged: amount !== quotedPrice.amount || currency !== quotedPrice.currency,
  }
}

type Journey = Pick<wire.PricedOffer, 'minutes' | 'sectors'>

function mapBundle(journey: Journey, bundle: Bundle): Omit<Offer, 'id' | 'sameFlight'> {
  const { price, rules } = bundle
  const segments = journey.sectors.map((sector) => mapSector(sector, bundle))
  const passengers = passengersOf(price.guests)
  const shares = new Map(price.guests.map((guest) => [guest.guestType, guest]))
  const condition = (fee: number | null) => ({ allowed: fee !== null, fee: fee === null ? null : baht(fee) })
  const segmentIds = segments.map(({ id }) => id)
  return {
    airline,
    slice: mapSlice(journey, segments),
    fareBrand: bundle.name,
    price: baht(price.total),
    basePrice: baht(price.fare),
    taxes: baht(price.taxes),
    airlinePrice: baht(price.total),
    perPassenger: passengers.flatMap(({ id, type }) => {
      const share = shares.get(type)
      if (share === undefined) return []
      return {
        passengerId: id,
        type,
        basePrice: baht(share.fare),
        taxes: baht(share.taxes),
        price: baht(share.total),
      }
    }),
    conditions: { change: condition(rules.changeFee), cancel: condition(rules.refundFee) },
    baggage: mapIncluded(bundle.includes.bags, segmentIds, passengers),
    seatsLeft: bundle.seatsLeft,
    expiresAt: bundle.goodUntil,
  }
}

function mapSlice({ minutes, sectors }: Journey, segments: Segment[]): Offer['slice'] {
  const [first] = sectors
  const last = sectors.at(-1) ?? first
  return {
    origin: first.from,
    destination: last.to,
    departingAt: zoned(first.departs).at,
    arrivingAt: zoned(last.arrives).at,
    duration: duration(minutes),
    stops: sectors.length - 1,
    segments,
  }
}

/** A moment of an answer; those have been read as such, so another is a fault of ours. */
function zoned(text: string): { at: string; zone: string } {
  const parts = zonedParts(text)
  if (parts === null) throw new RangeError(`${text} is no moment at an airport`)
  return parts
}

function mapSector(sector: wire.Sector, bundle: Bundle): Segment {
  const departure = zoned(sector.departs)
  const arrival = zoned(sector.arrives)
  return {
    id: sector.flightKey,
    flightNumber: sector.flightNumber,
    marketingCarrier: sector.flightNumber.slice(0, 2),
    operatingCarrier: sector.operatedBy,
    origin: sector.from,
    destination: sector.to,
    departingAt: departure.at,
    arrivingAt: arrival.at,
    originTimeZone: departure.zone,
    destinationTimeZone: arrival.zone,
    duration: duration(sector.minutes),
    aircraft: sector.aircraft,
    cabin: cabins[bundle.cabin],
    bookingClass: bundle.bookingCode,
    fareBasisCode: bundle.fareBasis,
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

/** p1…pn: adults, then children, then infants. */
function passengersOf(guests: { guestType: PassengerType; count: number }[]): QueryPassenger[] {
  const types = (['adult', 'child', 'infant'] as const).flatMap((type) => {
    const count = guests.find(({ guestType }) => guestType === type)?.count ?? 0
    return Array.from({ length: count }, () => type)
  })
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

function mapBagKind(kind: string): IncludedBaggage['kind'] | null {
  switch (kind) {
    case 'cabin':
      return 'carry_on'
    case 'hold':
      return 'checked'
    default:
      return null
  }
}

function whoHas({ guestTypes }: wire.Bag, passengers: QueryPassenger[]): string[] {
  return passengers.filter(({ type }) => guestTypes.includes(type)).map(({ id }) => id)
}

function mapIncluded(bags: wire.Bag[], segmentIds: string[], passengers: QueryPassenger[]): IncludedBaggage[] {
  return bags.flatMap((bag) => {
    const kind = mapBagKind(bag.kind)
    const passengerIds = whoHas(bag, passengers)
    if (kind === null || passengerIds.length === 0) return []
    return { segmentIds, passengerIds, kind, pieces: bag.pieces, weightKg: bag.kgEach }
  })
}

/** Included and purchasable baggage of one offer. */
export function mapBags({ flightKeys, travelParty, included, forSale }: wire.OfferBags): BaggageOptions {
  const passengers = passengersOf([
    { guestType: 'adult', count: travelParty.adults },
    { guestType: 'child', count: travelParty.children },
    { guestType: 'infant', count: travelParty.infants },
  ])
  return {
    included: mapIncluded(included, flightKeys, passengers),
    purchasable: forSale.flatMap((bag) => {
      const kind = mapBagKind(bag.kind)
      const passengerIds = whoHas(bag, passengers)
      if (kind === null || passengerIds.length === 0) return []
      return {
        serviceId: `${airline}~${flightKeys[0]}~${bag.bagCode}`,
        kind,
        pieces: bag.pieces,
        weightKg: bag.kgEach,
        segmentIds: flightKeys,
        passengerIds,
        price: baht(bag.price),
        maxQuantity: bag.mostPerGuest,
      }
    }),
  }
}

type CabinPlan = wire.OfferCabins['flights'][number]['cabins'][number]
type SeatPlace = CabinPlan['rows'][number]['seats'][number]

/** One map per flight. */
export function mapCabins({ flights }: wire.OfferCabins): SeatMap[] {
  return flights.map(({ flightKey, aircraft, cabins }) => ({
    segmentId: flightKey,
    aircraft: aircraft.code,
    cabins: cabins.map(mapCabin),
  }))
}

function mapCabin({ cabin, columns, rows }: CabinPlan): SeatMap['cabins'][number] {
  const letters = columns.filter((column) => column !== null)
  return {
    cabin: cabins[cabin],
    columns,
    rows: rows.map(({ row, exit, overWing, seats }) => {
      const byName = new Map(seats.map((seat) => [seat.seat, seat]))
      return {
        number: row,
        exit,
        wing: overWing,
        seats: letters.map((letter) => {
          const seat = byName.get(`${row}${letter}`)
          return seat === undefined ? null : mapSeat(seat)
        }),
      }
    }),
  }
}

function mapSeat({ seat, place, state, price, notes }: SeatPlace): Seat {
  const traits = notes.flatMap((note) => mapNote(note) ?? [])
  return {
    designator: seat,
    kind: place,
    available: state === 'open',
    price: price === null ? null : baht(price),
    traits: state === 'blocked' ? [...traits, 'blocked'] : traits,
  }
}

function mapNote(note: string): Seat['traits'][number] | null {
  switch (note) {
    case 'exit-row':
      return 'exit_row'
    case 'extra-legroom':
      return 'extra_legroom'
    case 'bulkhead':
      return 'bulkhead'
    case 'over-wing':
      return 'over_wing'
    case 'near-galley':
      return 'near_galley'
    case 'limited-recline':
      return 'limited_recline'
    case 'no-infant':
      return 'no_infant'
    default:
      return null
  }
}

/** A draft in Lotus Air's words; `offerToken` is its own, from the draft's offer. */
export function reservationRequest(draft: OrderDraft, offerToken: string, settle: 'now' | 'later') {
  return {
    idempotencyKey: draft.clientReference,
    offerToken,
    guests: draft.passengers.map((passenger) => ({
      guestRef: passenger.id,
      guestType: passenger.type,
      honorific: passenger.title,
      given: passenger.givenName,
      family: passenger.familyName,
      birthDate: passenger.bornOn,
      sex: wireSexes[passenger.gender],
    })),
    reach: { email: draft.contact.email, mobile: draft.contact.phone },
    seats: draft.seats.map(({ passengerId, segmentId, designator }) => ({
      guestRef: passengerId,
      flightKey: segmentId,
      seat: designator,
    })),
    bags: draft.baggage.map(({ passengerId, serviceId, quantity }) => ({
      guestRef: passengerId,
      bagCode: bagCode(serviceId),
      units: quantity,
    })),
    expectedTotal: amountNumber(draft.total.amount),
    settle,
  }
}

/** The last part of a service id; what it names is Lotus Air's to judge. */
function bagCode(serviceId: string): string {
  return serviceId.slice(serviceId.lastIndexOf('~') + 1)
}

/** A reservation as Lotus Air keeps it; a lapsed hold counts as cancelled. */
export function mapReservation({ charges, ...reservation }: wire.Reservation): Order {
  return {
    airline,
    clientReference: reservation.idempotencyKey,
    airlineReference: reservation.reservationCode,
    status: mapState(reservation.state),
    price: {
      base: baht(charges.fare),
      taxes: baht(charges.taxes),
      seats: baht(charges.seats),
      baggage: baht(charges.bags),
      total: baht(charges.total),
    },
    payBy: reservation.state === 'on-hold' ? reservation.payBefore : null,
    flights: reservation.sectors.map(({ flightKey, flightNumber, departs, arrives }) => ({
      segmentId: flightKey,
      flightNumber,
      departingAt: zoned(departs).at,
      arrivingAt: zoned(arrives).at,
    })),
  }
}

function mapState(state: wire.Reservation['state']): Order['status'] {
  switch (state) {
    case 'on-hold':
      return 'held'
    case 'ticketed':
      return 'confirmed'
    case 'cancelled':
    case 'lapsed':
      return 'cancelled'
  }
}

/** What a cancellation gives back. */
export function mapGivenBack({ refund, fee }: wire.GivenBack): Cancellation {
  return { refund: baht(refund), fee: baht(fee) }
}

/** Why Lotus Air said no, by its error code. */
export function mapRejection(code: string): Rejection {
  switch (code) {
    case 'offer-not-found':
      return 'offer_not_found'
    case 'offer-expired':
      return 'offer_expired'
    case 'sold-out':
      return 'sold_out'
    case 'price-moved':
      return 'price_changed'
    case 'seat-taken':
      return 'seat_taken'
    case 'bag-unknown':
      return 'service_unavailable'
    case 'hold-lapsed':
      return 'hold_lapsed'
    case 'hold-not-offered':
      return 'not_supported'
    case 'reservation-not-found':
      return 'order_not_found'
    case 'not-cancellable':
      return 'not_cancellable'
    default:
      return 'invalid'
  }
}
