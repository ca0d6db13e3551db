import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBudget } from './budget.ts'

const figures = { callsPerExtra: 10, initial: 10, most: 50, keptForRetries: 15 }

test('ten first calls earn an extra one', () => {
  const { earn, left, takeRetry } = createBudget({ ...figures, initial: 0 })
  for (let n = 0; n < 9; n++) earn()
  expect([left(), takeRetry()]).toEqual([0.9, false])
  earn()
  expect([takeRetry(), takeRetry(), left()]).toEqual([true, false, 0])
})

test('no more is saved up than said', () => {
  const { earn, left } = createBudget(figures)
  for (let n = 0; n < 10_000; n++) earn()
  expect(left()).toBe(50)
})

test('hedges leave some to retries', () => {
  const { earn, takeHedge, takeRetry, left } = createBudget(figures)
  expect([takeHedge(), left()]).toEqual([false, 10])
  for (let n = 0; n < 60; n++) earn()
  expect([takeHedge(), left(), takeHedge()]).toEqual([true, 15, false])
  let retries = 0
  while (takeRetry()) retries++
  expect(retries).toBe(15)
})

test('extra calls stay within a tenth of the first calls and the burst, over any stretch', () => {
  const acts = fc.array(fc.constantFrom('first', 'first', 'first', 'retry', 'hedge'), { maxLength: 2_000 })
  fc.assert(
    fc.property(acts, fc.nat(50), (sequence, initial) => {
      const { earn, takeHedge, takeRetry, left } = createBudget({ ...figures, initial })
      let firsts = 0
      let extras = 0
      // Extra calls less what was earned, at its least: what a stretch that begins there may go beyond by.
      let least = 0
      for (const act of sequence) {
        if (act === 'first') {
          firsts++
          earn()
        } else if (act === 'retry' ? takeRetry() : takeHedge()) extras++
        const over = extras - firsts / 10
        expect(over).toBeLessThanOrEqual(initial + 1e-9)
        expect(over - least).toBeLessThanOrEqual(figures.most + 1e-9)
        least = Math.min(least, over)
        expect(left()).toBeGreaterThanOrEqual(0)
      }
      // Nor is it stingy: as long as nothing was lost to the cap, what is left is exactly what was earned and not used.
      if (initial + firsts / 10 <= figures.most) expect(left()).toBeCloseTo(initial + firsts / 10 - extras)
    }),
  )
})
