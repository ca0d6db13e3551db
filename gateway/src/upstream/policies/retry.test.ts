import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Budget, createBudget } from './budget.ts'
import { createRetry, type RetryOptions } from './retry.ts'
import { createAirline, failure, follow, never, pass } from './testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function retrying(options: Partial<RetryOptions> = {}, budget: Budget = plenty()) {
  const onRetry = vi.fn()
  const airline = createAirline()
  const policy = createRetry({
    attempts: 4,
    firstBackOffMs: 20,
    withinMs: 1_000,
    budget,
    onRetry,
    now: () => performance.now(),
    random: () => 0.5,
    ...options,
  })
  return { ...airline, onRetry, budget, ask: (signal = never) => follow(policy(airline.send, signal)) }
}

const plenty = () => createBudget({ callsPerExtra: 10, initial: 20, most: 20, keptForRetries: 0 })

test('sends again what may succeed, after a wait that doubles', async () => {
  const { ask, calls, onRetry } = retrying()
  const asked = ask()
  for (const wait of [10, 20, 40]) {
    calls.at(-1)?.fail(failure('unavailable'))
    await pass(wait - 1)
    const before = calls.length
    await pass(1)
    expect(calls.length).toBe(before + 1)
  }
  calls.at(-1)?.answer('at last')
  await pass(0)
  expect([asked.result, onRetry.mock.calls.length]).toEqual(['at last', 3])
})

test('gives up after four attempts with the last failure', async () => {
  const { ask, calls } = retrying()
  const asked = ask()
  for (let n = 1; n <= 4; n++) {
    calls.at(-1)?.fail(failure(n === 4 ? 'timeout' : 'unavailable'))
    await pass(100)
  }
  expect([calls.length, asked.result]).toMatchObject([4, { kind: 'timeout' }])
})

test('draws each wait anew, from nothing to the whole of it', async () => {
  const drawn = [0, 0.999]
  const { ask, calls } = retrying({ random: () => drawn.shift() ?? 0 })
  ask()
  calls[0]?.fail(failure('unavailable'))
  await pass(0)
  expect(calls).toHaveLength(2)
  calls[1]?.fail(failure('unavailable'))
  await pass(38)
  expect(calls).toHaveLength(2)
  await pass(1)
  expect(calls).toHaveLength(3)
})

test.for(['rejected', 'malformed', 'unknown_outcome', 'circuit_open', 'busy'] as const)(
  'leaves %s as it is',
  async (kind) => {
    const { ask, calls } = retrying()
    const asked = ask()
    calls[0]?.fail(failure(kind, { reason: 'sold_out' }))
    await pass(1_000)
    expect([calls.length, asked.result]).toMatchObject([1, { kind }])
  },
)

test('never before Retry-After', async () => {
  const { ask, calls } = retrying()
  ask()
  calls[0]?.fail(failure('rate_limited', { retryAfterMs: 500 }))
  await pass(500)
  expect(calls).toHaveLength(1)
  await pass(10)
  expect(calls).toHaveLength(2)
})

test('not at all where Retry-After lies beyond the time there is', async () => {
  const { ask, calls, budget } = retrying()
  const asked = ask()
  await pass(600)
  const left = budget.left()
  calls[0]?.fail(failure('rate_limited', { retryAfterMs: 400 }))
  await pass(0)
  expect(asked.result).toMatchObject({ kind: 'rate_limited', retryAfterMs: 400 })
  await pass(10_000)
  expect([calls.length, budget.left()]).toEqual([1, left])
})

test('not once the caller has left, neither before nor during the wait', async () => {
  const { ask, calls } = retrying()
  const leaving = new AbortController()
  const asked = ask(leaving.signal)
  calls[0]?.fail(failure('unavailable'))
  await pass(5)
  leaving.abort()
  await pass(1_000)
  expect([calls.length, asked.result]).toMatchObject([1, { kind: 'unavailable' }])

  const gone = ask(leaving.signal)
  await pass(1_000)
  expect([calls.length, gone.result]).toMatchObject([2, { kind: 'timeout' }])
  expect(vi.getTimerCount()).toBe(0)
})

test('not without the budget, to which each first call adds once', async () => {
  const budget = createBudget({ callsPerExtra: 2, initial: 0, most: 10, keptForRetries: 0 })
  const { ask, calls } = retrying({}, budget)
  const asked = ask()
  calls[0]?.fail(failure('unavailable'))
  await pass(1_000)
  expect([calls.length, asked.result, budget.left()]).toMatchObject([1, { kind: 'unavailable' }, 0.5])
  ask()
  calls[1]?.answer('well')
  await pass(0)
  ask()
  calls[2]?.fail(failure('unavailable'))
  await pass(1_000)
  expect([calls.length, budget.left()]).toEqual([4, 0.5])
  // What was never sent earns nothing.
  ask()
  calls[4]?.fail(failure('circuit_open'))
  await pass(1_000)
  expect(budget.left()).toBe(0.5)
})
