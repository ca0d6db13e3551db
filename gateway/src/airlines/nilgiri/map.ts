import { subtract } from '../../money/money.ts'
import { airport, zoned } from '../../places/places.ts'
import type { BaggageOptions } from '../../schemas/baggage.ts'
import type { Money } from '../../schemas/money.ts'
import type { Cabin, Offer, PricedOffer } from '../../schemas/offer.ts'
import type { Passenger, PassengerType } from '../../schemas/passenger.ts'
import type { Seat, SeatMap } from '../../schemas/seat-map.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type {
  Cancellation,
  OfferRef,
  Order,
  OrderDraft,
  OrderFlight,
  QueryPassenger,
  SliceQuery,
} from '../connector.ts'
import { formatOfferId } from '../offer-id.ts'
import {
  duration,
  hostBirthDate,
  hostDate,
  hostName,
  isoDate,
  isoInstant,
  isoLocal,
  minutesBetween,
} from './formats.ts'
import type * as wire from './wire.ts'

const airline = 'nilgiri'

type Fare = wire.Quote['fare']
type Segment = Offer['slice']['segments'][number]
type IncludedBaggage = BaggageOptions['included'][number]
type Ptc = Fare['passengers'][number]['ptc']

const cabins: Record<Fare['cabin'], Cabin> = { Y: 'economy', C: 'business' }

const ptcs: Record<PassengerType, Ptc> = { adult: 'ADT', child: 'CHD', infant: 'INF' }

const genders: Record<Passenger['gender'], string> = { female: 'F', male: 'M', unspecified: 'X' }

const documentTypes: Record<'passport' | 'identity_card', string> = { passport: 'P', identity_card: 'I' }

const money = (amount: string): Money => ({ amount, currency: 'AED' })

/** The host's word for a cabin; null where Nilgiri flies none. */
export function cabinCode(cabin: Cabin): Fare['cabin'] | null {
  switch (cabin) {
    case 'economy':
      return 'Y'
    case 'business':
      return 'C'
    case 'premium_economy':
    case 'first':
      return null
  }
}

/** The entry of a low fare search. */
export function fareSearch({ origin, destination, departureDate, passengers }: SliceQuery, cabin: Fare['cabin']) {
  const count = (type: PassengerType) => passengers.filter((passenger) => passenger.type === type).length
  const party = { ADT: count('adult'), CHD: count('child'), INF: count('infant') }
  return { origin, destination, date: hostDate(departureDate), party, cabin }
}

/** Every fare of every line as an offer. Throws RangeError for a place or a time that there is not. */
export function mapFareSearch({ lines }: wire.FareSearch): Offer[] {
  return lines.flatMap(({ segments, fares }) =>
    fares.map((fare) => {
      const ref = { airline, quotedPrice: money(fare.total), ref: fare.quote }
      return { ...mapFare({ segments, fare }), id: formatOfferId(ref), sameFlight: [] }
    }),
  )
}

/** An offer as the host prices it now, under the reference that the airline answers with. Throws as mapFareSearch. */
export function mapQuote(quote: wire.Quote, ref: OfferRef): PricedOffer {
  const { quotedPrice } = ref
  const offer = mapFare(quote)
  const { amount, currency } = offer.airlinePrice
  const priceChanged = amount !== quotedPrice.amount || currency !== quotedPrice.currency
  return { ...offer, id: formatOfferId({ ...ref, ref: quote.fare.quote }), quotedPrice, priceChanged }
}

