import type { IncomingMessage, ServerResponse } from 'node:http'
import { deadlineHeader } from '../http/deadline.ts'
import { plainHeaders } from '../http/request-guard.ts'
import type { Answer } from '../shopping/answer/answer.ts'
import type { ShoppingMeter } from '../shopping/meter.ts'
import type { Shopping } from '../shopping/shopping.ts'
import { type KnownSearches, queryStringOf } from './known-searches.ts'
import { isSentAsGzip, replyWith } from './search-reply.ts'
import { wantsStream } from './search-stream.ts'

/** Answers a request, or leaves it alone: false. */
type Shortcut = (request: IncomingMessage, response: ServerResponse) => boolean

/** What the shortcut stands on. */
export interface ShortcutOptions {
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
export function createShortcut({ shopping, known, meter, isCalm, headers: most, count }: ShortcutOptions): Shortcut {
  function find(request: IncomingMessage): { answer: Answer; gzip: Buffer | null } | null {
    const { url = '', headers } = request
    if (request.method !== 'GET' || !url.startsWith(path) || request.rawHeaders.length > 2 * most) return null
    if (headers['fanfare-fault'] !== undefined || headers[deadlineHeader] !== undefined) return null
    if (wantsStream(request)) return null
    const search = known.find(queryStringOf(url))
    const answer = search && shopping.ready(search)
    if (answer === null) return null
    const { gzip } = answer.entry
    if (!isSentAsGzip(headers, answer)) return { answer, gzip: null }
    return gzip && { answer, gzip }
  }

  return (request, response) => {
    // Without a socket it waits for others of its connection.
    if (!isCalm() || response.socket === null) return false
    const startedAt = performance.now()
    try {
      const found = find(request)
      if (found === null) return false
      const { status, headers, body } = replyWith(found.answer, found.gzip, request.headers)
      response.writeHead(status, { ...plainHeaders(request), ...headers })
      response.once('finish', () => count({ statusCode: status, elapsedTime: performance.now() - startedAt }))
      response.end(body)
      meter.answered(found.answer.from)
      return true
    } catch (error) {
      // Bytes from elsewhere that are not what they say: nothing is sent yet, and the route can tell of it.
      if (response.headersSent) throw error
      return false
    }
  }
}
