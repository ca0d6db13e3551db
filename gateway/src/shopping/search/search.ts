import { setMaxListeners } from 'node:events'
import type { SliceQuery } from '../../airlines/connector.ts'
import type { SearchResult } from '../../schemas/search.ts'
import { type Answer, toEntry } from '../answer/answer.ts'
import type { Entry } from '../cache/entry.ts'
import type { Store } from '../cache/store.ts'
import type { ShoppingSettings } from '../settings.ts'
import { type SourcePart, toSource } from '../sources.ts'
import type { AirlineDesk, AirlineOffers } from './airline-offers.ts'
import { formatCursor } from './cursor.ts'
import { mergeOffers } from './merge.ts'
import type { Search } from './query.ts'

/** Answers searches. */
export interface Searches {
  /** The answer that lies ready in memory; null when it has to be fetched or made. */
  ready(search: Search): Answer | null
  /** Ready, or from Redis, or made by asking the airlines; at the latest at the deadline. `alone`: asked anew, shared with nobody. */
  answer(search: Search, alone?: boolean): Promise<Answer>
}

/** What searches stand on. */
export interface SearchesOptions {
  /** By airline name. */
  desks: ReadonlyMap<string, AirlineDesk>
  store: Store
  settings: ShoppingSettings
  now: () => number
  /** The world's time: offers expire by it; `now` unless given. */
  worldNow?: () => number
}

/** What one airline said to one slice. */
interface Reply {
  airline: string
  outcome: AirlineOffers
  source: SourcePart
}

/** Sets searches up. */
export function createSearches({ desks, store, settings, now, worldNow = now }: SearchesOptions): Searches {
  const underWay = new Map<string, Promise<Answer>>()

  function ready({ key }: Search): Answer | null {
    const entry = store.fresh(key)
    return entry && { key, entry, from: 'memory', ageMs: ageOf(entry) }
  }

  function ageOf({ storedAt }: Entry): number {
    return Math.max(0, now() - storedAt)
  }

  async function fetchOrMake(search: Search): Promise<Answer> {
    const { key } = search
    const found = await store.get(key)
    if (found && found.entry.freshUntil > now()) {
      return { key, entry: found.entry, from: found.tier, ageMs: ageOf(found.entry) }
    }
    const entry = await make(search)
    store.set(key, entry)
    return { key, entry, from: 'miss', ageMs: 0 }
  }

  async function make(search: Search, alone = false): Promise<Entry> {
    const asked =
      search.cursor === null ? search.slices : search.slices.slice(search.cursor.slice, search.cursor.slice + 1)
    const replies = await askAll(asked, search.airlines, alone)
    const at = now()
    let freshUntil = at + settings.freshMs
    const slices = asked.map((slice, index): SearchResult['slices'][number] => {
      const merged = mergeOffers(
        (replies[index] ?? []).flatMap(({ outcome }) => outcome.offers ?? []),
        {
          currency: search.query.currency,
          sort: search.query.sort,
          maxStops: search.query.maxStops,
          maxPrice: search.maxPrice,
          limit: search.query.limit,
          after: search.cursor,
          now: worldNow(),
        },
      )
      freshUntil = Math.min(freshUntil, at + merged.expiresAt - worldNow())
      const position = merged.next && { ...merged.next, slice: search.cursor?.slice ?? index }
      return {
        origin: slice.origin,
        destination: slice.destination,
        departureDate: slice.departureDate,
        offers: merged.offers,
        nextCursor: position && formatCursor(position, search.digest),
      }
    })
    for (const { outcome } of replies.flat()) {
      freshUntil = Math.min(freshUntil, outcome.status === 'ok' ? outcome.freshUntil : at + settings.failureMs)
    }
    const sources = search.airlines.map((airline) => {
      const parts = replies.flat().filter((reply) => reply.airline === airline)
      return toSource(
        airline,
        'search',
        parts.map(({ source }) => source),
      )
    })
    const complete = sources.every(({ status }) => status === 'ok' || status === 'stale')
    const result: SearchResult = { query: search.query, complete, slices, sources }
    return toEntry(result, { storedAt: at, freshUntil, keepUntil: freshUntil })
  }

  /** Asks every airline for every slice under one deadline; one list of replies per slice. */
  async function askAll(
    slices: readonly SliceQuery[],
    airlines: readonly string[],
    alone: boolean,
  ): Promise<Reply[][]> {
    const startedAt = now()
    const waiting = new AbortController()
    setMaxListeners(0, waiting.signal)
    const deadline = setTimeout(() => waiting.abort(), settings.searchDeadlineMs)

    async function ask(airline: string, slice: SliceQuery): Promise<Reply[]> {
      const desk = desks.get(airline)
      const outcome = await (alone ? desk?.askAlone(slice, waiting.signal) : desk?.ask(slice, waiting.signal))
      return outcome ? [{ airline, outcome, source: toPart(outcome, startedAt, now()) }] : []
    }

    try {
      return await Promise.all(
        slices.map(async (slice) => (await Promise.all(airlines.map((airline) => ask(airline, slice)))).flat()),
      )
    } finally {
      clearTimeout(deadline)
    }
  }

  return {
    ready,

    async answer(search, alone = false) {
      const { key } = search
      if (alone) return { key, entry: await make(search, alone), from: 'alone', ageMs: 0 }
      const answer = ready(search)
      if (answer) return answer
      const other = underWay.get(key)
      if (other) {
        const shared = await other
        return shared.from === 'miss' ? { ...shared, from: 'collapsed' } : shared
      }
      const own = fetchOrMake(search)
      underWay.set(key, own)
      try {
        return await own
      } finally {
        underWay.delete(key)
      }
    },
  }
}

function toPart(outcome: AirlineOffers, startedAt: number, now: number): SourcePart {
  return {
    status: outcome.status,
    cache: outcome.offers ? outcome.cache : 'miss',
    ageMs: outcome.offers && outcome.cache !== 'miss' ? Math.max(0, now - outcome.storedAt) : 0,
    durationMs: Math.max(0, now - startedAt),
    offerCount: outcome.offers?.length ?? 0,
    detail: outcome.detail,
  }
}
