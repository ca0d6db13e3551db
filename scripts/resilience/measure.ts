import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import type { SearchResult } from '../../gateway/src/schemas/search.ts'
import { parseAs } from '../../tests/support/schema-check.ts'
import type { Truth } from './truth.ts'

/** What became of the searches of one measurement. */
export interface Outcome {
  searches: number
  /** Answers in which every airline took part. */
  complete: number
  /** Answers that name an airline as missing. */
  partial: number
  /** Searches that got no answer, or an error. */
  failed: number
  /** Answers with a word that is not so. */
  wrong: number
  /** The first few of these, and of the failures, for a person to read. */
  examples: string[]
  /** From the time that the search was due to its whole answer, in milliseconds. */
  p50Ms: number
  p99Ms: number
}

/** Far longer than any answer may take, so that only what never comes counts as failed. */
const answersWithinMs = 15_000
const keptExamples = 5

/** Sends the questions at a steady rate, whether or not those before are answered, and holds every answer to the truth. */
export async function measure(
  url: string,
  asked: readonly string[],
  perSecond: number,
  truth: Truth,
): Promise<Outcome> {
  const pool = new Pool(url, { connections: 256, headersTimeout: answersWithinMs, bodyTimeout: answersWithinMs })
  const outcome: Outcome = {
    searches: 0,
    complete: 0,
    partial: 0,
    failed: 0,
    wrong: 0,
    examples: [],
    p50Ms: 0,
    p99Ms: 0,
  }
  const waited: number[] = []
  const startedAt = performance.now()
  const tell = (what: string) => {
    if (outcome.examples.length < keptExamples) outcome.examples.push(what)
  }

  async function search(question: string, dueAt: number): Promise<void> {
    outcome.searches++
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path: `/v1/search?${question}` })
      const text = await body.text()
      waited.push(performance.now() - dueAt)
      if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`)
      const answer = parseAs<SearchResult>('SearchResult', JSON.parse(text))
      if (answer.complete) outcome.complete++
      else outcome.partial++
      const wrong = truth.wrongIn(question, answer)
      if (wrong.length > 0) outcome.wrong++
      for (const what of wrong) tell(`wrong: ${question}: ${what}`)
    } catch (error) {
      outcome.failed++
      tell(`failed: ${question}: ${error instanceof Error ? error.message : error}`)
    }
  }

  const searches: Promise<void>[] = []
  for (const [index, question] of asked.entries()) {
    const dueAt = startedAt + (index * 1_000) / perSecond
    const early = dueAt - performance.now()
    if (early > 0) await sleep(early)
    searches.push(search(question, dueAt))
  }
  await Promise.all(searches)
  await pool.destroy()
  waited.sort((a, b) => a - b)
  const at = (share: number) => waited[Math.min(waited.length - 1, Math.floor(waited.length * share))] ?? 0
  return { ...outcome, p50Ms: at(0.5), p99Ms: at(0.99) }
}
