import { describe, expect, it } from 'vitest'
import { generatorResult } from './generator.ts'
import { createTimes } from './quantiles.ts'

function starved(lagMs: number, latencyMs: number, cpuShare: number): string | null {
  const [lag, latency] = [lagMs, latencyMs].map((ms) => {
    const times = createTimes(3)
    times.record(ms)
    return times.quantiles()
  })
  if (!lag || !latency) throw new Error('two were made')
  return generatorResult({ lag, latency }, 1, cpuShare).starved
}

describe('the load generator', () => {
  it('says that it was starved where its lag is a good part of the latency, or its core was full', () => {
    expect(starved(40, 100, 0.2)).toContain('40 ms late')
    expect(starved(1, 2, 0.97)).toContain('97 % of a core')
  })

  it('does not where its lag is small, in itself or beside the latency', () => {
    expect(starved(2, 3, 0.5)).toBeNull()
    expect(starved(40, 1000, 0.5)).toBeNull()
  })
})
