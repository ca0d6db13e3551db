import type { AirlineSystem, Flight, Offer, OrderPassenger, OrderRequest } from '@fanfare/kit'
import { HostError } from './errors.ts'
import { isoDate } from './formats.ts'
import { bagCode, kitGenders, kitPassengerTypes } from './render/words.ts'
import type { Name, SsrAnswer, SsrRequest } from './schemas/cart.ts'

type SsrState = SsrAnswer['requests'][number]['state']

/** What an agent has put together and not yet ended. Passengers are numbered from 1, by their names' places. */
export interface Cart {
  /** What was sold. */
  offerId: string
  flights: readonly Flight[]
  names: readonly Name[]
  contact: OrderRequest['contact'] | null
  reference: string | null
  /** By passenger. */
  docs: Map<number, { bornOn: string; gender: OrderPassenger['gender'] }>
  children: Set<number>
  /** The adult by infant. */
  infants: Map<number, number>
  seats: { passenger: number; flightKey: string; designator: string }[]
  bags: { passenger: number; text: string; units: number }[]
  /** What the cart costs, minor units; null: not priced since it last changed. */
  priced: number | null
}

/** A cart that holds nothing but what was sold. */
export function openCart({ id, journey }: Offer): Cart {
  return { offerId: id, flights: journey.flights, contact: null, reference: null, ...nobody() }
}

/** The part of a cart that hangs on its names. */
function nobody() {
  const parts: Pick<Cart, 'names' | 'docs' | 'children' | 'infants' | 'seats' | 'bags' | 'priced'> = {
    names: [],
    docs: new Map(),
    children: new Set(),
    infants: new Map(),
    seats: [],
    bags: [],
    priced: null,
  }
  return parts
}

/** Puts the names in; services asked for under earlier names go. */
export function enterNames(cart: Cart, entry: Pick<OrderRequest, 'contact'> & { names: Name[]; reference: string }) {
  Object.assign(cart, nobody(), entry)
}

/** Puts a service in, where it is to be had. Throws HostError CHECK PASSENGER, CHECK SEGMENT or CHECK DATE. */
export function enterService(system: AirlineSystem, cart: Cart, request: SsrRequest): SsrState {
  const { passenger } = request
  const name = nameOf(cart, passenger)
  cart.priced = null
  switch (request.ssr) {
    case 'DOCS': {
      const bornOn = isoDate(request.born)
      if (bornOn === null || (request.document && isoDate(request.document.expires) === null)) {
        throw new HostError('CHECK DATE', `P${passenger}`)
      }
      cart.docs.set(passenger, { bornOn, gender: kitGenders[request.gender] })
      return 'HK'
    }
    case 'CHLD':
      if (name.ptc !== 'CHD') return 'NO'
      cart.children.add(passenger)
      return 'HK'
    case 'INFT':
      if (name.ptc !== 'INF' || nameOf(cart, request.adult).ptc !== 'ADT') return 'NO'
      if ([...cart.infants].some(([infant, adult]) => adult === request.adult && infant !== passenger)) return 'UC'
      cart.infants.set(passenger, request.adult)
      return 'HK'
    case 'RQST':
      return name.ptc === 'INF' ? 'NO' : enterSeat(system, cart, request)
    case 'XBAG':
      return name.ptc === 'INF' ? 'NO' : enterBag(system, cart, request)
  }
}

function nameOf({ names }: Cart, passenger: number): Name {
  const name = names[passenger - 1]
  if (name === undefined) throw new HostError('CHECK PASSENGER', `there is no P${passenger}`)
  return name
}

function enterSeat(
  system: AirlineSystem,
  cart: Cart,
  { passenger, segment, seat: designator }: SsrRequest & { ssr: 'RQST' },
): SsrState {
  const flightKey = cart.flights[segment - 1]?.key
  if (flightKey === undefined) throw new HostError('CHECK SEGMENT', `there is no segment ${segment}`)
  const map = system.seatMaps(cart.offerId).find(({ flight }) => flight.key === flightKey)
  const state = map?.seats.get(designator)
  if (state === undefined || state.seat.traits.includes('blocked')) return 'NO'
  const others = cart.seats.filter((seat) => seat.passenger !== passenger || seat.flightKey !== flightKey)
  const isPromised = others.some((seat) => seat.flightKey === flightKey && seat.designator === designator)
  if (!state.available || isPromised) return 'UC'
  cart.seats = [...others, { passenger, flightKey, designator }]
  return 'HK'
}

