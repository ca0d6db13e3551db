import { type TSchema, Type } from 'typebox'
import { ErrorAnswer } from '../schemas/error.ts'
import { ref } from '../schemas/ref.ts'

const failures = {
  400: 'The entry is not as described, or is not JSON (FORMAT)',
  413: 'The body is larger than 256 KiB (ENTRY TOO LONG)',
  415: 'The body is not application/json (JSON ONLY)',
}

/**
 * The answers of an entry, for its description: 200 is what the host said, a refusal too; other statuses never reached
 * it. They are not held against what is sent: ready bytes go out as they are, and what a route renders has its type from
 * the same schemas.
 */
export function answers(
  component: TSchema & { $id: string },
  ...statuses: (keyof typeof failures)[]
): Record<number, TSchema> {
  const success = Type.Union([ref(component), ref(ErrorAnswer)], {
    description: 'What the host said; `status` tells whether it did it',
  })
  const refused = statuses.map((status) => [status, ref(ErrorAnswer, { description: failures[status] })])
  return { 200: success, ...Object.fromEntries(refused) }
}
