import type { FastifyInstance } from 'fastify'
import type { Airline } from '../schemas/airline.ts'
import { examples } from './examples.ts'
import { createLiveTrip } from './live-trip.ts'
import { type ApiDocument, withExamples } from './with-examples.ts'

/** The API description as it is served: its examples are real offers of today, so that each works as it stands. */
export function createLiveDocument(
  app: Pick<FastifyInstance, 'inject' | 'swagger'>,
  airlines: readonly Airline[],
  now: () => number,
): () => Promise<ApiDocument> {
  const canHold = new Set(airlines.filter(({ capabilities }) => capabilities.hold).map(({ name }) => name))
  const liveTrip = createLiveTrip(
    async <T>(path: string) => {
      const reply = await app.inject(path)
      return reply.statusCode === 200 ? reply.json<T>() : null
    },
    canHold,
    now,
  )
  return async () => withExamples(app.swagger(), examples({ airlines, now: now(), ...(await liveTrip()) }))
}
