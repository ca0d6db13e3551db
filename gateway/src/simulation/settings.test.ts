import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScenarioStep } from '../schemas/simulation.ts'
import { type Settings, settingsUnder, wordsOf } from './settings.ts'

const own = { operation: 'pay' as const, kind: 'error' as const, share: 0.5, next: null, delayMs: 5000 }
const base: Settings = {
  profile: 'realistic',
  latency: { search: { medianMs: 100, p99Ms: 300, maxMs: 800, slow: { share: 0.1, factor: 2 } }, '*': { fixedMs: 10 } },
  faults: [own],
  brownOut: null,
}
const step = (more: Partial<ScenarioStep>): ScenarioStep => ({ at: '0s', airline: 'alpha', ...more })

test('no step leaves everything as it is', () => {
  expect(settingsUnder(base, [])).toEqual(base)
})

test('factors multiply, whatever their order, and a latency of a later step stands in place of an earlier one', () => {
  const steps = [
    step({ latency: { factor: 2, search: { fixedMs: 7 } } }),
    step({ latency: { factor: 3 } }),
    step({ latency: { search: { fixedMs: 5 } } }),
  ]
  expect(settingsUnder(base, steps).latency).toEqual({ search: { fixedMs: 30 }, '*': { fixedMs: 60 } })
  expect(settingsUnder(base, steps.slice(1, 2)).latency.search).toEqual({
    medianMs: 300,
    p99Ms: 900,
    maxMs: 2400,
    slow: { share: 0.1, factor: 2 },
  })
})

test('a latency stays within what an airline takes, however large or small the factor', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (factor) => {
      const { search } = settingsUnder(base, [step({ latency: { factor } })]).latency
      const { medianMs = 0, p99Ms = 0, maxMs = 0 } = search ?? {}
      expect(1 <= medianMs && medianMs <= p99Ms && p99Ms <= maxMs && maxMs <= 600_000).toBe(true)
    }),
  )
})

test('switches add up, those of a later step first; being stopped comes before all', () => {
  const one = { ...own, kind: 'timeout' as const }
  const two = { ...own, kind: 'html' as const }
  const steps = [step({ faults: [one] }), step({ stop: true }), step({ faults: [two] })]
  expect(settingsUnder(base, steps).faults.map(({ kind }) => kind)).toEqual(['reset', 'html', 'timeout', 'error'])
  // The very switches: what is left of their number is written down in them.
  expect(settingsUnder(base, steps).faults[1]).toBe(two)
})

test('of brown-outs and profiles the later holds', () => {
  const brownOut = { everyMs: 10, forMs: 1, factor: 2, errorShare: 0 }
  const steps = [
    step({ brownOut, profile: 'chaos' }),
    step({ brownOut: { ...brownOut, factor: 9 }, profile: 'instant' }),
  ]
  expect(settingsUnder(base, steps)).toMatchObject({ brownOut: { factor: 9 }, profile: 'instant' })
})

test('a step in words says everything that it does', () => {
  const all = step({
    stop: true,
    profile: 'chaos',
    latency: { factor: 4, '*': { fixedMs: 1 } },
    faults: [{ ...own, next: 3 }],
  })
  expect(wordsOf(all)).toBe(
    'stopped: every connection is cut; profile chaos; latency × 4; latency of * set; error of 50 % at pay, the next 3',
  )
})
