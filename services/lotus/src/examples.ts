import { type AirlineSystem, exampleDate, type LiveExamples, type Offer, searchKey } from '@fanfare/kit'
import type { SearchBook } from './searches.ts'

/** What the examples of the API description say, so that each can be sent as it stands, once signed. */
export interface Examples {
  date: string
  searchId: string
  offerToken: string
  flightKey: string
  /** A free seat of the offer. */
  seat: string
  idempotencyKey: string
}

/** One adult in economy on this route, which is flown several times a day. */
const question = {
  origin: 'DEL',
  destination: 'BKK',
  cabin: 'economy',
  passengers: { adults: 1, children: 0, infants: 0 },
} as const

/** Shown when nothing is left on the route on the example's day. */
const soldOut = { offerToken: '0L577-20300131-DEL.YVALUE.100.t3k9zz.1a2b3c4d', seat: '34A' }

/** Examples that work now, from what can be sold now; the search among them is begun for it. */
export function examplesNow(system: AirlineSystem, searches: SearchBook): Examples {
  const date = exampleDate(system.clock)
  const offers = system.shop({ ...question, date })
  const searchId = searches.open(offers, searchKey({ ...question, date })).id
  const idempotencyKey = `EXAMPLE-${system.clock.now().toString(36).toUpperCase()}`
  const offer = offers.find(({ brand, journey }) => brand.code === 'YVALUE' && journey.flights.length === 1)
  const seat = offer && freeWindow(system, offer)
  const flightKey = offer?.journey.flights[0]?.key ?? `0L577-${date}-DEL`
  const found = offer === undefined || seat === undefined ? soldOut : { offerToken: offer.id, seat }
  return { date, searchId, idempotencyKey, flightKey, ...found }
}

function freeWindow(system: AirlineSystem, offer: Offer): string | undefined {
  const seats = system.seatMaps(offer.id)[0]?.seats.values() ?? []
  return [...seats].find(({ available, seat: { kind } }) => available && kind === 'window')?.seat.designator
}

/** The examples of a description that is built with `initial`. */
export function liveExamples(system: AirlineSystem, searches: SearchBook, initial: Examples): LiveExamples {
  return { initial: { ...initial }, current: () => ({ ...examplesNow(system, searches) }) }
}

/** Whole bodies by component. */
export function bodyExamples({ date, offerToken, flightKey, seat, idempotencyKey }: Examples): Record<string, unknown> {
  const { origin, destination, cabin, passengers } = question
  return {
    SearchRequest: { from: origin, to: destination, departOn: date, cabin, travelParty: passengers },
    ReservationRequest: {
      idempotencyKey,
      offerToken,
      guests: [
        {
          guestRef: 'p1',
          guestType: 'adult',
          honorific: 'ms',
          given: 'Asha',
          family: 'Verma',
          birthDate: '1990-04-12',
          sex: 'female',
        },
      ],
      reach: { email: 'asha@example.com', mobile: '+919810012345' },
      seats: [{ guestRef: 'p1', flightKey, seat }],
      bags: [{ guestRef: 'p1', bagCode: 'BAG23', units: 1 }],
      settle: 'later',
    },
    PaymentRequest: {},
  }
}
