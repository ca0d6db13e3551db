import { AirlineError } from './airline-error.ts'
import { callUnderWay } from './call-under-way.ts'
import type { HttpClient, UpstreamResponse } from './http-client.ts'
import type { Operation } from './operation.ts'
import type { Pacer } from './pacer.ts'

/** Operations whose requests nobody's look goes before. */
const urgent: ReadonlySet<Operation> = new Set([
  'hold',
  'purchase',
  'pay',
  'find_order',
  'quote_cancellation',
  'cancel',
])

/** How long a request waits that belongs to no call, as one for a token that all calls need, in milliseconds. */
const usualWaitMs = 5_000

/** How long an airline is left alone that asked for it and named no time, in milliseconds. */
const usualRestMs = 1_000

/** A client whose requests go no faster than the pacer lets them. */
export function paceRequests(client: HttpClient, pacer: Pacer, now: () => number): HttpClient {
  return {
    ...client,
    async request(request) {
      const call = callUnderWay.getStore()
      const turn = pacer.enter({
        isUrgent: call === undefined || urgent.has(call.operation),
        endsAt: call?.endsAt ?? now() + usualWaitMs,
        signal: request.signal,
      })
      if (turn) await turn
      try {
        const response = await client.request(request)
        if (response.status < 300) pacer.learn(limitOf(response))
        return response
      } catch (error) {
        if (error instanceof AirlineError && error.kind === 'rate_limited')
          pacer.rest(error.retryAfterMs ?? usualRestMs)
        throw error
      }
    },
  }
}

/** RateLimit-Limit and RateLimit-Remaining (draft-ietf-httpapi-ratelimit-headers), which Monsoon sends; null without them. */
function limitOf({ headers }: UpstreamResponse): { burst: number; remaining: number } | null {
  const burst = wholeNumber(headers['ratelimit-limit'])
  const remaining = wholeNumber(headers['ratelimit-remaining'])
  return burst === null || burst < 1 || remaining === null ? null : { burst, remaining }
}

function wholeNumber(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null
}
