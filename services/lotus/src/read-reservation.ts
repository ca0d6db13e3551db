import type { OrderRequest } from '@fanfare/kit'
import { LotusError } from './errors.ts'
import { minorUnits } from './render/amount.ts'
import { kitGenders } from './render/words.ts'
import type { ReservationRequest } from './schemas/reservations.ts'

/** A validated request in the kit's words. Throws LotusError amount-inexact. */
export function readReservation(request: ReservationRequest): OrderRequest {
  return {
    clientReference: request.idempotencyKey,
    offerId: request.offerToken,
    passengers: request.guests.map((guest) => ({
      id: guest.guestRef,
      type: guest.guestType,
      title: guest.honorific,
      givenName: guest.given,
      familyName: guest.family,
      bornOn: guest.birthDate,
      gender: kitGenders[guest.sex],
    })),
    contact: { email: request.reach.email, phone: request.reach.mobile },
    seats: request.seats.map(({ guestRef, flightKey, seat }) => ({
      passengerId: guestRef,
      flightKey,
      designator: seat,
    })),
    baggage: request.bags.map(({ guestRef, bagCode, units }) => ({
      passengerId: guestRef,
      code: bagCode,
      quantity: units,
    })),
    expectedTotal: readTotal(request.expectedTotal),
    pay: request.settle === 'now',
  }
}

/** Satang; null: whatever it costs now. Throws LotusError amount-inexact for a number with more than two decimals. */
export function readTotal(expectedTotal: number | undefined): number | null {
  if (expectedTotal === undefined) return null
  const minor = minorUnits(expectedTotal)
  if (minor === null) {
    throw new LotusError(400, 'amount-inexact', 'Baht have at most two decimals', { at: '/expectedTotal' })
  }
  return minor
}
