import type { OrderRequest } from '@fanfare/kit'
import { kitGenders, kitPassengerTypes } from './render/words.ts'
import type { BookingRequest } from './schemas/bookings.ts'

/** A validated booking request in the kit's words. Monsoon holds nothing, so it is always paid. */
export function readBooking(request: BookingRequest): OrderRequest {
  return {
    clientReference: request.external_reference,
    offerId: request.fare_key,
    passengers: request.pax.map((pax) => ({
      id: pax.pax_ref,
      type: kitPassengerTypes[pax.pax_type],
      title: pax.title,
      givenName: pax.first_name,
      familyName: pax.last_name,
      bornOn: pax.dob,
      gender: kitGenders[pax.sex],
    })),
    contact: { email: request.contact.email, phone: request.contact.mobile },
    seats: (request.seats ?? []).map((seat) => ({
      passengerId: seat.pax_ref,
      flightKey: seat.flight_key,
      designator: seat.seat_no,
    })),
    baggage: (request.extras ?? []).map((extra) => ({
      passengerId: extra.pax_ref,
      code: extra.extra_code,
      quantity: extra.quantity,
    })),
    expectedTotal: request.agreed_total?.amount_minor ?? null,
    pay: true,
  }
}
