import { type AirlineSystem, exampleDate } from '@fanfare/kit'
import type { BookingRequest } from './schemas/bookings.ts'
import type { FlightSearch } from './schemas/flights.ts'

/** Requests that work as they stand, for the API description. */
export interface Examples {
  search: FlightSearch
  /** Of a fare that the search finds; good for as long as fares are, then answered with FARE_EXPIRED. */
  fareKey: string
  booking: BookingRequest
}

/** Examples for an airline at this moment. */
export function createExamples({ clock, shop }: AirlineSystem): Examples {
  const search = { from: 'DEL', to: 'BOM', date: exampleDate(clock), pax: { adt: 1, chd: 0, inf: 0 } }
  const [cheapest] = shop({
    origin: search.from,
    destination: search.to,
    date: search.date,
    passengers: { adults: 1, children: 0, infants: 0 },
    cabin: null,
  })
  const fareKey = cheapest?.id ?? 'DEL-BOM'
  return {
    search,
    fareKey,
    booking: {
      external_reference: 'SHOP-000123',
      fare_key: fareKey,
      pax: [
        {
          pax_ref: 'p1',
          pax_type: 'ADT',
          title: 'MS',
          first_name: 'Asha',
          last_name: 'Verma',
          dob: '1990-04-12',
          sex: 'F',
        },
      ],
      contact: { email: 'asha@example.com', mobile: '+919810012345' },
      seats: [],
      extras: [{ pax_ref: 'p1', extra_code: 'BAG15', quantity: 1 }],
    },
  }
}
