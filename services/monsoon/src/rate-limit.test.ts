import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRateLimiter, readRateLimit } from './rate-limit.ts'

function limiterAt(perSecond: number, burst: number) {
  const clock = { time: 5_000 }
  return { clock, take: createRateLimiter({ perSecond, burst, now: () => clock.time }) }
}

describe('rate limiter', () => {
  it('allows the burst and not one more', () => {
    const { take } = limiterAt(100, 200)
    const answers = Array.from({ length: 201 }, () => take('a'))
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(200)
    expect(answers[0]).toEqual({ allowed: true, limit: 200, remaining: 199, resetSeconds: 1, retryAfterSeconds: 0 })
    expect(answers[200]).toEqual({ allowed: false, limit: 200, remaining: 0, resetSeconds: 2, retryAfterSeconds: 1 })
  })

  it('gives one request back every hundredth of a second, and nothing before', () => {
    const { clock, take } = limiterAt(100, 200)
    for (let i = 0; i < 200; i++) take('a')
    clock.time += 9
    expect(take('a').allowed).toBe(false)
    clock.time += 1
    expect(take('a').allowed).toBe(true)
    expect(take('a').allowed).toBe(false)
  })

  it('says truly when the next request is allowed', () => {
    const { clock, take } = limiterAt(1, 1)
    take('a')
    clock.time += 1
    const { retryAfterSeconds } = take('a')
    expect(retryAfterSeconds).toBe(1)
    clock.time += retryAfterSeconds * 1_000
    expect(take('a').allowed).toBe(true)
  })

  it('counts every client by itself', () => {
    const { take } = limiterAt(10, 1)
    expect(take('a').allowed).toBe(true)
    expect(take('a').allowed).toBe(false)
    expect(take('b').allowed).toBe(true)
  })

  it('never allows more than burst + rate × time, and never less when asked steadily below the rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
        (perSecond, burst, pauses) => {
          const { clock, take } = limiterAt(perSecond, burst)
          const start = clock.time
          let allowed = 0
          for (const pause of pauses) {
            clock.time += pause
            if (take('a').allowed) allowed += 1
          }
          expect(allowed).toBeLessThanOrEqual(burst + Math.floor(((clock.time - start) * perSecond) / 1_000))
          const steady = limiterAt(perSecond, burst)
          for (let i = 0; i < 100; i++) {
            steady.clock.time += Math.ceil(1_000 / perSecond)
            expect(steady.take('a').allowed).toBe(true)
          }
        },
      ),
    )
  })
})

describe('the setting', () => {
  it('is requests a second, with twice as many at once', () => {
    expect(readRateLimit('7')).toMatchObject({ perSecond: 7, burst: 14 })
    expect(readRateLimit(undefined)).toMatchObject({ perSecond: 100, burst: 200 })
    expect(readRateLimit('0')).toBeNull()
  })

  it('is refused by its name when it is no whole number', () => {
    for (const wrong of ['', '-1', '1.5', 'many', ' 5', '1e3', '1000000']) {
      expect(() => readRateLimit(wrong), wrong).toThrow('MONSOON_RATE_LIMIT')
    }
  })
})