function mapFare({ segments: flights, fare }: wire.Quote): Omit<Offer, 'id' | 'sameFlight'> {
  const [first, ...rest] = flights
  const segments: [Segment, ...Segment[]] = [mapSegment(first, fare), ...rest.map((flight) => mapSegment(flight, fare))]
  const prices = new Map(fare.passengers.map((price) => [price.ptc, price]))
  const count = (ptc: Ptc) => prices.get(ptc)?.count ?? 0
  const passengers = passengersOf({ ADT: count('ADT'), CHD: count('CHD'), INF: count('INF') })
  const condition = (fee: string | null) => ({ allowed: fee !== null, fee: fee === null ? null : money(fee) })
  return {
    airline,
    slice: mapSlice(segments),
    fareBrand: fare.brand,
    price: money(fare.total),
    basePrice: money(fare.fare),
    taxes: money(fare.tax),
    airlinePrice: money(fare.total),
    perPassenger: passengers.flatMap(({ id, type }) => {
      const price = prices.get(ptcs[type])
      if (price === undefined) return []
      const taxes = subtract(money(price.total), money(price.fare))
      return { passengerId: id, type, basePrice: money(price.fare), taxes, price: money(price.total) }
    }),
    conditions: { change: condition(fare.penalties.change), cancel: condition(fare.penalties.refund) },
    baggage: mapIncluded(
      fare.bags,
      segments.map(({ id }) => id),
      passengers,
    ),
    seatsLeft: seatsLeft(flights, fare.rbd),
    expiresAt: isoInstant(fare.good),
  }
}

function mapSlice(segments: [Segment, ...Segment[]]): Offer['slice'] {
  const [first] = segments
  const last = segments.at(-1) ?? first
  const { departingAt } = first
  const { arrivingAt } = last
  return {
    origin: first.origin,
    destination: last.destination,
    departingAt,
    arrivingAt,
    duration: duration(minutesBetween(departingAt, arrivingAt)),
    stops: segments.length - 1,
    segments,
  }
}

function segmentId({ carrier, number, date, from }: Pick<wire.Segment, 'carrier' | 'number' | 'date' | 'from'>) {
  return `${carrier}${number}-${isoDate(date)}-${from}`
}

function mapFlight(flight: wire.SoldSegment): OrderFlight {
  const { carrier, number, date, from, to, departs, arrives, dayChange } = flight
  return {
    segmentId: segmentId(flight),
    flightNumber: `${carrier}${number}`,
    departingAt: zoned(isoLocal(date, departs), from),
    arrivingAt: zoned(isoLocal(date, arrives, dayChange), to),
  }
}

function mapSegment(flight: wire.Segment, { rbd, cabin, fareBasis }: Fare): Segment {
  const { carrier, from, to } = flight
  const { segmentId: id, flightNumber, departingAt, arrivingAt } = mapFlight(flight)
  return {
    id,
    flightNumber,
    marketingCarrier: carrier,
    operatingCarrier: carrier,
    origin: from,
    destination: to,
    departingAt,
    arrivingAt,
    originTimeZone: zoneOf(from),
    destinationTimeZone: zoneOf(to),
    duration: duration(minutesBetween(departingAt, arrivingAt)),
    aircraft: flight.equipment,
    cabin: cabins[cabin],
    bookingClass: rbd,
    fareBasisCode: fareBasis,
  }
}

function zoneOf(code: string): string {
  const zone = airport(code)?.timeZone
  if (!zone) throw new RangeError(`no airport has the code ${code}`)
  return zone
}

/** By the fullest flight, from statuses like `Y9 M4 K0`, where 9 is nine or more; null where one does not show the class. */
function seatsLeft(flights: wire.Segment[], rbd: string): number | null {
  const counts = flights.map(({ status }) =>
    status
      .split(' ')
      .find((count) => count.startsWith(rbd))
      ?.slice(1),
  )
  return counts.includes(undefined) ? null : Math.min(...counts.map(Number))
}

