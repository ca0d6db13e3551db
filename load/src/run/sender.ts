import { Pool } from 'undici'
import type { Call, Reply, Step } from '../journey/journey.ts'
import type { Meter, NoAnswer } from './meter.ts'

/** Sends requests, and says what became of them. */
export interface Sender {
  /** Resolves with the answer, or with null where there is none. `intendedMs`: when it was due. Never rejects. */
  send(call: Call, intendedMs: number): Promise<Reply | null>
  underWay(): number
  /** Ends every request that is under way, as unfinished, and every connection. */
  close(): Promise<void>
}

/** What a sender goes by. */
export interface SenderOptions {
  url: string
  /** Requests under way at most. */
  inFlight: number
  timeoutMs: number
  meter: Meter
  /** Milliseconds from the start of the run. */
  now: () => number
}

/** Booking calls may wait for airlines until the gateway's own deadline, half a minute by default. */
const bookingTimeoutMs = 40_000
const slow: ReadonlySet<Step> = new Set<Step>(['book', 'pay', 'cancel', 'quote'])

/** Sends to one gateway over connections of its own, as many as requests may be under way. */
export function createSender({ url, inFlight, timeoutMs, meter, now }: SenderOptions): Sender {
  const pool = new Pool(url, { connections: inFlight, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const bodies = createBodies()
  const closing = new AbortController()
  const waiting = new Set<AbortController>()

  async function exchange({ step, method, path, body, headers }: Call, intendedMs: number): Promise<Reply | NoAnswer> {
    const giveUp = new AbortController()
    const patience = slow.has(step) ? Math.max(timeoutMs, bookingTimeoutMs) : timeoutMs
    const timer = setTimeout(() => giveUp.abort(), patience)
    waiting.add(giveUp)
    try {
      const response = await pool.request({
        method,
        path,
        headers: body === null ? headers : { 'content-type': 'application/json', ...headers },
        body,
        signal: giveUp.signal,
      })
      const bytes = Buffer.from(await response.body.arrayBuffer())
      if (step === 'search') meter.cached(text(response.headers['cache-status']), intendedMs)
      return { status: response.statusCode, body: bodies.parse(step === 'search' ? path : null, bytes) }
    } catch {
      if (closing.signal.aborted) return 'unfinished'
      return giveUp.signal.aborted ? 'timeout' : 'connection'
    } finally {
      clearTimeout(timer)
      waiting.delete(giveUp)
    }
  }

  return {
    async send(call, intendedMs) {
      const { step } = call
      meter.due(step, intendedMs)
      if (closing.signal.aborted || waiting.size >= inFlight) {
        meter.unanswered(step, closing.signal.aborted ? 'unfinished' : 'not_sent', intendedMs, timeoutMs)
        return null
      }
      const sentMs = now()
      meter.sent(intendedMs, sentMs)
      const reply = await exchange(call, intendedMs)
      if (typeof reply === 'string') {
        meter.unanswered(step, reply, intendedMs, Math.max(timeoutMs, now() - intendedMs))
        return null
      }
      meter.answered(step, intendedMs, sentMs, now())
      return reply
    },
    underWay: () => waiting.size,
    async close() {
      closing.abort()
      for (const one of waiting) one.abort()
      await pool.destroy()
    },
  }
}

/** Memory for bodies that may come again, in bytes. */
const bodyBytes = 64 * 1024 * 1024

/**
 * Parses bodies. The very same bytes in answer to the same question give the very same object: it need not be taken apart and
 * checked again, which is where a generator's own time goes.
 */
function createBodies() {
  const known = new Map<string, { bytes: Buffer; value: unknown }>()
  let size = 0

  function forget(path: string) {
    size -= known.get(path)?.bytes.length ?? 0
    known.delete(path)
  }

  return {
    /** `path` null: it will not come again. undefined where it is no JSON. */
    parse(path: string | null, bytes: Buffer): unknown {
      const before = path === null ? undefined : known.get(path)
      if (before?.bytes.equals(bytes)) return before.value
      const value = parse(bytes)
      if (path === null) return value
      forget(path)
      known.set(path, { bytes, value })
      size += bytes.length
      for (const oldest of known.keys()) {
        if (size <= bodyBytes) break
        forget(oldest)
      }
      return value
    },
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

function text(header: string | string[] | undefined): string | null {
  return header === undefined ? null : `${header}`
}
