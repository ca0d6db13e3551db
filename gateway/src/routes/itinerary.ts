import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { endUnread } from '../http/client-left.ts'
import { DeadlineHeader, deadlineHeader, deadlineHook, waitOf } from '../http/deadline.ts'
import { problems } from '../openapi/problems.ts'
import { Itinerary, ItineraryQuery } from '../schemas/itinerary.ts'
import { ref } from '../schemas/ref.ts'
import { FaultHeaders } from '../schemas/simulation.ts'
import type { Shopping } from '../shopping/shopping.ts'
import type { FaultRequests } from '../simulation/fault-header.ts'

/** What the itinerary route needs. */
export interface ItineraryRouteOptions {
  shopping: Shopping
  faults: FaultRequests
}

/** `GET /v1/itinerary` */
export const itineraryRoutes: FastifyPluginAsyncTypebox<ItineraryRouteOptions> = async (app, { shopping, faults }) => {
  app.get(
    '/v1/itinerary',
    {
      preValidation: deadlineHook,
      schema: {
        operationId: 'getItinerary',
        summary: 'Price offers with their seats and baggage',
        description:
          'Asks each offer’s airline for its price as it stands, its seat maps and its baggage, all at once, and merges them. What an airline could not say is missing, and `sources` says why; without a price there is no itinerary.',
        tags: ['Shopping'],
        querystring: ItineraryQuery,
        headers: Type.Object({
          ...FaultHeaders.properties,
          ...DeadlineHeader(
            'Seat maps and baggage that are not in by then are missing; without a price there is no itinerary.',
          ),
        }),
        response: {
          200: ref(Itinerary),
          ...problems(
            'invalid_offer',
            'simulation_off',
            'unknown_currency',
            'offers_conflict',
            'offer_not_found',
            'sold_out',
            'offer_expired',
            'airline_error',
            'airline_unavailable',
            'airline_timeout',
          ),
        },
      },
    },
    async ({ query: { offerId, currency }, headers }, reply) => {
      reply.header('cache-control', 'no-store')
      const { 'fanfare-fault': fault, [deadlineHeader]: deadlineMs } = headers
      const request = { offerIds: offerId, currency, wait: waitOf(deadlineMs, reply) }
      try {
        return await faults.under(fault, 'everything', () => shopping.itinerary(request, fault !== undefined))
      } catch (error) {
        return endUnread(error, reply)
      }
    },
  )
}
