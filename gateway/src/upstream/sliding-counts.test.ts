import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSlidingCounts } from './sliding-counts.ts'

test('counts exactly what the last seconds hold', () => {
  const steps = fc.array(fc.record({ after: fc.nat(4_000), failed: fc.boolean() }), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(10_000), steps, (seconds, start, sequence) => {
      let time = start
      const counts = createSlidingCounts(seconds, () => time)
      const seen: { second: number; failed: boolean }[] = []
      for (const { after, failed } of sequence) {
        time += after
        const second = Math.floor(time / 1000)
        counts.add(failed)
        seen.push({ second, failed })
        const held = seen.filter((one) => one.second > second - seconds)
        expect(counts.totals()).toEqual({ calls: held.length, failures: held.filter((one) => one.failed).length })
      }
      time += seconds * 1000
      expect(counts.totals()).toEqual({ calls: 0, failures: 0 })
    }),
  )
})

test('forgets all when told', () => {
  const counts = createSlidingCounts(10, () => 5_000)
  counts.add(true)
  counts.clear()
  expect(counts.totals()).toEqual({ calls: 0, failures: 0 })
})
