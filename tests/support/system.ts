import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, describeEnding, type Ending, startChild } from '../../scripts/child.ts'
import type { BrownOut } from '../../services/kit/src/faults/brown-out.ts'
import type { Fault } from '../../services/kit/src/faults/faults.ts'
import type { LatencyTable, ProfileName } from '../../services/kit/src/faults/profiles.ts'
import type { OrderSummary } from '../../services/kit/src/orders/types.ts'
import { freePort } from './ports.ts'
import { until } from './until.ts'

const simToken = 'control'
const stopWithinMs = 10_000
const answersWithinMs = 10_000

/** A program of Fanfare that runs as a process of its own, on a port and a data folder of its own. */
export interface Running {
  name: string
  /** `http://127.0.0.1:<port>` */
  url: string
  /** Everything it has printed, restarts included. */
  log(): string
  /** Ends it at once, as a crash or a power cut would; resolves once it is gone. */
  kill(): Promise<Ending>
  /** Asks it to end; resolves once it has. */
  stop(): Promise<Ending>
  /** Holds it where it is: it keeps its connections and answers nothing. */
  pause(): void
  resume(): void
  /** Starts it again on the same port and data; resolves once it answers. */
  restart(): Promise<void>
}

/** A switch that makes an airline's operations go wrong, as its control plane takes it. */
export type FaultSwitch = Pick<Fault, 'operation' | 'kind'> & Partial<Pick<Fault, 'share' | 'next' | 'delayMs'>>

/** An airline's process, with its control plane. */
export interface RunningAirline extends Running {
  /** Moves its clock forward. */
  advanceClock(ms: number): Promise<void>
  /** Milliseconds since the epoch, as the airline has it. */
  now(): Promise<number>
  /** Moves its clock to a moment that is not before the present: milliseconds since the epoch. */
  setClock(epochMs: number): Promise<void>
  /** Stops its clock, or lets it run on from where it stood. */
  freezeClock(frozen: boolean): Promise<void>
  /** Replaces its fault switches. A restart forgets them. */
  setFaults(faults: FaultSwitch[]): Promise<void>
  /** How often each fault has struck since it was started, by `operation/kind`. */
  struck(): Promise<Map<string, number>>
  /** Replaces its latencies. A restart forgets them. */
  setLatency(latency: LatencyTable): Promise<void>
  /** Lets it be brown now and then; null: never. A restart forgets it. */
  setBrownOut(brownOut: BrownOut | null): Promise<void>
  /** Replaces its latencies, faults and brown-out by those of a profile. */
  setProfile(profile: ProfileName): Promise<void>
  /** Makes it as it was when it was started on no data. */
  reset(): Promise<void>
  /** Requests that it was asked since it was started or reset, by operation; none is left out. */
  requests(): Promise<Map<string, number>>
  /** Every order that it has had, oldest first. */
  orders(): Promise<OrderSummary[]>
  /** The invariants that do not hold, with what breaks them; [] when all is well. */
  audit(): Promise<string[]>
}

/** Starts processes and ends them all. */
export interface System {
  /** Where their data and logs are. */
  folder: string
  /** services/<name>, ready. */
  startAirline(name: string, env?: Record<string, string>): Promise<RunningAirline>
  /** The gateway over these airlines, ready. */
  startGateway(airlines: RunningAirline[], env?: Record<string, string>): Promise<Running>
  /** Kills what still runs and removes the data, unless it is to be kept; for afterAll. */
  close(options?: { keepData: boolean }): Promise<void>
}

/** A place to start airlines and gateways in: real processes over a folder, a temporary one unless given. */
export function createSystem(folder = mkdtempSync(join(tmpdir(), 'fanfare-'))): System {
  mkdirSync(folder, { recursive: true })
  const running: Running[] = []

  const start = async (name: string, program: string, health: string, env: Record<string, string>) => {
    const port = await freePort()
    const data = join(folder, `${name}-${port}`)
    const one = createRunning(name, program, `http://127.0.0.1:${port}`, health, `${data}.log`, {
      ...bareEnvironment(),
      PORT: `${port}`,
      FANFARE_DATA: data,
      // What is on sale differs from day to day, and so would the flights that a lie spoils; a test that wants lies asks for them.
      FANFARE_LIE_RATE: '0',
      FANFARE_PROFILE: 'instant',
      ...env,
    })
    running.push(one)
    await one.restart()
    return one
  }

  return {
    folder,
    async startAirline(name, env = {}) {
      const one = await start(name, `services/${name}/src/main.ts`, '/health', { FANFARE_SIM_TOKEN: simToken, ...env })
      return { ...one, ...controlPlane(one.url) }
    },
    startGateway(airlines, env = {}) {
      const urls = airlines.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url])
      return start('gateway', 'gateway/src/main.ts', '/health/ready', { ...Object.fromEntries(urls), ...env })
    },
    async close({ keepData } = { keepData: false }) {
      await Promise.all(running.map((one) => one.kill()))
      if (!keepData) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a program finds in its environment when nobody has set anything up. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }) }
}

