import type { SearchResult } from '../../../gateway/src/schemas/search.ts'
import { type Step, steps, type Verdict } from '../journey/journey.ts'
import type { Interval, StepResult, Tier, Totals } from '../report/results.ts'
import { createLogBins, createTimes, type LogBin, type Quantiles } from './quantiles.ts'

/** Why a request has no answer. unfinished: the run ended first, which is nobody's fault. */
export type NoAnswer = 'not_sent' | 'timeout' | 'connection' | 'unfinished'

/** What became of the requests of a run. All moments are milliseconds from its start. */
export interface Meter {
  /** A request is due: a search that the plan has, or what a journey does next. */
  due(step: Step, intendedMs: number): void
  sent(intendedMs: number, sentMs: number): void
  answered(step: Step, intendedMs: number, sentMs: number, doneMs: number): void
  unanswered(step: Step, why: NoAnswer, intendedMs: number, timeoutMs: number): void
  /** `intendedMs`: of the request that it is about. */
  judged(step: Step, verdict: Verdict, intendedMs: number): void
  searched(result: SearchResult, intendedMs: number): void
  /** The header Cache-Status of a search; null: it has none. */
  cached(cacheStatus: string | null, intendedMs: number): void
  /** What happened since it was last asked. */
  lately(): Lately
  totals(): Totals
  figures(): Figures
}

/** A short while of a run. */
export interface Lately {
  searches: number
  answers: number
  latency: Quantiles
  lag: Quantiles
}

/** Everything that was counted. */
export interface Figures {
  totals: Totals
  latency: Quantiles
  serviceTime: Quantiles
  lag: Quantiles
  histogram: LogBin[]
  steps: StepResult[]
  intervals: Interval[]
  /** By airline, how often it took part in a search in each way. */
  airlines: Map<string, Map<string, number>>
  /** Refusals and errors by step and code. */
  codes: Map<string, number>
  /** What answers said that is not so, and how often; at most so many different ones. */
  faults: Map<string, number>
}

/** Different faults that are kept; their words name offers, so there may be as many as answers. */
const mostFaults = 200

interface Bucket {
  interval: Interval
  latency: ReturnType<typeof createTimes>
  lag: ReturnType<typeof createTimes>
}

/** A meter that keeps a series with one entry every `intervalMs`. */
export function createMeter(intervalMs: number): Meter {
  const latency = createTimes(3)
  const service = createTimes(3)
  const lag = createTimes(3)
  const latelyLatency = createTimes(2)
  const latelyLag = createTimes(2)
  const bins = createLogBins()
  const perStep = new Map(steps.map((step) => [step, { times: createTimes(3), result: emptyStep(step) }]))
  const buckets: Bucket[] = []
  const airlines = new Map<string, Map<string, number>>()
  const codes = new Map<string, number>()
  const faults = new Map<string, number>()
  let searches = 0
  let answers = 0

  function at(intendedMs: number): Bucket {
    const index = Math.max(0, Math.floor(intendedMs / intervalMs))
    for (let next = buckets.length; next <= index; next++) {
      buckets.push({ interval: emptyInterval(next * intervalMs), latency: createTimes(2), lag: createTimes(2) })
    }
    const bucket = buckets[index]
    if (!bucket) throw new RangeError(`no interval at ${intendedMs} ms`)
    return bucket
  }

  function of(step: Step) {
    const found = perStep.get(step)
    if (!found) throw new RangeError(`no step ${step}`)
    return found
  }

  function took(step: Step, ms: number, bucket: Bucket) {
    latency.record(ms)
    latelyLatency.record(ms)
    bins.record(ms)
    of(step).times.record(ms)
    bucket.latency.record(ms)
  }

  function failed(step: Step, code: string, bucket: Bucket) {
    add(codes, `${step} ${code}`)
    bucket.interval.errors++
  }

  return {
    due(step, intendedMs) {
      const { interval } = at(intendedMs)
      of(step).result.due++
      interval.due++
      if (step !== 'search') return
      interval.searches++
      searches++
    },
    sent(intendedMs, sentMs) {
      const late = Math.max(0, sentMs - intendedMs)
      lag.record(late)
      latelyLag.record(late)
      at(intendedMs).lag.record(late)
    },
    answered(step, intendedMs, sentMs, doneMs) {
      answers++
      service.record(doneMs - sentMs)
      took(step, doneMs - intendedMs, at(intendedMs))
      of(step).result.answered++
      at(doneMs).interval.answered++
    },
    unanswered(step, why, intendedMs, timeoutMs) {
      const { result } = of(step)
      if (why === 'unfinished') {
        result.unfinished++
        return
      }
      const bucket = at(intendedMs)
      if (why === 'not_sent') result.notSent++
      else result.unanswered++
      failed(step, why, bucket)
      // Whoever asked has waited in vain: to leave these out would make an overloaded server look fast.
      took(step, timeoutMs, bucket)
    },
    judged(step, verdict, intendedMs) {
      const { result } = of(step)
      result[verdict.kind]++
      if (verdict.kind === 'refused') add(codes, `${step} ${verdict.code}`)
      if (verdict.kind === 'failed') failed(step, verdict.code, at(intendedMs))
      if (verdict.kind !== 'wrong') return
      failed(step, 'wrong_answer', at(intendedMs))
      for (const fault of verdict.faults) if (faults.has(fault) || faults.size < mostFaults) add(faults, fault)
    },
    searched({ complete, sources }, intendedMs) {
      const { interval } = at(intendedMs)
      if (complete) interval.complete++
      else interval.partial++
      for (const { airline, status } of sources) {
        const outcomes = airlines.get(airline) ?? new Map<string, number>()
        airlines.set(airline, outcomes)
        add(outcomes, status)
      }
    },
    cached(cacheStatus, intendedMs) {
      at(intendedMs).interval.cache[tierOf(cacheStatus)]++
    },
    lately() {
      const since = { searches, answers, latency: latelyLatency.quantiles(), lag: latelyLag.quantiles() }
      searches = 0
      answers = 0
      latelyLatency.reset()
      latelyLag.reset()
      return since
    },
    totals: () =>
      totalsOf(
        [...perStep.values()].map(({ result }) => result),
        buckets.map(({ interval }) => interval),
      ),
    figures() {
      const stepResults = [...perStep.values()].map(({ times, result }) => ({ ...result, latency: times.quantiles() }))
      const intervals = buckets.map(({ interval, latency: times, lag: late }) => ({
        ...interval,
        latency: times.quantiles(),
        lagP99: late.quantiles().p99,
      }))
      return {
        totals: totalsOf(stepResults, intervals),
        latency: latency.quantiles(),
        serviceTime: service.quantiles(),
        lag: lag.quantiles(),
        histogram: bins.bins(),
        steps: stepResults,
        intervals,
        airlines,
        codes,
        faults,
      }
    },
  }
}

