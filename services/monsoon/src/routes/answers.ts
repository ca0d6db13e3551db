import type { TSchema } from 'typebox'
import { ErrorReply } from '../schemas/errors.ts'
import { ref } from '../schemas/ref.ts'

const meanings = {
  400: 'A field is missing, unknown or wrong, or the body is not JSON (BAD_REQUEST)',
  401: 'No token, or one that has expired (TOKEN_MISSING, TOKEN_INVALID)',
  404: 'Nothing goes by this name (FARE_UNKNOWN, PNR_UNKNOWN)',
  409: 'No longer possible (FLIGHT_FULL, PRICE_MOVED, SEAT_GONE, REFERENCE_IN_USE, NOT_CANCELLABLE)',
  410: 'The fare is past its valid_until, or its flight has left (FARE_EXPIRED)',
  422: 'Well formed, but not possible (AIRPORT_UNKNOWN, PAX_INVALID, PAX_MISMATCH, SEAT_UNKNOWN, EXTRA_UNKNOWN, CURRENCY_UNKNOWN)',
  429: 'More requests than the rate limit allows; Retry-After says when to come back (SLOW_DOWN)',
}

/**
 * The replies of an operation, for its description. They are not held against what is sent: ready bytes go out as they
 * are, and what a route renders has its type from the same schemas.
 */
export function answers(
  success: Record<number, TSchema>,
  ...statuses: (keyof typeof meanings)[]
): Record<number, TSchema> {
  const refused = statuses.map((status) => [status, ref(ErrorReply, { description: meanings[status] })])
  return { ...success, ...Object.fromEntries(refused) }
}
