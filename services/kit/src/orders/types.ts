import type { OfferKey, PassengerMix, PassengerType } from '../world/types.ts'

export type OrderStatus = 'held' | 'confirmed' | 'cancelled' | 'lapsed'

/** A traveller on an order. */
export interface OrderPassenger {
  /** The client's name for the passenger within the order. */
  id: string
  type: PassengerType
  title: string
  givenName: string
  familyName: string
  /** YYYY-MM-DD. */
  bornOn: string
  gender: 'female' | 'male' | 'unspecified'
}

export interface OrderSeat {
  passengerId: string
  flightKey: string
  designator: string
  /** Minor units. */
  price: number
}

export interface OrderBaggage {
  passengerId: string
  /** BaggageProduct code. */
  code: string
  flightKeys: string[]
  quantity: number
  /** Minor units for all units and flights together. */
  price: number
}

/** What a client asks an airline to sell. */
export interface OrderRequest {
  /** The client's own reference: a second request with the same one gives the same order. At most 64 characters. */
  clientReference: string
  offerId: string
  passengers: OrderPassenger[]
  contact: { email: string; phone: string }
  seats: { passengerId: string; flightKey: string; designator: string }[]
  /** A unit covers every flight of the offer. */
  baggage: { passengerId: string; code: string; quantity: number }[]
  /** What the client expects to pay in all, minor units; null: whatever it costs now. */
  expectedTotal: number | null
  /** true: paid and confirmed; false: held. */
  pay: boolean
}

export interface OrderPrice {
  base: number
  tax: number
  seats: number
  baggage: number
  total: number
}

/** An order as the airline keeps it. */
export interface Order {
  /** Counts the airline's orders, from 1. */
  number: number
  /** Record locator: six letters and digits. */
  locator: string
  clientReference: string
  status: OrderStatus
  /** Milliseconds since the epoch. */
  createdAt: number
  /** When a hold lapses, milliseconds since the epoch; null once paid. */
  payBy: number | null
  offer: OfferKey
  passengerMix: PassengerMix
  passengers: OrderPassenger[]
  contact: { email: string; phone: string }
  seats: OrderSeat[]
  baggage: OrderBaggage[]
  price: OrderPrice
  /** Set when cancelled. */
  refund: number | null
  fee: number | null
}

/** What tells one order from another, for who holds an airline's books against somebody else's. */
export interface OrderSummary {
  locator: string
  clientReference: string
  status: OrderStatus
  /** When a hold lapses or lapsed, milliseconds since the epoch; null for an order that was paid. */
  payBy: number | null
  /** Minor units. */
  total: number
}

export interface CancellationQuote {
  /** Minor units; refund + fee = what was paid. Both 0 for a hold. */
  refund: number
  fee: number
}

/** Why the airline says no; every dialect has its own words for these. */
export type RefusalCode =
  | 'unknown_airport'
  | 'offer_not_found'
  | 'offer_expired'
  | 'sold_out'
  | 'price_changed'
  | 'seat_taken'
  | 'seat_unknown'
  | 'baggage_unknown'
  | 'passengers_mismatch'
  | 'holds_not_offered'
  | 'client_reference_reused'
  | 'order_not_found'
  | 'hold_lapsed'
  | 'not_held'
  | 'not_cancellable'

/** What every method of an airline system throws when it says no. Nothing has changed then. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: RefusalCode
  /** For price_changed: the total now, minor units. */
  readonly currentTotal: number | undefined

  constructor(code: RefusalCode, message: string, currentTotal?: number) {
    super(message)
    this.code = code
    this.currentTotal = currentTotal
  }
}

/** One stated invariant and whether it holds. */
export interface AuditCheck {
  invariant: string
  holds: boolean
  /** What breaks it; empty when it holds. */
  violations: string[]
}
