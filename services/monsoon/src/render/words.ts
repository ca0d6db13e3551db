import type { SeatZone as KitSeatZone, OrderPassenger, PassengerType, PlannedSeat } from '@fanfare/kit'
import type { Pax } from '../schemas/bookings.ts'
import type { BagKind, PaxType } from '../schemas/common.ts'
import type { Seat, SeatZone } from '../schemas/extras.ts'

/** Monsoon's words for the kit's, and back. */

export const paxTypes: Record<PassengerType, PaxType> = { adult: 'ADT', child: 'CHD', infant: 'INF' }

export const kitPassengerTypes: Record<PaxType, PassengerType> = { ADT: 'adult', CHD: 'child', INF: 'infant' }

export const bagKinds: Record<'carry_on' | 'checked', BagKind> = { carry_on: 'CABIN', checked: 'CHECKED' }

export const seatZones: Record<KitSeatZone, SeatZone> = {
  standard: 'STANDARD',
  preferred: 'PREFERRED',
  front: 'FRONT',
  exit: 'EXIT',
}

export const positions: Record<PlannedSeat['kind'], Seat['position']> = {
  window: 'WINDOW',
  middle: 'MIDDLE',
  aisle: 'AISLE',
}

/** A blocked seat is told by its state, not by a feature. */
export const features: Record<Exclude<PlannedSeat['traits'][number], 'blocked'>, Seat['features'][number]> = {
  exit_row: 'EXIT_ROW',
  extra_legroom: 'EXTRA_LEGROOM',
  bulkhead: 'BULKHEAD',
  over_wing: 'OVER_WING',
  near_galley: 'NEAR_GALLEY',
  limited_recline: 'LIMITED_RECLINE',
  no_infant: 'NO_INFANT',
}

export const sexes: Record<OrderPassenger['gender'], Pax['sex']> = { female: 'F', male: 'M', unspecified: 'X' }

export const kitGenders: Record<Pax['sex'], OrderPassenger['gender']> = { F: 'female', M: 'male', X: 'unspecified' }
