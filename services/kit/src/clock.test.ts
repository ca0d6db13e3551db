import { expect, it, vi } from 'vitest'
import { createClock } from './clock.ts'

const noon = Date.UTC(2030, 0, 5, 12)

it('stands still when frozen, can be moved there, and runs on from where it stood', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon })
  try {
    const clock = createClock()
    clock.advance(1_000)
    clock.freeze(true)
    vi.setSystemTime(noon + 60_000)
    expect(clock.now()).toBe(noon + 1_000)
    clock.advance(500)
    expect(clock.now()).toBe(noon + 1_500)
    clock.freeze(true)
    expect(clock.now()).toBe(noon + 1_500)
    clock.freeze(false)
    expect(clock.now()).toBe(noon + 1_500)
    vi.setSystemTime(noon + 61_000)
    expect(clock.now()).toBe(noon + 2_500)
    clock.reset()
    expect(clock.now()).toBe(noon + 61_000)
  } finally {
    vi.useRealTimers()
  }
})

it('takes over where another was', () => {
  const [one, other] = [createClock(noon), createClock(noon + 5)]
  one.advance(90)
  other.restore(one.state())
  expect(other.now()).toBe(noon + 95)
  one.freeze(true)
  other.restore(one.state())
  expect(other.now()).toBe(noon + 90)
})

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to be moved by %d', (ms) => {
  const clock = createClock(noon)
  expect(() => clock.advance(ms)).toThrow(RangeError)
  expect(clock.now()).toBe(noon)
})
