import { LRUCache } from 'lru-cache'
import type { Connector, SliceQuery } from '../../airlines/connector.ts'
import type { Source } from '../../schemas/source.ts'
import type { AirlineError } from '../../upstream/airline-error.ts'
import { GivenUp } from '../../upstream/wait.ts'
import type { Entry } from '../cache/entry.ts'
import type { Store } from '../cache/store.ts'
import { createCalls } from '../calls.ts'
import { type Failure, toFailure } from '../failure.ts'
import type { MalformedWatch } from '../malformed.ts'
import { noShoppingMeter, type ShoppingMeter } from '../meter.ts'
import type { ShoppingSettings } from '../settings.ts'
import { createKnownAnswers, type KnownAnswers } from './known-answers.ts'
import { type ListedOffer, listOffers, type OfferList, readOfferList } from './offer-list.ts'
import { checkOffers, checkTimes } from './offer-sense.ts'

/** What one airline has for one slice, or why it has nothing to say. */
export type AirlineOffers = GivenOffers | (Failure & { offers?: undefined })

/** Offers of an airline, from a call or from the cache. */
interface GivenOffers {
  status: 'ok' | 'stale'
  offers: readonly ListedOffer[]
  cache: Source['cache']
  /** When the airline gave them and until when they count as fresh, milliseconds since the epoch. */
  storedAt: number
  freshUntil: number
  /** Why they could not be refreshed; null where nothing went wrong. */
  reason: Source['reason']
  detail: string | null
}

/** Asks one airline through the cache. */
export interface AirlineDesk {
  /** Never throws; once `waiting` aborts the answer is a timeout, while the call goes on to fill the cache. */
  ask(query: SliceQuery, waiting: AbortSignal): Promise<AirlineOffers>
  /** The same by a call of its own that nobody shares: nothing is taken from the cache or put into it, and nothing remembered. */
  askAlone(query: SliceQuery, waiting: AbortSignal): Promise<AirlineOffers>
  close(): void
}

/** What a desk stands on. */
export interface AirlineDeskOptions {
  connector: Connector
  store: Store
  settings: ShoppingSettings
  now: () => number
  /** The world's time: offers expire by it; `now` unless given. */
  worldNow?: () => number
  malformed: MalformedWatch
  meter?: ShoppingMeter
  /** Shared by all airlines; one of its own unless given. */
  knownAnswers?: KnownAnswers
}

/** How many slices' failures are remembered. */
const maxFailures = 10_000

/** Longest that an airline is left alone because it asked to be, in milliseconds. */
const longestRestMs = 300_000

