import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChance } from '../../../scripts/torture/chance.ts'
import { arrivals, durationMs, rateAt } from './rate.ts'
import type { Stage } from './schema.ts'

const stage: fc.Arbitrary<Stage> = fc.record(
  {
    rate: fc.double({ min: 0, max: 300, noNaN: true }),
    from: fc.double({ min: 0, max: 300, noNaN: true }),
    seconds: fc.double({ min: 0.1, max: 5, noNaN: true }),
  },
  { requiredKeys: ['rate', 'seconds'] },
)

const arrivalsOf = (stages: readonly Stage[], seed: string) => [...arrivals(stages, createChance(seed))]

describe('arrivals', () => {
  it('come in order, within the stages, and only where the rate is above 0', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 4 }), fc.string(), (stages, seed) => {
        const times = arrivalsOf(stages, seed)
        expect(times).toEqual(times.toSorted((one, other) => one - other))
        for (const at of times) {
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThanOrEqual(durationMs(stages) + 1e-6)
        }
        const idle = arrivalsOf([...stages, { rate: 0, seconds: 100 }], seed)
        expect(idle).toEqual(times)
      }),
    )
  })

  it('are as many as the area under the rate, as far as chance allows', () => {
    const stages = [
      { rate: 100, seconds: 30 },
      { from: 100, rate: 500, seconds: 30 },
      { rate: 10, seconds: 100 },
    ]
    const times = arrivalsOf(stages, 'area')
    const within = (from: number, to: number) => times.filter((at) => at >= from * 1000 && at < to * 1000).length
    // Five standard deviations of a Poisson count.
    const near = (count: number, expected: number) =>
      expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected))
    near(within(0, 30), 3000)
    near(within(30, 45), 3000)
    near(within(45, 60), 6000)
    near(within(60, 160), 1000)
  })

  it('are a Poisson process: their counts scatter as much as they are many, their gaps as long as they are', () => {
    const times = arrivalsOf([{ rate: 200, seconds: 200 }], 'scatter')
    const counts = Array.from({ length: 2000 }, () => 0)
    for (const at of times) {
      const index = Math.floor(at / 100)
      counts[index] = (counts[index] ?? 0) + 1
    }
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    const { mean, variance } = momentsOf(counts)
    expect(variance / mean).toBeGreaterThan(0.85)
    expect(variance / mean).toBeLessThan(1.15)
    const ofGaps = momentsOf(gaps)
    expect(Math.sqrt(ofGaps.variance) / ofGaps.mean).toBeGreaterThan(0.95)
    expect(Math.sqrt(ofGaps.variance) / ofGaps.mean).toBeLessThan(1.05)
  })

  it('follow from the seed alone', () => {
    const stages = [{ from: 1, rate: 50, seconds: 10 }]
    expect(arrivalsOf(stages, 'one')).toEqual(arrivalsOf(stages, 'one'))
    expect(arrivalsOf(stages, 'one')).not.toEqual(arrivalsOf(stages, 'other'))
  })
})

describe('the rate', () => {
  it('moves evenly through a ramp, and is 0 outside', () => {
    const stages = [
      { rate: 5, seconds: 2 },
      { from: 10, rate: 30, seconds: 4 },
    ]
    expect([-1, 0, 1999, 2000, 4000, 5999, 6000].map((at) => Math.round(rateAt(stages, at)))).toEqual([
      0, 5, 5, 10, 20, 30, 0,
    ])
  })
})

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}
