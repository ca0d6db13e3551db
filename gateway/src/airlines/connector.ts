import type { Airline } from '../schemas/airline.ts'
import type { BaggageOptions } from '../schemas/baggage.ts'
import type { Money } from '../schemas/money.ts'
import type { Cabin, Offer, PricedOffer } from '../schemas/offer.ts'
import type { Contact, Passenger, PassengerType } from '../schemas/passenger.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import type { HttpClient } from '../upstream/http-client.ts'
import type { PublishedRate } from '../upstream/pacer.ts'
import type { BulkheadFigures } from '../upstream/policies/bulkhead.ts'
import type { Lane } from '../upstream/policies/lane.ts'

/** Who travels, as far as a search knows: p1…pn, adults first, then children, then infants. */
export interface QueryPassenger {
  id: string
  type: PassengerType
}

/** A question to one airline: one slice, one day, one cabin. */
export interface SliceQuery {
  /** IATA airport codes. */
  origin: string
  destination: string
  /** Local date at the origin, YYYY-MM-DD. */
  departureDate: string
  cabin: Cabin
  passengers: QueryPassenger[]
}

/** An offer id taken apart (see offer-id.ts). `ref` comes from a client: the connector parses it strictly. */
export interface OfferRef {
  airline: string
  /** What the search quoted, in the airline's currency. */
  quotedPrice: Money
  /** The airline's own reference, in the connector's own notation. */
  ref: string
}

/** A seat to be sold with an order, at the price its seat map showed, in the airline's currency. */
export interface DraftSeat {
  segmentId: string
  passengerId: string
  designator: string
  price: Money
}

/** Baggage to be sold with an order; `price` is per unit, in the airline's currency. */
export interface DraftBaggage {
  serviceId: string
  passengerId: string
  quantity: number
  price: Money
}

/** One airline's part of a booking, before the airline knows of it. */
export interface OrderDraft {
  /**
   * Ours, unique among all orders ever: the airline keeps it, and `findOrder` finds the order by it. However often the same
   * is asked for under it there is one order, which is given again, also once it is cancelled; anything else is refused.
   */
  clientReference: string
  offer: PricedOffer
  /** Ids and types as in the offer. */
  passengers: Passenger[]
  contact: Contact
  seats: DraftSeat[]
  baggage: DraftBaggage[]
  /** Offer, seats and baggage in the airline's currency; the airline must refuse to sell at another price. */
  total: Money
}

/** What an order costs, in the airline's currency. */
export interface OrderPrice {
  base: Money
  taxes: Money
  seats: Money
  baggage: Money
  total: Money
}

/** A flight of an order, with its times as the airline has them now. */
export interface OrderFlight {
  /** The same as of the offer's segment, however often the flight is moved. */
  segmentId: string
  /** As sold: the marketing carrier's designator and number. */
  flightNumber: string
  /** RFC 3339 with the airport's offset from UTC. */
  departingAt: string
  arrivingAt: string
}

/** One airline's part of a booking, as the airline knows it. */
export interface Order {
  airline: string
  clientReference: string
  /** The airline's record locator. */
  airlineReference: string
  status: 'held' | 'confirmed' | 'cancelled'
  price: OrderPrice
  /** RFC 3339 in UTC; null unless held. */
  payBy: string | null
  /** In the order in which they are flown. */
  flights: OrderFlight[]
}

/** An order that waits for payment. */
export type HeldOrder = Order & { status: 'held'; payBy: string }

/** What a cancellation gives back, in the airline's currency; refund + fee is what was paid. */
export interface Cancellation {
  refund: Money
  fee: Money
}

/**
 * Reads the offers of an answer, given as its bytes: one body, or several that make it. Who remembers answers gives, for the same
 * bytes as before, a list of its own in place of offers that are read.
 */
export type Recall = (answer: readonly Buffer[], read: () => Offer[]) => Offer[]

/** Remembers nothing. */
export const readAnew: Recall = (_answer, read) => read()

/**
 * Our code that speaks one airline's dialect. Every method either answers or throws an AirlineError; none retries.
 * A call that changes something at the airline (hold, purchase, cancel) throws kind `unknown_outcome` where it cannot
 * tell whether the airline did it.
 */
export interface Connector {
  airline: Airline
  /**
   * Offers for one slice, quoted in the airline's currency (price = airlinePrice, sameFlight empty). [] when it has none.
   * `recall` reads them; `readAnew` unless given.
   */
  search(query: SliceQuery, signal: AbortSignal, recall?: Recall): Promise<Offer[]>
  /** The offer as the airline prices it now, in its currency. Throws rejected offer_not_found, offer_expired or sold_out. */
  price(ref: OfferRef, signal: AbortSignal): Promise<PricedOffer>
  /** One map per flight of the offer, prices in the airline's currency. */
  seatMaps(ref: OfferRef, signal: AbortSignal): Promise<SeatMap[]>
  /** Included and purchasable baggage of the offer, prices in the airline's currency. */
  baggage(ref: OfferRef, signal: AbortSignal): Promise<BaggageOptions>
  /** Takes the seats without payment. Absent: the airline sells at once or not at all. */
  hold?(draft: OrderDraft, signal: AbortSignal): Promise<HeldOrder>
  /** Buys what the draft says, or pays what is held. Throws rejected price_changed, seat_taken, sold_out, hold_lapsed. */
  purchase(order: OrderDraft | HeldOrder, signal: AbortSignal): Promise<Order>
  /** The order that carries our client reference; null when the airline has none. */
  findOrder(clientReference: string, signal: AbortSignal): Promise<Order | null>
  /** What `cancel` would give back now; changes nothing. Throws rejected not_cancellable. */
  quoteCancellation(order: Order, signal: AbortSignal): Promise<Cancellation>
  /** Gives the order back. Cancelling a cancelled order answers what the first cancellation did. */
  cancel(order: Order, signal: AbortSignal): Promise<Cancellation>
}

/** What every connector is built from. */
export interface ConnectorOptions {
  http: HttpClient
  /** API key or client id, as the dialect has it. */
  key: string
  /** Client secret, where the dialect has one. */
  secret: string
  /** Milliseconds since the epoch: the time that tokens are judged by. */
  now: () => number
}

/** A line of the registry. */
export interface ConnectorFactory {
  airline: Airline
  /** How many requests the airline's published rules allow, and what its own answers then correct. Left out: no such rule. */
  rateLimit?: PublishedRate
  /** How many calls the airline may be given at once. Left out: as many as usual. */
  lanes?: Record<Lane, BulkheadFigures>
  create(options: ConnectorOptions): Connector
}
