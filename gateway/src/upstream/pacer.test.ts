import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPacer, type PacedRequest, type PublishedRate } from './pacer.ts'
import { follow, never, pass } from './policies/testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function pacer(published: PublishedRate | null = { perSecond: 10, burst: 2 }) {
  const made = createPacer({ airline: 'alpha', published, now: () => performance.now() })
  const gone: string[] = []
  function enter(name: string, request: Partial<PacedRequest> = {}) {
    const defaults = { isUrgent: false, endsAt: performance.now() + 10_000, signal: never }
    return follow(
      Promise.try(async () => {
        const turn = made.enter({ ...defaults, ...request })
        if (turn) await turn
        gone.push(name)
      }),
    )
  }
  return { ...made, gone, enter }
}

test('a burst goes at once, the others at the rate', async () => {
  const { enter, gone } = pacer()
  for (const name of 'abcd') enter(name)
  await pass(0)
  expect(gone).toEqual(['a', 'b'])
  await pass(99)
  expect(gone).toHaveLength(2)
  await pass(2)
  expect(gone).toHaveLength(3)
  await pass(100)
  expect(gone).toEqual(['a', 'b', 'c', 'd'])
  await pass(1_000)
  expect(vi.getTimerCount()).toBe(0)
})

test('never more than the airline allows, whatever comes when', async () => {
  const arrivals = fc.array(fc.nat(300), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 5 }),
      async (waits, perSecond, burst) => {
        const { enter } = createPacer({
          airline: 'alpha',
          published: { perSecond, burst },
          now: () => performance.now(),
        })
        const times: number[] = []
        for (const wait of waits) {
          await pass(wait)
          const turn = enter({ isUrgent: wait % 2 === 0, endsAt: Number.POSITIVE_INFINITY, signal: never })
          if (turn) void turn.then(() => times.push(performance.now()))
          else times.push(performance.now())
        }
        await pass(60_000)
        expect(times).toHaveLength(waits.length)
        for (const [first, from] of times.entries()) {
          for (const [last, to] of times.entries()) {
            if (last < first) continue
            expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * perSecond) / 1000 + 1e-6)
          }
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('bookings go first', async () => {
  const { enter, gone } = pacer()
  for (const name of ['a', 'b', 'look', 'look again']) enter(name)
  enter('book', { isUrgent: true })
  await pass(1_000)
  expect(gone).toEqual(['a', 'b', 'book', 'look', 'look again'])
})

test('what cannot go before its time is over fails at once, and takes nothing', async () => {
  const { enter, gone } = pacer()
  for (const name of ['a', 'b', 'c']) enter(name)
  const late = enter('late', { endsAt: performance.now() + 150 })
  await pass(0)
  expect(late.result).toMatchObject({ kind: 'rate_limited', airline: 'alpha', retryAfterMs: 200 })
  enter('in time', { endsAt: performance.now() + 250 })
  await pass(201)
  expect(gone).toEqual(['a', 'b', 'c', 'in time'])
})

test('who leaves gives the turn to the next', async () => {
  const { enter, gone } = pacer()
  const leaving = new AbortController()
  for (const name of ['a', 'b']) enter(name)
  const left = enter('c', { signal: leaving.signal })
  enter('d')
  await pass(50)
  leaving.abort()
  await pass(51)
  expect([gone, left.result]).toMatchObject([['a', 'b', 'd'], { kind: 'rate_limited' }])
})

test('the queue is bounded, and that of bookings is another one', async () => {
  const { enter } = pacer()
  const many = Array.from({ length: 400 }, (_, nth) => enter(`${nth}`, { endsAt: Number.POSITIVE_INFINITY }))
  await pass(0)
  expect(many.filter(({ result }) => result instanceof Error)).toHaveLength(400 - 2 - 256)
  const booking = enter('booking', { isUrgent: true })
  await pass(101)
  expect(booking.result).not.toBeInstanceOf(Error)
})

describe('after a 429', () => {
  test('nobody goes before Retry-After, then at the rate', async () => {
    const { enter, gone, rest } = pacer()
    rest(2_000)
    for (const name of ['a', 'b', 'c', 'd']) enter(name)
    await pass(1_999)
    expect(gone).toEqual([])
    await pass(2)
    // As many as came back meanwhile, a burst at most.
    expect(gone).toEqual(['a', 'b'])
    await pass(101)
    expect(gone).toEqual(['a', 'b', 'c'])
  })

  test('those who wait and cannot wait that long fail at once', async () => {
    const { enter, gone, rest } = pacer()
    for (const name of ['a', 'b']) enter(name)
    const short = enter('short', { endsAt: performance.now() + 1_000 })
    const long = enter('long', { endsAt: performance.now() + 5_000 })
    await pass(0)
    rest(3_000)
    await pass(0)
    expect([short.result, long.result]).toMatchObject([{ kind: 'rate_limited', retryAfterMs: 3_000 }, null])
    await pass(3_001)
    expect(gone).toEqual(['a', 'b', 'long'])
  })

  test('an airline that publishes nothing is left alone too, and is not paced otherwise', async () => {
    const { enter, gone, rest } = pacer(null)
    for (let n = 0; n < 1_000; n++) enter('early')
    await pass(0)
    expect(gone).toHaveLength(1_000)
    rest(500)
    enter('late')
    await pass(499)
    expect(gone).toHaveLength(1_000)
    await pass(2)
    expect(gone).toHaveLength(1_001)
  })
})

describe('what the airline tells', () => {
  test('others use the same allowance: what is left is what it says', async () => {
    const { enter, gone, learn } = pacer({ perSecond: 10, burst: 20 })
    enter('a')
    learn({ burst: 20, remaining: 1 })
    for (const name of ['b', 'c']) enter(name)
    await pass(0)
    expect(gone).toEqual(['a', 'b'])
    await pass(101)
    expect(gone).toEqual(['a', 'b', 'c'])
  })

  test('another limit than the published one changes the rate with it', async () => {
    const { enter, gone, learn } = pacer({ perSecond: 10, burst: 20 })
    learn({ burst: 2, remaining: 0 })
    for (const name of ['a', 'b']) enter(name)
    await pass(999)
    expect(gone).toEqual([])
    await pass(2)
    expect(gone).toEqual(['a'])
    learn({ burst: 200, remaining: 100 })
    await pass(0)
    expect(gone).toEqual(['a', 'b'])
  })

  test('it tells none any more: nothing is held back until it tells one again', async () => {
    const { enter, gone, learn } = pacer()
    for (let n = 0; n < 19; n++) learn(null)
    for (const name of ['a', 'b', 'c']) enter(name)
    await pass(0)
    expect(gone).toHaveLength(2)
    learn(null)
    await pass(0)
    expect(gone).toHaveLength(3)
    for (let n = 0; n < 100; n++) enter('free')
    await pass(0)
    expect(gone).toHaveLength(103)
    learn({ burst: 2, remaining: 0 })
    enter('held')
    await pass(99)
    expect(gone).toHaveLength(103)
  })
})
