import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { AirlineSystem } from '../airline-system.ts'
import { NotMoved, type ScheduleChange } from '../orders/schedule-changes.ts'

/** A flight stays within its day, so nothing further can be meant. */
const mostMinutes = 24 * 60

const Move = Type.Object(
  {
    flightNumber: Type.String({ pattern: '^[0-9A-Z]{2}\\d{1,4}$' }),
    date: Type.String({ format: 'date' }),
    minutes: Type.Union([
      Type.Integer({ minimum: 1, maximum: mostMinutes }),
      Type.Integer({ minimum: -mostMinutes, maximum: -1 }),
    ]),
  },
  { additionalProperties: false },
)

/** `/schedule-changes` of the control plane: moves flights, and lists those that were moved. */
export const scheduleChangeRoutes: FastifyPluginAsyncTypebox<{ system: AirlineSystem }> = async (app, { system }) => {
  app.get('/schedule-changes', { schema: { hide: true } }, () => ({
    scheduleChanges: system.scheduleChanges().map((change) => show(system, change)),
  }))

  app.post('/schedule-changes', { schema: { hide: true, body: Move } }, ({ body }, reply) => {
    const { flightNumber, date, minutes } = body
    const flight = system.flightNumbered(flightNumber, date)
    if (flight === null) throw new NotMoved(404, `${system.carrier.title} has no flight ${flightNumber} on ${date}`)
    return reply.code(201).send(show(system, system.moveFlight(flight.key, minutes)))
  })
}

/** The change with the times that the flight has by now. */
function show({ flight }: AirlineSystem, { flightKey, minutes, announcedAt }: ScheduleChange) {
  const now = flight(flightKey)
  return {
    flightKey,
    minutes,
    announcedAt: new Date(announcedAt).toISOString(),
    departingAt: now && now.departure.local + now.departure.offset,
    arrivingAt: now && now.arrival.local + now.arrival.offset,
  }
}
