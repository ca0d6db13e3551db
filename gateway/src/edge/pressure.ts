import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { FanfareError } from '../errors.ts'
import { isExempt } from './exempt.ts'
import type { EdgeMeter } from './meter.ts'

/** How often the delay is measured, in milliseconds: a refusal lasts no shorter. */
const measureEveryMs = 500

/** Seconds after which a refused client may find the gateway relieved. */
const retryAfter = 2

/**
 * Answers `overloaded` while the event loop's mean delay is above so many milliseconds; 0: never. Its utilisation is not
 * gone by: a gateway that is used to the full and keeps up serves as it should.
 */
export async function refuseUnderPressure(
  app: FastifyInstance,
  { eventLoopDelayMs, meter }: { eventLoopDelayMs: number; meter: EdgeMeter },
): Promise<void> {
  if (eventLoopDelayMs === 0) return
  await app.register(underPressure, {
    maxEventLoopDelay: eventLoopDelayMs,
    sampleInterval: measureEveryMs,
    pressureHandler({ url }) {
      if (isExempt(url)) return
      meter.refused('event_loop')
      throw new FanfareError('overloaded', 'The gateway has more work than it can do in time', { retryAfter })
    },
  })
}
