import { type AirlineSystem, exampleDate, type LiveExamples, type Offer } from '@fanfare/kit'
import { amount } from './render/amount.ts'

/** What the examples of the API description say, so that each can be sent as it stands. */
export interface Examples {
  date: string
  offerId: string
  flightId: string
  /** A free seat of the offer. */
  seatNumber: string
  productCode: string
  clientReference: string
  /** Offer, seat and baggage together. */
  expectedTotal: string
}

/** One adult in economy on this route, which is flown many times a day. */
const question = {
  origin: 'DEL',
  destination: 'BOM',
  cabin: 'economy',
  passengers: { adults: 1, children: 0, infants: 0 },
} as const

/** Shown when nothing is left on the route on the example's day; everything but the offer is still right. */
const soldOut = { offerId: '0S101-20300115-DEL.ECLASSIC.100.t3k9zz.1a2b3c4d', seatNumber: '14A' }

/** Examples that work now, from what can be sold now. */
export function examplesNow(system: AirlineSystem): Examples {
  const date = exampleDate(system.clock)
  const clientReference = `EXAMPLE-${system.clock.now().toString(36).toUpperCase()}`
  const offer = system.shop({ ...question, date }).find(({ brand, journey }) => {
    const [flight] = journey.flights
    return (
      brand.code === 'ECLASSIC' && journey.flights.length === 1 && flight?.operating.designator === flight?.marketing
    )
  })
  const extras = offer && extrasOf(system, offer)
  if (offer === undefined || extras === undefined) {
    const flightId = `0S101-${date}-DEL`
    return { date, clientReference, flightId, ...soldOut, productCode: 'XBAG5', expectedTotal: '9999.00' }
  }
  const { flightId, seat, bag } = extras
  return {
    date,
    clientReference,
    flightId,
    offerId: offer.id,
    seatNumber: seat.seat.designator,
    productCode: bag.code,
    expectedTotal: amount(offer.total + seat.price + bag.price),
  }
}

/** A free window seat and the lightest baggage of the offer; undefined when one of them is not to be had. */
function extrasOf(system: AirlineSystem, offer: Offer) {
  const [map] = system.seatMaps(offer.id)
  const [bag] = system.baggage(offer.id)
  const seat = [...(map?.seats.values() ?? [])].find(({ available, seat: { kind } }) => available && kind === 'window')
  return map && seat && bag ? { flightId: map.flight.key, seat, bag } : undefined
}

/** The examples of a description that is built with `initial`. */
export function liveExamples(system: AirlineSystem, initial: Examples): LiveExamples {
  return { initial: { ...initial }, current: () => ({ ...examplesNow(system) }) }
}

/** Whole bodies by component. */
export function bodyExamples(examples: Examples): Record<string, unknown> {
  const { date, offerId, flightId, seatNumber, productCode, clientReference, expectedTotal } = examples
  const { origin, destination, passengers } = question
  return {
    AvailabilityRequest: { origin, destination, departureDate: date, cabin: 'ECONOMY', travellers: passengers },
    OrderRequest: {
      clientReference,
      offerId,
      travellers: [
        {
          travellerId: 'p1',
          travellerType: 'ADULT',
          title: 'MS',
          firstName: 'Asha',
          lastName: 'Verma',
          dateOfBirth: '1990-04-12',
          gender: 'F',
        },
      ],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      seats: [{ travellerId: 'p1', flightId, seatNumber }],
      baggage: [{ travellerId: 'p1', productCode, units: 1 }],
      expectedTotal,
      payment: 'HOLD',
    },
    PaymentRequest: { expectedTotal },
  }
}
