import type { AirlineAccess } from '../config.ts'
import type { AirlineHealth } from '../schemas/airline.ts'
import { observeHealth } from '../upstream/health.ts'
import { createHttpClient } from '../upstream/http-client.ts'
import type { Connector, ConnectorFactory } from './connector.ts'

/** Connectors with the connections under them. */
export interface OpenConnectors {
  /** By airline name, in registry order. */
  connectors: ReadonlyMap<string, Connector>
  /** How an airline answered lately; unknown for a name that is none. */
  healthOf(airline: string): AirlineHealth
  close(): Promise<void>
}

/** Makes a connector for every airline of the registry that there is access to. */
export function openConnectors(
  registry: readonly ConnectorFactory[],
  access: ReadonlyMap<string, AirlineAccess>,
  now: () => number,
): OpenConnectors {
  const opened = registry.flatMap(({ airline, create }) => {
    const found = access.get(airline.name)
    if (!found) return []
    const http = observeHealth(createHttpClient(airline.name, found.url), now)
    return [{ name: airline.name, http, connector: create({ http, key: found.key, secret: found.secret, now }) }]
  })
  const clients = new Map(opened.map(({ name, http }) => [name, http]))
  return {
    connectors: new Map(opened.map(({ name, connector }) => [name, connector])),
    healthOf: (airline) => clients.get(airline)?.health() ?? unknownHealth,
    async close() {
      await Promise.all(opened.map(({ http }) => http.close()))
    },
  }
}

const unknownHealth: AirlineHealth = { status: 'unknown', lastSuccessAt: null, lastFailureAt: null, lastFailure: null }

/** Connectors made elsewhere, whose health nobody watches. */
export function givenConnectors(connectors: ReadonlyMap<string, Connector>): OpenConnectors {
  return { connectors, healthOf: () => unknownHealth, close: async () => {} }
}
