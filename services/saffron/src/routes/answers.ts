import type { TSchema } from 'typebox'
import { ErrorAnswer } from '../schemas/error.ts'
import { ref } from '../schemas/ref.ts'

const failures = {
  400: 'The request is not as described, or names something that does not exist',
  401: 'The API key is missing or wrong',
  404: 'No such offer or order',
  409: 'Not possible as things stand now',
  410: 'The offer is past its validUntil',
  413: 'The body is larger than 256 KiB',
  414: 'A part of the path is too long',
  415: 'The body is not application/json',
}

/**
 * The answers of an operation, for its description. They are not held against what is sent: ready bytes go out as they
 * are, and what a route renders has its type from the same schemas.
 */
export function answers(
  success: Record<number, TSchema>,
  ...statuses: (keyof typeof failures)[]
): Record<number, TSchema> {
  const refused = statuses.map((status) => [status, ref(ErrorAnswer, { description: failures[status] })])
  return { ...success, ...Object.fromEntries(refused) }
}
