import type {
  BrownOut,
  FaultSwitch,
  LatencyTable,
  OperationLatency,
  ProfileName,
  ScenarioStep,
} from '../schemas/simulation.ts'

/** How an airline behaves. */
export interface Settings {
  profile: ProfileName
  latency: LatencyTable
  faults: readonly FaultSwitch[]
  brownOut: BrownOut | null
}

/** Nothing waits longer than this, in milliseconds. */
const mostWaitMs = 600_000

const cut: FaultSwitch = { operation: '*', kind: 'reset', share: 1, next: null, delayMs: 0 }

/**
 * What an airline's settings are while steps are on, in the order of the scenario: a later step's latency of an operation and
 * its brown-out stand in place of earlier ones, factors multiply, switches add up, and those of a later step strike first.
 * `base` is what holds without any step but the profiles'.
 */
export function settingsUnder(base: Settings, steps: readonly ScenarioStep[]): Settings {
  let { profile, latency, brownOut } = base
  let factor = 1
  const switches: FaultSwitch[][] = [[...base.faults]]
  for (const step of steps) {
    if (step.profile) profile = step.profile
    if (step.latency) {
      const { factor: own = 1, ...table } = step.latency
      latency = { ...latency, ...table }
      factor *= own
    }
    if (step.brownOut) brownOut = step.brownOut
    if (step.faults) switches.unshift(step.faults)
  }
  if (steps.some(({ stop }) => stop)) switches.unshift([cut])
  return { profile, latency: factor === 1 ? latency : slowed(latency, factor), faults: switches.flat(), brownOut }
}

function slowed(table: LatencyTable, factor: number): LatencyTable {
  return Object.fromEntries(Object.entries(table).map(([operation, latency]) => [operation, times(latency, factor)]))
}

/** Whole milliseconds; a lognormal latency keeps the shape that it has. */
function times({ fixedMs, medianMs, p99Ms, maxMs, ...rest }: OperationLatency, factor: number): OperationLatency {
  const scaled = (ms: number | undefined, least: number) =>
    ms === undefined ? undefined : Math.min(mostWaitMs, Math.max(least, Math.round(ms * factor)))
  const fields = {
    fixedMs: scaled(fixedMs, 0),
    medianMs: scaled(medianMs, 1),
    p99Ms: scaled(p99Ms, 1),
    maxMs: scaled(maxMs, 1),
  }
  return { ...Object.fromEntries(Object.entries(fields).filter(([, ms]) => ms !== undefined)), ...rest }
}

/** A step in a few words. */
export function wordsOf({ latency, faults = [], brownOut, profile, stop }: ScenarioStep): string {
  const { factor, ...table } = latency ?? {}
  const words = [
    stop ? ['stopped: every connection is cut'] : [],
    profile ? [`profile ${profile}`] : [],
    factor === undefined ? [] : [`latency × ${factor}`],
    Object.keys(table).length === 0 ? [] : [`latency of ${Object.keys(table).join(', ')} set`],
    faults.map(faultWords),
    brownOut ? [`brown-out for ${brownOut.forMs} ms in every ${brownOut.everyMs} ms`] : [],
  ]
  return words.flat().join('; ')
}

function faultWords({ operation, kind, share, next }: FaultSwitch): string {
  const where = operation === '*' ? 'everything' : operation
  const some = share < 1 ? ` of ${Math.round(share * 1000) / 10} %` : ''
  return `${kind}${some} at ${where}${next === null ? '' : `, the next ${next}`}`
}
