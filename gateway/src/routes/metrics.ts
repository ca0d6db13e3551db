import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Counter, collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client'
import type { Bookings } from '../booking/bookings.ts'
import { type Meter, stepKinds, stepResults } from '../booking/meter.ts'
import { FanfareError } from '../errors.ts'
import { problems } from '../openapi/problems.ts'
import { BookingStatus } from '../schemas/booking.ts'
import { noQuery } from '../schemas/query.ts'
import type { MalformedMeter } from '../shopping/malformed.ts'

/** What counts in this gateway, and where the counts are. */
export interface Metrics {
  registry: Registry
  meter: Meter
  malformedMeter: MalformedMeter
}

/** Counters at zero: each series is there from the beginning, so that its first increase is seen. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const steps = new Counter({
    name: 'fanfare_booking_steps_total',
    help: 'Steps of bookings at airlines since the gateway started, by kind and by what came of them',
    labelNames: ['step', 'result'],
    registers: [registry],
  })
  for (const step of stepKinds) for (const result of stepResults) steps.inc({ step, result }, 0)
  const malformed = new Counter({
    name: 'fanfare_malformed_answers_total',
    help: 'Answers of airlines that made no sense since the gateway started, by airline and by what was asked',
    labelNames: ['airline', 'operation'],
    registers: [registry],
  })
  const malformedMeter: MalformedMeter = { malformed: (airline, operation) => malformed.inc({ airline, operation }) }
  return { registry, malformedMeter, meter: { step: (step, result) => steps.inc({ step, result }) } }
}

const exampleLines = `fanfare_booking_store_up 1
fanfare_bookings{status="pending"} 0
fanfare_bookings{status="confirmed"} 12
fanfare_booking_steps_total{step="purchase",result="done"} 9
`

/** What the metrics route needs. */
export interface MetricsRouteOptions extends Pick<Metrics, 'registry'> {
  bookings: Pick<Bookings, 'survey'>
  /** Real time, milliseconds since the epoch. */
  now: () => number
  /** The world's time, by which bookings are made. */
  worldNow: () => number
}

/** `GET /metrics`, in the text format of Prometheus. */
export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsRouteOptions> = async (app, options) => {
  const { registry, bookings, now, worldNow } = options
  const takeSurvey = surveyGauges(registry)

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics for Prometheus',
        description:
          'Bookings by status, work that is due or overdue, steps at airlines by what came of them, and the process. What is counted in the store is the same at every gateway on it: take the maximum, not the sum.',
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
      takeSurvey(await survey(), { real: now(), world: worldNow() })
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

type Survey = Awaited<ReturnType<Bookings['survey']>>

/** Gauges of what the store holds, and a function that sets them; null: it cannot be reached, and they are 0. */
function surveyGauges(registry: Registry): (survey: Survey | null, now: { real: number; world: number }) => void {
  const registers = [registry]
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const up = gauge('fanfare_booking_store_up', '1 while the store of bookings can be read')
  const byStatus = new Gauge({
    name: 'fanfare_bookings',
    help: 'Bookings in the store, by status',
    labelNames: ['status'],
    registers,
  })
  const oldestPending = gauge(
    'fanfare_booking_oldest_pending_seconds',
    'Age of the oldest booking that is pending; 0 when none is',
  )
  const jobs = new Gauge({
    name: 'fanfare_booking_jobs',
    help: 'Work on bookings: in the hands of a gateway, due and in nobody’s, or waiting until it is due',
    labelNames: ['state'],
    registers,
  })
  const overdue = gauge(
    'fanfare_booking_job_overdue_seconds',
    'How long the oldest due work has waited; 0 when none has',
  )

  return (survey, now) => {
    up.set(survey ? 1 : 0)
    for (const one of [byStatus, oldestPending, jobs, overdue]) one.reset()
    if (!survey) return
    const seconds = (since: number | null, until: number) => (since === null ? 0 : Math.max(0, until - since) / 1000)
    for (const status of BookingStatus.enum) byStatus.set({ status }, survey.bookings.get(status) ?? 0)
    oldestPending.set(seconds(survey.oldestPendingAt, now.world))
    jobs.set({ state: 'in_hand' }, survey.jobsInHand)
    jobs.set({ state: 'due' }, survey.jobsDue)
    jobs.set({ state: 'waiting' }, survey.jobsWaiting)
    overdue.set(seconds(survey.oldestDueAt, now.real))
  }
}

let ofProcess: Registry | null = null

/** Those of the process, which are the same for every gateway that is built in it. They watch it from the first call on. */
function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess, eventLoopUtilizationTimeout: 1000 })
  }
  return ofProcess
}
