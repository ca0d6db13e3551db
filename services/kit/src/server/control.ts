import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { AirlineSystem } from '../airline-system.ts'
import { scheduleChangeRoutes } from './schedule-changes.ts'

/** What the control plane stands on. */
export interface ControlPlaneOptions {
  system: AirlineSystem
  /** What callers must show in the header `Fanfare-Sim-Token`. */
  token: string
}

/** A clock moves at most ten years at once, so that it stays within the dates that JavaScript knows. */
const mostAdvanceMs = 10 * 365 * 86_400_000

const Advance = Type.Object(
  { advanceMs: Type.Integer({ minimum: 0, maximum: mostAdvanceMs }) },
  { additionalProperties: false },
)

const FaultList = Type.Object(
  {
    faults: Type.Array(
      Type.Object(
        {
          deed: Type.Enum(['hold', 'purchase', 'pay', 'cancel']),
          kind: Type.Enum(['lost_request', 'lost_answer', 'error_before', 'error_after', 'late', 'done_later']),
          share: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
          next: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { default: null }),
          delayMs: Type.Integer({ minimum: 0, maximum: 120_000, default: 0 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
)

/** The simulation's own API: moves the clock, switches faults, lists the orders and audits. It is no part of an airline's API, so no description shows it. */
export const controlPlane: FastifyPluginAsyncTypebox<ControlPlaneOptions> = async (app, { system, token }) => {
  const { clock } = system
  const isRight = tokenCheck(token)
  const time = () => ({ now: new Date(clock.now()).toISOString(), epochMs: clock.now() })

  // The dialect's handler speaks the dialect; the control plane speaks plain JSON at every airline.
  app.setErrorHandler<{ statusCode?: number; message: string }>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error(error)
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message })
  })

  app.addHook('onRequest', async (request, reply) => {
    if (!isRight(request.headers['fanfare-sim-token'])) {
      return reply.code(401).send({ error: 'the header Fanfare-Sim-Token is missing or wrong' })
    }
  })

  app.get('/clock', { schema: { hide: true } }, time)

  app.post('/clock', { schema: { hide: true, body: Advance } }, ({ body }) => {
    clock.advance(body.advanceMs)
    return time()
  })

  const { faults } = system
  if (faults) {
    const state = () => ({ faults: faults.list(), struck: faults.struck() })
    app.get('/faults', { schema: { hide: true } }, state)
    app.put('/faults', { schema: { hide: true, body: FaultList } }, ({ body }) => {
      faults.set(body.faults)
      return state()
    })
  }

  await app.register(scheduleChangeRoutes, { system })

  app.get('/orders', { schema: { hide: true } }, () => ({ orders: system.orders() }))

  app.get('/audit', { schema: { hide: true } }, () => {
    const checks = system.audit()
    return { holds: checks.every((check) => check.holds), checks }
  })
}

/** Compares in a time that tells nothing about the token. */
function tokenCheck(token: string): (shown: unknown) => boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const right = digest(token)
  return (shown) => typeof shown === 'string' && timingSafeEqual(digest(shown), right)
}
