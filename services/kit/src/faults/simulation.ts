import { LRUCache } from 'lru-cache'
import { draw } from '../world/random.ts'
import { type BrownOut, isBrown } from './brown-out.ts'
import { createFaults, defaultDelayMs, type Fault, type FaultKind } from './faults.ts'
import { drawLatency } from './latency.ts'
import type { Operation } from './operations.ts'
import { type LatencyTable, type ProfileName, profileOf } from './profiles.ts'
import { createStatistics, type Statistics } from './statistics.ts'

/** A request that an airline was asked. */
export interface Asked {
  operation: Operation
  /** What exactly is asked for, in words that mean the same in every run; worked out only where it is needed. */
  key: () => string
  /** The kind of fault that the request itself asks for; null: none. */
  ordered: FaultKind | null
  /** Share of the operation's latency that this call of several takes, above 0. */
  latencyShare: number
}

/** What becomes of a request. */
export interface Verdict {
  operation: Operation
  fault: Fault | null
  /** How long its answer is kept back. */
  latencyMs: number
  /** What it was drawn from: whatever else the fault leaves to chance is drawn from it, too. */
  words: string
}

/** How one airline behaves. Setting anything lets its draws start afresh: the same requests then meet the same fate. */
export interface Simulation {
  judge(asked: Asked): Verdict
  faults(): readonly Fault[]
  setFaults(faults: readonly Fault[]): void
  latency(): LatencyTable
  setLatency(latency: LatencyTable): void
  /** null: never brown. */
  brownOut(): BrownOut | null
  setBrownOut(brownOut: BrownOut | null): void
  /** The profile that was set last; single settings may have changed since. */
  profile(): ProfileName
  setProfile(name: ProfileName): void
  statistics: Statistics
  /** As it was at the start. */
  reset(): void
}

/** What a simulation is made from. */
export interface SimulationOptions {
  /** Of the world. */
  seed: string
  /** Name of the airline. */
  airline: string
  profile: ProfileName
  /** Real time in milliseconds, never going back; brown-outs go by it. */
  now?: () => number
}

/** How many keys' attempts are counted. */
const maxKeys = 100_000

/** A simulation that begins with a profile. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { airline, now = () => performance.now() } = options
  const seed = `${options.seed}/${airline}`
  const faults = createFaults(seed)
  const statistics = createStatistics()
  let latency: LatencyTable = {}
  let brown: { out: BrownOut; since: number } | null = null
  let profile = options.profile
  let attempts = new LRUCache<string, number>({ max: maxKeys })

  const startAfresh = () => {
    attempts = new LRUCache({ max: maxKeys })
  }

  function setProfile(name: ProfileName): void {
    const set = profileOf(name, airline)
    profile = name
    faults.set(set.faults)
    latency = set.latency
    brown = set.brownOut && { out: set.brownOut, since: now() }
    startAfresh()
  }

  function attemptOf(operation: Operation, key: string): number {
    const name = `${operation}/${key}`
    const attempt = (attempts.get(name) ?? 0) + 1
    attempts.set(name, attempt)
    return attempt
  }

  /** Nothing to draw: then no key is worked out and no attempt counted. */
  const isIdle = () => faults.list().length === 0 && brown === null && Object.keys(latency).length === 0

  function judge({ operation, key, ordered, latencyShare }: Asked): Verdict {
    if (isIdle() && ordered === null) return { operation, fault: null, latencyMs: 0, words: '' }
    const asked = key()
    const attempt = attemptOf(operation, asked)
    const words = `${seed}/${operation}/${asked}/${attempt}`
    const out = brown !== null && isBrown(brown.out, seed, now() - brown.since) ? brown.out : null
    const struck = ordered === null ? faults.strike(operation, asked, attempt) : once(operation, ordered)
    const fails = out !== null && draw(`${words}/brown-out`) < out.errorShare
    const own = latency[operation] ?? latency['*']
    return {
      operation,
      fault: struck ?? (fails ? once(operation, 'error') : null),
      latencyMs: own === undefined ? 0 : drawLatency(own, `${words}/latency`, latencyShare * (out?.factor ?? 1)),
      words,
    }
  }

  setProfile(profile)
  return {
    statistics,
    judge(asked) {
      const verdict = judge(asked)
      statistics.count(verdict.operation, verdict.fault?.kind ?? null, verdict.latencyMs)
      return verdict
    },
    faults: faults.list,
    setFaults(list) {
      faults.set(list)
      startAfresh()
    },
    latency: () => latency,
    setLatency(table) {
      latency = table
      startAfresh()
    },
    brownOut: () => brown?.out ?? null,
    setBrownOut(out) {
      brown = out && { out, since: now() }
      startAfresh()
    },
    profile: () => profile,
    setProfile,
    reset() {
      setProfile(options.profile)
      statistics.clear()
    },
  }
}

function once(operation: Operation, kind: FaultKind): Fault {
  return { operation, kind, share: 1, next: null, delayMs: defaultDelayMs }
}
