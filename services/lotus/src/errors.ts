import { Refusal, type RefusalCode } from '@fanfare/kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { amount } from './render/amount.ts'
import type { Fault, Faults } from './schemas/errors.ts'

type Details = Omit<Fault, 'code' | 'detail'>

/** An error that Lotus Air answers with. */
export class LotusError extends Error {
  override name = 'LotusError'
  readonly status: number
  readonly code: string
  readonly details: Details

  constructor(status: number, code: string, detail: string, details: Details = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** Status and code of every refusal of the kit. */
export function refusalError(code: RefusalCode): { status: number; code: string } {
  switch (code) {
    case 'unknown_airport':
      return { status: 400, code: 'airport-unknown' }
    case 'passengers_mismatch':
      return { status: 400, code: 'guests-mismatch' }
    case 'seat_unknown':
      return { status: 400, code: 'seat-unknown' }
    case 'baggage_unknown':
      return { status: 400, code: 'bag-unknown' }
    case 'holds_not_offered':
      return { status: 400, code: 'hold-not-offered' }
    case 'offer_not_found':
      return { status: 404, code: 'offer-not-found' }
    case 'order_not_found':
      return { status: 404, code: 'reservation-not-found' }
    case 'sold_out':
      return { status: 409, code: 'sold-out' }
    case 'price_changed':
      return { status: 409, code: 'price-moved' }
    case 'seat_taken':
      return { status: 409, code: 'seat-taken' }
    case 'client_reference_reused':
      return { status: 409, code: 'idempotency-key-reused' }
    case 'hold_lapsed':
      return { status: 409, code: 'hold-lapsed' }
    case 'not_held':
      return { status: 409, code: 'not-on-hold' }
    case 'not_cancellable':
      return { status: 409, code: 'not-cancellable' }
    case 'offer_expired':
      return { status: 410, code: 'offer-expired' }
  }
}

/** Turns whatever was thrown into Lotus Air's error answer. */
export function sendError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const { status, errors } = describe(error)
  if (status >= 500) request.log.error({ err: error }, 'fault of the service itself')
  return reply.status(status).send({ errors } satisfies Faults)
}

function describe(error: FastifyError | Error): { status: number } & Faults {
  if (error instanceof LotusError) {
    return { status: error.status, errors: [{ code: error.code, detail: error.message, ...error.details }] }
  }
  if (error instanceof Refusal) {
    const { status, code } = refusalError(error.code)
    return { status, errors: [{ code, ...describeRefusal(error) }] }
  }
  if ('validation' in error && error.validation !== undefined) {
    const part = error.validationContext ?? 'request'
    const errors = error.validation.map(({ instancePath, message, params }) => ({
      code: 'request-invalid',
      detail: `The ${part} ${message ?? 'is wrong'}`,
      at: pointer(instancePath, params),
    }))
    return { status: 400, errors }
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) return { status: 500, errors: [{ code: 'internal', detail: 'Lotus Air could not do this' }] }
  return { status, errors: [{ code: requestErrorCode(status), detail: error.message }] }
}

/** An unknown or missing field is named itself, not the object it is in. */
function pointer(instancePath: string, params: Record<string, unknown>): string {
  const name = params.additionalProperty ?? params.missingProperty
  return typeof name === 'string' ? `${instancePath}/${name}` : instancePath
}

function describeRefusal({ message, currentTotal }: Refusal): Omit<Fault, 'code'> {
  if (currentTotal === undefined) return { detail: message }
  const now = amount(currentTotal)
  return { detail: `Everything costs ${now} THB now`, at: '/expectedTotal', currentTotal: now }
}

/** Codes of what goes wrong before a route is reached. */
function requestErrorCode(status: number): string {
  switch (status) {
    case 404:
      return 'not-found'
    case 413:
      return 'request-too-large'
    case 414:
      return 'uri-too-long'
    default:
      return 'request-malformed'
  }
}
