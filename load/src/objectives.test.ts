import { describe, expect, it } from 'vitest'
import { judgeObjective, parseObjective } from './objectives.ts'
import { UsageError } from './usage-error.ts'

describe('an objective', () => {
  it.each([
    ['p99=250ms', { measure: 'p99', step: null, bound: 250 }],
    ['search.p99.9=1.5s', { measure: 'p99.9', step: 'search', bound: 1500 }],
    ['errors=0.1%', { measure: 'errors', step: null, bound: 0.001 }],
    ['rate=45/s', { measure: 'rate', step: null, bound: 45 }],
  ])('%s is understood', (text, expected) => {
    const { bound, ...rest } = expected
    const read = parseObjective(text)
    expect(read).toMatchObject({ text, ...rest })
    expect(read.bound).toBeCloseTo(bound, 12)
  })

  it.each([
    '',
    'p99',
    'p99=250',
    'p98=1ms',
    'errors=1ms',
    'p99=-1ms',
    'search.errors=1%',
    'completeness=1',
    'p99=1%',
    'nowhere.p99=1ms',
  ])('%s is refused', (text) => {
    expect(() => parseObjective(text)).toThrow(UsageError)
  })

  it('bounds latency and errors from above, completeness and rate from below', () => {
    const met = (text: string, got: number | null) => judgeObjective(parseObjective(text), got).isMet
    expect([met('p99=250ms', 250), met('p99=250ms', 250.1)]).toEqual([true, false])
    expect([met('errors=1%', 0.01), met('errors=1%', 0.011)]).toEqual([true, false])
    expect([met('completeness=99%', 0.99), met('completeness=99%', 0.98)]).toEqual([true, false])
    expect([met('rate=45/s', 45), met('rate=45/s', 44)]).toEqual([true, false])
  })

  it('is missed where nothing was measured', () => {
    expect(judgeObjective(parseObjective('pay.p99=1s'), null).isMet).toBe(false)
  })
})
