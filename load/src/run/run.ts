import { hash, randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { runJourney, type Step, type Surroundings, type Verdict, type Witness } from '../journey/journey.ts'
import { judgeObjective, type Objective, parseObjective } from '../objectives.ts'
import type { JourneyPlan } from '../plan/journey-plan.ts'
import { planJourneys } from '../plan/plan.ts'
import type { AuditResult, GatewaySample, GeneratorResult, Results } from '../report/results.ts'
import { durationMs, rateAt } from '../scenario/rate.ts'
import type { Scenario } from '../scenario/schema.ts'
import { auditAirlines } from './airline-audit.ts'
import { createGatewayMeter } from './gateway-metrics.ts'
import { createLedger } from './ledger.ts'
import { createMeter, type Figures, type Lately, type Meter } from './meter.ts'
import { type Pace, startPace } from './pace.ts'
import { createSender, type Sender } from './sender.ts'
import { holdingAirlines, todayAt } from './target.ts'

/** What a run goes by. */
export interface RunOptions {
  scenario: Scenario
  /** Of the gateway, without a slash at the end. */
  url: string
  /** Opens the control planes; null: not known. */
  token: string | null
  /** Addresses of airlines by name; empty: as the gateway lists them. */
  airlines: ReadonlyMap<string, string>
  /** Ends the run with what there is so far. */
  signal: AbortSignal
  /** Is told every second how it goes. */
  progress: (now: Progress) => void
}

/** How a run goes. */
export interface Progress {
  atMs: number
  /** Over the time since the last one, in milliseconds. */
  overMs: number
  /** Searches per second that the plan wants now. */
  wantedRate: number
  lately: Lately
  totals: Figures['totals']
  underWay: number
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
  const watching = watch(options, { pace, meter, sender, gateway, over: over.signal, progress })

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

interface JourneyOptions {
  pace: Pace
  meter: Meter
  sender: Sender
  surroundings: Surroundings
  saw: Witness['saw']
  signal: AbortSignal
}

/** Begins each journey when it is due. `started` says whether it was stopped before the last one. */
function startJourneys(
  plans: Iterable<JourneyPlan>,
  { pace, meter, sender, surroundings, saw, signal }: JourneyOptions,
) {
  const open = new Set<Promise<void>>()
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every journey that thinks waits on it.
  setMaxListeners(0, stopped)

  async function live(plan: JourneyPlan) {
    let intendedMs = plan.atMs
    const witness: Witness = {
      judged: (step: Step, verdict: Verdict) => meter.judged(step, verdict, intendedMs),
      searched: (result) => meter.searched(result, plan.atMs),
      saw,
    }
    const journey = runJourney(plan, surroundings, witness)
    let next = journey.next()
    while (next.done !== true) {
      if (!(await pace.until(intendedMs, stopped))) {
        meter.due(next.value.step, intendedMs)
        meter.unanswered(next.value.step, 'unfinished', intendedMs, 0)
        return
      }
      const reply = await sender.send(next.value, intendedMs)
      const askedMs = intendedMs
      next = journey.next(reply)
      if (next.done !== true) intendedMs = Math.max(askedMs, pace.now()) + next.value.thinkMs
    }
  }

  const started = (async () => {
    for (const plan of plans) {
      if (!(await pace.until(plan.atMs, signal))) return true
      const journey: Promise<void> = live(plan).finally(() => open.delete(journey))
      open.add(journey)
    }
    return false
  })()

  return {
    started,
    finished: async () => {
      while (open.size > 0) await Promise.all(open)
    },
    stop: () => stopping.abort(),
  }
}

interface Watched {
  pace: Pace
  meter: Meter
  sender: Sender
  gateway: GatewaySample[]
  over: AbortSignal
  progress: RunOptions['progress']
}

/** Once a second: the gateway's own figures, and word of how it goes. */
async function watch(
  { scenario, url }: RunOptions,
  { pace, meter, sender, gateway, over, progress }: Watched,
): Promise<void> {
  const sample = createGatewayMeter(url)
  let beforeMs = 0
  for (let second = 1; ; second++) {
    const goesOn = await pace.until(Math.max(second * 1000, beforeMs + 500), over)
    if (!goesOn) return
    const atMs = pace.now()
    const found = await sample(atMs)
    if (found) gateway.push(found)
    const lately = meter.lately()
    progress({
      atMs,
      overMs: atMs - beforeMs,
      wantedRate: rateAt(scenario.stages, atMs),
      lately,
      totals: meter.totals(),
      underWay: sender.underWay(),
    })
    beforeMs = atMs
  }
}

/** Lags that a reader could take for the server's slowness. */
const muchLagMs = 10
const fullCpu = 0.9

function generatorResult({ lag, latency }: Figures, eventLoopP99Ms: number, cpuShare: number): GeneratorResult {
  const reasons: string[] = []
  const late = lag.p99 ?? 0
  if (late > muchLagMs && late > (latency.p99 ?? 0) / 10)
    reasons.push(`one request in a hundred was sent ${late.toFixed(0)} ms late or more`)
  if (cpuShare > fullCpu) reasons.push(`it used ${Math.round(cpuShare * 100)} % of a core`)
  return {
    lag,
    eventLoopP99Ms: Math.max(0, eventLoopP99Ms),
    cpuShare,
    starved:
      reasons.length === 0
        ? null
        : `The load generator was starved: ${reasons.join(', and ')}. Its latencies are partly its own.`,
  }
}

function figureFor(
  { measure, step }: Objective,
  { totals, latency, lag, steps }: Figures,
  achievedRate: number,
): number | null {
  const quantiles = step === null ? latency : steps.find((one) => one.step === step)?.latency
  switch (measure) {
    case 'errors':
      return totals.errorShare
    case 'completeness':
      return totals.completeness
    case 'cache-hits':
      return totals.cacheHitShare
    case 'rate':
      return achievedRate
    case 'lag':
      return lag.p99
    default:
      return quantiles?.[measure] ?? null
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
