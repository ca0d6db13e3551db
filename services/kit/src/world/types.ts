import type { LayoutName } from './aircraft.ts'

/** The words of the simulated world, shared by everything in the kit. Amounts are integers in minor units of the carrier's currency. */

export type Cabin = 'economy' | 'premium_economy' | 'business' | 'first'
export type PassengerType = 'adult' | 'child' | 'infant'

/** How many of each travel. Infants sit on laps and take no seat. */
export interface PassengerMix {
  adults: number
  children: number
  infants: number
}

/** A moment at an airport. */
export interface LocalTime {
  /** Local wall time, `2030-01-15T06:10:00`. */
  local: string
  /** Offset from UTC, `+05:30`. */
  offset: string
  /** IANA zone. */
  zone: string
  /** Milliseconds since the epoch. */
  epochMs: number
}

/** A flight on one day, as one carrier sells it. */
export interface Flight {
  /** Flight number with designator, local date and origin: `0S101-2030-01-15-DEL`. Unique per seller. */
  key: string
  /** Designator of the carrier that sells it. */
  marketing: string
  /** Without designator. */
  number: string
  /** Who flies it. On a codeshare, another carrier and its number for the flight. */
  operating: { designator: string; number: string }
  origin: string
  destination: string
  /** Local date at the origin. */
  date: string
  departure: LocalTime
  arrival: LocalTime
  /** By how many minutes departure and arrival have moved since it was first sold; 0: not at all, negative: earlier. */
  movedMinutes: number
  /** Block time in minutes. */
  minutes: number
  /** Geodesic distance in kilometres. */
  distanceKm: number
  /** IATA aircraft type code. */
  aircraft: string
  /** Cabins and seats; see aircraft.ts. */
  layout: LayoutName
  /** The last rows of economy, set aside for a codeshare partner: ours to sell, or the partner's; null: none are. */
  block: { rows: number; isOurs: boolean } | null
}

/** By how much flights have moved against the timetable. */
export interface Shifts {
  /** Minutes, 0 for a flight that has not moved. */
  minutes(flightKey: string): number
  /** Changes whenever anything here does. */
  version(): number
}

/** One way from origin to destination: one flight, or two with a connection. */
export interface Journey {
  flights: Flight[]
  /** From first departure to last arrival. */
  minutes: number
}

/** A block of seats on every other domestic departure of a partner, sold under the carrier's own flight numbers. */
export interface Codeshare {
  /** The partner's name, `banyan`. */
  partner: string
  /** Added to the partner's flight number. */
  numberOffset: number
  /** Last rows of the partner's economy cabin that are the carrier's to sell and never the partner's. */
  rows: number
}

/** Included or sold baggage. Pieces null: weight alone counts. Weight: per piece, or in all where pieces is null. */
export interface Allowance {
  kind: 'carry_on' | 'checked'
  pieces: number | null
  weightKg: number | null
}

/** A fare family of one cabin. */
export interface FareBrand {
  /** Upper-case letters and digits, unique within the carrier: `ECLASSIC`. */
  code: string
  /** As sold: `Classic`. */
  name: string
  cabin: Cabin
  /** RBD letter. */
  bookingClass: string
  /** Multiplies the cabin's fare. */
  factor: number
  /** Fee per passenger in minor units; null: not allowed. */
  changeFee: number | null
  cancelFee: number | null
  /** Baggage for each adult and child. */
  allowances: Allowance[]
  /** Baggage for each infant. */
  infantAllowances: Allowance[]
  /** Price zones of seats that the brand includes; see SeatPlan. */
  includedSeatZones: SeatZone[]
}

export type SeatZone = 'standard' | 'preferred' | 'front' | 'exit'

/** A kind of extra baggage for sale. */
export interface BaggageProduct {
  /** Upper-case letters and digits, unique within the carrier: `XBAG15`. */
  code: string
  allowance: Allowance
  /** Price per unit and flight, minor units: domestic and international. */
  price: { domestic: number; international: number }
  maxQuantity: number
}

/** How prices move after a search has named them. They stand still within a span of so many minutes, so that a price that was looked at can be paid. */
export interface PriceDrift {
  /** Share of offers that have moved in any span, 0 to 1. */
  share: number
  /** By how much of the fare at most, up or down. */
  most: number
  /** Length of a span. */
  minutes: number
}

