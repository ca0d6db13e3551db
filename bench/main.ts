// npm run bench: measures Fanfare against references in the same run, alternating, and checks every answer.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { airlines } from '../gateway/src/airlines/index.ts'
import { availabilityRequests } from './airline-requests.ts'
import { type BenchRequest, load, loadBySearches, type Measured } from './load-task.ts'
import { canPin, type Server, startServer } from './processes.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(`Usage: npm run bench [-- --rounds N] [--seconds N]

Measures on this machine, servers and load generator pinned to different cores where taskset is found:
  a  cached search against a bare Fastify route that sends the same bytes
  b  uncached fan-out to three airlines against the same by hand with Express 5 and axios
  c  availability requests that each airline answers on one core
Each figure is the median of alternating rounds (default 5 of 4 seconds); every answer is checked.`)
  process.exit(0)
}
/** Those that bench/by-hand.ts knows; the others sign in and search in more than one step. */
const byHandAirlines = 'saffron,monsoon,banyan'
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)

const folder = await mkdtemp(join(tmpdir(), 'fanfare-bench-'))
const running: Server[] = []
const start = async (...args: Parameters<typeof startServer>) => {
  const server = await startServer(...args)
  running.push(server)
  return server
}

try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${canPin ? 'pinned' : 'not pinned'}`,
  )
  console.log(`${rounds} rounds of ${seconds} s each, alternating; medians\n`)
  const fleet = await startAirlines(1)
  await cachedSearch(fleet)
  await fanOut(fleet, 20, 'asked again and again: most airline answers come back unchanged and are recalled')
  await fanOut(fleet, 300, 'in turn: more than are remembered, so every airline answer is read anew')
  await stop(fleet)
  await airlineCeilings()
} finally {
  await stop(running)
  await rm(folder, { recursive: true, force: true })
}

/** Every airline without its rate limit, on one core. */
function startAirlines(core: number): Promise<Server[]> {
  return Promise.all(
    airlines.map(({ airline: { name } }) =>
      start(name, `services/${name}/src/main.ts`, core, '/health', {
        FANFARE_DATA: folder,
        [`${name.toUpperCase()}_RATE_LIMIT`]: '0',
        FANFARE_PROFILE: 'instant',
        LOG_LEVEL: 'error',
      }),
    ),
  )
}

function gatewayEnvironment(fleet: Server[]): Record<string, string> {
  const urls = fleet.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url])
  return { ...Object.fromEntries(urls), FANFARE_DATA: folder, LOG_LEVEL: 'error' }
}

async function cachedSearch(fleet: Server[]): Promise<void> {
  const gateway = await start('gateway', 'gateway/src/main.ts', 0, '/health/ready', gatewayEnvironment(fleet))
  const path = searchPath('DEL', 'BOM', dateAhead(30))
  const bytes = await read(gateway, path)
  const file = join(folder, 'answer.json')
  await writeFile(file, bytes)
  const bare = await start('bare', 'bench/bare.ts', 0, '/health', { BENCH_BYTES: file })

  const requests = [request(path, bytes)]
  // The entry is good for a minute: asked again before each round, so that no round pays for a refresh.
  const renew = async () => {
    const now = await read(gateway, path)
    await writeFile(file, now)
    return [request(path, now)]
  }
  const results = await alternate([
    ['bare Fastify route', () => load(bare, { connections: 32, seconds, requests })],
    ['cached search', async () => load(gateway, { connections: 32, seconds, requests: await renew() })],
  ])
  report(`a. Cached search, ${bytes.length} bytes`, results)
  await stop([gateway, bare])
}

async function fanOut(fleet: Server[], days: number, how: string): Promise<void> {
  const uncached = { ...gatewayEnvironment(fleet), SEARCH_FRESH_MS: '0', SEARCH_STALE_MS: '0' }
  const gateway = await start('gateway', 'gateway/src/main.ts', 0, '/health/ready', uncached)
  const byHand = await start('by hand', 'bench/by-hand.ts', 0, '/health', gatewayEnvironment(fleet))
  const routes = [
    ['DEL', 'BOM'],
    ['BLR', 'DEL'],
    ['BOM', 'GOI'],
    ['DEL', 'DXB'],
    ['HYD', 'CCU'],
  ] as const
  const paths = routes.flatMap(([origin, destination]) =>
    Array.from(
      { length: days },
      (_, day) => `${searchPath(origin, destination, dateAhead(10 + day))}&airlines=${byHandAirlines}`,
    ),
  )
  const expectedFrom = async (server: Server) => {
    const requests: BenchRequest[] = []
    for (const path of paths) requests.push(request(path, await prefixUpToSources(server, path)))
    return requests
  }
  for (const path of paths)
    if (!(await agree(gateway, byHand, path))) throw new Error(`the fan-outs disagree on ${path}`)
  const results = await alternate([
    [
      'Express 5 + axios by hand',
      async () => load(byHand, { connections: 8, seconds, requests: await expectedFrom(byHand) }),
    ],
    ['uncached search', async () => load(gateway, { connections: 8, seconds, requests: await expectedFrom(gateway) })],
  ])
  report(`b. Uncached fan-out to three airlines, ${paths.length} searches ${how}`, results)
  await stop([gateway, byHand])
}

