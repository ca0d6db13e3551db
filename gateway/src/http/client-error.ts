import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf } from '../edge/answer-of.ts'
import type { EdgeMeter } from '../edge/meter.ts'
import { type ErrorCode, FanfareError } from '../errors.ts'
import { problemType, toProblem } from './problem.ts'

function meaningOf(code: string | undefined): [ErrorCode, string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['headers_too_large', 'The request line and headers are larger than 16 KiB']
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return ['body_too_large', 'The chunk extensions of the body are too large']
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['request_timeout', 'The request did not arrive whole in time']
    default:
      return ['invalid_request', 'This is not a request of HTTP/1.1']
  }
}

/** How long a client may take to go when its connection is closed on it, in milliseconds. */
const leaveWithinMs = 1_000

/** Answers what the HTTP parser refused or what took too long to arrive, and closes the connection. */
export function createClientErrorHandler(meter: EdgeMeter) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy()
      return
    }
    meter.cut(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow_request' : 'unreadable')
    if (isAnsweringAnother(socket)) socket.destroy()
    else answer(error, socket)
  }
}

/** Whether what would be written now is taken for, or ends up within, the answer to a request before it. */
function isAnsweringAnother(socket: Socket): boolean {
  const current = answerOf(socket)
  return current !== null && (current.headersSent || current.req.complete)
}

function answer(error: Error & { code?: string }, socket: Socket): void {
  const problem = toProblem(new FanfareError(...meaningOf(error.code)), randomUUID())
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  const timer = setTimeout(() => socket.destroy(), leaveWithinMs)
  socket.once('close', () => clearTimeout(timer))
}
