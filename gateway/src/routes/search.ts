import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { problems } from '../openapi/problems.ts'
import { ref } from '../schemas/ref.ts'
import { SearchQuery, SearchResult } from '../schemas/search.ts'
import { gzipWish } from '../shopping/answer/accept-encoding.ts'
import { type Answer, isWorthGzip } from '../shopping/answer/answer.ts'
import { matchesTag } from '../shopping/answer/if-none-match.ts'
import { noShoppingMeter, type ShoppingMeter } from '../shopping/meter.ts'
import type { Search } from '../shopping/search/query.ts'
import type { Shopping } from '../shopping/shopping.ts'

/** What the search route needs. */
export interface SearchRouteOptions {
  shopping: Shopping
  meter?: Pick<ShoppingMeter, 'answered'>
}

/** Memory for query strings and what they mean, and what one takes besides its text, in bytes. */
const knownBytes = 16 * 1024 * 1024
const queryBytes = 2_000

/** `GET /v1/search` */
export const searchRoutes: FastifyPluginAsyncTypebox<SearchRouteOptions> = async (
  app,
  { shopping, meter = noShoppingMeter },
) => {
  /** What a query string means depends on nothing but itself, save for the dates, which are looked at each time. */
  const known = new LRUCache<string, Search>({
    maxSize: knownBytes,
    sizeCalculation: (_search, text) => text.length + queryBytes,
  })

  app.get(
    '/v1/search',
    {
      schema: {
        operationId: 'searchFlights',
        summary: 'Search flights of all airlines',
        description:
          'Asks every airline at once and merges what they offer into one list per slice, at the latest at the deadline. `sources` says how each airline took part; `complete` is false when one is missing. Answers are cached: `Age` and `Cache-Status` (RFC 9211) say since when, and `If-None-Match` with the `ETag` gives 304.',
        tags: ['Shopping'],
        querystring: SearchQuery,
        response: {
          200: ref(SearchResult),
          304: Type.Null({ description: 'What the client has is still the answer' }),
          ...problems(
            'unknown_airport',
            'simulation_off',
            'unknown_airline',
            'unknown_currency',
            'date_in_past',
            'date_too_far',
            'invalid_passengers',
            'invalid_cursor',
          ),
        },
      },
      // A known query whose answer lies ready is answered here, before its query string is taken apart again.
      preValidation(request, reply, done) {
        const search = known.get(queryString(request))
        const answer = search && shopping.isCurrent(search) ? shopping.ready(search) : null
        const wantsGzip = answer !== null && isSentAsGzip(request, answer)
        if (answer === null || (wantsGzip && answer.entry.gzip === null)) {
          done()
          return
        }
        meter.answered(answer.from)
        send(request, reply, answer, wantsGzip ? answer.entry.gzip : null)
      },
    },
    async (request, reply) => {
      const search = shopping.read(request.query)
      known.set(queryString(request), search)
      const answer = await shopping.search(search)
      const gzip = isSentAsGzip(request, answer) ? await shopping.gzip(answer) : null
      meter.answered(answer.from)
      return send(request, reply, answer, gzip)
    },
  )
}

function queryString({ url }: FastifyRequest): string {
  return url.slice(url.indexOf('?') + 1)
}

function isSentAsGzip({ headers }: FastifyRequest, { entry }: Answer): boolean {
  const wish = gzipWish(headers['accept-encoding'])
  return wish === 'required' || (wish === 'preferred' && isWorthGzip(entry))
}

/** RFC 9211. */
const cacheStatus: Record<Answer['from'], string> = {
  memory: 'fanfare; hit; detail=memory',
  redis: 'fanfare; hit; detail=redis',
  miss: 'fanfare; fwd=miss',
  collapsed: 'fanfare; fwd=miss; collapsed',
}

/** Sends the answer's bytes, or 304 where the client has them; `gzip` null: as they are. */
function send(request: FastifyRequest, reply: FastifyReply, { entry, from, ageMs }: Answer, gzip: Buffer | null) {
  // The two encodings have tags of their own; whichever the client holds, it holds this answer.
  const tags = gzip === null ? [entry.etag, gzipTag(entry.etag)] : [gzipTag(entry.etag), entry.etag]
  const freshSeconds = Math.max(0, Math.floor((entry.freshUntil - entry.storedAt) / 1000))
  reply.header('vary', 'accept-encoding')
  reply.header('cache-control', `public, max-age=${freshSeconds}`)
  reply.header('cache-status', cacheStatus[from])
  if (from === 'memory' || from === 'redis') reply.header('age', Math.floor(ageMs / 1000))
  const known = request.headers['if-none-match']
  const held = known === undefined ? undefined : tags.find((tag) => matchesTag(known, tag))
  reply.header('etag', held ?? tags[0])
  if (held !== undefined) return reply.code(304).send()
  reply.header('content-type', 'application/json; charset=utf-8')
  if (gzip !== null) reply.header('content-encoding', 'gzip')
  return reply.send(gzip ?? entry.body)
}

/** The tag of the compressed bytes: other bytes, so another strong tag. */
function gzipTag(etag: string): string {
  return `${etag.slice(0, -1)}-gzip"`
}
