import { Refusal, type RefusalCode } from '@fanfare/kit'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { amount } from './render/amount.ts'
import type { ErrorAnswer } from './schemas/error.ts'

/** An entry that the host understood and refused: an answer like any other, so its status is 200. */
export class HostError extends Error {
  override name = 'HostError'
  readonly code: string

  constructor(code: string, text: string) {
    super(text)
    this.code = code
  }
}

/** The host's word for every refusal of the kit. */
function hostCode(code: RefusalCode): string {
  switch (code) {
    case 'unknown_airport':
      return 'CHECK CITY PAIR'
    case 'offer_not_found':
      return 'QUOTE NOT FOUND'
    case 'offer_expired':
      return 'QUOTE EXPIRED'
    case 'sold_out':
      return 'CLASS CLOSED'
    case 'price_changed':
      return 'FARE CHANGED'
    case 'seat_taken':
      return 'SEAT NOT AVAILABLE'
    case 'seat_unknown':
      return 'CHECK SEAT'
    case 'baggage_unknown':
      return 'CHECK XBAG'
    case 'passengers_mismatch':
      return 'CHECK NAMES'
    case 'holds_not_offered':
      return 'INSTANT TICKETING ONLY'
    case 'client_reference_reused':
      return 'REFERENCE IN USE'
    case 'order_not_found':
      return 'NO PNR'
    case 'hold_lapsed':
      return 'TIME LIMIT EXPIRED'
    case 'not_held':
      return 'NOTHING TO TICKET'
    case 'not_cancellable':
      return 'ALREADY FLOWN'
  }
}

/** Turns whatever was thrown into the host's answer. */
export function sendError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const { status, ...answer } = describe(error)
  if (status >= 500) request.log.error({ err: error }, 'fault of the host itself')
  return reply.status(status).send({ status: 'ERR', ...answer } satisfies ErrorAnswer)
}

function describe(error: FastifyError | Error): { status: number; code: string; text: string; total?: string } {
  if (error instanceof HostError) return { status: 200, code: error.code, text: line(error.code, error.message) }
  if (error instanceof Refusal) {
    const { currentTotal } = error
    const code = hostCode(error.code)
    if (currentTotal === undefined) return { status: 200, code, text: line(code, error.message) }
    const total = amount(currentTotal)
    return { status: 200, code, text: line(code, `TOTAL IS NOW ${total}`), total }
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if (status >= 500) return { status: 500, code: 'HOST ERROR', text: line('HOST ERROR', 'try again') }
  const code = requestCode(status)
  return { status, code, text: line(code, error.message) }
}

/** The host knows capital letters only. */
function line(code: string, why: string): string {
  return `${code} - ${why}`.toUpperCase()
}

/** What never reached the host, by status. */
function requestCode(status: number): string {
  switch (status) {
    case 404:
      return 'NO SUCH ENTRY'
    case 413:
      return 'ENTRY TOO LONG'
    case 415:
      return 'JSON ONLY'
    default:
      return 'FORMAT'
  }
}
