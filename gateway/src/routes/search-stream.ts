import type { IncomingMessage } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Answer } from '../shopping/answer/answer.ts'
import { type AirlineEvent, type DoneEvent, doneEvent, doneId } from '../shopping/search/search-event.ts'

/** What bounds a stream. */
export interface StreamBounds {
  /** A client that has so many bytes still to read when an event comes is cut off. */
  maxUnreadBytes: number
  /** How long a client may take to read what is left after the last event, in milliseconds. */
  lingerMs: number
  /** How long nothing is said before the stream opens without an event, in milliseconds; then no error can have a status. */
  openAfterMs: number
}

export const streamBounds: StreamBounds = { maxUnreadBytes: 1024 * 1024, lingerMs: 10_000, openAfterMs: 1_000 }

/** Between two comments that keep proxies from closing a silent stream, in milliseconds. */
export const heartbeatMs = 5_000

const eventStream = 'text/event-stream'

/** Whether the client would rather have events: it names their type, and JSON not or less. */
export function wantsStream({ method, headers: { accept } }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  if (accept === undefined || !accept.includes(eventStream) || method !== 'GET') return false
  if (accept === eventStream) return true
  return weightOf(eventStream, accept) > weightOf('application/json', accept)
}

/** The weight of a media type that Accept names (RFC 9110 §12.5.1); 0 where it does not. */
function weightOf(type: string, accept: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    const value = weight === undefined ? 1 : Number(weight.slice(2))
    return value >= 0 && value <= 1 ? value : 0
  }
  return 0
}

/**
 * Answers with events as airlines answer, and the whole at the end. Whatever is wrong before anything was said is thrown;
 * after that the connection is cut, so that what came cannot be taken for all.
 */
export async function streamSearch(
  reply: FastifyReply,
  search: (tell: (event: AirlineEvent) => void) => Promise<Answer>,
  bounds: StreamBounds,
): Promise<FastifyReply | undefined> {
  // An EventSource that has everything asks again; 204 is how it is told to stop.
  if (reply.sse.lastEventId === doneId) return reply.code(204).send()
  reply.header('vary', 'accept, accept-encoding')
  reply.header('cache-control', 'no-store')
  // A proxy that gathers answers before it passes them on, as nginx does, is to pass this one as it comes.
  reply.header('x-accel-buffering', 'no')
  const { raw } = reply
  const outlet = openOutlet(reply, bounds.maxUnreadBytes)
  const opening = setTimeout(() => {
    reply.sse.sendHeaders()
    raw.flushHeaders()
  }, bounds.openAfterMs)
  try {
    const answer = await search(outlet.send)
    outlet.send(doneEvent(answer))
    await outlet.read(bounds.lingerMs)
  } catch (error) {
    if (!raw.headersSent) throw error
    if (!raw.destroyed) reply.log.error({ err: error }, 'A stream broke off')
    raw.destroy()
  } finally {
    clearTimeout(opening)
  }
  return undefined
}

/** Sends events one after the other, as fast as the client reads them. */
function openOutlet(reply: FastifyReply, maxUnreadBytes: number) {
  const { raw, sse } = reply
  const closed = new Promise<void>((resolve) => raw.once('close', resolve))
  let waiting = 0
  let last = Promise.resolve()

  return {
    send(event: AirlineEvent | DoneEvent) {
      if (raw.writableLength + waiting > maxUnreadBytes) {
        raw.destroy()
        return
      }
      const size = Buffer.byteLength(event.data)
      waiting += size
      last = last.then(async () => {
        waiting -= size
        if (sse.isConnected) await sse.send(event)
      })
    },

    /** Until everything is read, the client left, or it took too long and is cut off. */
    async read(lingerMs: number) {
      const linger = setTimeout(() => raw.destroy(), lingerMs)
      raw.once('close', () => clearTimeout(linger))
      await Promise.race([last, closed])
    },
  }
}
