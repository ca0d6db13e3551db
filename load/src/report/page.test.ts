import { describe, expect, it } from 'vitest'
import { judgeObjective, parseObjective } from '../objectives.ts'
import { createMeter } from '../run/meter.ts'
import { createTimes } from '../run/quantiles.ts'
import { checkScenario } from '../scenario/read.ts'
import { reportPage } from './page.ts'
import type { Results } from './results.ts'

/** Results of a run that sent nothing, with these things changed. */
function results(changes: Partial<Results> = {}): Results {
  const { codes: _, faults: __, airlines: ___, ...figures } = createMeter(1000).figures()
  return {
    ...figures,
    title: 'A day',
    target: 'http://127.0.0.1:8080',
    startedAt: '2030-01-01T00:00:00.000Z',
    seconds: 5,
    plannedSeconds: 5,
    intervalMs: 1000,
    interrupted: false,
    seed: 'seed',
    configHash: 'abc',
    today: '2030-01-01',
    machine: 'a machine',
    scenario: checkScenario({}),
    achievedRate: 0,
    airlines: [],
    codes: [],
    faults: [],
    bookings: {},
    gateway: [],
    generator: { lag: createTimes(2).quantiles(), eventLoopP99Ms: 0, cpuShare: 0, starved: null },
    audit: { airlines: [], missing: 'no token', bookings: { read: 0, violations: [] } },
    objectives: [],
    passed: true,
    ...changes,
  }
}

/** Figures of a run with these latencies, one request each, a second apart; null: no answer. */
function measured(latencies: readonly (number | null)[]): Partial<Results> {
  const meter = createMeter(1000)
  for (const [second, ms] of latencies.entries()) {
    const at = second * 1000
    meter.due('search', at)
    meter.sent(at, at)
    if (ms === null) meter.unanswered('search', 'timeout', at, 10_000)
    else meter.answered('search', at, at, at + ms)
    meter.cached('fanfare; fwd=miss', at)
  }
  const { totals, latency, serviceTime, histogram, steps, intervals } = meter.figures()
  return {
    totals,
    latency,
    serviceTime,
    histogram,
    steps,
    intervals,
    airlines: [{ name: 'saffron', outcomes: { ok: 3, timeout: 1 } }],
  }
}

/** Ids of the pictures on a page. */
const pictures = (page: string) => [...page.matchAll(/<figure id="([a-z-]+)"/g)].map(([, id]) => id)

describe('the report', () => {
  it('shows what was measured as pictures, and none of what was not', () => {
    expect(pictures(reportPage(results()))).toEqual([])
    const seen = pictures(reportPage(results(measured([5, 7, null, 300]))))
    expect(seen).toEqual(['latency-over-time', 'latency-histogram', 'rates', 'airlines', 'cache-tiers', 'send-lag'])
    const gateway = [1000, 2000].map((atMs) => ({ atMs, rssBytes: 1e8, eventLoopP99Ms: 11, cpuShare: 0.5 }))
    expect(pictures(reportPage(results({ ...measured([5]), gateway })))).toEqual([
      ...seen.slice(0, -1),
      'gateway-event-loop',
      'gateway-memory',
      'gateway-cpu',
      'send-lag',
    ])
  })

  it('has only finite numbers in its pictures, whatever was measured', () => {
    for (const latencies of [[0], [null], [0.0001, 599_000], [5, 5, 5], Array.from({ length: 300 }, (_, i) => i)]) {
      expect(reportPage(results(measured(latencies)))).not.toMatch(/NaN|Infinity|undefined/)
    }
  })

  it('needs nothing from elsewhere, and runs nothing', () => {
    const page = reportPage(results(measured([5, 7])))
    expect(page).not.toMatch(/<script|@import|url\(|src=|<link(?! rel="icon" href="data:,")/)
  })

  it('shows words of others as text', () => {
    const evil = '<img src=x onerror="alert(1)">&'
    const page = reportPage(results({ title: evil, seed: evil, faults: [{ what: evil, count: 1 }], machine: evil }))
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;')
  })

  it('says what failed: objectives, wrong answers, audits that are missing, and a starved generator', () => {
    const objectives = [judgeObjective(parseObjective('p99=250ms'), 300)]
    const starved = 'The load generator was starved: it used 99 % of a core.'
    const page = reportPage(
      results({
        passed: false,
        objectives,
        generator: { ...results().generator, starved },
        faults: [{ what: 'total is wrong', count: 3 }],
      }),
    )
    for (const text of ['failed', 'missed', 'p99=250ms', starved, 'total is wrong', 'not audited: no token']) {
      expect(page).toContain(text)
    }
  })
})