/** Of RFC 9211, as the gateway writes it. */
function tierOf(cacheStatus: string | null): Tier {
  if (cacheStatus === null) return 'unknown'
  if (/;\s*hit\b/.test(cacheStatus)) return cacheStatus.includes('detail=redis') ? 'redis' : 'memory'
  return cacheStatus.includes('collapsed') ? 'shared' : 'miss'
}

function totalsOf(stepResults: readonly StepCounts[], intervals: readonly Interval[]): Totals {
  const sum = (part: Exclude<keyof StepCounts, 'step'>) =>
    stepResults.reduce((total, result) => total + result[part], 0)
  const sumOf = (count: (interval: Interval) => number) => intervals.reduce((total, one) => total + count(one), 0)
  const requests = sum('due') - sum('unfinished')
  const errors = sum('failed') + sum('wrong') + sum('unanswered') + sum('notSent')
  const complete = sumOf((one) => one.complete)
  const searched = complete + sumOf((one) => one.partial)
  const hits = sumOf(({ cache }) => cache.memory + cache.redis)
  const cached = hits + sumOf(({ cache }) => cache.miss + cache.shared + cache.unknown)
  return {
    requests,
    searches: sumOf((one) => one.searches),
    answered: sum('answered'),
    right: sum('right'),
    refused: sum('refused'),
    failed: sum('failed'),
    wrong: sum('wrong'),
    unanswered: sum('unanswered'),
    notSent: sum('notSent'),
    unfinished: sum('unfinished'),
    errorShare: requests === 0 ? null : errors / requests,
    completeness: searched === 0 ? null : complete / searched,
    cacheHitShare: cached === 0 ? null : hits / cached,
  }
}

type StepCounts = Omit<StepResult, 'latency'>

function emptyStep(step: Step): StepCounts {
  return {
    step,
    due: 0,
    answered: 0,
    right: 0,
    refused: 0,
    failed: 0,
    wrong: 0,
    unanswered: 0,
    notSent: 0,
    unfinished: 0,
  }
}

function emptyInterval(atMs: number): Interval {
  return {
    atMs,
    due: 0,
    searches: 0,
    answered: 0,
    errors: 0,
    complete: 0,
    partial: 0,
    cache: { memory: 0, redis: 0, shared: 0, miss: 0, unknown: 0 },
    latency: { count: 0, p50: null, p90: null, p95: null, p99: null, 'p99.9': null, max: null },
    lagP99: null,
  }
}

function add(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
