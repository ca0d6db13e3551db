import { type AirlineSystem, exampleDate, type LiveExamples } from '@fanfare/kit'

/** What the examples of the API description say, so that each can be sent as it stands. */
export interface Examples {
  date: string
  fareKey: string
  flightKey: string
  /** A free window seat of the flight. */
  seatNo: string
  externalReference: string
}

/** One adult on a route that is flown many times a day. */
const question = {
  origin: 'DEL',
  destination: 'BOM',
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: null,
}

/** Examples that work now, from what can be sold now; with a made-up fare where the day has nothing left. */
export function examplesNow(system: AirlineSystem): Examples {
  const date = exampleDate(system.clock)
  const externalReference = `EXAMPLE-${system.clock.now().toString(36).toUpperCase()}`
  for (const { id } of system.shop({ ...question, date })) {
    const [map] = system.seatMaps(id)
    const free = [...(map?.seats.values() ?? [])].find(({ available, seat }) => available && seat.kind === 'window')
    if (map && free) {
      return { date, fareKey: id, flightKey: map.flight.key, seatNo: free.seat.designator, externalReference }
    }
  }
  const fareKey = '0U2001-20300115-DEL.GO.100.t3k9zz.1a2b3c4d'
  return { date, fareKey, flightKey: `0U2001-${date}-DEL`, seatNo: '14A', externalReference }
}

/** The path of the token endpoint. */
export const tokenPath = '/oauth/token'

/**
 * The examples of a description that is built with `initial`, kept up to date. The token endpoint is named with its origin, since
 * Swagger UI would look for a bare path on the page that shows the description, which may be another service's.
 */
export function liveExamples(system: AirlineSystem, initial: Examples): LiveExamples {
  return {
    initial: { ...initial, tokenUrl: tokenPath },
    current: (origin) => ({ ...examplesNow(system), tokenUrl: `${origin}${tokenPath}` }),
  }
}

/** Whole bodies, by component. */
export function bodyExamples({
  date,
  fareKey,
  flightKey,
  seatNo,
  externalReference,
}: Examples): Record<string, unknown> {
  return {
    FlightSearch: { from: question.origin, to: question.destination, date, pax: { adt: 1 } },
    QuoteRequest: { fare_key: fareKey },
    BookingRequest: {
      external_reference: externalReference,
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
      seats: [{ pax_ref: 'p1', flight_key: flightKey, seat_no: seatNo }],
      extras: [{ pax_ref: 'p1', extra_code: 'BAG15', quantity: 1 }],
    },
  }
}
