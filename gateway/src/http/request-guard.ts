import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { onRequestHookHandler } from 'fastify'
import { FanfareError } from '../errors.ts'
import type { AllowedMethods } from './route-table.ts'

/** Longest path and query: six offer ids of 1,000 characters fit. */
const longestUrl = 8192

/** Names a request in the logs: the client's own X-Request-Id where it is a plain one, else a new UUID. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID()
}

/** Headers of every answer: the request's name, and that no body is to be taken for another kind than it says. */
export function plainHeaders(request: IncomingMessage, id = requestId(request)) {
  return { 'x-request-id': id, 'x-content-type-options': 'nosniff' }
}

/** Runs before a body is read: echoes the request id and turns away what has no route. */
export function createRequestGuard(allowedMethods: AllowedMethods): onRequestHookHandler {
  return (request, reply, done) => {
    reply.headers(plainHeaders(request.raw, request.id))
    if (request.url.length > longestUrl) {
      done(new FanfareError('uri_too_long', `The path and query are longer than ${longestUrl} bytes`))
      return
    }
    if (!request.is404) {
      done()
      return
    }
    const [path = ''] = request.url.split('?')
    const methods = allowedMethods(path)
    if (methods.length === 0) {
      done(new FanfareError('not_found', `Nothing is at ${path}`))
      return
    }
    reply.header('allow', methods.join(', '))
    done(new FanfareError('method_not_allowed', `${path} takes ${methods.join(', ')}, not ${request.method}`))
  }
}
