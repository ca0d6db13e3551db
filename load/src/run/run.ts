import { hash, randomUUID } from 'node:crypto'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Surroundings } from '../journey/journey.ts'
import { judgeObjective, parseObjective } from '../objectives.ts'
import { planJourneys } from '../plan/plan.ts'
import type { AuditResult, GatewaySample, Results } from '../report/results.ts'
import { durationMs, rateAt } from '../scenario/rate.ts'
import type { Scenario } from '../scenario/schema.ts'
import { auditAirlines } from './airline-audit.ts'
import { figureFor } from './figure-for.ts'
import { generatorResult } from './generator.ts'
import { createLedger } from './ledger.ts'
import { createMeter } from './meter.ts'
import { startPace } from './pace.ts'
import { createSender } from './sender.ts'
import { holdingAirlines, todayAt } from './target.ts'
import { startJourneys } from './travel.ts'
import { type Progress, watch } from './watch.ts'

/** What a run goes by. */
export interface RunOptions {
  scenario: Scenario
  /** Of the gateway, without a slash at the end. */
  url: string
  /** Opens the control planes. */
  token: string
  /** Addresses of airlines by name; empty: as the gateway lists them. */
  airlines: ReadonlyMap<string, string>
  /** Ends the run with what there is so far. */
  signal: AbortSignal
  /** Is told every second how it goes. */
  progress: (now: Progress) => void
}

/** Intervals in the series at most, and the shortest. */
const mostIntervals = 240
const leastIntervalMs = 1000
/** Above this rate the next request is never far, and waiting for it exactly would take the CPU from the servers. */
const exactUpTo = 400

/** Runs a scenario against a gateway. Throws TargetError where there is none. */
export async function run(options: RunOptions): Promise<Results> {
  const { scenario, url, token, signal, progress } = options
  const surroundings: Surroundings = {
    holding: await holdingAirlines(url),
    keyPrefix: `load-${randomUUID().slice(0, 18)}`,
    known: new WeakMap(),
  }
  const today = await todayAt(url, token)
  const planned = durationMs(scenario.stages)
  const intervalMs = Math.max(leastIntervalMs, Math.ceil(planned / mostIntervals / 1000) * 1000)
  const meter = createMeter(intervalMs)
  const ledger = createLedger()
  const gateway: GatewaySample[] = []
  const startedAt = new Date()
  const eventLoop = monitorEventLoopDelay({ resolution: 10 })
  eventLoop.enable()
  const cpuBefore = process.cpuUsage()
  const pace = startPace(() => rateAt(scenario.stages, pace.now()) <= exactUpTo)
  const sender = createSender({
    url,
    inFlight: scenario.inFlight,
    timeoutMs: scenario.timeoutSeconds * 1000,
    meter,
    now: pace.now,
  })
  const over = new AbortController()
  const watching = watch({ scenario, url, pace, meter, sender, gateway, over: over.signal, progress })

  const journeys = startJourneys(planJourneys(scenario, today), {
    pace,
    meter,
    sender,
    surroundings,
    saw: ledger.saw,
    signal,
  })
  const left = await journeys.started
  const drained = new AbortController()
  const drainUntil = left ? 0 : pace.now() + scenario.drainSeconds * 1000
  await Promise.race([journeys.finished(), pace.until(drainUntil, AbortSignal.any([signal, drained.signal]))])
  drained.abort()
  await sender.close()
  journeys.stop()
  await journeys.finished()
  over.abort()
  await watching
  const endedMs = pace.now()
  eventLoop.disable()
  const cpu = process.cpuUsage(cpuBefore)

  const figures = meter.figures()
  const audit: AuditResult = { ...(await auditAirlines(options)), bookings: await ledger.audit(url) }
  const generator = generatorResult(
    figures,
    eventLoop.percentile(99) / 1e6 - 10,
    (cpu.user + cpu.system) / 1000 / endedMs,
  )
  const ranMs = Math.min(endedMs, planned)
  const achievedRate = (figures.steps.find(({ step }) => step === 'search')?.answered ?? 0) / (ranMs / 1000)
  const objectives = scenario.slo
    .map(parseObjective)
    .map((one) => judgeObjective(one, figureFor(one, figures, achievedRate)))
  return {
    title: scenario.title,
    target: url,
    startedAt: startedAt.toISOString(),
    seconds: endedMs / 1000,
    plannedSeconds: planned / 1000,
    intervalMs,
    interrupted: signal.aborted,
    seed: scenario.seed,
    configHash: hash('sha256', JSON.stringify(scenario), 'hex').slice(0, 12),
    today,
    machine: machineLine(),
    scenario,
    totals: figures.totals,
    achievedRate,
    latency: figures.latency,
    serviceTime: figures.serviceTime,
    histogram: figures.histogram,
    steps: figures.steps,
    intervals: figures.intervals,
    airlines: [...figures.airlines].map(([name, outcomes]) => ({ name, outcomes: Object.fromEntries(outcomes) })),
    codes: listed(figures.codes),
    faults: listed(figures.faults),
    bookings: ledger.statuses(),
    gateway,
    generator,
    audit,
    objectives,
    passed:
      objectives.every(({ isMet }) => isMet) &&
      figures.totals.wrong === 0 &&
      audit.bookings.violations.length === 0 &&
      audit.airlines.every(({ holds }) => holds),
  }
}

function machineLine(): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`
}

function listed(counts: ReadonlyMap<string, number>): { what: string; count: number }[] {
  return [...counts].map(([what, count]) => ({ what, count })).sort((one, other) => other.count - one.count)
}
