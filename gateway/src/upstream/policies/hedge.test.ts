import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHedge } from './hedge.ts'
import { createAirline, failure, follow, never, pass } from './testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function hedging({ slowAfterMs = 100 as number | null, hasRoom = true, isGranted = true } = {}) {
  const airline = createAirline()
  const onHedge = vi.fn()
  const onWin = vi.fn()
  const leave = vi.fn()
  const grant = vi.fn(() => isGranted)
  /** How far the clock is ahead of the timers: so long this process was busy with something else. */
  const busy = { ms: 0 }
  const policy = createHedge({
    slowAfterMs: () => slowAfterMs,
    room: () => (hasRoom ? leave : null),
    grant,
    onHedge,
    onWin,
    now: () => performance.now() + busy.ms,
  })
  const ask = (signal = never) => follow(policy(airline.send, signal))
  return { ...airline, busy, onHedge, onWin, leave, grant, ask }
}

test('a call that is fast enough is sent once', async () => {
  const { ask, calls, grant } = hedging()
  const asked = ask()
  await pass(99)
  calls[0]?.answer('fast')
  await pass(1_000)
  expect([asked.result, calls.length, grant.mock.calls.length, vi.getTimerCount()]).toEqual(['fast', 1, 0, 0])
})

test('a slow one is sent again; where the second answers first the first is ended', async () => {
  const { ask, calls, leave, onHedge, onWin } = hedging()
  const asked = ask()
  await pass(100)
  expect([calls.length, onHedge.mock.calls.length]).toEqual([2, 1])
  await pass(30)
  calls[1]?.answer('second')
  await pass(0)
  expect(asked.result).toBe('second')
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, false])
  expect([onWin.mock.calls, leave.mock.calls.length]).toEqual([[[130]], 1])
})

test('while this process itself is slow, nothing is sent again before the time that was lost has passed once more', async () => {
  const { ask, calls, busy } = hedging()
  const asked = ask()
  busy.ms = 40
  await pass(139)
  expect(calls).toHaveLength(1)
  await pass(1)
  expect(calls).toHaveLength(2)
  calls[1]?.answer('second')
  await pass(0)
  expect(asked.result).toBe('second')
})

test('where the first answers after all the second is ended', async () => {
  const { ask, calls, leave, onWin } = hedging()
  const asked = ask()
  await pass(150)
  calls[0]?.answer('first')
  await pass(0)
  expect(asked.result).toBe('first')
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true])
  expect([onWin.mock.calls.length, leave.mock.calls.length]).toEqual([0, 1])
})

test.for([0, 1])('the failure of call %i leaves the answer to the other', async (failing) => {
  const { ask, calls } = hedging()
  const asked = ask()
  await pass(100)
  calls[failing]?.fail(failure('unavailable'))
  await pass(0)
  expect(asked.result).toBeNull()
  calls[1 - failing]?.answer('saved')
  await pass(0)
  expect(asked.result).toBe('saved')
})

test('a refusal is an answer: it is not waited for a better one', async () => {
  const { ask, calls } = hedging()
  const asked = ask()
  await pass(100)
  calls[0]?.fail(failure('rejected', { reason: 'sold_out' }))
  await pass(0)
  expect(asked.result).toMatchObject({ kind: 'rejected' })
  expect(calls[1]?.signal.aborted).toBe(true)
})

test('both fail: so does the call', async () => {
  const { ask, calls, leave } = hedging()
  const asked = ask()
  await pass(100)
  calls[1]?.fail(failure('malformed'))
  calls[0]?.fail(failure('unavailable'))
  await pass(0)
  expect([asked.result, leave.mock.calls.length]).toMatchObject([{ kind: 'unavailable' }, 1])
})

test('an early failure is not hedged: that is for a retry', async () => {
  const { ask, calls } = hedging()
  const asked = ask()
  await pass(50)
  calls[0]?.fail(failure('unavailable'))
  await pass(1_000)
  expect([asked.result, calls.length]).toMatchObject([{ kind: 'unavailable' }, 1])
})

test('none without a known p95, without a grant, or without room, for which no grant is used up', async () => {
  const unknown = hedging({ slowAfterMs: null })
  const ungranted = hedging({ isGranted: false })
  const crowded = hedging({ hasRoom: false })
  for (const { ask } of [unknown, ungranted, crowded]) ask()
  await pass(1_000)
  for (const { calls } of [unknown, ungranted, crowded]) expect(calls).toHaveLength(1)
  expect(ungranted.leave).toHaveBeenCalledOnce()
  expect(crowded.grant).not.toHaveBeenCalled()
})

test('a caller who leaves ends both calls', async () => {
  const { ask, calls, leave } = hedging()
  const leaving = new AbortController()
  const asked = ask(leaving.signal)
  await pass(100)
  leaving.abort()
  await pass(0)
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
  expect([asked.result, leave.mock.calls.length]).toMatchObject([{ kind: 'timeout' }, 1])
})
