import { setTimeout as wait } from 'node:timers/promises'
import type { Offer } from '../../schemas/offer.ts'
import { AirlineError } from '../../upstream/airline-error.ts'
import type * as wire from './wire.ts'

/** A page of a search, with the offers on it. */
export interface SeenPage {
  page: wire.SearchPage
  offers: () => Offer[]
}

/** Between two looks at least and at most, in milliseconds, whatever the airline says. */
const shortestWait = 5
const longestWait = 1_000

/**
 * Looks at a search that has begun until every page is there. Throws AirlineError: timeout as soon as the signal aborts,
 * since some of the pages are never given for all of them; malformed when the pages do not make one answer; what `look` throws.
 */
export async function searchToTheEnd(
  { searchId, pollAfterMs }: { searchId: string; pollAfterMs: number },
  look: (searchId: string, page: number) => Promise<SeenPage>,
  signal: AbortSignal,
): Promise<Offer[]> {
  await pause(pollAfterMs, signal)
  const found: Offer[] = []
  let pageCount: number | null = null
  for (let number = 1; number <= (pageCount ?? 1); ) {
    const { page, offers } = await look(searchId, number)
    if (page.page !== number || (pageCount ?? page.pageCount) !== page.pageCount) {
      throw new AirlineError('lotus', 'malformed', 'Lotus Air’s pages do not make one answer')
    }
    pageCount = page.pageCount
    if (page.ready) {
      found.push(...offers())
      number++
    } else {
      await pause(page.pollAfterMs ?? shortestWait, signal)
    }
  }
  return found
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.min(Math.max(ms, shortestWait), longestWait), undefined, { signal })
  } catch (cause) {
    throw new AirlineError('lotus', 'timeout', 'Lotus Air did not finish its search in time', { cause })
  }
}
