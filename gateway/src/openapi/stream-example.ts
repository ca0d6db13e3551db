import type { SearchResult } from '../schemas/search.ts'

/** What a search whose answer is cached looks like as a stream, as text. */
export function streamExample(result: SearchResult): string {
  const airlines = result.sources.map((source) => {
    const { airline } = source
    const offers = result.slices.map((found, slice) =>
      toText('offers', { airline, slice, offers: found.offers.filter((offer) => offer.airline === airline) }),
    )
    return `${offers.join('')}${toText('source', source)}`
  })
  return `${airlines.join('')}id: done\n${toText('done', result)}`
}

function toText(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
