import fc from 'fast-check'
import { expect, it } from 'vitest'
import { drawLatency, type Latency } from './latency.ts'

const draws = 4_000
const drawn = (latency: Latency, seed: string) =>
  Array.from({ length: draws }, (_, index) => drawLatency(latency, `${seed}/key-${index}/1`)).sort((a, b) => a - b)
const quantile = (sorted: number[], share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN

it('has the median and the 99th percentile that it is given, whatever the seed', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 100, max: 2_000 }),
      fc.double({ min: 1.5, max: 6, noNaN: true }),
      (seed, medianMs, spread) => {
        const p99Ms = Math.round(medianMs * spread)
        const sorted = drawn({ medianMs, p99Ms, maxMs: 600_000 }, seed)
        expect(quantile(sorted, 0.5) / medianMs).toBeGreaterThan(0.88)
        expect(quantile(sorted, 0.5) / medianMs).toBeLessThan(1.12)
        expect(quantile(sorted, 0.99) / p99Ms).toBeGreaterThan(0.75)
        expect(quantile(sorted, 0.99) / p99Ms).toBeLessThan(1.35)
      },
    ),
    { numRuns: 40, seed: 4 },
  )
})

it('is never more than its maximum, slow mode and brown-out included, nor less than nothing', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 0, max: 5_000 }),
      fc.integer({ min: 0, max: 5_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
      (words, medianMs, more, most, share, factor) => {
        const maxMs = medianMs + most
        const latency = { medianMs, p99Ms: medianMs + more, maxMs, slow: { share, factor } }
        const ms = drawLatency(latency, words, factor)
        expect(Number.isSafeInteger(ms) && ms >= 0 && ms <= maxMs).toBe(true)
      },
    ),
  )
})

it('is slow for its share, by its factor', () => {
  const sorted = drawn({ fixedMs: 10, slow: { share: 0.1, factor: 5 } }, 'seed')
  expect(new Set(sorted)).toEqual(new Set([10, 50]))
  const share = sorted.filter((ms) => ms === 50).length / draws
  expect(share).toBeGreaterThan(0.08)
  expect(share).toBeLessThan(0.12)
})

it('follows from its words', () => {
  const latency = { medianMs: 100, p99Ms: 300, maxMs: 1_000 }
  expect(drawn(latency, 'one')).toEqual(drawn(latency, 'one'))
  expect(drawn(latency, 'one')).not.toEqual(drawn(latency, 'two'))
})
