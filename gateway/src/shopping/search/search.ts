import type { SearchResult } from '../../schemas/search.ts'
import { patient, type Wait } from '../../upstream/wait.ts'
import type { Answer } from '../answer/answer.ts'
import type { Entry } from '../cache/entry.ts'
import type { Store } from '../cache/store.ts'
import type { ShoppingSettings } from '../settings.ts'
import type { WorkBound } from '../work-bound.ts'
import type { AirlineDesk } from './airline-offers.ts'
import type { Search } from './query.ts'
import { type Round, startRound } from './round.ts'
import { type AirlineEvent, eventsOf, missingEvents } from './search-event.ts'

/** Answers searches. */
export interface Searches {
  /** The answer that lies ready in memory; null when it has to be fetched or made. */
  ready(search: Search): Answer | null
  /**
   * Ready, or from Redis, or made by asking the airlines; at the latest at the deadline. Throws ClientLeft, and
   * FanfareError overloaded where too many are being made. `alone`: asked anew, shared with nobody and not kept.
   */
  answer(search: Search, wait?: Wait, alone?: boolean): Promise<Answer>
  /** The same, telling before of each airline as it answers. */
  stream(search: Search, wait: Wait, tell: (event: AirlineEvent) => void, alone?: boolean): Promise<Answer>
}

/** What searches stand on. */
export interface SearchesOptions {
  /** By airline name. */
  desks: ReadonlyMap<string, AirlineDesk>
  store: Store
  settings: ShoppingSettings
  bound: WorkBound
  now: () => number
  /** The world's time: offers expire by it; `now` unless given. */
  worldNow?: () => number
}

/** Sets searches up. */
export function createSearches(options: SearchesOptions): Searches {
  const { desks, store, settings, bound, now, worldNow = now } = options
  const underWay = new Map<string, Round>()

  function ready({ key }: Search): Answer | null {
    const entry = store.fresh(key)
    return entry && { key, entry, from: 'memory', ageMs: ageOf(entry) }
  }

  function ageOf({ storedAt }: Entry): number {
    return Math.max(0, now() - storedAt)
  }

  async function find(key: string): Promise<Answer | null> {
    const found = await store.get(key)
    if (!found || found.entry.freshUntil <= now()) return null
    return { key, entry: found.entry, from: found.tier, ageMs: ageOf(found.entry) }
  }

  function lonelyRound(search: Search): Round {
    return startRound({
      search,
      settings,
      now,
      worldNow,
      alone: true,
      find: async () => null,
      ask: (airline, query, waiting) => desks.get(airline)?.askAlone(query, waiting),
      keep() {},
      ended: bound.begin(),
    })
  }

  function roundOf(search: Search, alone: boolean): Round {
    if (alone) return lonelyRound(search)
    const { key } = search
    const other = underWay.get(key)
    if (other) return other
    const end = bound.begin()
    const round = startRound({
      search,
      settings,
      now,
      worldNow,
      alone: false,
      find: () => find(key),
      ask: (airline, query, waiting) => desks.get(airline)?.ask(query, waiting),
      keep: (entry) => store.set(key, entry),
      ended() {
        end()
        if (underWay.get(key) === round) underWay.delete(key)
      },
    })
    underWay.set(key, round)
    return round
  }

  return {
    ready,

    async answer(search, wait = patient, alone = false) {
      return (alone ? null : ready(search)) ?? roundOf(search, alone).join(wait)
    },

    async stream(search, wait, tell, alone = false) {
      const told = new Set<string>()
      const answer =
        (alone ? null : ready(search)) ??
        (await roundOf(search, alone).join(wait, (event) => {
          if (event.event === 'source') told.add(event.airline)
          tell(event)
        }))
      const isFound = answer.from === 'memory' || answer.from === 'redis'
      const result: SearchResult = JSON.parse(answer.entry.body.toString())
      for (const event of isFound ? eventsOf(result) : missingEvents(result, told)) tell(event)
      return answer
    },
  }
}
