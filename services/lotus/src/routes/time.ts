import type { AirlineApp } from '@fanfare/kit'
import { closed, ref } from '../schemas/ref.ts'
import { LotusTime } from '../schemas/time.ts'
import { windowMs } from '../sign-in.ts'
import { answers } from './answers.ts'

/** GET /time: the one call that is not signed. */
export function registerTime(app: AirlineApp, now: () => number): void {
  app.get(
    '/time',
    {
      schema: {
        operationId: 'readTime',
        tags: ['Signing'],
        summary: 'Read the clock that timestamps are judged by',
        security: [],
        querystring: closed({}),
        response: answers({ 200: ref(LotusTime) }, 400),
      },
    },
    (_request, reply) => reply.header('cache-control', 'no-store').send({ epochMs: now(), windowMs }),
  )
}
