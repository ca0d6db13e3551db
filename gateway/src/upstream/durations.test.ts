import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDurations } from './durations.ts'

test('nothing is known before there are enough', () => {
  const { add, quantile } = createDurations()
  expect(quantile(0.5, 0)).toBeNull()
  for (let n = 1; n < 20; n++) add(n)
  expect(quantile(0.95, 20)).toBeNull()
  add(20)
  expect(quantile(0.95, 20)).toBeGreaterThanOrEqual(19)
})

test('lies among what it is said to be a quantile of, a few new ones aside', () => {
  const values = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 20, maxLength: 400 })
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.95), (all, share) => {
      const { add, quantile } = createDurations()
      for (const one of all) {
        add(one)
        quantile(share, 1)
      }
      const found = quantile(share, 1) ?? Number.NaN
      const last = all.slice(-128)
      const below = last.filter((one) => one < found).length
      const atMost = last.filter((one) => one <= found).length
      // What is known may be 7 calls old: so many may have come, and so many gone.
      expect(below).toBeLessThanOrEqual(share * last.length + 14)
      expect(atMost).toBeGreaterThanOrEqual(share * last.length - 14)
    }),
  )
})

test('follows an airline that turns slow', () => {
  const { add, quantile } = createDurations()
  for (let n = 0; n < 1_000; n++) add(100)
  for (let n = 0; n < 128; n++) add(400)
  expect(quantile(0.5, 20)).toBe(400)
})