function enterBag(
  system: AirlineSystem,
  cart: Cart,
  { passenger, text, units }: SsrRequest & { ssr: 'XBAG' },
): SsrState {
  const product = system.baggage(cart.offerId).find(({ code }) => code === bagCode(text))
  if (product === undefined || units > product.maxQuantity) return 'NO'
  const others = cart.bags.filter((bag) => bag.passenger !== passenger || bag.text !== text)
  cart.bags = [...others, { passenger, text, units }]
  return 'HK'
}

/** A seat or extra baggage of a cart, priced. */
export interface PricedExtra {
  passenger: number
  ssr: 'RQST' | 'XBAG'
  /** From 1; null: all flights. */
  segment: number | null
  text: string
  units: number
  /** Minor units. */
  amount: number
}

/** What the cart costs by now. Throws Refusal where the offer is gone. */
export function priceCart(system: AirlineSystem, cart: Cart) {
  const offer = system.offer(cart.offerId)
  const maps = new Map(system.seatMaps(cart.offerId).map((map) => [map.flight.key, map.seats]))
  const products = new Map(system.baggage(cart.offerId).map(({ code, price }) => [code, price]))
  const seats = cart.seats.map(
    ({ passenger, flightKey, designator }): PricedExtra => ({
      passenger,
      ssr: 'RQST',
      segment: cart.flights.findIndex(({ key }) => key === flightKey) + 1,
      text: designator,
      units: 1,
      amount: maps.get(flightKey)?.get(designator)?.price ?? 0,
    }),
  )
  const bags = cart.bags.map(
    ({ passenger, text, units }): PricedExtra => ({
      passenger,
      ssr: 'XBAG',
      segment: null,
      text,
      units,
      amount: (products.get(bagCode(text)) ?? 0) * units,
    }),
  )
  const sum = (extras: PricedExtra[]) => extras.reduce((total, { amount }) => total + amount, 0)
  const total = offer.total + sum(seats) + sum(bags)
  cart.priced = total
  return { offer, extras: [...seats, ...bags], seats: sum(seats), bags: sum(bags), total }
}

/** The cart as an order at the price that it was told. Throws HostError that names what is missing. */
export function toOrderRequest(cart: Cart, pay: boolean): OrderRequest {
  const { names, contact, reference, priced } = cart
  if (names.length === 0 || contact === null || reference === null) throw new HostError('NEED NAMES', 'enter names')
  const passengers = names.map((name, index) => toPassenger(cart, name, index + 1))
  if (priced === null) throw new HostError('NEED PRICING', 'price the cart as it is now')
  return {
    clientReference: reference,
    offerId: cart.offerId,
    passengers,
    contact,
    seats: cart.seats.map(({ passenger, ...seat }) => ({ ...seat, passengerId: String(passenger) })),
    baggage: cart.bags.map(({ passenger, text, units }) => ({
      passengerId: String(passenger),
      code: bagCode(text),
      quantity: units,
    })),
    expectedTotal: priced,
    pay,
  }
}

function toPassenger({ docs, children, infants }: Cart, name: Name, passenger: number): OrderPassenger {
  const identity = docs.get(passenger)
  if (identity === undefined) throw new HostError('NEED DOCS', `P${passenger}`)
  if (name.ptc === 'CHD' && !children.has(passenger)) throw new HostError('NEED CHLD', `P${passenger}`)
  if (name.ptc === 'INF' && !infants.has(passenger)) throw new HostError('NEED INFT', `P${passenger}`)
  return {
    id: String(passenger),
    type: kitPassengerTypes[name.ptc],
    title: name.title,
    givenName: name.given,
    familyName: name.surname,
    ...identity,
  }
}
