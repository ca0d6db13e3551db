import { setTimeout as pause } from 'node:timers/promises'
import type { BenchRequest } from './load-task.ts'
import type { Server } from './processes.ts'

const routes = [
  ['DEL', 'BOM'],
  ['BLR', 'DEL'],
  ['BOM', 'GOI'],
  ['DEL', 'DXB'],
  ['HYD', 'CCU'],
] as const

/** Searches under way at once while expected answers are fetched. */
const atOnce = 4
const attempts = 4
/** Longer than the gateway remembers a failure. */
const betweenAttemptsMs = 3_500

/** The day so many days ahead, YYYY-MM-DD. */
export function dateAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** The path of a search for one adult. */
export function searchPath(origin: string, destination: string, departureDate: string): string {
  return `/v1/search?origin=${origin}&destination=${destination}&departureDate=${departureDate}`
}

/** Searches of five routes on so many days, `firstDay` days ahead and after it. */
export function searchPaths(days: number, firstDay = 10): string[] {
  return Array.from({ length: days }, (_, day) =>
    routes.map(([origin, destination]) => searchPath(origin, destination, dateAhead(firstDay + day))),
  ).flat()
}

/** A GET whose answer begins with these bytes. */
export function get(
  path: string,
  expected: Uint8Array,
  headers: Record<string, string> = {},
  status = 200,
): BenchRequest {
  return { method: 'GET', path, headers, body: null, status, expected }
}

/** The body of a 200 answer; throws for any other. */
export async function read(server: Server, path: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const answer = await fetch(server.url + path, { headers })
  if (answer.status !== 200)
    throw new Error(`${server.name} answered ${answer.status} to ${path}: ${await answer.text()}`)
  return Buffer.from(await answer.arrayBuffer())
}

/**
 * Searches whose answers must be complete and hold the offers that this server finds now: everything up to the cursor, since what
 * comes after it differs from answer to answer. Throws when a search is incomplete or finds nothing.
 */
export async function expectedFrom(server: Server, paths: string[]): Promise<BenchRequest[]> {
  const requests: BenchRequest[] = new Array(paths.length)
  let next = 0
  const fetchOn = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index] ?? ''
      const prefix = await completeAnswer(server, path)
      requests[index] = get(path, prefix)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, fetchOn))
  return requests
}

/** The answer up to the cursor; one that is incomplete for a busy moment is asked for again. */
async function completeAnswer(server: Server, path: string): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await read(server, path)
    const prefix = Buffer.from(bytes.subarray(0, bytes.lastIndexOf(',"nextCursor":')))
    if (prefix.includes('"complete":true,"slices":') && prefix.includes('"offers":[{')) return prefix
    if (attempt === attempts)
      throw new Error(`${server.name} has no complete answer to ${path}: ${bytes.subarray(-1000).toString()}`)
    await pause(betweenAttemptsMs)
  }
}

/** Expected answers, fetched when first needed. */
export function createExpected(server: Server, paths: string[]) {
  let requests: Promise<BenchRequest[]> | null = null
  return {
    /** Runs with the expected answers as they are known; where it fails, they are fetched anew before the next run. */
    async with<T>(use: (requests: BenchRequest[]) => Promise<T>): Promise<T> {
      requests ??= expectedFrom(server, paths)
      try {
        return await use(await requests)
      } catch (error) {
        requests = null
        throw error
      }
    },
  }
}