/** One carrier: network, fleet, brands and rules. */
export interface Carrier {
  /** Folder and source name, `saffron`. */
  name: string
  designator: string
  title: string
  /** ISO 4217. */
  currency: string
  /** Decimals of the currency. */
  exponent: number
  /** Airports where its connections meet; it flies between each hub and every airport it serves. */
  hubs: string[]
  /** Airports it serves, hubs among them. */
  airports: string[]
  /** Pairs flown besides those to a hub. */
  pointToPoint: [string, string][]
  /** Whether it sells two flights through a hub as one journey. */
  connections: boolean
  /** It sells no connection that flies more than so many times the distance between its ends; left out: any. */
  longestDetour?: number
  /** Aircraft by longest flight in km, shortest reach first; a layout names the type and its cabins (see aircraft.ts). */
  fleet: { layout: LayoutName; maxKm: number }[]
  /** Another carrier's domestic flights that it also sells, out of seats set aside for it; null: none. */
  codeshare: Codeshare | null
  /** First flight number that it uses. */
  firstFlightNumber: number
  brands: FareBrand[]
  baggage: BaggageProduct[]
  /** Price level in minor units: a fixed part and a part per km, for an economy adult at normal demand. */
  fareLevel: { fixed: number; perKm: number }
  /** Fares end on a multiple of this, minor units. */
  fareRounding: number
  /** Left out: an offer costs what the search said, as long as inventory and day stay the same. */
  priceDrift?: PriceDrift
  /** Minor units of the currency per Indian rupee; taxes are reckoned in rupees. A made-up, fixed rate. */
  minorPerRupee: number
  /** Multiplies an adult's base fare. */
  passengerFactor: Record<PassengerType, number>
  /** Seat prices by zone, minor units: domestic and international. */
  seatPrice: Record<SeatZone, { domestic: number; international: number }>
  /** Minutes from order to payment; 0: sells at once only. */
  holdMinutes: number
  /** Minutes that an offer stays good. */
  offerMinutes: number
  /** Minutes after an order is made in which it can be cancelled for nothing; 0: never. */
  freeCancelMinutes: number
}

/** Seat as built into the aircraft. */
export interface PlannedSeat {
  /** `14A` */
  designator: string
  column: string
  kind: 'window' | 'middle' | 'aisle'
  zone: SeatZone
  traits: (
    | 'exit_row'
    | 'extra_legroom'
    | 'bulkhead'
    | 'over_wing'
    | 'near_galley'
    | 'limited_recline'
    | 'blocked'
    | 'no_infant'
  )[]
}

export interface PlannedRow {
  number: number
  exit: boolean
  wing: boolean
  /** One per letter of the cabin's columns; null where there is no seat. */
  seats: (PlannedSeat | null)[]
}

export interface PlannedCabin {
  cabin: Cabin
  /** Letters from left to right, null for an aisle: A B C null D E F. */
  columns: (string | null)[]
  rows: PlannedRow[]
}

/** The cabins of an aircraft type, front to back. */
export interface SeatPlan {
  aircraft: string
  /** As said to people: `Airbus A320neo`. */
  title: string
  cabins: PlannedCabin[]
}

/** One tax, fee or surcharge for one passenger. */
export interface TaxLine {
  /** IATA-style code: YQ fuel, IN user development fee, K3 goods and services tax … */
  code: string
  amount: number
}

/** The price for one passenger of a type. */
export interface PassengerFare {
  type: PassengerType
  base: number
  taxes: TaxLine[]
  /** Sum of taxes. */
  tax: number
  total: number
}

/** What one journey costs in one brand for a party. */
export interface Fare {
  brand: FareBrand
  fareBasis: string
  /** One entry per type that travels. */
  perPassenger: PassengerFare[]
  /** For the whole party. */
  base: number
  tax: number
  total: number
  /** Seats left in the cabin on the fullest flight, capped at 9 as airlines do. */
  seatsLeft: number
}

/** An offer's natural key: what it is for. */
export interface OfferKey {
  flights: string[]
  brand: string
  passengers: PassengerMix
  /** Seconds since the epoch. */
  expiresAt: number
}

/** A priced offer. */
export interface Offer extends Fare {
  /** Letters, digits, dot, underscore, hyphen; carries its OfferKey and a check (see offer-key.ts). */
  id: string
  journey: Journey
  passengers: PassengerMix
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** A question of availability. */
export interface ShopRequest {
  origin: string
  destination: string
  /** Local date at the origin. */
  date: string
  passengers: PassengerMix
  /** null: every cabin the carrier has. */
  cabin: Cabin | null
}

/** A seat as it stands now. */
export interface SeatState {
  seat: PlannedSeat
  available: boolean
  /** Minor units for this offer's brand; 0: included. */
  price: number
}

/** The seats of one flight in the cabin of an offer, or in all cabins. */
export interface FlightSeats {
  flight: Flight
  plan: SeatPlan
  /** By designator; a seat that is not here is in another cabin. */
  seats: Map<string, SeatState>
}
