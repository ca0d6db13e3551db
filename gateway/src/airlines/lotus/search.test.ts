import { describe, expect, test } from 'vitest'
import { AirlineError } from '../../upstream/airline-error.ts'
import { searchToTheEnd } from './search.ts'
import type { SearchState } from './wire.ts'

const begun = { searchId: 's-1', pollAfterMs: 0 }
const calm = AbortSignal.timeout(20_000)

/** A page in a state. */
interface Seen {
  state: SearchState
}

function seen(page: number, pageCount: number, ready: boolean, pollAfterMs: number | null = 0): Seen {
  return { state: { pageCount, page, ready, pollAfterMs } }
}

/** Looks in turn; each says which page it must be for. */
function looks(...answers: Seen[]) {
  const asked: number[] = []
  return {
    asked,
    look: async (_: string, page: number) => {
      asked.push(page)
      const answer = answers.shift()
      if (!answer) throw new Error('it looked once too often')
      return answer
    },
  }
}

async function failure(search: Promise<unknown>): Promise<AirlineError> {
  const error = await search.then(
    () => new Error('it answered'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof AirlineError) return error
  throw error
}

describe('a search', () => {
  test('is looked at until its last page is there, whatever its state says', async () => {
    const { asked, look } = looks(
      seen(1, 3, false),
      seen(1, 3, true),
      seen(2, 3, true, null),
      seen(3, 3, false, null),
      seen(3, 3, true),
    )
    const pages = await searchToTheEnd(begun, look, calm)
    expect(pages.map(({ state }) => [state.page, state.ready])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ])
    expect(asked).toEqual([1, 1, 2, 3, 3])
  })

  test.each([
    ['another page than was asked for', [seen(2, 3, true)]],
    ['fewer pages than before', [seen(1, 3, true), seen(2, 2, true)]],
    ['more pages than before', [seen(1, 1, false), seen(1, 2, true)]],
  ])('is malformed when it holds %s', async (_, answers) => {
    expect(await failure(searchToTheEnd(begun, looks(...answers).look, calm))).toMatchObject({ kind: 'malformed' })
  })

  test('is left in the middle of a wait, at once, and what is there by then is not given for all', async () => {
    const leaving = new AbortController()
    const asked: number[] = []
    const look = async (_: string, page: number) => {
      asked.push(page)
      if (page === 2) setImmediate(() => leaving.abort())
      return seen(page, 2, page === 1, 1_000)
    }
    const startedAt = performance.now()
    expect(await failure(searchToTheEnd(begun, look, leaving.signal))).toMatchObject({
      kind: 'timeout',
      airline: 'lotus',
    })
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(asked).toEqual([1, 2])
  })

  test('is left before its first look, too', async () => {
    const slow = { ...begun, pollAfterMs: 1_000_000_000 }
    expect(await failure(searchToTheEnd(slow, looks().look, AbortSignal.timeout(5)))).toMatchObject({ kind: 'timeout' })
    expect(await failure(searchToTheEnd(slow, looks().look, AbortSignal.abort()))).toMatchObject({ kind: 'timeout' })
  })

  test('waits as long as the airline says, within reason', async () => {
    const { look } = looks(seen(1, 1, false, 40), seen(1, 1, true))
    const startedAt = performance.now()
    await searchToTheEnd({ ...begun, pollAfterMs: 40 }, look, calm)
    expect(performance.now() - startedAt).toBeGreaterThan(75)
    const endless = { ...begun, pollAfterMs: Number.MAX_SAFE_INTEGER }
    await searchToTheEnd(endless, looks(seen(1, 1, true)).look, calm)
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })
})
