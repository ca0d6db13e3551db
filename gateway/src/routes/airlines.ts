import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Connector } from '../airlines/connector.ts'
import { problems } from '../openapi/problems.ts'
import { type AirlineHealth, AirlineList } from '../schemas/airline.ts'
import { noQuery } from '../schemas/query.ts'
import { ref } from '../schemas/ref.ts'

/** What the airline routes need. */
export interface AirlineRouteOptions {
  connectors: ReadonlyMap<string, Connector>
  /** How an airline answered lately. */
  healthOf: (airline: string) => AirlineHealth
  /** Retries and hedges that can be sent now; null: none ever are. */
  extraCallsLeft: () => number | null
}

/** `GET /v1/airlines` */
export const airlineRoutes: FastifyPluginAsyncTypebox<AirlineRouteOptions> = async (app, options) => {
  const { connectors, healthOf, extraCallsLeft } = options
  app.get(
    '/v1/airlines',
    {
      schema: {
        operationId: 'listAirlines',
        summary: 'List the airlines',
        description:
          'The airlines that Fanfare asks, what each can do, and how each answered lately: in all, and for each kind of call with its circuit breaker.',
        tags: ['Airlines'],
        querystring: noQuery,
        response: { 200: ref(AirlineList), ...problems() },
      },
    },
    async () => ({
      airlines: [...connectors.values()].map(({ airline }) => ({ ...airline, health: healthOf(airline.name) })),
      extraCallsLeft: extraCallsLeft(),
    }),
  )
}
