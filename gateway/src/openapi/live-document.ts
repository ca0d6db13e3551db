import type { FastifyInstance } from 'fastify'
import type { Airline } from '../schemas/airline.ts'
import type { Booking, BookingList } from '../schemas/booking.ts'
import { examples } from './examples.ts'
import { createLiveTrip } from './live-trip.ts'
import { type ApiDocument, withExamples } from './with-examples.ts'

/** The API description as it is served: its examples are real offers of today, so that each works as it stands. */
export function createLiveDocument(
  app: Pick<FastifyInstance, 'inject' | 'swagger'>,
  airlines: readonly Airline[],
  /** The world's time, milliseconds since the epoch. */
  now: () => number,
  /** Real time. */
  realNow: () => number,
): () => Promise<ApiDocument> {
  async function ask<T>(path: string): Promise<T | null> {
    const reply = await app.inject(path)
    return reply.statusCode === 200 ? reply.json<T>() : null
  }

  async function newestBooking(filter: string): Promise<Booking | null> {
    const list = await ask<BookingList>(`/v1/bookings?limit=1${filter}`)
    return list?.bookings[0] ?? null
  }

  const canHold = new Set(airlines.filter(({ capabilities }) => capabilities.hold).map(({ name }) => name))
  const liveTrip = createLiveTrip(ask, canHold, now, realNow)
  return async () => {
    const [trip, newest, held] = await Promise.all([liveTrip(), newestBooking(''), newestBooking('&status=held')])
    return withExamples(app.swagger(), examples({ airlines, now: now(), ...trip, newest, held }))
  }
}
