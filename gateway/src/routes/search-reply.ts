import type { IncomingHttpHeaders } from 'node:http'
import { gzipWish } from '../shopping/answer/accept-encoding.ts'
import { type Answer, isWorthGzip } from '../shopping/answer/answer.ts'
import { matchesTag } from '../shopping/answer/if-none-match.ts'

/** How an answer to a search is sent. */
export interface SearchReply {
  status: 200 | 304
  headers: Record<string, string | number>
  /** null with 304. */
  body: Buffer | null
}

/** RFC 9211. */
const cacheStatus: Record<Answer['from'], string> = {
  memory: 'fanfare; hit; detail=memory',
  redis: 'fanfare; hit; detail=redis',
  miss: 'fanfare; fwd=miss',
  collapsed: 'fanfare; fwd=miss; collapsed',
  alone: 'fanfare; fwd=bypass',
}

/** Whether who sent these headers gets the answer compressed. */
export function isSentAsGzip(headers: IncomingHttpHeaders, { entry }: Answer): boolean {
  const wish = gzipWish(headers['accept-encoding'])
  return wish === 'required' || (wish === 'preferred' && isWorthGzip(entry))
}

/** The answer's bytes, or 304 where the client has them; `gzip` null: as they are. */
export function replyWith(
  { entry, from, ageMs }: Answer,
  gzip: Buffer | null,
  asked: IncomingHttpHeaders,
): SearchReply {
  const { etag, freshUntil, storedAt } = entry
  const own = gzip === null ? etag : gzipTag(etag)
  const held = heldTag(asked['if-none-match'], own, etag)
  const freshSeconds = Math.max(0, Math.floor((freshUntil - storedAt) / 1000))
  const headers: SearchReply['headers'] = {
    vary: 'accept, accept-encoding',
    'cache-control': from === 'alone' ? 'no-store' : `public, max-age=${freshSeconds}`,
    'cache-status': cacheStatus[from],
    etag: held ?? own,
  }
  if (from === 'memory' || from === 'redis') headers.age = Math.floor(ageMs / 1000)
  if (held !== null) return { status: 304, headers, body: null }
  const body = gzip ?? entry.body
  headers['content-type'] = 'application/json; charset=utf-8'
  if (gzip !== null) headers['content-encoding'] = 'gzip'
  headers['content-length'] = body.length
  return { status: 200, headers, body }
}

/**
 * The tag by which the client holds this answer; null: it does not. The two encodings have tags of their own; whichever the
 * client holds, it holds this answer.
 */
function heldTag(known: string | undefined, own: string, etag: string): string | null {
  if (known === undefined) return null
  const tags = own === etag ? [etag, gzipTag(etag)] : [own, etag]
  // Nearly always it names one tag and nothing else.
  return tags.find((tag) => tag === known) ?? tags.find((tag) => matchesTag(known, tag)) ?? null
}

/** The tag of the compressed bytes: other bytes, so another strong tag. */
function gzipTag(etag: string): string {
  return `${etag.slice(0, -1)}-gzip"`
}
