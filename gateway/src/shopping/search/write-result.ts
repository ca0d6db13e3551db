import type { SearchResult } from '../../schemas/search.ts'
import { openBytes } from './bytes.ts'
import type { MergedOffers } from './merge.ts'

/** A search's answer whose offers are still to be written. */
export interface MergedResult extends Omit<SearchResult, 'slices'> {
  slices: (Omit<SearchResult['slices'][number], 'offers'> & { offers: Pick<MergedOffers, 'write'> })[]
}

/** Merged offers as JSON, commas between. */
export function writeOffers(offers: Pick<MergedOffers, 'write'>): string {
  const bytes = openBytes()
  offers.write(bytes)
  return bytes.take().toString()
}

/** The JSON of a search's answer. */
export function writeResult({ query, complete, slices, sources }: MergedResult): Buffer {
  const bytes = openBytes()
  bytes.text(`{"query":${JSON.stringify(query)},"complete":${complete},"slices":[`)
  for (const [index, { origin, destination, departureDate, offers, nextCursor }] of slices.entries()) {
    const asked = JSON.stringify({ origin, destination, departureDate })
    bytes.text(`${index > 0 ? ',' : ''}${asked.slice(0, -1)},"offers":[`)
    offers.write(bytes)
    bytes.text(`],"nextCursor":${JSON.stringify(nextCursor)}}`)
  }
  bytes.text(`],"sources":${JSON.stringify(sources)}}`)
  return bytes.take()
}
