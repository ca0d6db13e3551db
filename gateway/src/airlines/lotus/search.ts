import { setTimeout as wait } from 'node:timers/promises'
import { AirlineError } from '../../upstream/airline-error.ts'
import type { SearchState } from './wire.ts'

/** Between two looks at least and at most, in milliseconds, whatever the airline says. */
const shortestWait = 5
const longestWait = 1_000

/**
 * Looks at a search that has begun until every page is there, and gives them in order. Throws AirlineError: timeout as soon as
 * the signal aborts, since some of the pages are never given for all of them; malformed when the pages do not make one
 * answer; what `look` throws.
 */
export async function searchToTheEnd<T extends { state: SearchState }>(
  { searchId, pollAfterMs }: { searchId: string; pollAfterMs: number },
  look: (searchId: string, page: number) => Promise<T>,
  signal: AbortSignal,
): Promise<T[]> {
  await pause(pollAfterMs, signal)
  const pages: T[] = []
  let pageCount: number | null = null
  while (pages.length < (pageCount ?? 1)) {
    const number = pages.length + 1
    const seen = await look(searchId, number)
    const { state } = seen
    if (state.page !== number || (pageCount ?? state.pageCount) !== state.pageCount) {
      throw new AirlineError('lotus', 'malformed', 'Lotus Air’s pages do not make one answer')
    }
    pageCount = state.pageCount
    if (state.ready) pages.push(seen)
    else await pause(state.pollAfterMs ?? shortestWait, signal)
  }
  return pages
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.min(Math.max(ms, shortestWait), longestWait), undefined, { signal })
  } catch (cause) {
    throw new AirlineError('lotus', 'timeout', 'Lotus Air did not finish its search in time', { cause })
  }
}
