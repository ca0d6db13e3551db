import { serialize } from 'node:v8'
import type { BenchRequest, LoadResult } from '../load-task.ts'

/** What was answered so far. */
export interface Answers {
  /** Counts an answer; `bytes` null: there was none. */
  add(latencyMs: number, request: BenchRequest, status: number, bytes: Buffer | null): void
  /** Counts an answer that somebody else has judged; `wrong` null: it was right. */
  addJudged(latencyMs: number, wrong: string | null): void
  /** Writes the result to standard output; `seconds`: how long it all took. */
  tell(seconds: number): void
}

/** Counts answers and holds them to what is expected. */
export function createAnswers(): Answers {
  const latencies: number[] = []
  let wrong = 0
  let firstWrong: string | null = null

  function addJudged(latencyMs: number, why: string | null) {
    latencies.push(latencyMs)
    if (why === null) return
    wrong++
    firstWrong ??= why
  }

  return {
    addJudged,
    add(latencyMs, request, status, bytes) {
      const isRight = bytes !== null && status === request.status && beginsWith(bytes, request.expected)
      addJudged(
        latencyMs,
        isRight ? null : `${request.path}: ${status} ${bytes?.subarray(0, 200).toString() ?? 'no answer'}`,
      )
    },
    tell(seconds) {
      const answers = latencies.length
      const result: LoadResult = {
        sent: answers,
        answers,
        wrong,
        firstWrong,
        perSecond: answers / seconds,
        latencies: Float64Array.from(latencies).sort(),
      }
      process.stdout.write(serialize(result))
    },
  }
}

/** Whether an answer begins with these bytes. */
export function beginsWith(answer: Buffer, wanted: Uint8Array): boolean {
  return answer.length >= wanted.length && answer.subarray(0, wanted.length).equals(wanted)
}
