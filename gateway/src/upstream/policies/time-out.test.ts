import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { callUnderWay } from '../call-under-way.ts'
import { createAirline, follow, never, pass } from './testing.ts'
import { createTimeOut } from './time-out.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const policy = createTimeOut({ operation: 'price', timeoutMs: 500, now: () => performance.now() })

test('aborts a call when its time is over, not earlier', async () => {
  const { calls, send } = createAirline()
  const asked = follow(policy(send, never))
  await pass(499)
  expect([calls[0]?.signal.aborted, asked.result]).toEqual([false, null])
  await pass(1)
  expect(calls[0]?.signal.aborted).toBe(true)
  expect(asked.result).toMatchObject({ kind: 'timeout' })
})

test('leaves no timer behind an answer, and does not abort what was answered', async () => {
  const { calls, send } = createAirline()
  const asked = follow(policy(send, never))
  calls[0]?.answer('in time')
  await pass(0)
  expect([asked.result, calls[0]?.signal.aborted, vi.getTimerCount()]).toEqual(['in time', false, 0])
})

test('passes a caller’s leaving on', async () => {
  const { calls, send } = createAirline()
  const leaving = new AbortController()
  const asked = follow(policy(send, leaving.signal))
  leaving.abort()
  await pass(0)
  expect([calls[0]?.signal.aborted, asked.result, vi.getTimerCount()]).toMatchObject([true, { kind: 'timeout' }, 0])
})

test('what is sent knows which call it belongs to, and by when it must be answered', async () => {
  const now = performance.now()
  const seen = await policy(async () => {
    await Promise.resolve()
    return callUnderWay.getStore()
  }, never)
  expect(seen).toEqual({ operation: 'price', endsAt: now + 500 })
  expect(callUnderWay.getStore()).toBeUndefined()
})
