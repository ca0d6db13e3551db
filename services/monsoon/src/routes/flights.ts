import type { AirlineApp, AirlineSystem, FlightSeats, Offer } from '@fanfare/kit'
import type { FastifyReply } from 'fastify'
import { ApiError } from '../errors.ts'
import type { Examples } from '../examples.ts'
import { renderExtras, renderSeatCharts } from '../render/extras.ts'
import { renderFlights, renderQuote } from '../render/flights.ts'
import { Extras, fareKeyQuery, SeatCharts } from '../schemas/extras.ts'
import { FlightResults, FlightSearch, Quote, QuoteRequest } from '../schemas/flights.ts'
import { ref } from '../schemas/ref.ts'
import { answers } from './answers.ts'

/** Looking: search, price, seats, extras. Nothing here changes anything. */
export function flightRoutes(app: AirlineApp, system: AirlineSystem, { fareKey }: Examples): void {
  const querystring = fareKeyQuery(fareKey)
  const { carrier } = system
  const searches = new WeakMap<readonly Offer[], Buffer>()
  const charts = new WeakMap<readonly FlightSeats[], Buffer>()

  app.post(
    '/flights/search',
    {
      schema: {
        operationId: 'searchFlights',
        tags: ['Flights'],
        summary: 'Search for flights',
        body: ref(FlightSearch),
        response: answers({ 200: ref(FlightResults) }, 400, 401, 422, 429),
      },
    },
    (request, reply) => {
      const { from, to, date, pax } = request.body
      const { adt: adults, chd: children = 0, inf: infants = 0 } = pax
      if (infants > adults) throw invalidPax('Every infant needs an adult of its own')
      if (adults + children + infants > 9) throw invalidPax('At most nine travel together')
      const passengers = { adults, children, infants }
      const offers = system.shop({ origin: from, destination: to, date, passengers, cabin: null })
      return sendKept(reply, searches, offers, () => renderFlights(carrier, offers))
    },
  )

  app.post(
    '/quotes',
    {
      schema: {
        operationId: 'quoteFare',
        tags: ['Flights'],
        summary: 'Price a fare as it stands now',
        body: ref(QuoteRequest),
        response: answers({ 200: ref(Quote) }, 400, 401, 404, 409, 410, 429),
      },
    },
    (request) => renderQuote(carrier, system.offer(request.body.fare_key)),
  )

  app.get(
    '/flights/seats',
    {
      schema: {
        operationId: 'listSeats',
        tags: ['Flights'],
        summary: 'See the seats of a fare’s flights',
        querystring,
        response: answers({ 200: ref(SeatCharts) }, 400, 401, 404, 409, 410, 429),
      },
    },
    (request, reply) => {
      const flights = system.seatMaps(request.query.fare_key)
      return sendKept(reply, charts, flights, () => renderSeatCharts(carrier, flights))
    },
  )

  app.get(
    '/extras',
    {
      schema: {
        operationId: 'listExtras',
        tags: ['Flights'],
        summary: 'See what baggage goes with a fare',
        querystring,
        response: answers({ 200: ref(Extras) }, 400, 401, 404, 409, 410, 429),
      },
    },
    (request) => {
      const { fare_key } = request.query
      return renderExtras(carrier, system.offer(fare_key), system.baggage(fare_key))
    },
  )
}

function invalidPax(message: string): ApiError {
  return new ApiError({ status: 422, error_code: 'PAX_INVALID' }, message)
}

/** Sends what was rendered from this very object before, or renders it and keeps the bytes as long as the object lives. */
function sendKept<T extends object>(reply: FastifyReply, kept: WeakMap<T, Buffer>, source: T, render: () => unknown) {
  let bytes = kept.get(source)
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(render()))
    kept.set(source, bytes)
  }
  return reply.type('application/json; charset=utf-8').send(bytes)
}
