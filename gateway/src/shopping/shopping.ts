import { hash } from 'node:crypto'
import type { Connector } from '../airlines/connector.ts'
import { components } from '../schemas/index.ts'
import type { Itinerary } from '../schemas/itinerary.ts'
import type { SearchQuery } from '../schemas/search.ts'
import { type Answer, createCompressor } from './answer/answer.ts'
import { createMemoryTier } from './cache/memory-tier.ts'
import { createRedisTier } from './cache/redis-tier.ts'
import { createStore } from './cache/store.ts'
import { createExtras } from './itinerary/extras.ts'
import { createItineraries, type ItineraryRequest } from './itinerary/itinerary.ts'
import { createLiveReads, type LiveReads } from './live.ts'
import type { Log } from './log.ts'
import { noShoppingMeter, type ShoppingMeter } from './meter.ts'
import { createAirlineDesk } from './search/airline-offers.ts'
import { checkDates, readSearch, type Search } from './search/query.ts'
import { createSearches } from './search/search.ts'
import { defaultSettings, type ShoppingSettings } from './settings.ts'

/** What shopping is built from. */
export interface ShoppingOptions {
  /** By airline name, in registry order. */
  connectors: ReadonlyMap<string, Connector>
  /** `redis://host:port/database`; undefined: cache in this process alone. */
  redisUrl?: string | undefined
  settings?: Partial<ShoppingSettings>
  /** Milliseconds since the epoch. */
  now: () => number
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
  /** The answer, at the latest at the deadline. */
  search(search: Search): Promise<Answer>
  /** The answer's gzip; made once. */
  gzip(answer: Answer): Promise<Buffer>
  /** Offers priced live, with their seat maps and baggage. Throws FanfareError and AirlineError: see itinerary/itinerary.ts. */
  itinerary(request: ItineraryRequest): Promise<Itinerary>
  /** A booking sold or gave back something on these flights: their seat maps and baggage are read again. */
  touched(segmentIds: readonly string[]): void
  /** What airlines say of an offer right now. */
  live: LiveReads
  close(): void
}

/** Sets shopping up. Connects to Redis by itself, and works without it. */
export function createShopping({
  connectors,
  redisUrl,
  settings: chosen,
  now,
  log,
  meter = noShoppingMeter,
}: ShoppingOptions): Shopping {
  const settings = { ...defaultSettings, ...chosen }
  const names = [...connectors.keys()]
  const memory = createMemoryTier(settings.cacheBytes)
  const redis =
    redisUrl === undefined
      ? null
      : createRedisTier({ url: redisUrl, prefix: redisPrefix(), timeoutMs: settings.redisTimeoutMs, log })
  const store = createStore({ memory, redis, now })
  const desks = new Map(
    [...connectors].map(([name, connector]) => [
      name,
      createAirlineDesk({ connector, store, settings, now, log, meter }),
    ]),
  )
  const searches = createSearches({ desks, store, settings, now })
  const live = createLiveReads(connectors, { timeoutMs: settings.callTimeoutMs })
  const extras = createExtras({ live, memory, keepMs: settings.extrasMs, now })

  return {
    read(query) {
      const search = readSearch(query, names)
      checkDates(search, now())
      return search
    },
    isCurrent: ({ validFrom, validUntil }) => now() >= validFrom && now() < validUntil,
    ready: searches.ready,
    search: searches.answer,
    gzip: createCompressor(store),
    itinerary: createItineraries({
      isConnected: (airline) => connectors.has(airline),
      live,
      extras,
      deadlineMs: settings.itineraryDeadlineMs,
      now,
      log,
    }),
    touched: extras.touched,
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
