import { type AirlineApp, type AirlineSystem, countOf, type FlightSeats, type Offer } from '@fanfare/kit'
import { HostError } from '../errors.ts'
import { isoDate } from '../formats.ts'
import { type Display, renderAvailability, renderFareSearch, renderQuote } from '../render/displays.ts'
import { renderBaggage, renderSeatMaps } from '../render/extras.ts'
import { kitCabins, kitParty } from '../render/words.ts'
import type { CabinCode, Party } from '../schemas/common.ts'
import { ref } from '../schemas/ref.ts'
import {
  AvailabilityAnswer,
  AvailabilityEntry,
  BaggageAnswer,
  FareSearchAnswer,
  FareSearchEntry,
  QuoteAnswer,
  QuoteEntry,
  SeatMapAnswer,
} from '../schemas/shopping.ts'
import type { SessionOf } from '../sign-in.ts'
import { answers } from './answers.ts'

interface Question {
  origin: string
  destination: string
  date: string
  party: Party
  cabin?: CabinCode
}

const json = 'application/json; charset=utf-8'

/** Looking; nothing here changes anything but the session's last display. */
export function registerShopping(app: AirlineApp, system: AirlineSystem, sessionOf: SessionOf): void {
  const { carrier } = system
  const availability = keep((offers: readonly Offer[]) => renderAvailability(carrier, offers))
  const fareSearch = keep((offers: readonly Offer[]) => renderFareSearch(carrier, offers))
  const seatMaps = keep((maps: readonly FlightSeats[]) => Buffer.from(JSON.stringify(renderSeatMaps(maps))))

  function shop({ origin, destination, date, party, cabin }: Question): readonly Offer[] {
    const day = isoDate(date)
    if (day === null) throw new HostError('CHECK DATE', date)
    const passengers = kitParty(party)
    const everyone = countOf(passengers, 'adult') + countOf(passengers, 'child') + countOf(passengers, 'infant')
    if (everyone > 9) throw new HostError('CHECK PARTY', 'nine at most')
    if (passengers.infants > passengers.adults) throw new HostError('CHECK PARTY', 'an adult for each infant')
    return system.shop({ origin, destination, date: day, passengers, cabin: cabin ? kitCabins[cabin] : null })
  }

  app.post(
    '/availability',
    {
      schema: {
        operationId: 'availability',
        tags: ['Shopping'],
        summary: 'AN: flights and what is left in their classes',
        description:
          'Both cabins, by departure. The counts are a cached status: a sell may be told UC. Lines can be sold by number until the session’s next display.',
        body: ref(AvailabilityEntry),
        response: answers(AvailabilityAnswer, 400, 413, 415),
      },
    },
    (request, reply) => {
      const display: Display = availability(shop(request.body))
      sessionOf(request).display = display.lines
      return reply.type(json).send(display.bytes)
    },
  )

  app.post(
    '/fares',
    {
      schema: {
        operationId: 'searchFares',
        tags: ['Shopping'],
        summary: 'FS: low fare search, availability with prices',
        description:
          'As availability, by cheapest fare, with what each class costs the party. A `quote` names flights, class and party without a session; lines can be sold by number, too.',
        body: ref(FareSearchEntry),
        response: answers(FareSearchAnswer, 400, 413, 415),
      },
    },
    (request, reply) => {
      const display: Display = fareSearch(shop(request.body))
      sessionOf(request).display = display.lines
      return reply.type(json).send(display.bytes)
    },
  )

  app.post(
    '/quote',
    {
      schema: {
        operationId: 'quote',
        tags: ['Shopping'],
        summary: 'FQ: a quote as it stands now',
        description: 'The price may differ from that of the search; it is the one that a cart is priced at.',
        body: ref(QuoteEntry),
        response: answers(QuoteAnswer, 400, 413, 415),
      },
    },
    ({ body }) => renderQuote(carrier, system.offer(body.quote)),
  )

  app.post(
    '/seatmap',
    {
      schema: {
        operationId: 'seatMap',
        tags: ['Shopping'],
        summary: 'SM: the seats of a quote’s flights',
        body: ref(QuoteEntry),
        response: answers(SeatMapAnswer, 400, 413, 415),
      },
    },
    ({ body }, reply) => reply.type(json).send(seatMaps(system.seatMaps(body.quote))),
  )

  app.post(
    '/baggage',
    {
      schema: {
        operationId: 'baggage',
        tags: ['Shopping'],
        summary: 'BG: what baggage a quote includes, and what can be bought',
        body: ref(QuoteEntry),
        response: answers(BaggageAnswer, 400, 413, 415),
      },
    },
    ({ body }) => renderBaggage(system, system.offer(body.quote), system.baggage(body.quote)),
  )
}

/**
 * Keeps what `render` makes of a value for as long as the value itself lives. The kit gives the very same object while
 * nothing about it changes, so a warm answer costs a look-up and no serialisation.
 */
function keep<T extends object, R>(render: (value: T) => R): (value: T) => R {
  const rendered = new WeakMap<T, R>()
  return (value) => {
    let made = rendered.get(value)
    if (made === undefined) {
      made = render(value)
      rendered.set(value, made)
    }
    return made
  }
}
