import type { BaseLogger } from 'pino'
import type { AirlineAccess, Config } from '../config.ts'
import type { AirlineHealth } from '../schemas/airline.ts'
import { createHttpClient } from '../upstream/http-client.ts'
import type { UpstreamMeter } from '../upstream/meter.ts'
import { paceRequests } from '../upstream/paced-client.ts'
import { createPacer } from '../upstream/pacer.ts'
import { connectionsFor, createAirlinePolicies, createSharedBudget, usualLanes } from '../upstream/policies/index.ts'
import type { Lane } from '../upstream/policies/lane.ts'
import type { Connector, ConnectorFactory } from './connector.ts'
import { protect } from './protect.ts'

/** Connectors with the connections under them. */
export interface OpenConnectors {
  /** By airline name, in registry order. */
  connectors: ReadonlyMap<string, Connector>
  /** How an airline answered lately; unknown for a name that is none. */
  healthOf(airline: string): AirlineHealth
  /** Retries and hedges that can be sent now; null: none ever are. */
  extraCallsLeft(): number | null
  /** Calls to an airline that wait for a place among those of their lane. */
  callsWaiting(airline: string, lane: Lane): number
  close(): Promise<void>
}

/** What connectors are opened with. */
export interface OpenOptions {
  /** By airline name; an airline without access is left out. */
  access: ReadonlyMap<string, AirlineAccess>
  /** off: each call has its time-out, and nothing else stands between the gateway and the airlines. */
  policies: Config['airlinePolicies']
  meter: UpstreamMeter
  log: Pick<BaseLogger, 'warn'>
  /** Milliseconds since the epoch. */
  now: () => number
}

/** What the policies go by, whatever the system's clock says. */
const monotonic = () => performance.now()

/** Makes a connector for every airline of the registry that there is access to. */
export function openConnectors(registry: readonly ConnectorFactory[], options: OpenOptions): OpenConnectors {
  const { access, policies: mode, meter, log, now } = options
  const budget = createSharedBudget()
  const opened = registry.flatMap(({ airline: { name }, rateLimit = null, lanes = usualLanes, create }) => {
    const found = access.get(name)
    if (!found) return []
    const client = createHttpClient(name, found.url, connectionsFor(lanes))
    const pacer = createPacer({ airline: name, published: rateLimit, now: monotonic })
    const http = mode === 'on' ? paceRequests(client, pacer, monotonic) : client
    const { policyOf, health, waiting } = createAirlinePolicies({
      airline: name,
      mode,
      lanes,
      budget,
      meter,
      log,
      now,
      monotonic,
      random: Math.random,
    })
    const connector = protect(create({ http, key: found.key, secret: found.secret, now }), policyOf)
    return [{ name, client, connector, health, waiting }]
  })
  const healths = new Map(opened.map(({ name, health }) => [name, health]))
  const waitings = new Map(opened.map(({ name, waiting }) => [name, waiting]))
  return {
    connectors: new Map(opened.map(({ name, connector }) => [name, connector])),
    healthOf: (airline) => healths.get(airline)?.read() ?? unknownHealth,
    extraCallsLeft: () => (mode === 'on' ? budget.left() : null),
    callsWaiting: (airline, lane) => waitings.get(airline)?.(lane) ?? 0,
    async close() {
      await Promise.all(opened.map(({ client }) => client.close()))
    },
  }
}

const unknownHealth: AirlineHealth = {
  status: 'unknown',
  lastSuccessAt: null,
  lastFailureAt: null,
  lastFailure: null,
  operations: [],
}

/** Connectors made elsewhere, whose health nobody watches. */
export function givenConnectors(connectors: ReadonlyMap<string, Connector>): OpenConnectors {
  return {
    connectors,
    healthOf: () => unknownHealth,
    extraCallsLeft: () => null,
    callsWaiting: () => 0,
    close: async () => {},
  }
}
