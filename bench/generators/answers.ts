import { serialize } from 'node:v8'
import { gunzipSync } from 'node:zlib'
import type { BenchRequest, LoadResult } from '../load-task.ts'

/** One answer. */
interface Answer {
  status: number
  /** Its Cache-Status; undefined without one. */
  cacheStatus: string | undefined
  bytes: Buffer
}

/** What was answered so far. */
export interface Answers {
  /** Counts an answer. */
  add(latencyMs: number, request: BenchRequest, answer: Answer): void
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
  let elsewhere = 0

  function addJudged(latencyMs: number, why: string | null) {
    latencies.push(latencyMs)
    if (why === null) return
    wrong++
    firstWrong ??= why
  }

  return {
    addJudged,
    add(latencyMs, request, { status, cacheStatus, bytes }) {
      const isRight = status === request.status && isAsExpected(bytes, request)
      if (isRight && request.cacheStatus !== undefined && cacheStatus !== request.cacheStatus) elsewhere++
      addJudged(latencyMs, isRight ? null : `${request.path}: ${status} ${bytes.subarray(0, 200).toString()}`)
    },
    tell(seconds) {
      const answers = latencies.length
      const result: LoadResult = {
        sent: answers,
        answers,
        wrong,
        firstWrong,
        elsewhere,
        perSecond: answers / seconds,
        latencies: Float64Array.from(latencies).sort(),
      }
      process.stdout.write(serialize(result))
    },
  }
}

function isAsExpected(bytes: Buffer, { expected, unzipped }: BenchRequest): boolean {
  if (beginsWith(bytes, expected)) return true
  return unzipped !== undefined && beginsWith(gunzipSync(bytes), unzipped)
}

/** Whether an answer begins with these bytes. */
export function beginsWith(answer: Buffer, wanted: Uint8Array): boolean {
  return answer.length >= wanted.length && answer.subarray(0, wanted.length).equals(wanted)
}
