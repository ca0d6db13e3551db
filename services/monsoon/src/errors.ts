import { type Carrier, Refusal, type RefusalCode } from '@fanfare/kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorReply } from './schemas/errors.ts'

/** An error in Monsoon's words. */
export interface ApiErrorEntry {
  status: number
  error_code: string
  hint?: string
}

/** What Monsoon says for each reason that the airline has to say no. */
const refusals: Record<RefusalCode, ApiErrorEntry> = {
  unknown_airport: { status: 422, error_code: 'AIRPORT_UNKNOWN' },
  offer_not_found: { status: 404, error_code: 'FARE_UNKNOWN', hint: 'Take the fare_key from a search as it is.' },
  offer_expired: { status: 410, error_code: 'FARE_EXPIRED', hint: 'Search again.' },
  sold_out: { status: 409, error_code: 'FLIGHT_FULL', hint: 'Search again.' },
  price_changed: { status: 409, error_code: 'PRICE_MOVED', hint: 'current_total is what it costs now.' },
  seat_taken: { status: 409, error_code: 'SEAT_GONE', hint: 'Choose another seat.' },
  seat_unknown: { status: 422, error_code: 'SEAT_UNKNOWN' },
  baggage_unknown: { status: 422, error_code: 'EXTRA_UNKNOWN' },
  passengers_mismatch: { status: 422, error_code: 'PAX_MISMATCH', hint: 'Send exactly the party the fare is for.' },
  holds_not_offered: { status: 422, error_code: 'HOLDS_NOT_SOLD' },
  client_reference_reused: { status: 409, error_code: 'REFERENCE_IN_USE', hint: 'Use a new external_reference.' },
  order_not_found: { status: 404, error_code: 'PNR_UNKNOWN' },
  hold_lapsed: { status: 409, error_code: 'HOLD_LAPSED' },
  not_held: { status: 409, error_code: 'NOT_ON_HOLD' },
  not_cancellable: { status: 409, error_code: 'NOT_CANCELLABLE' },
}

/** An error that this dialect raises by itself. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly entry: ApiErrorEntry

  constructor(entry: ApiErrorEntry, message: string) {
    super(message)
    this.entry = entry
  }
}

/** Answers every error of the API with an ErrorReply; what is nobody's mistake but ours is a 500 and is logged. */
export function createErrorHandler({ currency }: Carrier) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) => {
    const { status, ...body } = describe(error, currency)
    if (status >= 500) request.log.error({ err: error }, 'request failed')
    return reply.code(status).type('application/json; charset=utf-8').send(body)
  }
}

/** Answers what is at no path. */
export function notFoundHandler(request: FastifyRequest, reply: FastifyReply) {
  return reply.code(404).send({
    error_code: 'NO_SUCH_PATH',
    message: `Nothing answers ${request.method} at this path`,
  } satisfies ErrorReply)
}

function describe(error: FastifyError | Error, currency: string): ErrorReply & { status: number } {
  if (error instanceof Refusal) {
    const { currentTotal } = error
    return {
      ...refusals[error.code],
      message: error.message,
      ...(currentTotal === undefined ? {} : { current_total: { amount_minor: currentTotal, currency } }),
    }
  }
  if (error instanceof ApiError) return { ...error.entry, message: error.message }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) return { status: 500, error_code: 'INTERNAL', message: 'Something broke at Monsoon' }
  return { status, error_code: requestErrors[status] ?? 'BAD_REQUEST', message: error.message }
}

/** What Fastify itself refuses, by status. */
const requestErrors: Record<number, string> = {
  413: 'BODY_TOO_LARGE',
  414: 'PATH_TOO_LONG',
  415: 'MEDIA_TYPE_UNKNOWN',
}