/** Opens the desk of one airline. */
export function createAirlineDesk(options: AirlineDeskOptions): AirlineDesk {
  const { connector, store, settings, now, worldNow = now, malformed, meter = noShoppingMeter } = options
  const { knownAnswers = createKnownAnswers() } = options
  const airline = connector.airline.name
  const calls = createCalls<GivenOffers>({
    airline,
    timeoutMs: settings.callTimeoutMs,
    maxBackground: settings.backgroundCalls,
  })
  const failures = new LRUCache<string, { failure: Failure; until: number }>({ max: maxFailures })
  /** The airline asked to be left alone until then. */
  let rest: { failure: Failure; until: number } | null = null

  /** Why the airline is not to be asked this now; null where it may be. */
  function refusal(key: string): Failure | null {
    if (rest && rest.until > now()) return rest.failure
    const remembered = failures.get(key)
    return remembered && remembered.until > now() ? remembered.failure : null
  }

  function remember(key: string, error: AirlineError) {
    const failure = toFailure(airline, error)
    // Nothing was sent, so to ask again costs nothing.
    if (failure.reason === 'circuit_open' || failure.reason === 'busy') return
    const { retryAfterMs } = error
    const until = now() + Math.min(retryAfterMs ?? settings.failureMs, longestRestMs)
    if (failure.status === 'rate_limited' || retryAfterMs !== undefined) rest = { failure, until }
    else failures.set(key, { failure, until })
  }

  /** What the airline has, held to sense; `key` null: nothing is remembered of it. */
  async function search(key: string | null, query: SliceQuery, signal: AbortSignal): Promise<OfferList> {
    const askedAt = worldNow()
    const memory = key === null ? null : knownAnswers.about(key)
    const offers = await connector.search(query, signal, memory?.recall)
    const known = memory?.known(offers)
    if (!known) checkOffers(connector.airline, query, offers)
    const list = known ?? listOffers(offers)
    checkTimes(connector.airline, list.offers, askedAt)
    if (!known) memory?.learn(offers, list)
    return list
  }

  async function call(key: string, query: SliceQuery, signal: AbortSignal, waiting: AbortSignal): Promise<GivenOffers> {
    try {
      const { offers, body } = await search(key, query, signal)
      const storedAt = now()
      const freshUntil = freshness(offers, storedAt, worldNow(), settings)
      store.set(key, { body, gzip: null, etag: '', storedAt, freshUntil, keepUntil: storedAt + settings.keepMs })
      failures.delete(key)
      if (waiting.aborted) meter.late(airline)
      return { status: 'ok', offers, cache: 'miss', storedAt, freshUntil, reason: null, detail: null }
    } catch (error) {
      if (signal.reason instanceof GivenUp) throw error
      const failed = malformed.note(airline, 'search', error)
      remember(key, failed)
      throw failed
    }
  }

  return {
    async ask(query, waiting) {
      const key = keyOf(airline, query)
      const run = (signal: AbortSignal) => call(key, query, signal, waiting)
      const found = await store.get(key)
      const list = found && readList(found.entry)
      if (found && list) {
        const { offers } = list
        const { storedAt, freshUntil } = found.entry
        const given = { offers, cache: found.tier, storedAt, freshUntil }
        meter.part(airline, freshUntil > now() ? found.tier : 'stale')
        if (freshUntil > now()) return { ...given, status: 'ok', reason: null, detail: null }
        const refused = refusal(key)
        if (!refused) calls.background(key, run)
        return { ...given, status: 'stale', reason: refused?.reason ?? null, detail: refused?.detail ?? null }
      }
      const refused = refusal(key)
      meter.part(airline, refused ? 'failed' : calls.isUnderWay(key) ? 'collapsed' : 'miss')
      if (refused) return refused
      try {
        return await calls.join(key, run, waiting)
      } catch (error) {
        return toFailure(airline, error)
      }
    },
    async askAlone(query, waiting) {
      const own = createCalls<OfferList>({ airline, timeoutMs: settings.callTimeoutMs, maxBackground: 0 })
      try {
        const { offers } = await own.join('', (signal) => search(null, query, signal), waiting)
        const storedAt = now()
        return { status: 'ok', offers, cache: 'miss', storedAt, freshUntil: storedAt, reason: null, detail: null }
      } catch (error) {
        return toFailure(airline, malformed.note(airline, 'search', error))
      }
    },
    close: calls.close,
  }
}

/** One name for all queries that mean the same: passengers differ by their number and type alone. */
export function keyOf(airline: string, { origin, destination, departureDate, cabin, passengers }: SliceQuery): string {
  const travellers = passengers.map(({ type }) => type[0]).join('')
  return `offers:${airline}:${origin}:${destination}:${departureDate}:${cabin}:${travellers}`
}

/** Fresh until the first offer expires, but neither longer than the settings say nor so short that nothing is cached. */
function freshness(
  offers: readonly ListedOffer[],
  storedAt: number,
  worldNow: number,
  { freshMs, failureMs }: ShoppingSettings,
): number {
  let until = storedAt + freshMs
  for (const { expiresAt } of offers) until = Math.min(until, storedAt + expiresAt - worldNow)
  return Math.max(until, storedAt + Math.min(failureMs, freshMs))
}

/** Bytes of bodies whose lists are kept as they were read. */
const readBytes = 16 * 1024 * 1024

/** What was read of an entry's bytes: the same parts go into many answers, as each currency, order and page has its own. */
const read = new LRUCache<Buffer, OfferList>({ maxSize: readBytes, sizeCalculation: (_, { length }) => length })

/** null where the bytes do not read. */
function readList(entry: Entry): OfferList | null {
  let body: Buffer
  try {
    body = entry.body
  } catch {
    return null
  }
  const list = read.get(body) ?? readOfferList(body)
  if (list) read.set(body, list)
  return list
}
