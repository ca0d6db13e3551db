import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { FanfareError } from '../errors.ts'
import { createOwnAllowances, createSharedAllowances } from './allowances.ts'
import { isExempt } from './exempt.ts'
import type { EdgeMeter } from './meter.ts'

/** How clients are limited. */
export interface RateLimitOptions {
  /** Requests of one client in a minute; 0: no limit. */
  perMinute: number
  /** Counts for all gateways together; undefined: each counts by itself. */
  redisUrl: string | undefined
  /** Milliseconds since the epoch. */
  now: () => number
  meter: EdgeMeter
}

const windowMs = 60_000

/**
 * Limits how often each client may ask, by its address (an IPv6 client by its /64 network). Every request counts, whatever
 * comes of it, except those of health and metrics.
 */
export async function limitRate(app: FastifyInstance, options: RateLimitOptions): Promise<void> {
  const { perMinute, redisUrl, now, meter } = options
  if (perMinute === 0) return
  const own = createOwnAllowances(now)
  const allowances = redisUrl === undefined ? own : createSharedAllowances({ redisUrl, own, now, log: app.log })
  app.addHook('onClose', async () => allowances.close())

  /** The plugin makes its store itself, hence a class. */
  class Store implements FastifyRateLimitStore {
    incr(client: string, done: Parameters<FastifyRateLimitStore['incr']>[1]) {
      allowances.use(client, windowMs).then((used) => done(null, used), done)
    }
    child() {
      return this
    }
  }

  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: windowMs,
    enableDraftSpec: true,
    store: Store,
    allowList: ({ url }) => isExempt(url),
    errorResponseBuilder(_request, { ttl }) {
      meter.refused('rate_limit')
      const detail = `More than ${perMinute} requests in a minute`
      return new FanfareError('too_many_requests', detail, { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) })
    },
  })
  // For every request, also those that have no route: a hook on routes would let these by.
  app.addHook('onRequest', app.rateLimit())
}
