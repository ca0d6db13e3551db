import { type ErrorCode, errorTable } from '../errors.ts'
import type { Problem } from '../schemas/problem.ts'
import { Problem as ProblemSchema } from '../schemas/problem.ts'
import { ref } from '../schemas/ref.ts'

/** Errors that every operation can answer with. */
const everywhere: ErrorCode[] = [
  'invalid_request',
  'request_timeout',
  'uri_too_long',
  'too_many_requests',
  'headers_too_large',
  'internal_error',
  'overloaded',
]

/** Errors of every operation that reads a body. */
export const bodyErrors: ErrorCode[] = ['malformed_body', 'body_too_large', 'unsupported_media_type']

/**
 * The error responses of an operation, to be spread into its `response` schema: by status, each code with what it means
 * and an example. The codes that every operation has need not be named. They say nothing to the static type of a handler,
 * since a handler throws errors and never returns them.
 */
export function problems(...codes: ErrorCode[]): object {
  const byStatus = Map.groupBy(new Set([...everywhere, ...codes]), (code) => errorTable[code].status)
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, problemResponse(group)]))
}

function problemResponse(codes: ErrorCode[]) {
  const examples = codes.map((code) => [code, { summary: errorTable[code].title, value: exampleProblem(code) }])
  return {
    description: codes.map((code) => `\`${code}\`: ${errorTable[code].when} ${errorTable[code].remedy}`).join('\n\n'),
    content: { 'application/problem+json': { schema: ref(ProblemSchema), examples: Object.fromEntries(examples) } },
  }
}

/** What an error of this code looks like. */
function exampleProblem(code: ErrorCode): Problem {
  const { status, title, when } = errorTable[code]
  const requestId = '6b1f6a52-0d1c-4d35-9d0b-6c3f5f2a7e10'
  const problem = { type: `/docs/errors#${code}`, title, status, code, detail: when, requestId }
  if (code !== 'invalid_request') return problem
  return { ...problem, detail: '/adults must be at least 1', errors: [{ path: '/adults', message: 'must be >= 1' }] }
}