/** p1…pn: adults, then children, then infants. */
function passengersOf({ ADT, CHD, INF }: Record<Ptc, number>): QueryPassenger[] {
  const types = [
    ...Array.from({ length: ADT }, (): PassengerType => 'adult'),
    ...Array.from({ length: CHD }, (): PassengerType => 'child'),
    ...Array.from({ length: INF }, (): PassengerType => 'infant'),
  ]
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

/** `23K` is weight in all, `1PC` pieces of a weight that is not said; null for NIL. */
function mapAllowance(text: string): Pick<IncludedBaggage, 'pieces' | 'weightKg'> | null {
  const [, count = '', unit] = /^(\d+)(PC|K)$/.exec(text) ?? []
  if (unit === undefined) return null
  return unit === 'PC' ? { pieces: Number(count), weightKg: null } : { pieces: null, weightKg: Number(count) }
}

function mapIncluded(bags: wire.Bags, segmentIds: string[], passengers: QueryPassenger[]): IncludedBaggage[] {
  const infants = passengers.filter(({ type }) => type === 'infant')
  const seated = passengers.filter(({ type }) => type !== 'infant')
  const included: [IncludedBaggage['kind'], string, QueryPassenger[]][] = [
    ['carry_on', bags.cabin, seated],
    ['checked', bags.checked, seated],
    ['checked', bags.infant, infants],
  ]
  return included.flatMap(([kind, text, owners]) => {
    const allowance = mapAllowance(text)
    if (allowance === null || owners.length === 0) return []
    return { segmentIds, passengerIds: owners.map(({ id }) => id), kind, ...allowance }
  })
}

/** Included and purchasable baggage of one quote. Extra baggage of no readable size is left out. Throws RangeError for a date that there is not. */
export function mapBaggage({ flights, party, bags, excess }: wire.Baggage): BaggageOptions {
  const segmentIds = flights.map(segmentId)
  const passengers = passengersOf(party)
  const passengerIds = passengers.filter(({ type }) => type !== 'infant').map(({ id }) => id)
  return {
    included: mapIncluded(bags, segmentIds, passengers),
    purchasable: excess.flatMap(({ text, amount, most }) => {
      const allowance = mapAllowance(text)
      if (allowance === null || (allowance.pieces ?? allowance.weightKg) === 0 || passengerIds.length === 0) return []
      return {
        serviceId: `${airline}~${segmentIds[0]}~XBAG${text}`,
        kind: 'checked' as const,
        ...allowance,
        segmentIds,
        passengerIds,
        price: money(amount),
        maxQuantity: most,
      }
    }),
  }
}

type WireMap = wire.SeatMaps['maps'][number]
type WireSeat = WireMap['rows'][number]['seats'][number]

/** One map per flight. Throws RangeError for a date that there is not. */
export function mapSeatMaps({ maps }: wire.SeatMaps): SeatMap[] {
  return maps.map((map) => ({
    segmentId: segmentId(map),
    aircraft: map.equipment,
    cabins: [
      {
        cabin: cabins[map.cabin],
        columns: Array.from(map.columns, (column) => (column === ' ' ? null : column)),
        rows: map.rows.map((row) => mapRow(row, map.columns.replaceAll(' ', ''))),
      },
    ],
  }))
}

function mapRow({ row, seats: wireSeats }: WireMap['rows'][number], letters: string) {
  const byColumn = new Map(wireSeats.map((seat) => [seat.seat, mapSeat(seat)]))
  const seats = Array.from(letters, (letter) => byColumn.get(`${row}${letter}`) ?? null)
  const has = (trait: Seat['traits'][number]) => seats.some((seat) => seat?.traits.includes(trait))
  return { number: row, exit: has('exit_row'), wing: has('over_wing'), seats }
}

function mapSeat({ seat, state, marks, amount }: WireSeat): Seat {
  const codes = marks.split(' ')
  const traits = codes.flatMap((code) => mapMark(code) ?? [])
  return {
    designator: seat,
    kind: codes.includes('W') ? 'window' : codes.includes('A') ? 'aisle' : 'middle',
    available: state === 'F' && amount !== null,
    price: amount === null ? null : money(amount),
    traits: state === 'Z' ? [...traits, 'blocked'] : traits,
  }
}

function mapMark(code: string): Seat['traits'][number] | null {
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

/** The names entry of a draft; null where a name cannot be written in the host's letters. */
export function namesEntry({ passengers, contact, clientReference }: OrderDraft) {
  const names = passengers.map(({ familyName, givenName, title, type }) => ({
    surname: hostName(familyName),
    given: hostName(givenName),
    title: title.toUpperCase(),
    ptc: ptcs[type],
  }))
  if (names.some(({ surname, given }) => surname === null || given === null)) return null
  return { names, contact: { email: contact.email, phone: contact.phone }, reference: clientReference }
}

/** The services of a draft: who its passengers are, seats, extra baggage. null where a seat or bag is not of its offer. */
export function servicesEntry({ passengers, offer, seats, baggage }: OrderDraft) {
  const numberOf = (id: string) => passengers.findIndex((passenger) => passenger.id === id) + 1
  const adults = passengers.filter(({ type }) => type === 'adult')
  const infants = passengers.filter(({ type }) => type === 'infant')
  const segmentIds = offer.slice.segments.map(({ id }) => id)
  const start = `${airline}~${segmentIds[0]}~XBAG`
  const isOurs =
    baggage.every(({ serviceId }) => serviceId.startsWith(start)) &&
    seats.every((seat) => segmentIds.includes(seat.segmentId))
  if (!isOurs) return null
  return {
    requests: [
      ...passengers.map((passenger) => identity(passenger, numberOf(passenger.id))),
      ...passengers.filter(({ type }) => type === 'child').map(({ id }) => ({ ssr: 'CHLD', passenger: numberOf(id) })),
      ...infants.map(({ id }, index) => ({
        ssr: 'INFT',
        passenger: numberOf(id),
        adult: numberOf(adults[index]?.id ?? ''),
      })),
      ...seats.map((seat) => ({
        ssr: 'RQST',
        passenger: numberOf(seat.passengerId),
        segment: segmentIds.indexOf(seat.segmentId) + 1,
        seat: seat.designator,
      })),
      ...baggage.map((bag) => ({
        ssr: 'XBAG',
        passenger: numberOf(bag.passengerId),
        text: bag.serviceId.slice(start.length),
        units: bag.quantity,
      })),
    ],
  }
}

function identity({ bornOn, gender, document }: Passenger, passenger: number) {
  return {
    ssr: 'DOCS',
    passenger,
    born: hostBirthDate(bornOn),
    gender: genders[gender],
    ...(document && {
      document: {
        type: documentTypes[document.type],
        number: document.number,
        country: document.country,
        expires: hostDate(document.expiresOn),
      },
    }),
  }
}

/** A PNR as an order; a hold that lapsed counts as cancelled. Throws RangeError for a place or a time that there is not. */
export function mapPnr(pnr: wire.Pnr): Order {
  return {
    airline,
    clientReference: pnr.reference,
    airlineReference: pnr.locator,
    status: mapState(pnr.state),
    price: {
      base: money(pnr.fare),
      taxes: money(pnr.tax),
      seats: money(pnr.seats),
      baggage: money(pnr.bags),
      total: money(pnr.total),
    },
    payBy: pnr.state === 'HELD' && pnr.timeLimit !== null ? isoInstant(pnr.timeLimit) : null,
    flights: pnr.segments.map(mapFlight),
  }
}

function mapState(state: wire.Pnr['state']): Order['status'] {
  switch (state) {
    case 'HELD':
      return 'held'
    case 'TICKETED':
      return 'confirmed'
    case 'CANCELLED':
    case 'LAPSED':
      return 'cancelled'
  }
}

/** What a cancellation gives back. */
export function mapRefund({ refund, fee }: wire.Refund): Cancellation {
  return { refund: money(refund), fee: money(fee) }
}

/** Why the host said no, by its code. */
export function mapCode(code: string): Rejection {
  switch (code) {
    case 'QUOTE NOT FOUND':
      return 'offer_not_found'
    case 'QUOTE EXPIRED':
      return 'offer_expired'
    case 'CLASS CLOSED':
      return 'sold_out'
    case 'FARE CHANGED':
      return 'price_changed'
    case 'SEAT NOT AVAILABLE':
      return 'seat_taken'
    case 'CHECK XBAG':
      return 'service_unavailable'
    case 'TIME LIMIT EXPIRED':
      return 'hold_lapsed'
    case 'INSTANT TICKETING ONLY':
      return 'not_supported'
    case 'NO PNR':
      return 'order_not_found'
    case 'ALREADY FLOWN':
      return 'not_cancellable'
    default:
      return 'invalid'
  }
}

/** Why a cart cannot be had with these services, by what the host said to each; null when it confirmed all. */
export function mapServices({ requests }: wire.Services): { reason: Rejection; request: string } | null {
  const failed = requests.find(({ state }) => state !== 'HK')
  if (failed === undefined) return null
  const { ssr, state, text } = failed
  const reason = ssr === 'XBAG' ? 'service_unavailable' : ssr === 'RQST' && state === 'UC' ? 'seat_taken' : 'invalid'
  return { reason, request: `${ssr} ${text} ${state}`.replace('  ', ' ') }
}
