import { Refusal, type RefusalCode } from '@fanfare/kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { amount } from './render/amount.ts'
import type { ErrorAnswer } from './schemas/error.ts'

type Details = ErrorAnswer['error']['details']

/** An error that Saffron answers with. */
export class SaffronError extends Error {
  override name = 'SaffronError'
  readonly status: number
  readonly code: string
  readonly details: Details

  constructor(status: number, code: string, message: string, details?: Details) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** Status and code of every refusal of the kit. */
export function refusalError(code: RefusalCode): { status: number; code: string } {
  switch (code) {
    case 'unknown_airport':
      return { status: 400, code: 'AIRPORT_UNKNOWN' }
    case 'passengers_mismatch':
      return { status: 400, code: 'TRAVELLERS_MISMATCH' }
    case 'seat_unknown':
      return { status: 400, code: 'SEAT_UNKNOWN' }
    case 'baggage_unknown':
      return { status: 400, code: 'BAGGAGE_PRODUCT_UNKNOWN' }
    case 'holds_not_offered':
      return { status: 400, code: 'HOLD_NOT_OFFERED' }
    case 'offer_not_found':
      return { status: 404, code: 'OFFER_NOT_FOUND' }
    case 'order_not_found':
      return { status: 404, code: 'ORDER_NOT_FOUND' }
    case 'sold_out':
      return { status: 409, code: 'FARE_SOLD_OUT' }
    case 'price_changed':
      return { status: 409, code: 'PRICE_CHANGED' }
    case 'seat_taken':
      return { status: 409, code: 'SEAT_NOT_AVAILABLE' }
    case 'client_reference_reused':
      return { status: 409, code: 'CLIENT_REFERENCE_REUSED' }
    case 'hold_lapsed':
      return { status: 409, code: 'HOLD_LAPSED' }
    case 'not_held':
      return { status: 409, code: 'ORDER_NOT_HELD' }
    case 'not_cancellable':
      return { status: 409, code: 'ORDER_NOT_CANCELLABLE' }
    case 'offer_expired':
      return { status: 410, code: 'OFFER_EXPIRED' }
  }
}

/** Turns whatever was thrown into Saffron's error answer. */
export function sendError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const { status, code, message, details } = describe(error)
  if (status >= 500) request.log.error({ err: error }, 'fault of the service itself')
  const answer: ErrorAnswer = { error: { code, message, ...(details && { details }), traceId: request.id } }
  return reply.status(status).send(answer)
}

interface Description {
  status: number
  code: string
  message: string
  details?: Details
}

function describe(error: FastifyError | Error): Description {
  if (error instanceof SaffronError) {
    return { status: error.status, code: error.code, message: error.message, details: error.details }
  }
  if (error instanceof Refusal) return describeRefusal(error)
  if ('validation' in error && error.validation !== undefined) {
    return {
      status: 400,
      code: 'VALIDATION_FAILED',
      message: `The ${error.validationContext ?? 'request'} is not as described`,
      details: error.validation.map(({ instancePath, message, params }) => ({
        field: field(instancePath, params),
        issue: message ?? 'is wrong',
      })),
    }
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) return { status: 500, code: 'INTERNAL_ERROR', message: 'Saffron Airways could not do this' }
  return { status, code: requestErrorCode(status), message: error.message }
}

/** An unknown or missing field is named itself, not the object it is in. */
function field(instancePath: string, params: Record<string, unknown>): string {
  const name = params.additionalProperty ?? params.missingProperty
  return typeof name === 'string' ? `${instancePath}/${name}` : instancePath
}

function describeRefusal({ code, message, currentTotal }: Refusal): Description {
  if (currentTotal === undefined) return { ...refusalError(code), message }
  const current = amount(currentTotal)
  return {
    ...refusalError(code),
    message: `The total is ${current} now`,
    details: [{ field: '/expectedTotal', issue: 'is not the total', current }],
  }
}

/** Codes of what goes wrong before a route is reached. */
function requestErrorCode(status: number): string {
  switch (status) {
    case 404:
      return 'RESOURCE_NOT_FOUND'
    case 413:
      return 'REQUEST_TOO_LARGE'
    case 414:
      return 'URI_TOO_LONG'
    case 415:
      return 'MEDIA_TYPE_UNSUPPORTED'
    default:
      return 'REQUEST_MALFORMED'
  }
}
