import { LRUCache } from 'lru-cache'
import type { Search } from '../shopping/search/query.ts'
import type { Shopping } from '../shopping/shopping.ts'

/** What query strings mean that have been held to the schema before: nothing but themselves, save for the dates. */
export interface KnownSearches {
  /** null: not known, or its dates no longer hold. */
  find(queryString: string): Search | null
  learn(queryString: string, search: Search): void
}

/** Memory for query strings and what they mean, and what one takes besides its text, in bytes. */
const knownBytes = 16 * 1024 * 1024
const queryBytes = 2_000

/** Knows none yet; lets go of those that were asked for longest ago. */
export function createKnownSearches({ isCurrent }: Pick<Shopping, 'isCurrent'>): KnownSearches {
  const known = new LRUCache<string, Search>({
    maxSize: knownBytes,
    sizeCalculation: (_search, text) => text.length + queryBytes,
  })
  return {
    find(queryString) {
      const search = known.get(queryString)
      return search && isCurrent(search) ? search : null
    },
    learn: (queryString, search) => known.set(queryString, search),
  }
}

/** Everything after the first question mark. */
export function queryStringOf(url: string): string {
  return url.slice(url.indexOf('?') + 1)
}
