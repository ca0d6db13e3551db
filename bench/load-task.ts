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
  /** What an answer that begins otherwise must begin with when it is decompressed; left out: it is wrong. */
  unzipped?: Uint8Array
  /** What its Cache-Status is to say; left out: anything. */
  cacheStatus?: string
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
  /** How long the same goes on before, and counts for nothing but `sent`: connections are opened and code becomes warm. */
  warmUpSeconds: number
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
  /** Requests in all, those that only warmed up too. */
  sent: number
  answers: number
  /** Answers that were not as expected; a request that failed counts as one. */
  wrong: number
  /** What was wrong with the first of them; null where none was. */
  firstWrong: string | null
  /** Right answers whose Cache-Status was another than it was to be. */
  elsewhere: number
  perSecond: number
  /** Of every answer, in milliseconds, the least first; open loop: counted from when the request was to be sent. */
  latencies: Float64Array
}

/** What the open-loop generator tells; what it did while warming up is in `sent` alone. Without an answer a latency is Infinity. */
export interface OpenResult extends LoadResult {
  /** Answers that say themselves that they are refused or incomplete, or came too late or not at all; `wrong` are the others. */
  failed: number
  /** How the first of them failed; null where none did. */
  firstFailed: string | null
  /** How late each was sent after it was due, in milliseconds, the least first: what the generator itself is late. */
  lags: Float64Array
}

/** What the servers spent on a result. */
interface Spent {
  /** The servers' CPU time per request in microseconds; null where the system does not tell. */
  cpuMicros: number | null
}

/** A result with what the server spent on it. */
export interface Measured extends LoadResult, Spent {}

/** The open loop's result with what the server spent on it. */
export interface OpenMeasured extends OpenResult, Spent {}

/** Programs that make load. */
type Generator = 'closed-loop' | 'open-loop' | 'search' | 'bookings'

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

/**
 * Runs the open loop against servers, of which those named are measured. Throws when an answer was wrong; what was refused, came
 * incomplete or too late is counted.
 */
export async function loadOpen(servers: Server[], name: string, task: OpenTask): Promise<OpenMeasured> {
  const result = await run<OpenResult>(servers, 'open-loop', task)
  throwIfWrong(name, result)
  return result
}

async function checked(
  servers: Server[],
  generator: Generator,
  task: LoadTask | SearchTask | BookingTask,
): Promise<Measured> {
  const result = await run<LoadResult>(servers, generator, task)
  throwIfWrong(`${servers[0]?.name}`, result)
  return result
}

function throwIfWrong(name: string, { answers, wrong, firstWrong }: LoadResult): void {
  if (answers === 0) throw new Error(`${name}: nothing was answered`)
  if (wrong > 0) throw new Error(`${name}: ${wrong} of ${answers} answers were wrong, first ${firstWrong}`)
}

/** Runs a generator, on the second core where pinning can be done, and says what the servers spent meanwhile. */
async function run<Result extends LoadResult>(
  servers: Server[],
  generator: Generator,
  task: LoadTask | OpenTask | SearchTask | BookingTask,
): Promise<Result & Spent> {
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
  const result: Result = deserialize(told)
  const after = await cpuOf(servers)
  return { ...result, cpuMicros: before === null || after === null ? null : (after - before) / result.sent }
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
