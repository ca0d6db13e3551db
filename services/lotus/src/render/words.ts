import type { Cabin as KitCabin, OrderPassenger, OrderStatus, PlannedSeat } from '@fanfare/kit'
import type { BagKind, Cabin } from '../schemas/common.ts'
import type { SeatPlace } from '../schemas/extras.ts'
import type { Guest, Reservation } from '../schemas/reservations.ts'

/** Lotus Air's words for the kit's, and back, where they differ. */

export const cabins: Record<KitCabin, Cabin> = {
  economy: 'economy',
  premium_economy: 'premium-economy',
  business: 'business',
  first: 'first',
}

export const kitCabins: Record<Cabin, KitCabin> = {
  economy: 'economy',
  'premium-economy': 'premium_economy',
  business: 'business',
  first: 'first',
}

export const bagKinds: Record<'carry_on' | 'checked', BagKind> = { carry_on: 'cabin', checked: 'hold' }

/** A blocked seat is told by its state, not by a note. */
export const notes: Record<Exclude<PlannedSeat['traits'][number], 'blocked'>, SeatPlace['notes'][number]> = {
  exit_row: 'exit-row',
  extra_legroom: 'extra-legroom',
  bulkhead: 'bulkhead',
  over_wing: 'over-wing',
  near_galley: 'near-galley',
  limited_recline: 'limited-recline',
  no_infant: 'no-infant',
}

export const states: Record<OrderStatus, Reservation['state']> = {
  held: 'on-hold',
  confirmed: 'ticketed',
  cancelled: 'cancelled',
  lapsed: 'lapsed',
}

export const sexes: Record<OrderPassenger['gender'], Guest['sex']> = {
  female: 'female',
  male: 'male',
  unspecified: 'undisclosed',
}

export const kitGenders: Record<Guest['sex'], OrderPassenger['gender']> = {
  female: 'female',
  male: 'male',
  undisclosed: 'unspecified',
}
