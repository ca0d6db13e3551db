import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { airlines } from '../gateway/src/airlines/index.ts'
import { type Server, startServer } from './processes.ts'

/** The token of every control plane of a benchmark. */
export const simToken = 'bench'

/** What a part of the benchmark is given. */
export interface Bench {
  rounds: number
  /** Of each measurement. */
  seconds: number
  /** The long form, where a part has one. */
  isFull: boolean
  /** For whatever is to be gone afterwards. */
  folder: string
  /** Starts a program on a core; ended with the part. */
  start: typeof startServer
  /** Every airline at once, without latency, faults or rate limit, on the second core. */
  startAirlines(): Promise<Server[]>
  /** The gateway over airlines, on the first core unless another is named. */
  startGateway(fleet: Server[], env?: Record<string, string>, core?: number): Promise<Server>
  /** Ends everything that was started, and removes the folder. */
  close(): Promise<void>
}

/** Sets up a part. */
export async function openBench(options: Pick<Bench, 'rounds' | 'seconds' | 'isFull'>): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'fanfare-bench-'))
  const running: Server[] = []
  let gateways = 0
  const start: typeof startServer = async (...args) => {
    const server = await startServer(...args)
    running.push(server)
    return server
  }
  return {
    ...options,
    folder,
    start,
    startAirlines: () =>
      Promise.all(airlines.map(({ airline: { name } }) => start(...airlineProgram(name, folder, 1)))),
    startGateway: (fleet, env = {}, core = 0) =>
      start('gateway', 'gateway/src/main.ts', core, '/health/ready', {
        ...gatewayEnvironment(fleet, join(folder, `gateway-${++gateways}`)),
        ...env,
      }),
    async close() {
      await Promise.all(running.map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What starts an airline without latency, faults or rate limit. */
export function airlineProgram(name: string, folder: string, core: number): Parameters<typeof startServer> {
  return [
    name,
    `services/${name}/src/main.ts`,
    core,
    '/health',
    {
      FANFARE_DATA: folder,
      [`${name.toUpperCase()}_RATE_LIMIT`]: '0',
      FANFARE_PROFILE: 'instant',
      FANFARE_SIM_TOKEN: simToken,
      // A seat that is shown and not there would fail a booking that is to be measured.
      FANFARE_LIE_RATE: '0',
      LOG_LEVEL: 'error',
    },
  ]
}

/** Where the airlines are, and a data folder. */
export function gatewayEnvironment(fleet: Server[], folder: string): Record<string, string> {
  const urls = fleet.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url])
  return { ...Object.fromEntries(urls), FANFARE_DATA: folder, LOG_LEVEL: 'error', FANFARE_SIM_TOKEN: simToken }
}

/** With it the gateway asks the airlines for every search. */
export const uncached = { SEARCH_FRESH_MS: '0', SEARCH_STALE_MS: '0' }