function createRunning(
  name: string,
  program: string,
  url: string,
  health: string,
  logFile: string,
  env: NodeJS.ProcessEnv,
): Running {
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')
  let child: Child | null = null
  const ended = (how: (child: Child) => Promise<Ending>) => (child ? how(child) : Promise.resolve({ code: 0 }))

  return {
    name,
    url,
    log,
    kill: () =>
      ended((one) => {
        one.signal('SIGKILL')
        return one.ended
      }),
    stop: () => ended((one) => one.stop(stopWithinMs)),
    pause: () => child?.signal('SIGSTOP'),
    resume: () => child?.signal('SIGCONT'),
    async restart() {
      const one = startChild({ name, program, env, onLine: (line) => appendFileSync(logFile, `${line}\n`) })
      child = one
      await until(`${name} is ready`, async () => {
        const ending = one.ending()
        if (ending) throw new Error(`${name} ended with ${describeEnding(ending)}:\n${log()}`)
        return await answersOk(`${url}${health}`)
      })
    },
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answersWithinMs) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

function controlPlane(url: string): Omit<RunningAirline, keyof Running> {
  const call = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
    const response = await fetch(`${url}/_sim${path}`, {
      method,
      signal: AbortSignal.timeout(answersWithinMs),
      // A connection kept from before a kill would fail the first call after the restart.
      headers: {
        'fanfare-sim-token': simToken,
        connection: 'close',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${url}/_sim${path} answered ${response.status}: ${text}`)
    const answer: unknown = JSON.parse(text)
    return answer
  }
  return {
    async advanceClock(ms) {
      await call('/clock', { advanceMs: Math.ceil(ms) })
    },
    async now() {
      const { epochMs } = object(await call('/clock'))
      return Number(epochMs)
    },
    async setClock(epochMs) {
      await call('/clock', { now: new Date(epochMs).toISOString() })
    },
    async freezeClock(frozen) {
      await call('/clock', { frozen })
    },
    async setLatency(latency) {
      await call('/latency', { latency }, 'PUT')
    },
    async setBrownOut(brownOut) {
      await call('/brown-out', { brownOut }, 'PUT')
    },
    async setProfile(profile) {
      await call('/profile', { profile }, 'PUT')
    },
    async reset() {
      await call('/reset', null, 'POST')
    },
    async requests() {
      const { operations } = object(await call('/statistics'))
      return new Map(Object.entries(object(operations)).map(([name, one]) => [name, Number(object(one).requests)]))
    },
    async setFaults(faults) {
      await call('/faults', { faults }, 'PUT')
    },
    async struck() {
      const { struck } = object(await call('/faults'))
      return new Map(Object.entries(object(struck)).map(([name, count]) => [name, Number(count)]))
    },
    async orders() {
      const { orders } = object(await call('/orders'))
      return Array.isArray(orders) ? orders.map(toSummary) : []
    },
    async audit() {
      const { checks } = object(await call('/audit'))
      if (!Array.isArray(checks) || checks.length === 0) throw new Error('the audit states no invariant')
      return checks
        .map(object)
        .filter(({ holds }) => holds !== true)
        .map(({ invariant, violations }) => `${invariant}: ${JSON.stringify(violations)}`)
    },
  }
}

function toSummary(value: unknown): OrderSummary {
  const { locator, clientReference, status, payBy, total } = object(value)
  if (status !== 'held' && status !== 'confirmed' && status !== 'cancelled' && status !== 'lapsed') {
    throw new Error(`no order: ${JSON.stringify(value)}`)
  }
  return {
    locator: String(locator),
    clientReference: String(clientReference),
    status,
    payBy: payBy === null ? null : Number(payBy),
    total: Number(total),
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value))
}
