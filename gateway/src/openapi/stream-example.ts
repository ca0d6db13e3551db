import type { SearchResult } from '../schemas/search.ts'
import { doneId, eventsOf } from '../shopping/search/search-event.ts'

/** What a search looks like as a stream, as text. */
export function streamExample(result: SearchResult): string {
  const events = eventsOf(result).map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`)
  return `${events.join('')}id: ${doneId}\nevent: done\ndata: ${JSON.stringify(result)}\n\n`
}
