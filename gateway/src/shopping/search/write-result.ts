import type { SearchResult } from '../../schemas/search.ts'

/** A search's answer whose offers are written already: `rows` are theirs. */
export interface WrittenResult extends Omit<SearchResult, 'slices'> {
  slices: (Omit<SearchResult['slices'][number], 'offers'> & { rows: readonly string[] })[]
}

/** The JSON of a search's answer. */
export function writeResult({ query, complete, slices, sources }: WrittenResult): string {
  const written = slices.map(({ origin, destination, departureDate, rows, nextCursor }) => {
    const asked = JSON.stringify({ origin, destination, departureDate })
    return `${asked.slice(0, -1)},"offers":[${rows.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`
  })
  const start = `{"query":${JSON.stringify(query)},"complete":${complete}`
  return `${start},"slices":[${written.join(',')}],"sources":${JSON.stringify(sources)}}`
}
