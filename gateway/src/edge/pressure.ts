import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { FanfareError } from '../errors.ts'
import { isExempt } from './exempt.ts'
import type { EdgeMeter } from './meter.ts'

/**
 * How long the delay is measured for at a time, in milliseconds. A refusal lasts no shorter; were it shorter, a single pause
 * for breath would count as much as work that piles up.
 */
const measureForMs = 1_000

/** Seconds after which a refused client may find the gateway relieved. */
const retryAfter = 2

/**
 * Answers `overloaded` while the event loop's mean delay is above so many milliseconds; 0: never. Its utilisation is not
 * gone by: a gateway that is used to the full and keeps up serves as it should. Gives whether it does so now.
 */
export async function refuseUnderPressure(
  app: FastifyInstance,
  { eventLoopDelayMs, meter }: { eventLoopDelayMs: number; meter: EdgeMeter },
): Promise<() => boolean> {
  if (eventLoopDelayMs === 0) return () => false
  // What was measured while the gateway was being built says nothing of what it can do.
  let countsFrom = Number.POSITIVE_INFINITY
  app.addHook('onReady', async () => {
    countsFrom = performance.now() + 2 * measureForMs
  })
  // It only measures: its own hook looks the route up anew for every request.
  await app.register(underPressure, { sampleInterval: measureForMs })
  const isLate = () => app.memoryUsage().eventLoopDelay > eventLoopDelayMs && performance.now() >= countsFrom
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (!isLate() || isExempt(url)) {
      done()
      return
    }
    meter.refused('event_loop')
    done(new FanfareError('overloaded', 'The gateway has more work than it can do in time', { retryAfter }))
  })
  return isLate
}
