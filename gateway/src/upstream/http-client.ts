import { errors, Pool } from 'undici'
import { AirlineError } from './airline-error.ts'
import { AnswerTooLarge, type Exchanged, exchange } from './exchange.ts'
import { orderedFault } from './instructions.ts'

/** One request to an airline. */
export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'DELETE' | 'PATCH' | 'PUT'
  /** Path and query. */
  path: string
  headers: Record<string, string>
  body?: string | Buffer
  signal: AbortSignal
  /** True for a call that changes something at the airline: then a lost answer is an unknown outcome. */
  changes?: boolean
}

/** An airline's whole answer. */
export interface UpstreamResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Speaks HTTP to one airline. */
export interface HttpClient {
  airline: string
  /** Throws AirlineError timeout, unavailable, rate_limited or unknown_outcome; any other status is the connector's to read. */
  request(request: UpstreamRequest): Promise<UpstreamResponse>
  close(): Promise<void>
}

/** Largest answer read from an airline; more is malformed. */
const maxBodyBytes = 8 * 1024 * 1024

/** Connections per airline where nothing else is said. */
const usualConnections = 32

/** Opens a client for one airline, with so many connections at most. */
export function createHttpClient(airline: string, baseUrl: string, connections = usualConnections): HttpClient {
  const pool = new Pool(baseUrl, {
    connections,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
    connect: { timeout: 2_000 },
  })

  return {
    airline,
    async request({ method, path, headers: given, body, signal, changes = false }) {
      const fault = orderedFault(airline, changes)
      const headers = fault === undefined ? given : { ...given, 'fanfare-fault': fault }
      let response: Exchanged
      try {
        response = await exchange(pool, { method, path, headers, body }, signal, maxBodyBytes)
      } catch (error) {
        throw toAirlineError(airline, error, signal, changes)
      }
      const { status } = response
      if (status === 429) {
        throw new AirlineError(airline, 'rate_limited', `${airline} allows no more requests for now`, {
          retryAfterMs: retryAfterMs(response.headers['retry-after']),
        })
      }
      if (status >= 500) {
        throw changes
          ? new AirlineError(airline, 'unknown_outcome', `${airline} answered ${status}: it may have done it`)
          : new AirlineError(airline, 'unavailable', `${airline} answered ${status}`, {
              retryAfterMs: retryAfterMs(response.headers['retry-after']),
            })
      }
      return response
    },
    close: () => pool.close(),
  }
}

/** undici's errors that are raised before anything was sent. */
const neverSent = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'])

function toAirlineError(airline: string, error: unknown, signal: AbortSignal, changes: boolean): AirlineError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  if (changes && !neverSent.has(code)) {
    return new AirlineError(
      airline,
      'unknown_outcome',
      `${airline} gave no answer to a call that changes something (${code})`,
      { cause: error },
    )
  }
  if (error instanceof AnswerTooLarge) return new AirlineError(airline, 'malformed', `${airline} sent ${error.message}`)
  const late = signal.aborted || error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
  return late
    ? new AirlineError(airline, 'timeout', `${airline} did not answer in time`, { cause: error })
    : new AirlineError(airline, 'unavailable', `${airline} cannot be reached (${code})`, { cause: error })
}

/** Retry-After in seconds or as an HTTP date (RFC 9110); undefined when absent or unreadable. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
