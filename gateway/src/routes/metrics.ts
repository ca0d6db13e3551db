import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Registry } from '@prometheus-io/client'
import type { Bookings } from '../booking/bookings.ts'
import { FanfareError } from '../errors.ts'
import { processMetrics } from '../metrics/process.ts'
import { surveyGauges } from '../metrics/survey.ts'
import { problems } from '../openapi/problems.ts'
import { noQuery } from '../schemas/query.ts'

const exampleLines = `fanfare_http_requests_total{route="/v1/search",method="GET",status="200"} 4711
fanfare_booking_store_up 1
fanfare_bookings{status="pending"} 0
fanfare_bookings{status="confirmed"} 12
fanfare_booking_steps_total{step="purchase",result="done"} 9
`

/** What the metrics route needs. */
export interface MetricsRouteOptions {
  registry: Registry
  bookings: Pick<Bookings, 'survey'>
  /** Milliseconds since the epoch. */
  now: () => number
}

/** `GET /metrics`, in the text format of Prometheus. */
export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsRouteOptions> = async (app, options) => {
  const { registry, bookings, now } = options
  const takeSurvey = surveyGauges(registry)

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics for Prometheus',
        description:
          'Requests, calls to airlines, the cache, bookings and the process: docs/metrics.md has them all, with what to watch for. What is counted in the store of bookings is the same at every gateway on it: take the maximum, not the sum.',
        tags: ['Health'],
        querystring: noQuery,
        response: {
          200: {
            description: 'The text format of Prometheus',
            content: {
              'text/plain': {
                schema: { type: 'string' },
                examples: { quiet: { summary: 'A few lines', value: exampleLines } },
              },
            },
          },
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      takeSurvey(await survey(), now())
      reply.header('cache-control', 'no-store').type(registry.contentType)
      return reply.send(`${await registry.metrics()}\n${await processMetrics().metrics()}`)
    },
  )

  /** null: the store cannot be reached, which must not hide the rest. */
  async function survey() {
    try {
      return await bookings.survey()
    } catch (error) {
      if (error instanceof FanfareError && error.code === 'booking_store_unavailable') return null
      throw error
    }
  }
}
