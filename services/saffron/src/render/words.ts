import type {
  Cabin as KitCabin,
  PassengerType as KitPassengerType,
  OrderPassenger,
  OrderStatus,
  PlannedSeat,
} from '@fanfare/kit'
import type { BagType, Cabin, TravellerType } from '../schemas/common.ts'
import type { SeatPlace } from '../schemas/offer.ts'
import type { Order, Traveller } from '../schemas/order.ts'

/** Saffron's words for the kit's, and back. */

export const cabins: Record<KitCabin, Cabin> = {
  economy: 'ECONOMY',
  premium_economy: 'PREMIUM_ECONOMY',
  business: 'BUSINESS',
  first: 'FIRST',
}

export const kitCabins: Record<Cabin, KitCabin> = {
  ECONOMY: 'economy',
  PREMIUM_ECONOMY: 'premium_economy',
  BUSINESS: 'business',
  FIRST: 'first',
}

export const travellerTypes: Record<KitPassengerType, TravellerType> = {
  adult: 'ADULT',
  child: 'CHILD',
  infant: 'INFANT',
}

export const kitPassengerTypes: Record<TravellerType, KitPassengerType> = {
  ADULT: 'adult',
  CHILD: 'child',
  INFANT: 'infant',
}

export const bagTypes: Record<'carry_on' | 'checked', BagType> = { carry_on: 'CABIN_BAG', checked: 'CHECKED_BAG' }

export const positions: Record<PlannedSeat['kind'], SeatPlace['position']> = {
  window: 'WINDOW',
  middle: 'MIDDLE',
  aisle: 'AISLE',
}

/** A blocked seat is told by its status, not by a characteristic. */
export const characteristics: Record<
  Exclude<PlannedSeat['traits'][number], 'blocked'>,
  SeatPlace['characteristics'][number]
> = {
  exit_row: 'EXIT_ROW',
  extra_legroom: 'EXTRA_LEGROOM',
  bulkhead: 'BULKHEAD',
  over_wing: 'OVER_WING',
  near_galley: 'NEAR_GALLEY',
  limited_recline: 'LIMITED_RECLINE',
  no_infant: 'NO_INFANT',
}

export const orderStatuses: Record<OrderStatus, Order['status']> = {
  held: 'HELD',
  confirmed: 'CONFIRMED',
  cancelled: 'CANCELLED',
  lapsed: 'LAPSED',
}

export const genders: Record<OrderPassenger['gender'], Traveller['gender']> = {
  female: 'F',
  male: 'M',
  unspecified: 'X',
}

export const kitGenders: Record<Traveller['gender'], OrderPassenger['gender']> = {
  F: 'female',
  M: 'male',
  X: 'unspecified',
}
