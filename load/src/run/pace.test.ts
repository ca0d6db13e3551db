import { describe, expect, it } from 'vitest'
import { startPace } from './pace.ts'

describe('the pace', () => {
  it.each([true, false])('never comes early (exact: %s)', async (isExact) => {
    const pace = startPace(() => isExact)
    const signal = new AbortController().signal
    for (const ahead of [0.2, 1, 3.7, 12]) {
      const at = pace.now() + ahead
      expect(await pace.until(at, signal)).toBe(true)
      expect(pace.now()).toBeGreaterThanOrEqual(at)
    }
  })

  it('ends a wait, even one that has not begun, once it is told to', async () => {
    const pace = startPace(() => true)
    const stop = new AbortController()
    const waiting = pace.until(pace.now() + 3_600_000, stop.signal)
    stop.abort()
    expect(await waiting).toBe(false)
    expect(await pace.until(pace.now() + 3_600_000, stop.signal)).toBe(false)
  })
})
