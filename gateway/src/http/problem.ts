import { errorTable, type FanfareError } from '../errors.ts'
import type { Problem } from '../schemas/problem.ts'

/** Media type of RFC 9457. */
export const problemType = 'application/problem+json; charset=utf-8'

/** The body of an error's answer. */
export function toProblem(error: FanfareError, requestId: string): Problem {
  const { status, title } = errorTable[error.code]
  const { errors, facts } = error.options
  return {
    type: `/docs/errors#${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(errors && { errors }),
    ...(facts && { facts }),
    requestId,
  }
}
