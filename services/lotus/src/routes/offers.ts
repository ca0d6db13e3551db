import type { AirlineApp, AirlineSystem, FlightSeats } from '@fanfare/kit'
import { createByteCache } from '../bytes.ts'
import { renderBags, renderCabins } from '../render/extras.ts'
import { renderPricedOffer } from '../render/offers.ts'
import { OfferBags, OfferCabins } from '../schemas/extras.ts'
import { ref } from '../schemas/ref.ts'
import { offerParams, PricedOffer } from '../schemas/searches.ts'
import { answers } from './answers.ts'

/** GET /offers/{offerToken} and what belongs to an offer. */
export function registerOffers(app: AirlineApp, system: AirlineSystem, examples: { offerToken: string }): void {
  const params = offerParams(examples.offerToken)
  const cabinBytes = createByteCache((flights: readonly FlightSeats[]) => renderCabins(flights))

  app.get(
    '/offers/:offerToken',
    {
      schema: {
        operationId: 'priceOffer',
        tags: ['Shopping'],
        summary: 'Price an offer as it stands now',
        description:
          'Fares move: about one offer in seven costs some percent more or less than the search said. This is the price that a reservation is made at; it stands for a quarter of an hour at most.',
        params,
        response: answers({ 200: ref(PricedOffer) }, 400, 401, 404, 409, 410, 414),
      },
    },
    (request, reply) => reply.send(renderPricedOffer(system.offer(request.params.offerToken))),
  )

  app.get(
    '/offers/:offerToken/cabins',
    {
      schema: {
        operationId: 'getCabins',
        tags: ['Shopping'],
        summary: 'See the seats of every flight of an offer',
        description: 'With prices for its bundle: seats of the zones that it includes cost nothing.',
        params,
        response: answers({ 200: ref(OfferCabins) }, 400, 401, 404, 414),
      },
    },
    (request, reply) =>
      reply.type('application/json; charset=utf-8').send(cabinBytes(system.seatMaps(request.params.offerToken))),
  )

  app.get(
    '/offers/:offerToken/bags',
    {
      schema: {
        operationId: 'getBags',
        tags: ['Shopping'],
        summary: 'See what baggage an offer’s bundle carries and what can be bought',
        description: 'By the piece. What is bought covers every flight of the offer.',
        params,
        response: answers({ 200: ref(OfferBags) }, 400, 401, 404, 409, 410, 414),
      },
    },
    (request, reply) => {
      const { offerToken } = request.params
      return reply.send(renderBags(system.carrier, system.offer(offerToken), system.baggage(offerToken)))
    },
  )
}
