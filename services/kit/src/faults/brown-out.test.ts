import { expect, it } from 'vitest'
import { isBrown } from './brown-out.ts'
import { createSimulation } from './simulation.ts'

const brownOut = { everyMs: 10_000, forMs: 2_000, factor: 4, errorShare: 0.5 }

/** Beginnings and ends of what is brown within so many periods. */
function windows(seed: string, periods: number): number[] {
  const edges: number[] = []
  let before = false
  for (let at = 0; at <= periods * brownOut.everyMs; at += 10) {
    const now = isBrown(brownOut, seed, at)
    if (now !== before) edges.push(at)
    before = now
  }
  return edges
}

it('is brown once in each period, for as long as it is told, at moments that the seed draws', () => {
  const edges = windows('one', 20)
  expect(edges).toHaveLength(40)
  for (let index = 0; index < edges.length; index += 2) {
    const [from = 0, to = 0] = edges.slice(index, index + 2)
    expect(to - from).toBe(brownOut.forMs)
    expect(Math.floor(from / brownOut.everyMs)).toBe(index / 2)
  }
  expect(windows('one', 20)).toEqual(edges)
  expect(windows('two', 20)).not.toEqual(edges)
})

it('makes requests slow, and some of them fail, while it lasts', () => {
  let now = 0
  const simulation = createSimulation({ seed: 's', airline: 'saffron', profile: 'instant', now: () => now })
  simulation.setLatency({ '*': { fixedMs: 10 } })
  simulation.setBrownOut(brownOut)
  const judged = Array.from({ length: 1_000 }, (_, index) => {
    now = index * 10
    const isNow = isBrown(brownOut, 's/saffron', now)
    const key = () => `key-${index}`
    return { isNow, ...simulation.judge({ operation: 'search', key, ordered: null, latencyShare: 1 }) }
  })
  const brown = judged.filter(({ isNow }) => isNow)
  expect(brown.length).toBeGreaterThan(150)
  expect(new Set(brown.map(({ latencyMs }) => latencyMs))).toEqual(new Set([40]))
  const failed = brown.filter(({ fault }) => fault?.kind === 'error').length
  expect(failed / brown.length).toBeGreaterThan(0.35)
  expect(failed / brown.length).toBeLessThan(0.65)
  const well = judged.filter(({ isNow }) => !isNow)
  expect(well.every(({ fault, latencyMs }) => fault === null && latencyMs === 10)).toBe(true)
})
