import type { IncomingMessage, ServerResponse } from 'node:http'
import { deadlineHeader } from '../http/deadline.ts'
import { plainHeaders } from '../http/request-guard.ts'
import type { ShoppingMeter } from '../shopping/meter.ts'
import type { Shopping } from '../shopping/shopping.ts'
import { type KnownSearches, queryStringOf } from './known-searches.ts'
import { isSentAsGzip, replyWith } from './search-reply.ts'
import { wantsStream } from './search-stream.ts'

/** Answers a request, or leaves it alone: false. */
type Lane = (request: IncomingMessage, response: ServerResponse) => boolean

/** What the lane stands on. */
export interface ReadyLaneOptions {
  shopping: Pick<Shopping, 'ready'>
  known: KnownSearches
  meter: Pick<ShoppingMeter, 'answered'>
  /** Whether nothing is to be done to requests but to answer them: no limit is near, and the gateway is not stopping. */
  isCalm: () => boolean
  /** Most headers of a request. */
  headers: number
  /** Counts an answered request; milliseconds from its headers to its end. */
  count: (answered: { statusCode: number; elapsedTime: number }) => void
}

const path = '/v1/search?'

/**
 * Answers searches whose query string is known and whose answer lies ready, before the framework does anything with them: its
 * hooks, its log and its way of writing headers take as long as all the rest. What is out of the ordinary is left to it.
 */
export function createReadyLane({ shopping, known, meter, isCalm, headers: most, count }: ReadyLaneOptions): Lane {
  return (request, response) => {
    const { url = '', headers } = request
    if (request.method !== 'GET' || !url.startsWith(path) || !isCalm()) return false
    // Without a socket it waits for others of its connection.
    if (response.socket === null || request.rawHeaders.length > 2 * most) return false
    if (headers['fanfare-fault'] !== undefined || headers[deadlineHeader] !== undefined) return false
    if (wantsStream(request)) return false
    const search = known.find(queryStringOf(url))
    const answer = search && shopping.ready(search)
    if (answer === null) return false
    const isGzip = isSentAsGzip(headers, answer)
    const { gzip } = answer.entry
    if (isGzip && gzip === null) return false

    const startedAt = performance.now()
    const reply = replyWith(answer, isGzip ? gzip : null, headers)
    response.once('finish', () => count({ statusCode: reply.status, elapsedTime: performance.now() - startedAt }))
    response.writeHead(reply.status, { ...plainHeaders(request), ...reply.headers })
    response.end(reply.body)
    meter.answered(answer.from)
    return true
  }
}
