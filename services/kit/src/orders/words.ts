import type { Cabin, PassengerType } from '../world/types.ts'
import type { OrderPassenger, OrderStatus } from './types.ts'

/** The words that text columns of the database hold. */
export const cabins = ['economy', 'premium_economy', 'business', 'first'] as const satisfies readonly Cabin[]
export const passengerTypes = ['adult', 'child', 'infant'] as const satisfies readonly PassengerType[]
export const genders = ['female', 'male', 'unspecified'] as const satisfies readonly OrderPassenger['gender'][]
export const statuses = ['held', 'confirmed', 'cancelled', 'lapsed'] as const satisfies readonly OrderStatus[]
