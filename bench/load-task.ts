import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { canPin, type Server } from './processes.ts'

/** One request and how its answer must be. */
export interface BenchRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body: string | null
  status: number
  /** The bytes that the answer must begin with. */
  expected: Uint8Array
}

/** What the closed-loop generator is told. */
export interface LoadTask {
  /** Where to; of several, each connection has one. */
  urls: string[]
  connections: number
  /** How long to go on; null: until `count` requests are sent. */
  seconds: number | null
  /** How many requests to send at most; null: as many as the time allows. */
  count: number | null
  /** Index of the request to begin with. */
  first: number
  requests: BenchRequest[]
}

/** What the open-loop generator is told. */
export interface OpenTask {
  /** Requests that are sent together, one of these groups in turn; the latency is that of the last answer. */
  groups: { url: string; request: BenchRequest }[][]
  /** Groups in a second on average, at the intervals of a Poisson process. */
  perSecond: number
  seconds: number
  /** What the intervals are drawn from. */
  seed: number
}

/** What the generator that searches through a connector is told. */
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

/** What the generator of bookings is told. */
export interface BookingTask {
  url: string
  /** Bookings under way at once. */
  atOnce: number
  seconds: number
  /** Each is booked once, in this order. */
  offers: { id: string; price: { amount: string; currency: string } }[]
}

/** What a generator tells. */
export interface LoadResult {
  answers: number
  /** Answers that were not as expected; a request that failed counts as one. */
  wrong: number
  /** What was wrong with the first of them; null where none was. */
  firstWrong: string | null
  perSecond: number
  /** Of every answer, in milliseconds, the least first; open loop: counted from when the request was to be sent. */
  latencies: Float64Array
}

/** A result with what the server spent on it. */
export interface Measured extends LoadResult {
  /** The servers' CPU time per answer in microseconds; null where the system does not tell. */
  cpuMicros: number | null
}

/** Programs that make load. */
export type Generator = 'closed-loop' | 'open-loop' | 'search' | 'bookings'

/** Runs the closed loop against a server, or several as one. Throws when an answer was wrong. */
export function load(
  servers: Server | Server[],
  task: Pick<LoadTask, 'connections' | 'requests'> & Partial<LoadTask>,
): Promise<Measured> {
  const all = [servers].flat()
  const whole: LoadTask = { seconds: null, count: null, first: 0, ...task, urls: all.map(({ url }) => url) }
  return checked(all, 'closed-loop', whole)
}

/** The closed loop through the airline's own connector, for an airline whose requests cannot be sent twice; counts requests. */
export function loadBySearches(server: Server, task: Omit<SearchTask, 'url'>): Promise<Measured> {
  return checked([server], 'search', { ...task, url: server.url } satisfies SearchTask)
}

/** Books one offer after the other. Throws when a booking is not confirmed at its price. */
export function book(server: Server, task: Omit<BookingTask, 'url'>): Promise<Measured> {
  return checked([server], 'bookings', { ...task, url: server.url } satisfies BookingTask)
}

async function checked(
  servers: Server[],
  generator: Generator,
  task: LoadTask | SearchTask | BookingTask,
): Promise<Measured> {
  const result = await run(servers, generator, task)
  const { answers, wrong, firstWrong } = result
  if (answers === 0) throw new Error(`${servers[0]?.name}: nothing was answered`)
  if (wrong > 0) throw new Error(`${servers[0]?.name}: ${wrong} of ${answers} answers were wrong, first ${firstWrong}`)
  return result
}

/** Runs a generator, on the second core where pinning can be done, and says what the servers spent meanwhile. */
export async function run(
  servers: Server[],
  generator: Generator,
  task: LoadTask | OpenTask | SearchTask | BookingTask,
): Promise<Measured> {
  const program = fileURLToPath(new URL(`./generators/${generator}.ts`, import.meta.url))
  const command = canPin ? ['taskset', '-c', '1', process.execPath, program] : [process.execPath, program]
  const [file = '', ...args] = command
  const before = await cpuOf(servers)
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  // A generator that cannot start says so itself, and its missing answer is told below.
  child.stdin.on('error', () => {})
  child.stdin.end(serialize(task))
  const told = await buffer(child.stdout)
  if (told.length === 0) throw new Error(`the generator ${generator} gave no result`)
  const result: LoadResult = deserialize(told)
  const after = await cpuOf(servers)
  return { ...result, cpuMicros: before === null || after === null ? null : (after - before) / result.answers }
}

async function cpuOf(servers: Server[]): Promise<number | null> {
  let sum = 0
  for (const server of servers) {
    const micros = await server.cpuMicros()
    if (micros === null) return null
    sum += micros
  }
  return sum
}
