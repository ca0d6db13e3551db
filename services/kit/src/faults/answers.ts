import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AirlineSystem } from '../airline-system.ts'
import type { AirlineApp } from '../server/app.ts'
import { drip, htmlPage } from './bodies.ts'
import { type Exchange, exchange } from './exchange.ts'
import { type FaultKind, faultKinds, isWorldKind } from './faults.ts'
import type { Operation } from './operations.ts'
import type { Simulation, Verdict } from './simulation.ts'
import { spoil } from './spoil.ts'
import { createWaits } from './waits.ts'
import { happen } from './world-faults.ts'

/** By operation: keys (of XML: elements) of its answers that no reader can do without where they occur. */
export type Essentials = Partial<Record<Operation, readonly string[]>>

/** How the answers of a dialect can suffer. */
export interface AnswerOptions {
  system: AirlineSystem
  simulation: Simulation
  /** Whether a request may ask for a fault by its header `Fanfare-Fault`. */
  obeysHeader: boolean
  essentials: Essentials
  /** What it says to whoever asks too often, and its content type. */
  tooManyRequests: { type: string; body: string }
}

/** Seconds that a struck request is told to wait. */
const retryAfter = '1'

/**
 * Makes answers late, and lets them suffer what struck the request that they tell of: cut, replaced, spoiled. Requests that only
 * read are judged once their answer is ready, since only then it is known what they asked for.
 */
export function sufferAnswers(app: AirlineApp, options: AnswerOptions): void {
  const { system, simulation, obeysHeader } = options
  const waits = createWaits()
  app.addHook('preClose', async () => waits.end())

  app.addHook('onRequest', (request, reply, done) => {
    // The service's own pages are no part of the airline's API.
    if (request.routeOptions.schema?.hide) return done()
    const asked = obeysHeader ? request.headers['fanfare-fault'] : undefined
    const ordered = faultKinds.find((kind) => kind === asked) ?? null
    if (asked !== undefined && ordered === null) {
      reply.code(400).send({ error: `the header Fanfare-Fault must be one of ${faultKinds.join(', ')}` })
      return
    }
    exchange.run({ ordered, noticed: null, verdict: null }, done)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const under = exchange.getStore()
    const verdict = under ? (under.verdict ?? judgeRead(under)) : null
    if (verdict === null) return payload
    const { socket } = request.raw
    if (verdict.latencyMs > 0) await waits.pause(verdict.latencyMs, socket)
    return verdict.fault === null ? payload : await suffer(verdict, verdict.fault, request, reply, payload)
  })

  function judgeRead({ noticed, ordered }: Exchange): Verdict | null {
    if (noticed === null) return null
    const verdict = simulation.judge({ ...noticed, ordered })
    const kind = verdict.fault?.kind
    // Behind the back of whoever looked: the next look sees it.
    const subject = kind !== undefined && isWorldKind(kind) ? noticed.subject() : null
    if (kind !== undefined && isWorldKind(kind) && subject !== null) happen(system, kind, subject, verdict.words)
    return verdict
  }

  async function suffer(
    { operation, words }: Verdict,
    { kind, delayMs }: { kind: FaultKind; delayMs: number },
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> {
    const { socket } = request.raw
    const replace = (status: number, type: string, body: string) => {
      reply.code(status).type(type).removeHeader('content-length')
      return body
    }
    switch (kind) {
      case 'timeout':
        await waits.pause(Number.POSITIVE_INFINITY, socket)
        socket.destroy()
        return payload
      case 'reset':
      case 'lost_answer':
      case 'done_later':
        // Not the request: once it is read to its end, destroying it leaves the connection as it is.
        socket.destroy()
        return payload
      case 'error':
      case 'error_after':
        return replace(500, 'text/plain', 'Internal Server Error')
      case 'rate_limited':
        reply.header('retry-after', retryAfter)
        return replace(429, options.tooManyRequests.type, options.tooManyRequests.body)
      case 'late':
        await waits.pause(delayMs, socket)
        return payload
      case 'html':
        return replace(200, 'text/html; charset=utf-8', htmlPage)
      case 'drip': {
        const bytes = bytesOf(payload)
        reply.header('content-length', bytes.length)
        return drip(bytes, delayMs, (ms) => waits.pause(ms, socket))
      }
      case 'truncated': {
        const bytes = bytesOf(payload)
        reply.header('content-length', bytes.length)
        reply.raw.once('finish', () => socket.destroySoon())
        return Readable.from([bytes.subarray(0, bytes.length / 2)])
      }
      case 'missing_key':
      case 'wrong_type':
        reply.removeHeader('content-length')
        return spoil(bytesOf(payload).toString(), kind, options.essentials[operation] ?? [], words)
      case 'price_change':
      case 'sold_out':
      case 'seat_taken':
      case 'schedule_change':
        return payload
    }
  }
}

function bytesOf(payload: unknown): Buffer {
  if (Buffer.isBuffer(payload)) return payload
  return Buffer.from(typeof payload === 'string' ? payload : '')
}