/** Whether both give the same offers, and some; asked once more where not, since airlines renew their offers every five minutes. */
async function agree(one: Server, other: Server, path: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const answers = await Promise.all([read(one, path), read(other, path)])
    const [ours, theirs] = answers.map((answer) => JSON.stringify(JSON.parse(answer.toString()).slices[0].offers))
    if (ours === theirs && ours !== '[]') return true
  }
  return false
}

async function airlineCeilings(): Promise<void> {
  console.log('c. Availability requests per second of each airline on one core, warm')
  for (const { airline } of airlines) {
    const server = await start(airline.name, `services/${airline.name}/src/main.ts`, 0, '/health', {
      FANFARE_DATA: folder,
      [`${airline.name.toUpperCase()}_RATE_LIMIT`]: '0',
      FANFARE_PROFILE: 'instant',
      LOG_LEVEL: 'error',
    })
    const measure = async () => {
      const requests = await availabilityRequests(airline.name, server.url, dateAhead)
      if (requests !== null) return load(server, { connections: 16, seconds, requests })
      const dates = Array.from({ length: 20 }, (_, day) => dateAhead(20 + day))
      return loadBySearches(server, { airline: airline.name, searches: 256, seconds, dates })
    }
    const results = await alternate([[airline.name, measure]])
    const { perSecond, p50Ms, p99Ms, cpuMicros } = median(results.get(airline.name) ?? [])
    const cpu = cpuMicros === null ? '' : `   CPU ${whole(cpuMicros)} µs each`
    console.log(
      `   ${airline.title.padEnd(28)}${whole(perSecond)} per second   p50 ${p50Ms.toFixed(2)} ms   p99 ${p99Ms.toFixed(2)} ms${cpu}`,
    )
    await stop([server])
  }
}

/**
 * Runs each in turn, round after round, after one round that only warms up. A round in which answers differed is run once
 * more: every five minutes the airlines renew their offers, and with that every answer.
 */
async function alternate(runs: [string, () => Promise<Measured>][]): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>(runs.map(([name]) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of runs) {
      const measured = await run().catch(run)
      if (round >= 0) results.get(name)?.push(measured)
    }
  }
  return results
}

function report(title: string, results: Map<string, Measured[]>): void {
  console.log(title)
  const medians = [...results].map(([name, measured]) => [name, median(measured)] as const)
  const reference = medians[0]?.[1].perSecond ?? 1
  for (const [name, { perSecond, p50Ms, p99Ms, cpuMicros }] of medians) {
    const ratio = (perSecond / reference).toFixed(2)
    const cpu = cpuMicros === null ? '' : `   CPU ${whole(cpuMicros)} µs each`
    console.log(
      `   ${name.padEnd(28)}${whole(perSecond)} per second   p50 ${p50Ms.toFixed(2)} ms   p99 ${p99Ms.toFixed(2)} ms${cpu}   ratio ${ratio}`,
    )
  }
  console.log()
}

/** The round in the middle by answers per second. */
function median(measured: Measured[]): Measured {
  const sorted = [...measured].sort((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('nothing was measured')
  return middle
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en').padStart(7)
}

function dateAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

function searchPath(origin: string, destination: string, departureDate: string): string {
  return `/v1/search?origin=${origin}&destination=${destination}&departureDate=${departureDate}`
}

function request(path: string, expected: Buffer): BenchRequest {
  return { method: 'GET', path, headers: {}, body: null, expected: expected.toString('base64') }
}

async function read(server: Server, path: string): Promise<Buffer> {
  const answer = await fetch(server.url + path)
  if (answer.status !== 200)
    throw new Error(`${server.name} answered ${answer.status} to ${path}: ${await answer.text()}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** Durations differ from answer to answer; everything before them must not. */
async function prefixUpToSources(server: Server, path: string): Promise<Buffer> {
  const answer = await read(server, path)
  return answer.subarray(0, answer.indexOf(',"sources":'))
}

async function stop(servers: Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}
