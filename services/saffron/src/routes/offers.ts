import type { AirlineApp, AirlineSystem, FlightSeats } from '@fanfare/kit'
import { createByteCache } from '../bytes.ts'
import type { Examples } from '../examples.ts'
import { renderBaggage } from '../render/baggage.ts'
import { renderOffer } from '../render/offer.ts'
import { renderSeatMaps } from '../render/seat-map.ts'
import { ApiKeyHeader } from '../schemas/common.ts'
import { Offer, OfferBaggage, offerParams, SeatMaps } from '../schemas/offer.ts'
import { ref } from '../schemas/ref.ts'
import { answers } from './answers.ts'

/** GET /offers/{offerId} and what belongs to an offer. */
export function registerOffers(app: AirlineApp, system: AirlineSystem, { offerId }: Examples): void {
  const { carrier } = system
  const params = offerParams(offerId)
  const seatMapBytes = createByteCache((flights: readonly FlightSeats[]) => renderSeatMaps(carrier, flights))

  app.get(
    '/offers/:offerId',
    {
      schema: {
        operationId: 'getOffer',
        tags: ['Shopping'],
        summary: 'Look at one offer as it stands now',
        description: 'The price may differ from that of the availability; it is the one an order will be made at.',
        headers: ApiKeyHeader,
        params,
        response: answers({ 200: ref(Offer) }, 400, 401, 404, 409, 410, 414),
      },
    },
    (request, reply) => reply.send(renderOffer(carrier, system.offer(request.params.offerId))),
  )

  app.get(
    '/offers/:offerId/seatmaps',
    {
      schema: {
        operationId: 'getSeatMaps',
        tags: ['Shopping'],
        summary: 'See the seats of every flight of an offer',
        description: 'One map per flight, of the cabin the offer is for, with prices for its fare family.',
        headers: ApiKeyHeader,
        params,
        response: answers({ 200: ref(SeatMaps) }, 400, 401, 404, 409, 410, 414),
      },
    },
    (request, reply) =>
      reply.type('application/json; charset=utf-8').send(seatMapBytes(system.seatMaps(request.params.offerId))),
  )

  app.get(
    '/offers/:offerId/baggage',
    {
      schema: {
        operationId: 'getBaggage',
        tags: ['Shopping'],
        summary: 'See what baggage an offer includes and what can be bought',
        description: 'Saffron Airways counts checked baggage by weight. A product covers every flight of the offer.',
        headers: ApiKeyHeader,
        params,
        response: answers({ 200: ref(OfferBaggage) }, 400, 401, 404, 409, 410, 414),
      },
    },
    (request, reply) => {
      const { offerId } = request.params
      return reply.send(renderBaggage(carrier, system.offer(offerId), system.baggage(offerId)))
    },
  )
}
