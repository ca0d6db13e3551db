import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SearchResult } from '../../../gateway/src/schemas/search.ts'
import type { Verdict } from '../journey/journey.ts'
import { createMeter } from './meter.ts'

/** A recorded search’s answer, with these airlines and what came of each. */
function searched(statuses: Record<string, SearchResult['sources'][number]['status']>): SearchResult {
  const { exchanges } = JSON.parse(readFileSync(new URL('../journey/fixtures/journey.json', import.meta.url), 'utf8'))
  const recorded: SearchResult = exchanges[0].body
  return {
    ...recorded,
    complete: Object.values(statuses).every((status) => status === 'ok' || status === 'stale'),
    sources: Object.entries(statuses).flatMap(([airline, status]) =>
      recorded.sources.slice(0, 1).map((source) => ({ ...source, airline, status })),
    ),
  }
}

describe('the meter', () => {
  it('counts refusals apart from errors, and wrong answers as errors', () => {
    const meter = createMeter(1000)
    const verdicts: Verdict[] = [
      { kind: 'right' },
      { kind: 'refused', code: 'seat_taken' },
      { kind: 'failed', code: 'overloaded' },
      { kind: 'wrong', faults: ['the total is not the sum', 'a seat is missing'] },
    ]
    for (const [index, verdict] of verdicts.entries()) {
      meter.due('book', index * 1000)
      meter.answered('book', index * 1000, index * 1000, index * 1000 + 5)
      meter.judged('book', verdict, index * 1000)
    }
    const { totals, steps, codes, faults, intervals } = meter.figures()
    expect(totals).toMatchObject({ requests: 4, right: 1, refused: 1, failed: 1, wrong: 1, errorShare: 0.5 })
    expect(steps.find(({ step }) => step === 'book')).toMatchObject({ due: 4, answered: 4, right: 1, wrong: 1 })
    expect(Object.fromEntries(codes)).toEqual({
      'book seat_taken': 1,
      'book overloaded': 1,
      'book wrong_answer': 1,
    })
    expect([...faults.keys()]).toEqual(['the total is not the sum', 'a seat is missing'])
    expect(intervals.map(({ errors }) => errors)).toEqual([0, 0, 1, 1])
  })

  it('counts each airline’s part, and the searches that all answered', () => {
    const meter = createMeter(1000)
    meter.searched(searched({ saffron: 'ok', lotus: 'ok' }), 0)
    meter.searched(searched({ saffron: 'ok', lotus: 'timeout' }), 10)
    meter.searched(searched({ saffron: 'stale', lotus: 'ok' }), 1500)
    const { totals, airlines, intervals } = meter.figures()
    expect(totals.completeness).toBeCloseTo(2 / 3, 9)
    expect([...(airlines.get('saffron') ?? [])]).toEqual([
      ['ok', 2],
      ['stale', 1],
    ])
    expect([...(airlines.get('lotus') ?? [])]).toEqual([
      ['ok', 2],
      ['timeout', 1],
    ])
    expect(intervals.map(({ complete, partial }) => [complete, partial])).toEqual([
      [1, 1],
      [1, 0],
    ])
  })

  it('puts a request where it was due, and its answer where it came', () => {
    const meter = createMeter(1000)
    meter.due('search', 900)
    meter.sent(900, 950)
    meter.answered('search', 900, 950, 3200)
    const { intervals } = meter.figures()
    expect(intervals.map(({ due, searches, answered }) => [due, searches, answered])).toEqual([
      [1, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 1],
    ])
    expect(intervals[0]?.latency.max).toBeCloseTo(2300, -2)
    expect(intervals[3]?.latency.count).toBe(0)
  })

  it('tells what happened since it was last asked', () => {
    const meter = createMeter(1000)
    meter.due('search', 0)
    meter.answered('search', 0, 0, 20)
    expect(meter.lately()).toMatchObject({ searches: 1, answers: 1, latency: { count: 1 } })
    expect(meter.lately()).toMatchObject({ searches: 0, answers: 0, latency: { count: 0, p50: null } })
  })

  it('keeps percentiles to three digits', () => {
    const meter = createMeter(1000)
    for (let ms = 1; ms <= 1000; ms++) meter.answered('search', 0, 0, ms)
    const { latency, histogram } = meter.figures()
    for (const [mark, expected] of [
      ['p50', 500],
      ['p90', 900],
      ['p99', 990],
      ['p99.9', 999],
      ['max', 1000],
    ] as const) {
      expect(Math.abs((latency[mark] ?? 0) - expected) / expected, mark).toBeLessThan(0.002)
    }
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(1000)
    expect(histogram.every(({ fromMs, toMs }) => fromMs < toMs)).toBe(true)
  })
})
