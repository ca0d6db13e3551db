import { join } from 'node:path'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { type Api, createApi } from './api.ts'
import { createSystem, type Running, type RunningAirline, type System } from './system.ts'
import { daysAhead } from './trip.ts'

/** Every airline of the registry and two gateways that share their bookings, as real processes. */
export interface Cluster {
  system: System
  /** In the registry's order. */
  airlines: RunningAirline[]
  /** Throws where there is none of this name. */
  airline(name: string): RunningAirline
  gateways: [Running, Running]
  /** A client of each gateway. */
  apis: [Api, Api]
}

/** Names of the airlines that hold, and of those that sell at once, in the registry's order. */
export const holding = registry.filter(({ airline }) => airline.capabilities.hold).map(({ airline }) => airline.name)
export const sellingAtOnce = registry.map(({ airline }) => airline.name).filter((name) => !holding.includes(name))

/**
 * Starts them all; `env` is the gateways'. Airlines that limit how often they are asked do so only where `limits` is true.
 * The system is closed again, its logs kept, when they do not all start.
 */
export async function startCluster(
  env: Record<string, string>,
  { system = createSystem(), limits = false }: { system?: System; limits?: boolean } = {},
): Promise<Cluster> {
  const unlimited = (name: string) => (limits ? {} : { [`${name.toUpperCase()}_RATE_LIMIT`]: '0' })
  try {
    const airlines = await Promise.all(
      registry.map(({ airline: { name } }) => system.startAirline(name, unlimited(name))),
    )
    const shared = { FANFARE_DATA: join(system.folder, 'gateways'), ...env }
    const gateways = await Promise.all([system.startGateway(airlines, shared), system.startGateway(airlines, shared)])
    const airline = (name: string) => {
      const found = airlines.find((one) => one.name === name)
      if (!found) throw new Error(`no airline is called ${name}`)
      return found
    }
    return { system, airlines, airline, gateways, apis: [createApi(gateways[0].url), createApi(gateways[1].url)] }
  } catch (error) {
    await system.close({ keepData: true })
    throw error
  }
}

/** What each of these airlines offers, cheapest first, for trips that follow each other: there, back, there again … from a day on. */
export async function offersInTurn(api: Api, names: readonly string[], days: number): Promise<[Offer, ...Offer[]][]> {
  return Promise.all(
    names.map(async (name, index) => {
      const [origin, destination] = index % 2 === 0 ? ['DEL', 'BOM'] : ['BOM', 'DEL']
      const query = { origin, destination, departureDate: daysAhead(days + 3 * index), airlines: name }
      const [first, ...others] = (await api.search(query)).slices[0]?.offers ?? []
      if (!first) throw new Error(`${name} has nothing from ${origin} to ${destination} on ${query.departureDate}`)
      return [first, ...others]
    }),
  )
}
