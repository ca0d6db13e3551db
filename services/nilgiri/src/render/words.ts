import type {
  AirlineSystem,
  Allowance,
  Cabin,
  FareBrand,
  Flight,
  OrderPassenger,
  OrderStatus,
  PassengerMix,
  PassengerType,
  PlannedSeat,
} from '@fanfare/kit'
import { daysBetween, hostDate, hostTime } from '../formats.ts'
import type { Pnr } from '../schemas/cart.ts'
import type { CabinCode, Party, Ptc } from '../schemas/common.ts'
import type { Fare } from '../schemas/shopping.ts'

/** The host's words for the kit's, and back. */

/** Premium economy and first are not flown. */
export function cabinCode(cabin: Cabin): CabinCode {
  return cabin === 'business' ? 'C' : 'Y'
}

export const kitCabins: Record<CabinCode, Cabin> = { Y: 'economy', C: 'business' }

export const ptcs: Record<PassengerType, Ptc> = { adult: 'ADT', child: 'CHD', infant: 'INF' }

export const kitPassengerTypes: Record<Ptc, PassengerType> = { ADT: 'adult', CHD: 'child', INF: 'infant' }

export const kitGenders: Record<'F' | 'M' | 'X', OrderPassenger['gender']> = {
  F: 'female',
  M: 'male',
  X: 'unspecified',
}

export const pnrStates: Record<OrderStatus, Pnr['state']> = {
  held: 'HELD',
  confirmed: 'TICKETED',
  cancelled: 'CANCELLED',
  lapsed: 'LAPSED',
}

/** PADIS 9825, for places and traits; a blocked seat is told by its state. */
export const seatMarks: Record<PlannedSeat['kind'] | Exclude<PlannedSeat['traits'][number], 'blocked'>, string> = {
  window: 'W',
  middle: '9',
  aisle: 'A',
  exit_row: 'E',
  extra_legroom: 'L',
  bulkhead: 'K',
  over_wing: 'OW',
  near_galley: 'AG',
  limited_recline: '1D',
  no_infant: '1A',
}

export function kitParty({ ADT, CHD, INF }: Party): PassengerMix {
  return { adults: ADT, children: CHD, infants: INF }
}

export function hostParty({ adults, children, infants }: PassengerMix): Party {
  return { ADT: adults, CHD: children, INF: infants }
}

/** `23K`, `1PC`, `NIL` */
function allowance(given: Allowance | undefined): string {
  if (given === undefined) return 'NIL'
  return given.pieces === null ? `${given.weightKg ?? 0}K` : `${given.pieces}PC`
}

export function bagsOf({ allowances, infantAllowances }: FareBrand): Fare['bags'] {
  return {
    cabin: allowance(allowances.find(({ kind }) => kind === 'carry_on')),
    checked: allowance(allowances.find(({ kind }) => kind === 'checked')),
    infant: allowance(infantAllowances[0]),
  }
}

/** What names a flight. */
export function renderFlightName(flight: Flight) {
  return {
    carrier: flight.marketing,
    number: flight.number,
    date: hostDate(flight.date),
    from: flight.origin,
    to: flight.destination,
  }
}

/** A flight with its times. */
export function renderFlight(flight: Flight) {
  return {
    ...renderFlightName(flight),
    departs: hostTime(flight.departure.local),
    arrives: hostTime(flight.arrival.local),
    dayChange: daysBetween(flight.date, flight.arrival.local),
    equipment: flight.aircraft,
  }
}

/** What SSR XBAG says for a baggage product. */
export function bagText(code: string): string {
  return code.slice('XBAG'.length)
}

export function bagCode(text: string): string {
  return `XBAG${text}`
}

/** The brand with this code or booking class. Throws when the carrier has none: orders are made here only. */
export function brandOf({ carrier }: AirlineSystem, wanted: { code: string }): FareBrand {
  const brand = carrier.brands.find(({ code }) => code === wanted.code)
  if (brand === undefined)
    throw new Error(`an order carries the brand ${wanted.code}, which ${carrier.title} never had`)
  return brand
}
