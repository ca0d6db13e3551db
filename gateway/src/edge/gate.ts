import type { onRequestHookHandler } from 'fastify'
import { FanfareError } from '../errors.ts'
import type { HttpLimits } from './limits.ts'
import type { EdgeMeter } from './meter.ts'
import type { Standing } from './standing.ts'

/** What the gate goes by. */
export interface GateOptions {
  limits: Pick<HttpLimits, 'headers' | 'pipelined'>
  standing: Standing
  meter: EdgeMeter
}

/** Runs first of all for each request: turns away those that take too much room, and ends connections while the gateway stops. */
export function createGate({ limits, standing, meter }: GateOptions): onRequestHookHandler {
  /** Requests that wait on a connection for those before them. */
  const waiting = new WeakMap<object, number>()

  return (request, reply, done) => {
    if (standing.isStopping()) reply.header('connection', 'close')
    const { raw } = reply
    // An answer has no socket yet while an earlier one of the same connection is not done.
    if (raw.socket === null) {
      const connection = request.raw.socket
      const depth = (waiting.get(connection) ?? 0) + 1
      waiting.set(connection, depth)
      raw.once('close', () => waiting.set(connection, (waiting.get(connection) ?? 1) - 1))
      if (depth > limits.pipelined) {
        meter.refused('pipelining')
        const detail = `More than ${limits.pipelined} requests wait on this connection for those before them`
        done(new FanfareError('overloaded', detail, { retryAfter: 1 }))
        return
      }
    }
    if (request.raw.rawHeaders.length > 2 * limits.headers) {
      done(new FanfareError('headers_too_large', `The request has more than ${limits.headers} headers`))
      return
    }
    done()
  }
}
