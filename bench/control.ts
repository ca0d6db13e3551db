import { airlines } from '../gateway/src/airlines/index.ts'
import { simToken } from './context.ts'
import type { Server } from './processes.ts'

/** Reads from an airline's control plane; throws when it refuses. */
async function ask(airline: Server, path: string): Promise<unknown> {
  const answer = await fetch(`${airline.url}/_sim${path}`, { headers: { 'fanfare-sim-token': simToken } })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${airline.name} answered ${answer.status} to /_sim${path}: ${text}`)
  return JSON.parse(text)
}

/** How many search requests each airline was asked since it was started or reset, by name. */
export async function searchRequests(fleet: Server[]): Promise<Map<string, number>> {
  const counts = await Promise.all(
    fleet.map(async (airline): Promise<[string, number]> => {
      const { operations } = fields(await ask(airline, '/statistics'))
      return [airline.name, Number(fields(fields(operations).search ?? {}).requests ?? 0)]
    }),
  )
  return new Map(counts)
}

/** Names of the invariants that do not hold at an airline. */
export async function brokenInvariants(airline: Server): Promise<string[]> {
  const { checks } = fields(await ask(airline, '/audit'))
  if (!Array.isArray(checks) || checks.length === 0) throw new Error(`the audit of ${airline.name} states no invariant`)
  return checks.map(fields).flatMap(({ holds, invariant }) => (holds === true ? [] : [String(invariant)]))
}

/** Orders of an airline by status. */
export async function ordersByStatus(airline: Server): Promise<Map<string, number>> {
  const { orders } = fields(await ask(airline, '/orders'))
  const counts = new Map<string, number>()
  if (!Array.isArray(orders)) throw new Error(`${airline.name} lists no orders`)
  for (const { status } of orders.map(fields)) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1)
  return counts
}

/** The names of all airlines, in registry order. */
export const airlineNames = airlines.map(({ airline }) => airline.name)

/** What an object holds; throws for anything else. */
export function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value))
}
