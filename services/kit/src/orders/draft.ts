import type { Market } from '../world/market.ts'
import type { Carrier, FlightSeats, Offer } from '../world/types.ts'
import {
  type OrderBaggage,
  type OrderPassenger,
  type OrderPrice,
  type OrderRequest,
  type OrderSeat,
  Refusal,
} from './types.ts'

/** A request that the market can fulfil, priced. */
export interface Draft {
  offer: Offer
  seats: OrderSeat[]
  baggage: OrderBaggage[]
  price: OrderPrice
  /** Milliseconds since the epoch; null: paid at once. */
  payBy: number | null
}

/** A hold must be paid so long before departure at the latest. */
const holdEndsBeforeDepartureMs = 60 * 60_000

/**
 * Checks a request against the market and prices it at `now` (milliseconds since the epoch). Throws Refusal as
 * AirlineSystem.order says, except for what only the database knows (client reference, room left).
 */
export function draftOrder(carrier: Carrier, market: Market, request: OrderRequest, now: number): Draft {
  const offer = market.offer(request.offerId)
  const departsAt = departure(offer)
  if (departsAt <= now) throw new Refusal('offer_expired', 'the flight has departed')
  checkPassengers(offer, request.passengers)
  const seats = chooseSeats(market, offer, request)
  const baggage = chooseBaggage(market, offer, request)
  const payBy = request.pay ? null : holdUntil(carrier, departsAt, now)

  const seatsPrice = sum(seats)
  const baggagePrice = sum(baggage)
  const total = offer.base + offer.tax + seatsPrice + baggagePrice
  if (request.expectedTotal !== null && request.expectedTotal !== total) {
    throw new Refusal('price_changed', `the total is now ${total}, not ${request.expectedTotal}`, total)
  }
  return {
    offer,
    seats,
    baggage,
    price: { base: offer.base, tax: offer.tax, seats: seatsPrice, baggage: baggagePrice, total },
    payBy,
  }
}

/** When the offer's first flight leaves, milliseconds since the epoch. */
export function departure(offer: Offer): number {
  const [first] = offer.journey.flights
  if (first === undefined) throw new Error(`offer ${offer.id} has no flights`)
  return first.departure.epochMs
}

function checkPassengers(offer: Offer, passengers: OrderPassenger[]): void {
  if (new Set(passengers.map(({ id }) => id)).size !== passengers.length) {
    throw new Refusal('passengers_mismatch', 'two passengers have the same id')
  }
  const count = (type: OrderPassenger['type']) => passengers.filter((passenger) => passenger.type === type).length
  const { adults, children, infants } = offer.passengers
  if (count('adult') !== adults || count('child') !== children || count('infant') !== infants) {
    throw new Refusal(
      'passengers_mismatch',
      `the offer is for ${adults} adults, ${children} children and ${infants} infants`,
    )
  }
}

function passengerOf(passengers: OrderPassenger[], id: string): OrderPassenger {
  const passenger = passengers.find((candidate) => candidate.id === id)
  if (passenger === undefined) throw new Refusal('passengers_mismatch', `no passenger of the order is called ${id}`)
  return passenger
}

function chooseSeats(market: Market, offer: Offer, request: OrderRequest): OrderSeat[] {
  if (request.seats.length === 0) return []
  const maps = new Map(market.seatMaps(request.offerId).map((map) => [map.flight.key, map]))
  const seated = new Set<string>()
  const taken = new Set<string>()
  return request.seats.map(({ passengerId, flightKey, designator }) => {
    if (passengerOf(request.passengers, passengerId).type === 'infant') {
      throw new Refusal('seat_unknown', `${passengerId} is an infant, who sits on a lap`)
    }
    const price = seatPrice(market, offer, maps.get(flightKey), flightKey, designator)
    const sitting = JSON.stringify([flightKey, passengerId])
    if (seated.has(sitting)) throw new Refusal('seat_unknown', `${passengerId} has two seats on ${flightKey}`)
    seated.add(sitting)
    const seat = JSON.stringify([flightKey, designator])
    if (taken.has(seat)) throw new Refusal('seat_taken', `seat ${designator} on ${flightKey} is chosen twice`)
    taken.add(seat)
    return { passengerId, flightKey, designator, price }
  })
}

function seatPrice(
  market: Market,
  offer: Offer,
  map: FlightSeats | undefined,
  flightKey: string,
  designator: string,
): number {
  if (map === undefined) throw new Refusal('seat_unknown', `the offer does not fly on ${flightKey}`)
  const state = map.seats.get(designator)
  if (state === undefined || market.cabinOfSeat(map.flight, designator) !== offer.brand.cabin) {
    throw new Refusal('seat_unknown', `the offer’s cabin on ${flightKey} has no seat ${designator}`)
  }
  if (!state.available) throw new Refusal('seat_taken', `seat ${designator} on ${flightKey} is taken`)
  return state.price
}

function chooseBaggage(market: Market, offer: Offer, request: OrderRequest): OrderBaggage[] {
  if (request.baggage.length === 0) return []
  const products = new Map(market.baggage(request.offerId).map((product) => [product.code, product]))
  const flightKeys = offer.journey.flights.map(({ key }) => key)
  const bought = new Set<string>()
  return request.baggage.map(({ passengerId, code, quantity }) => {
    if (passengerOf(request.passengers, passengerId).type === 'infant') {
      throw new Refusal('baggage_unknown', `${passengerId} is an infant, who buys no baggage`)
    }
    const product = products.get(code)
    if (product === undefined) throw new Refusal('baggage_unknown', `no baggage ${code} is sold with the offer`)
    const purchase = JSON.stringify([passengerId, code])
    if (bought.has(purchase)) throw new Refusal('baggage_unknown', `${passengerId} buys ${code} twice`)
    bought.add(purchase)
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > product.maxQuantity) {
      throw new Refusal('baggage_unknown', `of ${code} a passenger buys from 1 to ${product.maxQuantity}`)
    }
    return { passengerId, code, flightKeys, quantity, price: product.price * quantity }
  })
}

function holdUntil(carrier: Carrier, departsAt: number, now: number): number {
  if (carrier.holdMinutes === 0) throw new Refusal('holds_not_offered', `${carrier.title} sells at once only`)
  const payBy = Math.min(now + carrier.holdMinutes * 60_000, departsAt - holdEndsBeforeDepartureMs)
  if (payBy <= now) throw new Refusal('holds_not_offered', 'the flight leaves too soon for a hold')
  return payBy
}

function sum(items: { price: number }[]): number {
  return items.reduce((total, { price }) => total + price, 0)
}
