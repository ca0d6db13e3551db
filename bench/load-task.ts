import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { canPin, type Server } from './processes.ts'

/** One request and how its answer must begin. */
export interface BenchRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body: string | null
  /** Base64 of the bytes that the answer must begin with. */
  expected: string
}

/** What the load generator is told. */
export interface LoadTask {
  url: string
  connections: number
  seconds: number
  requests: BenchRequest[]
}

/** What the load generator tells. */
export interface LoadResult {
  answers: number
  /** Answers that were not 200 with the expected bytes. */
  wrong: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/** A result with what the server spent on it. */
export interface Measured extends LoadResult {
  /** The server's CPU time per answer in microseconds; null where the system does not tell. */
  cpuMicros: number | null
}

/** What the load generator that searches through a connector is told. */
export interface SearchTask {
  /** The airline's name in the registry. */
  airline: string
  url: string
  /** Searches under way at once. */
  searches: number
  seconds: number
  /** Departure dates to search in turn. */
  dates: string[]
}

/** Runs the load generator against a server, on the second core where pinning can be done. Throws when an answer was wrong. */
export function load(server: Server, task: Omit<LoadTask, 'url'>): Promise<Measured> {
  return run(server, './load.ts', { ...task, url: server.url } satisfies LoadTask)
}

/** The same through the airline's own connector, for an airline whose requests cannot be sent twice; counts requests. */
export function loadBySearches(server: Server, task: Omit<SearchTask, 'url'>): Promise<Measured> {
  return run(server, './search-load.ts', { ...task, url: server.url } satisfies SearchTask)
}

async function run(server: Server, generator: string, task: LoadTask | SearchTask): Promise<Measured> {
  const program = fileURLToPath(new URL(generator, import.meta.url))
  const command = canPin ? ['taskset', '-c', '1', process.execPath, program] : [process.execPath, program]
  const [file = '', ...args] = command
  const before = await server.cpuMicros()
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(task))
  const result: LoadResult = JSON.parse(await text(child.stdout))
  const after = await server.cpuMicros()
  if (result.wrong > 0) throw new Error(`${server.name}: ${result.wrong} of ${result.answers} answers were wrong`)
  return { ...result, cpuMicros: before === null || after === null ? null : (after - before) / result.answers }
}
