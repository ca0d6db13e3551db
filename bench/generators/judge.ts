import type { BenchRequest } from '../load-task.ts'
import { beginsWith } from './answers.ts'

/** What an answer is worth; `why` names the request and shows how the answer begins. */
export type Judgement = { is: 'right' } | { is: 'failed' | 'wrong'; why: string }

/** Where a search says whether it is complete: behind what was asked for, before the first offer. */
const headBytes = 2_000

/**
 * Judges an answer for which a server may be too busy. One that says itself that it is refused (5xx) or incomplete is failed; any
 * other that is not as expected is wrong.
 */
export function judge(request: BenchRequest, status: number, bytes: Buffer): Judgement {
  if (status === request.status && beginsWith(bytes, request.expected)) return { is: 'right' }
  const isShort = status === 200 && bytes.subarray(0, headBytes).includes('"complete":false,"slices":')
  const shown = isShort ? bytes.subarray(bytes.lastIndexOf('"sources":')) : bytes.subarray(0, 200)
  return { is: status >= 500 || isShort ? 'failed' : 'wrong', why: `${request.path}: ${status} ${shown.toString()}` }
}
