import { type AirlineSystem, exampleDate, type LiveExamples, type Offer } from '@fanfare/kit'
import { hostDate } from './formats.ts'
import { amount } from './render/amount.ts'
import { bagText } from './render/words.ts'
import type { StatusCache } from './status-cache.ts'

/** What the examples of the API description say, so that each can be sent as it stands, in their order. */
export interface Examples {
  date: string
  quote: string
  /** A free window seat of the quote. */
  seat: string
  /** The lightest extra baggage. */
  bag: string
  reference: string
  /** Quote, seat and baggage together. */
  total: string
}

/** One adult on a route that is flown many times a day. */
const question = {
  origin: 'DEL',
  destination: 'BOM',
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
} as const

/** Shown when nothing is left on the route on the example's day; everything else is still right. */
const soldOut = { quote: '0N761-20300115-DEL.YVALUE.100.t3k9zz.1a2b3c4d', seat: '14A', bag: '5K', total: '415.50' }

/** Examples that work now, from what can be sold now and is not lied about. */
export function examplesNow(system: AirlineSystem, statusCache: StatusCache): Examples {
  const date = exampleDate(system.clock)
  const reference = `EXAMPLE-${system.clock.now().toString(36).toUpperCase()}`
  const isTrue = ({ journey, brand }: Offer) =>
    journey.flights.every(({ key }) => !statusCache.lies(key, brand.bookingClass))
  for (const offer of system.shop({ ...question, date }).filter(isTrue)) {
    const [map] = system.seatMaps(offer.id)
    const [bag] = system.baggage(offer.id)
    const seat = [...(map?.seats.values() ?? [])].find(
      ({ available, seat: { kind }, price }) => available && kind === 'window' && price > 0,
    )
    if (seat && bag) {
      const total = amount(offer.total + seat.price + bag.price)
      const { designator } = seat.seat
      return { date: hostDate(date), quote: offer.id, seat: designator, bag: bagText(bag.code), reference, total }
    }
  }
  return { date: hostDate(date), reference, ...soldOut }
}

/** The examples of a description that is built with `initial`. */
export function liveExamples(system: AirlineSystem, statusCache: StatusCache, initial: Examples): LiveExamples {
  return { initial: { ...initial }, current: () => ({ ...examplesNow(system, statusCache) }) }
}

/** Whole bodies by component. */
export function bodyExamples(
  { date, quote, seat, bag, reference, total }: Examples,
  agent: { sign: string; password: string },
): Record<string, unknown> {
  const { origin, destination } = question
  const party = { ADT: 1, CHD: 0, INF: 0 }
  return {
    LogonEntry: { agentSign: agent.sign, dutyCode: 'AS', password: agent.password },
    AvailabilityEntry: { origin, destination, date, party },
    FareSearchEntry: { origin, destination, date, party, cabin: 'Y' },
    QuoteEntry: { quote },
    SellEntry: { quote },
    NamesEntry: {
      names: [{ surname: 'VERMA', given: 'ASHA', title: 'MS', ptc: 'ADT' }],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      reference,
    },
    SsrEntry: {
      requests: [
        { ssr: 'DOCS', passenger: 1, born: '12APR1990', gender: 'F' },
        { ssr: 'RQST', passenger: 1, segment: 1, seat },
        { ssr: 'XBAG', passenger: 1, text: bag, units: 1 },
      ],
    },
    EndEntry: {},
    PnrEntry: { reference },
    TicketEntry: { reference, formOfPayment: 'INVAGT', total },
  }
}
