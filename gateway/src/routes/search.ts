import { fastifySSE } from '@fastify/sse'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { endUnread } from '../http/client-left.ts'
import { DeadlineHeader, deadlineHeader, deadlineHook, waitOf } from '../http/deadline.ts'
import { problems } from '../openapi/problems.ts'
import { ref } from '../schemas/ref.ts'
import { FoundOffers, SearchQuery, SearchResult } from '../schemas/search.ts'
import { FaultHeaders } from '../schemas/simulation.ts'
import { Source } from '../schemas/source.ts'
import { noShoppingMeter, type ShoppingMeter } from '../shopping/meter.ts'
import type { Search } from '../shopping/search/query.ts'
import type { AirlineEvent } from '../shopping/search/search-event.ts'
import type { Shopping } from '../shopping/shopping.ts'
import type { FaultRequests } from '../simulation/fault-header.ts'
import { type KnownSearches, queryStringOf } from './known-searches.ts'
import { isSentAsGzip, replyWith, type SearchReply } from './search-reply.ts'
import { heartbeatMs, type StreamBounds, streamBounds, streamSearch, wantsStream } from './search-stream.ts'

/** What the search route needs. */
export interface SearchRouteOptions {
  shopping: Shopping
  known: KnownSearches
  faults: FaultRequests
  meter?: ShoppingMeter
  /** As usual unless given. */
  bounds?: StreamBounds
}

/** The stream in the API description; OpenAPI 3.1 has no words of its own for events. */
const eventStream = Type.String({
  description:
    'Server-sent events (WHATWG HTML); the data of `offers`, `source` and `done` are of these schemas, in this order',
  contentMediaType: 'application/json',
  contentSchema: Type.Union([ref(FoundOffers), ref(Source), ref(SearchResult)]),
})

/** `GET /v1/search` */
export const searchRoutes: FastifyPluginAsyncTypebox<SearchRouteOptions> = async (app, options) => {
  const { shopping, known, faults, bounds = streamBounds, meter = noShoppingMeter } = options
  await app.register(fastifySSE, { heartbeatInterval: heartbeatMs, serializer: String })

  /** What a request, whose query string has been held to the schema, asks for. */
  function searchOf(request: FastifyRequest<{ Querystring: SearchQuery }>): Search {
    const text = queryStringOf(request.url)
    const asked = known.find(text)
    if (asked) return asked
    const search = shopping.read(request.query)
    known.learn(text, search)
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
      preValidation: deadlineHook,
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
        const gzip = isSentAsGzip(request.headers, answer) ? await shopping.gzip(answer) : null
        meter.answered(answer.from)
        return send(reply, replyWith(answer, gzip, request.headers))
      } catch (error) {
        return endUnread(error, reply)
      }
    },
  )
}

/** Sends bytes that are of the schema already. */
function send(reply: FastifyReply, { status, headers, body }: SearchReply) {
  return reply
    .code(status)
    .headers(headers)
    .send(body ?? undefined)
}
