import type { Answer } from '../answer/answer.ts'
import type { Entry } from '../cache/entry.ts'
import type { Store } from '../cache/store.ts'
import type { ShoppingSettings } from '../settings.ts'
import { patient, type Wait } from '../wait.ts'
import type { WorkBound } from '../work-bound.ts'
import type { AirlineDesk } from './airline-offers.ts'
import type { Search } from './query.ts'
import { type Round, startRound } from './round.ts'
import { eventsOf, missingEvents, type SearchEvent } from './search-event.ts'

/** Answers searches. */
export interface Searches {
  /** The answer that lies ready in memory; null when it has to be fetched or made. */
  ready(search: Search): Answer | null
  /**
   * Ready, or from Redis, or made by asking the airlines; at the latest at the deadline. Throws ClientLeft, and
   * FanfareError overloaded where too many are being made.
   */
  answer(search: Search, wait?: Wait): Promise<Answer>
  /** The same, telling before of each airline as it answers. */
  stream(search: Search, wait: Wait, tell: (event: SearchEvent) => void): Promise<Answer>
}

/** What searches stand on. */
export interface SearchesOptions {
  /** By airline name. */
  desks: ReadonlyMap<string, AirlineDesk>
  store: Store
  settings: ShoppingSettings
  bound: WorkBound
  now: () => number
}

/** Sets searches up. */
export function createSearches({ desks, store, settings, bound, now }: SearchesOptions): Searches {
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

  function roundOf(search: Search): Round {
    const { key } = search
    const other = underWay.get(key)
    if (other) return other
    const end = bound.begin()
    const round = startRound({
      search,
      desks,
      settings,
      now,
      find: () => find(key),
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

    async answer(search, wait = patient) {
      return ready(search) ?? roundOf(search).join(wait)
    },

    async stream(search, wait, tell) {
      const told = new Set<string>()
      const answer =
        ready(search) ??
        (await roundOf(search).join(wait, (event) => {
          if (event.event === 'source') told.add(event.airline)
          tell(event)
        }))
      const isFound = answer.from === 'memory' || answer.from === 'redis'
      for (const event of isFound ? eventsOf(answer) : missingEvents(answer, told)) tell(event)
      return answer
    },
  }
}
