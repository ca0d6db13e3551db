import type { Step } from '../journey/journey.ts'
import type { Judged } from '../objectives.ts'
import type { LogBin, Quantiles } from '../run/quantiles.ts'
import type { Scenario } from '../scenario/schema.ts'

/** Where a search's answer came from. shared: made for another request that asked the same at the same time. */
export type Tier = 'memory' | 'redis' | 'shared' | 'miss' | 'unknown'

/** Requests of one kind. due = answered + unanswered + notSent + unfinished; answered = right + refused + failed + wrong. */
export interface StepResult {
  step: Step
  due: number
  answered: number
  right: number
  /** Sold out, price changed and the like: no error. */
  refused: number
  /** Answered with an error. */
  failed: number
  /** Answered with what is not so. */
  wrong: number
  /** No answer in time, or a broken connection. */
  unanswered: number
  /** Too many were under way. */
  notSent: number
  /** The run ended first. */
  unfinished: number
  /** From when a request was due until its answer was read. */
  latency: Quantiles
}

/** A stretch of the run. Requests count where they were due; `answered` where their answers came. */
export interface Interval {
  /** Milliseconds from the start. */
  atMs: number
  due: number
  searches: number
  answered: number
  errors: number
  /** Searches that every airline answered, and the others. */
  complete: number
  partial: number
  /** Searches by where their answers came from. */
  cache: Record<Tier, number>
  latency: Quantiles
  /** How late the generator sent, in milliseconds; null: it sent nothing. */
  lagP99: number | null
}

/** Sums over all kinds of requests. Shares are from 0 to 1; null where there is nothing to divide by. */
export interface Totals {
  /** Those that the run had time for. */
  requests: number
  searches: number
  answered: number
  right: number
  refused: number
  failed: number
  wrong: number
  unanswered: number
  notSent: number
  unfinished: number
  /** (failed + wrong + unanswered + notSent) / requests */
  errorShare: number | null
  /** Searches that every airline answered. */
  completeness: number | null
  /** Searches answered from memory or Redis. */
  cacheHitShare: number | null
}

/** The gateway's process at a moment, as its /metrics says. null: it does not say. */
export interface GatewaySample {
  /** Milliseconds from the start of the run. */
  atMs: number
  rssBytes: number | null
  eventLoopP99Ms: number | null
  /** CPU time over time since the sample before; above 1 with several threads. null in the first. */
  cpuShare: number | null
}

/** The load generator itself. */
export interface GeneratorResult {
  /** How late requests were sent, in milliseconds. */
  lag: Quantiles
  eventLoopP99Ms: number
  /** CPU time over time. */
  cpuShare: number
  /** Why the figures are the generator's rather than the server's; null: they are not. */
  starved: string | null
}

/** The closing audit. */
export interface AuditResult {
  /** Of the airlines: whose invariants were asked for. */
  airlines: { name: string; holds: boolean; invariants: number; violations: string[] }[]
  /** Why there is no audit of the airlines; null: there is. */
  missing: string | null
  /** Bookings read again, and what of them is not as the traveller was told. */
  bookings: { read: number; violations: string[] }
}

/** Everything that a run gives. */
export interface Results {
  title: string
  target: string
  /** RFC 3339, UTC. */
  startedAt: string
  seconds: number
  /** How long the plan is, and how long one interval. */
  plannedSeconds: number
  intervalMs: number
  /** Whether it was stopped before its end. */
  interrupted: boolean
  seed: string
  /** Of the scenario: the same for runs that ask the same. */
  configHash: string
  /** Date from which days ahead were counted, YYYY-MM-DD. */
  today: string
  machine: string
  scenario: Scenario
  totals: Totals
  /** Searches answered per second, over the time that they were sent. */
  achievedRate: number
  latency: Quantiles
  /** The same from when requests were really sent. */
  serviceTime: Quantiles
  histogram: LogBin[]
  steps: StepResult[]
  intervals: Interval[]
  airlines: { name: string; outcomes: Record<string, number> }[]
  codes: { what: string; count: number }[]
  faults: { what: string; count: number }[]
  /** By the status that each was last seen with. */
  bookings: Record<string, number>
  gateway: GatewaySample[]
  generator: GeneratorResult
  audit: AuditResult
  objectives: Judged[]
  /** Whether all objectives are met, no answer was wrong and every audit holds. */
  passed: boolean
}
