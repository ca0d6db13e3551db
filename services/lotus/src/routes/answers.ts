import type { TSchema } from 'typebox'
import { Faults } from '../schemas/errors.ts'
import { ref } from '../schemas/ref.ts'

const failures = {
  400: 'The request is not as described, or names something that does not exist',
  401: 'The signature is missing, wrong, too old or used before',
  404: 'No such search, page, offer or reservation',
  409: 'Not possible as things stand now',
  410: 'The offer is past its goodUntil',
  413: 'The body is larger than 256 KiB',
  414: 'A part of the path is too long',
  415: 'The body is not application/json',
}

/** The answers of an operation, for its description; they are not held against what is sent. */
export function answers(
  success: Record<number, TSchema>,
  ...statuses: (keyof typeof failures)[]
): Record<number, TSchema> {
  const refused = statuses.map((status) => [status, ref(Faults, { description: failures[status] })])
  return { ...success, ...Object.fromEntries(refused) }
}
