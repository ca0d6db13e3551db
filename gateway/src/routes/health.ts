import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Connector } from '../airlines/connector.ts'
import type { Bookings } from '../booking/bookings.ts'
import type { Standing } from '../edge/standing.ts'
import { problems } from '../openapi/problems.ts'
import type { AirlineHealth } from '../schemas/airline.ts'
import { Liveness, Readiness } from '../schemas/health.ts'
import { noQuery } from '../schemas/query.ts'
import { ref } from '../schemas/ref.ts'

/** What the health routes need. */
export interface HealthRouteOptions {
  standing: Pick<Standing, 'isStopping'>
  bookings: Pick<Bookings, 'checkStore'>
  connectors: ReadonlyMap<string, Connector>
  /** How an airline answered lately. */
  healthOf: (airline: string) => AirlineHealth
}

type Check = Readiness['checks'][number]

/** `GET /health/live` and `GET /health/ready` */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthRouteOptions> = async (app, options) => {
  const { standing, bookings, connectors, healthOf } = options

  function checkStanding(): Check {
    const check = { name: 'standing', required: true }
    return standing.isStopping()
      ? { ...check, status: 'failed', detail: 'stopping' }
      : { ...check, status: 'ok', detail: null }
  }

  async function checkStore(): Promise<Check> {
    const check = { name: 'store', required: true }
    try {
      await bookings.checkStore()
      return { ...check, status: 'ok', detail: null }
    } catch (error) {
      app.log.error({ err: error }, 'the store of bookings cannot be read')
      return { ...check, status: 'failed', detail: 'The store of bookings cannot be read' }
    }
  }

  function checkAirline(name: string): Check {
    const { status, lastFailure } = healthOf(name)
    const check = { name, required: false }
    if (status === 'unknown') return { ...check, status: 'unknown', detail: null }
    return status === 'down'
      ? { ...check, status: 'failed', detail: lastFailure }
      : { ...check, status: 'ok', detail: null }
  }

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'getLiveness',
        summary: 'Does the process run?',
        description: 'Answers as soon as the gateway listens, whatever else is wrong.',
        tags: ['Health'],
        querystring: noQuery,
        response: { 200: ref(Liveness), ...problems() },
      },
    },
    async () => ({ status: 'live' as const }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Can the gateway serve?',
        description:
          'Ready when the store of bookings can be read and the gateway is not `stopping`. The airlines are listed too, but the gateway serves without them: a search then says who is missing.',
        tags: ['Health'],
        querystring: noQuery,
        response: {
          ...problems(),
          200: ref(Readiness),
          503: ref(Readiness, { description: 'A required check failed' }),
        },
      },
    },
    async (_request, reply) => {
      const found = [checkStanding(), await checkStore(), ...[...connectors.keys()].map(checkAirline)]
      const ready = found.every(({ required, status }) => !required || status === 'ok')
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks: found })
    },
  )
}
