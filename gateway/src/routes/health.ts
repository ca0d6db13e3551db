import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '../openapi/problems.ts'
import { Liveness, Readiness } from '../schemas/health.ts'
import { noQuery } from '../schemas/query.ts'
import { ref } from '../schemas/ref.ts'

/** What the health routes need. */
export interface HealthRouteOptions {
  /** What was looked at and how it is, now. */
  checks: () => Promise<Readiness['checks']>
}

/** `GET /health/live` and `GET /health/ready` */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthRouteOptions> = async (app, { checks }) => {
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
          'Ready when bookings can be stored. Airlines and the cache are listed too, but the gateway serves without them: a search then says what is missing.',
        tags: ['Health'],
        querystring: noQuery,
        response: {
          200: ref(Readiness),
          503: ref(Readiness, { description: 'A required check failed' }),
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      const found = await checks()
      const ready = found.every(({ required, status }) => !required || status === 'ok')
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks: found })
    },
  )
}
