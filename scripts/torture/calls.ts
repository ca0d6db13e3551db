import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../gateway/src/schemas/problem.ts'
import { createApi } from '../../tests/support/api.ts'
import { parseAs } from '../../tests/support/schema-check.ts'
import type { Chance } from './chance.ts'
import { add } from './stage.ts'

/** One call of the gateways' API. */
export interface Call {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Under which name its answers are counted. */
  name: string
}

/** An answer that came, and when it was asked for, by performance.now(). */
export interface Answer {
  status: number
  headers: Headers
  body: unknown
  /** null: not a problem. */
  problem: Problem | null
  sentAt: number
}

/** Calls gateways as an unlucky, stubborn client does. */
export interface Calls {
  /** One try at a gateway; null: no answer came, or the gateway said to try again. */
  once(url: string, call: Call, timeoutMs: number, signal: AbortSignal): Promise<Answer | null>
  /** Tries one gateway after the other until an answer comes; null: the signal aborted first. */
  untilAnswered(call: Call, signal: AbortSignal): Promise<Answer | null>
  counts: { retries: number; unanswered: number }
}

/** Longer than a gateway takes to say that it does not know yet. */
const patientMs = 8_000

/** Calls to gateways; `answers` counts them. Answers that nobody should ever get are told to `violate`. */
export function createCalls(
  urls: readonly string[],
  chance: Chance,
  answers: Map<string, number>,
  violate: (what: string) => void,
): Calls {
  const apis = new Map(urls.map((url) => [url, createApi(url)]))
  const counts = { retries: 0, unanswered: 0 }

  async function once(
    url: string,
    { name, method, path, body, headers }: Call,
    timeoutMs: number,
    signal: AbortSignal,
  ) {
    const api = apis.get(url) ?? createApi(url)
    const sentAt = performance.now()
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      const answer = await api.call(method, path, { body, ...(headers && { headers }), signal: until })
      const problem = answer.status >= 400 ? api.problem(answer) : null
      add(answers, `${name} ${answer.status}${problem ? ` ${problem.code}` : ''}`, 1)
      // The booking may or may not be stored: exactly what the same key asked again is for.
      if (problem?.code === 'booking_store_unavailable') return null
      if (problem?.code === 'internal_error')
        violate(`${method} ${path} was answered with internal_error: ${problem.detail}`)
      return { ...answer, problem, sentAt }
    } catch (error) {
      if (!isUnanswered(error)) violate(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`)
      counts.unanswered++
      return null
    }
  }

  return {
    counts,
    once,
    async untilAnswered(call, signal) {
      while (!signal.aborted) {
        const timeoutMs = chance.happens(0.1) ? chance.integer(20, 500) : patientMs
        const answer = await once(chance.pick(urls), call, timeoutMs, signal)
        if (answer) return answer
        if (signal.aborted) break
        counts.retries++
        await sleep(chance.integer(20, 150))
      }
      return null
    },
  }
}

/** fetch throws TypeError where the connection fails; an abort or a time-out has a name of its own. */
function isUnanswered(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name))
}

/** The reference of the failed booking that a problem tells of; null: none was stored. */
export function referenceIn({ facts }: Problem): string | null {
  const { reference } = facts ?? {}
  return typeof reference === 'string' ? reference : null
}

/** The body as the API's component of this name; T is its static type. Throws where it is not. */
export function bodyAs<T>(component: string, { body }: Answer): T {
  return parseAs<T>(component, body)
}
