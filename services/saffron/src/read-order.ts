import type { OrderRequest as KitOrderRequest } from '@fanfare/kit'
import { minorUnits } from './render/amount.ts'
import { kitGenders, kitPassengerTypes } from './render/words.ts'
import type { OrderRequest } from './schemas/order.ts'

/** A validated order request in the kit's words. */
export function readOrderRequest(request: OrderRequest): KitOrderRequest {
  return {
    clientReference: request.clientReference,
    offerId: request.offerId,
    passengers: request.travellers.map((traveller) => ({
      id: traveller.travellerId,
      type: kitPassengerTypes[traveller.travellerType],
      title: traveller.title,
      givenName: traveller.firstName,
      familyName: traveller.lastName,
      bornOn: traveller.dateOfBirth,
      gender: kitGenders[traveller.gender],
    })),
    contact: request.contact,
    seats: request.seats.map((seat) => ({
      passengerId: seat.travellerId,
      flightKey: seat.flightId,
      designator: seat.seatNumber,
    })),
    baggage: request.baggage.map((bag) => ({
      passengerId: bag.travellerId,
      code: bag.productCode,
      quantity: bag.units,
    })),
    expectedTotal: readTotal(request.expectedTotal),
    pay: request.payment === 'PAY_NOW',
  }
}

/** null: whatever it costs now. */
export function readTotal(expectedTotal: string | undefined): number | null {
  return expectedTotal === undefined ? null : minorUnits(expectedTotal)
}
