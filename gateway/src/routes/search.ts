import { fastifySSE } from '@fastify/sse'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { endUnread } from '../http/client-left.ts'
import { checkDeadline, DeadlineHeader, deadlineHeader, hasDeadline, waitOf } from '../http/deadline.ts'
import { problems } from '../openapi/problems.ts'
import { ref } from '../schemas/ref.ts'
import { FoundOffers, SearchQuery, SearchResult } from '../schemas/search.ts'
import { FaultHeaders } from '../schemas/simulation.ts'
import { Source } from '../schemas/source.ts'
import { gzipWish } from '../shopping/answer/accept-encoding.ts'
import { type Answer, isWorthGzip } from '../shopping/answer/answer.ts'
import { matchesTag } from '../shopping/answer/if-none-match.ts'
import { noShoppingMeter, type ShoppingMeter } from '../shopping/meter.ts'
import type { Search } from '../shopping/search/query.ts'
import type { AirlineEvent } from '../shopping/search/search-event.ts'
import type { Shopping } from '../shopping/shopping.ts'
import type { FaultRequests } from '../simulation/fault-header.ts'
import { heartbeatMs, type StreamBounds, streamBounds, streamSearch, wantsStream } from './search-stream.ts'

/** What the search route needs. */
export interface SearchRouteOptions {
  shopping: Shopping
  faults: FaultRequests
  meter?: ShoppingMeter
  /** As usual unless given. */
  bounds?: StreamBounds
}

/** Memory for query strings and what they mean, and what one takes besides its text, in bytes. */
const knownBytes = 16 * 1024 * 1024
const queryBytes = 2_000

/** The stream in the API description; OpenAPI 3.1 has no words of its own for events. */
const eventStream = Type.String({
  description:
    'Server-sent events (WHATWG HTML); the data of `offers`, `source` and `done` are of these schemas, in this order',
  contentMediaType: 'application/json',
  contentSchema: Type.Union([ref(FoundOffers), ref(Source), ref(SearchResult)]),
})

/** `GET /v1/search` */
export const searchRoutes: FastifyPluginAsyncTypebox<SearchRouteOptions> = async (app, options) => {
  const { shopping, faults, bounds = streamBounds, meter = noShoppingMeter } = options
  await app.register(fastifySSE, { heartbeatInterval: heartbeatMs, serializer: String })
  /** What a query string means depends on nothing but itself, save for the dates, which are looked at each time. */
  const known = new LRUCache<string, Search>({
    maxSize: knownBytes,
    sizeCalculation: (_search, text) => text.length + queryBytes,
  })

  /** What a request, whose query string has been held to the schema, asks for. */
  function searchOf(request: FastifyRequest<{ Querystring: SearchQuery }>): Search {
    const text = queryString(request)
    const asked = known.get(text)
    if (asked && shopping.isCurrent(asked)) return asked
    const search = shopping.read(request.query)
    known.set(text, search)
    return search
  }

  app.get(
    '/v1/search',
    {
      sse: 'dual',
      schema: {
        operationId: 'searchFlights',
        summary: 'Search flights of all airlines',
        description: `Asks every airline at once and merges what they offer into one list per slice, at the latest at the deadline. \`sources\` says how each airline took part; \`complete\` is false when one is missing. Answers are cached: \`Age\` and \`Cache-Status\` (RFC 9211) say since when, and \`If-None-Match\` with the \`ETag\` gives 304.

With \`Accept: text/event-stream\` the answer is a stream of events: as an airline answers, \`offers\` with what it has for a slice and, after the last of its slices, \`source\` with its part; last \`done\`, which is the whole answer as the plain call gives it, so that a client may take that alone. Airlines that have not answered by the deadline get their \`source\` just before. From a cached answer everything comes at once, and \`offers\` holds those that lead the merged list. A stream that ends without \`done\` broke off. What is wrong before the first event is answered as an error with its status. An \`EventSource\` asks again when the stream ends: close it at \`done\`; one that asks again after \`done\` is told so with 204.`,
        tags: ['Shopping'],
        querystring: SearchQuery,
        headers: Type.Object({
          ...FaultHeaders.properties,
          ...DeadlineHeader('What is in by then is the answer, without the airlines that are not.'),
        }),
        response: {
          200: {
            description: 'What the airlines have, whole or as they answer',
            content: {
              'application/json': { schema: ref(SearchResult) },
              'text/event-stream': { schema: eventStream },
            },
          },
          204: Type.Null({ description: 'To an EventSource that has had the whole stream' }),
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
        if (hasDeadline(request)) checkDeadline(request)
        if (wantsStream(request) || request.headers['fanfare-fault'] !== undefined) {
          done()
          return
        }
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
      const fault = request.headers['fanfare-fault']
      const alone = fault !== undefined
      const search = searchOf(request)
      const wait = waitOf(request.headers[deadlineHeader], reply)
      try {
        if (wantsStream(request)) {
          meter.streamOpened()
          reply.raw.once('close', meter.streamClosed)
          const answer = (tell: (event: AirlineEvent) => void) =>
            faults.under(fault, 'everything', () => shopping.stream(search, wait, tell, alone))
          return await streamSearch(reply, answer, bounds)
        }
        const answer = await faults.under(fault, 'everything', () => shopping.search(search, wait, alone))
        const gzip = isSentAsGzip(request, answer) ? await shopping.gzip(answer) : null
        meter.answered(answer.from)
        return send(request, reply, answer, gzip)
      } catch (error) {
        return endUnread(error, reply)
      }
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
  alone: 'fanfare; fwd=bypass',
}

/** Sends the answer's bytes, or 304 where the client has them; `gzip` null: as they are. */
function send(request: FastifyRequest, reply: FastifyReply, { entry, from, ageMs }: Answer, gzip: Buffer | null) {
  // The two encodings have tags of their own; whichever the client holds, it holds this answer.
  const tags = gzip === null ? [entry.etag, gzipTag(entry.etag)] : [gzipTag(entry.etag), entry.etag]
  const freshSeconds = Math.max(0, Math.floor((entry.freshUntil - entry.storedAt) / 1000))
  reply.header('vary', 'accept, accept-encoding')
  reply.header('cache-control', from === 'alone' ? 'no-store' : `public, max-age=${freshSeconds}`)
  reply.header('cache-status', cacheStatus[from])
  if (from === 'memory' || from === 'redis') reply.header('age', Math.floor(ageMs / 1000))
  const known = request.headers['if-none-match']
  // Nearly always it names one tag and nothing else.
  const held =
    known === undefined ? undefined : (tags.find((tag) => tag === known) ?? tags.find((tag) => matchesTag(known, tag)))
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
