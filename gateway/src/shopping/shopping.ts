import { hash } from 'node:crypto'
import type { Connector } from '../airlines/connector.ts'
import { components } from '../schemas/index.ts'
import type { Itinerary } from '../schemas/itinerary.ts'
import type { SearchQuery } from '../schemas/search.ts'
import type { Wait } from '../upstream/wait.ts'
import { type Answer, createCompressor } from './answer/answer.ts'
import { createMemoryTier } from './cache/memory-tier.ts'
import { createRedisTier } from './cache/redis-tier.ts'
import { createStore } from './cache/store.ts'
import { createExtras } from './itinerary/extras.ts'
import { createItineraries, type ItineraryRequest } from './itinerary/itinerary.ts'
import { createLiveReads, type LiveReads } from './live.ts'
import type { Log } from './log.ts'
import { createLonelyReads } from './lonely.ts'
import { createMalformedWatch } from './malformed.ts'
import { noShoppingMeter, type ShoppingMeter } from './meter.ts'
import { createAirlineDesk } from './search/airline-offers.ts'
import { createKnownAnswers } from './search/known-answers.ts'
import { checkDates, readSearch, type Search } from './search/query.ts'
import { createSearches } from './search/search.ts'
import type { AirlineEvent } from './search/search-event.ts'
import { defaultSettings, type ShoppingSettings } from './settings.ts'
import { createWorkBound } from './work-bound.ts'

/** What shopping is built from. */
export interface ShoppingOptions {
  /** By airline name, in registry order. */
  connectors: ReadonlyMap<string, Connector>
  /** `redis://host:port/database`; undefined: cache in this process alone. */
  redisUrl?: string | undefined
  settings?: Partial<ShoppingSettings>
  /** Real time, milliseconds since the epoch. */
  now: () => number
  /** The world's time, milliseconds since the epoch; real time unless given. Dates and the expiry of offers go by it. */
  worldNow?: () => number
  /** When the world's time was last moved, in real time; never unless given. What was cached before is not shown. */
  movedAt?: () => number
  log: Log
  meter?: ShoppingMeter
}

/** Finding flights and looking at them closely. */
export interface Shopping {
  /** Checks a validated query and brings it into its canonical form. Throws the FanfareErrors of search/query.ts. */
  read(query: SearchQuery): Search
  /** Whether the search's dates are still for sale, as `read` found them. */
  isCurrent(search: Search): boolean
  /** The answer that lies ready in memory; null when it has to be fetched or made. */
  ready(search: Search): Answer | null
  /** The answer, at the latest at the deadline. Throws ClientLeft and FanfareError overloaded. `alone`: nothing of it is shared with others or kept. */
  search(search: Search, wait?: Wait, alone?: boolean): Promise<Answer>
  /** The same, telling before of each airline as it answers. */
  stream(search: Search, wait: Wait, tell: (event: AirlineEvent) => void, alone?: boolean): Promise<Answer>
  /** The answer's gzip; made once. */
  gzip(answer: Answer): Promise<Buffer>
  /** Offers priced live, with their seat maps and baggage. Throws FanfareError and AirlineError: see itinerary/itinerary.ts. `alone`: as above. */
  itinerary(request: ItineraryRequest, alone?: boolean): Promise<Itinerary>
  /** A booking sold or gave back something on these flights: their seat maps and baggage are read again. */
  touched(segmentIds: readonly string[]): void
  /** Searches and itineraries that are being made. */
  inProgress(): number
  /** Forgets every answer. */
  forget(): void
  /** What airlines say of an offer right now. */
  live: LiveReads
  close(): void
}

/** Sets shopping up. Connects to Redis by itself, and works without it. */
export function createShopping(options: ShoppingOptions): Shopping {
  const { connectors, redisUrl, settings: chosen, now, worldNow = now, movedAt = () => 0, log } = options
  const { meter = noShoppingMeter } = options
  const settings = { ...defaultSettings, ...chosen }
  const names = [...connectors.keys()]
  const memory = createMemoryTier(settings.cacheBytes)
  const redis =
    redisUrl === undefined
      ? null
      : createRedisTier({ url: redisUrl, prefix: redisPrefix(), timeoutMs: settings.redisTimeoutMs, log })
  const store = createStore({ memory, redis, now, since: movedAt })
  const malformed = createMalformedWatch({ log, meter, now })
  const knownAnswers = createKnownAnswers()
  const desks = new Map(
    [...connectors].map(([name, connector]) => [
      name,
      createAirlineDesk({ connector, store, settings, now, worldNow, malformed, meter, knownAnswers }),
    ]),
  )
  const bound = createWorkBound(settings.atOnce)
  const searches = createSearches({ desks, store, settings, bound, now, worldNow })
  const liveOptions = { timeoutMs: settings.callTimeoutMs, malformed }
  const live = createLiveReads(connectors, liveOptions)
  const extras = createExtras({ live, memory, keepMs: settings.extrasMs, now, since: movedAt })
  const itineraryParts = {
    isConnected: (airline: string) => connectors.has(airline),
    bound,
    deadlineMs: settings.itineraryDeadlineMs,
    now: worldNow,
  }
  const itinerary = createItineraries({ ...itineraryParts, live, extras })
  const lonelyItinerary = createItineraries({ ...itineraryParts, ...createLonelyReads(connectors, liveOptions) })

  return {
    read(query) {
      const search = readSearch(query, names)
      checkDates(search, worldNow())
      return search
    },
    isCurrent: ({ validFrom, validUntil }) => worldNow() >= validFrom && worldNow() < validUntil,
    ready: searches.ready,
    search: searches.answer,
    stream: searches.stream,
    gzip: createCompressor(store),
    itinerary: (request, alone = false) => (alone ? lonelyItinerary : itinerary)(request),
    touched: extras.touched,
    inProgress: bound.inProgress,
    forget: store.startAfresh,
    live,
    close() {
      for (const desk of desks.values()) desk.close()
      live.close()
      store.close()
    },
  }
}

/** Names what is stored by the schemas it follows, so that a gateway of another version never reads it. */
function redisPrefix(): string {
  return `fanfare:${hash('sha256', JSON.stringify(components), 'base64url').slice(0, 8)}:`
}
