import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errorTable, FanfareError } from '../errors.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { toClientError } from './airline-failure.ts'
import { problemType, toProblem } from './problem.ts'

/** Fastify's own errors that are the client's doing. */
const clientMistakes: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_body', 'The body is not valid JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_body', 'The body is empty, but its content type is JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_body', 'The body is not as long as Content-Length says'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than 256 KiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as Content-Type: application/json'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path has a percent sign that encodes nothing'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is too long'],
  FST_ERR_NOT_FOUND: ['not_found', 'Nothing is at this path'],
  ECONNRESET: ['malformed_body', 'The connection ended before the body did'],
}

/** Any error as a line of the table; what nobody foresaw is an internal_error that gives nothing away. */
function toFanfareError(error: unknown): FanfareError {
  if (error instanceof FanfareError) return error
  if (error instanceof AirlineError) return toClientError(error)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const [code, detail] = clientMistakes[error.code] ?? []
    if (code && detail) return new FanfareError(code, detail, { cause: error })
  }
  return new FanfareError('internal_error', 'Something went wrong here; the log has it', { cause: error })
}

/** Answers with problem+json, whatever was thrown, and logs what is not the client's doing. */
export function handleError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = toFanfareError(thrown)
  const { status } = errorTable[error.code]
  if (error.code === 'internal_error') request.log.error({ err: thrown }, 'unexpected error')
  else if (error.code === 'booking_store_unavailable') {
    request.log.warn({ err: error.options.cause }, 'the store of bookings cannot be reached')
  } else if (status >= 500) {
    request.log.warn({ code: error.code, detail: error.message }, 'an airline failed a request')
  }
  if (error.options.retryAfter !== undefined) reply.header('retry-after', error.options.retryAfter)
  reply
    .code(status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type(problemType)
    .send(JSON.stringify(toProblem(error, request.id)))
}
