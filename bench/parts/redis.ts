import { request } from 'undici'
import { findRedisWay, openRedis } from '../../tests/support/redis.ts'
import type { Bench } from '../context.ts'
import { type BenchRequest, load, type Measured } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { expectedFrom, get, read, searchPaths } from '../searches.ts'
import { startBare } from './cached.ts'
import type { Part } from './part.ts'

const connections = 16
/** Days of five routes: so many answers that the gateway's own memory has let go of each when it is asked for again. */
const days = 240
const gzipHeaders = { 'accept-encoding': 'gzip' }
/** What an answer from Redis says. */
const cacheStatus = 'fanfare; hit; detail=redis'
/** Share of a round's answers that may come from elsewhere: a read that is late in a slow moment is not waited for. */
const mostElsewhere = 0.25

/** Answers that are in Redis and not in the gateway's memory. */
export const redis: Part = {
  title: 'Search from Redis',
  what: 'searches that Redis has and memory has not, whole and as stored gzip, against a bare route',
  async measure(bench) {
    const way = await findRedisWay()
    if (way === null) return { tables: [], charts: [], notes: ['Not measured: there is no Redis here.'] }
    const opened = await openRedis(way)
    try {
      return { ...(await compare(bench, opened.url)), charts: [] }
    } finally {
      await opened.close()
    }
  },
}

async function compare(bench: Bench, redisUrl: string) {
  const fleet = await bench.startAirlines()
  const env = { REDIS_URL: redisUrl, SEARCH_FRESH_MS: '3600000' }
  const gateway = await bench.startGateway(fleet, env)
  const paths = searchPaths(days)
  // What was kept may have been let go, and offers renewed since: where a round fails, all is asked for again before the next.
  let kept: Promise<Kept> | null = null
  const keep = () => (kept ??= fill(gateway, paths))
  const sample = await read(gateway, paths[0] ?? '')
  const gzip = Buffer.from((await keep()).compressed[0]?.expected ?? [])
  const bare = await startBare(bench, sample, gzip)
  const bareRun = (name: string, one: BenchRequest): Run => ({
    name,
    against: name,
    measure: () => load(bare, { connections, seconds: bench.seconds, requests: [one] }),
  })
  // Every run goes on where the one before stopped: what was asked for longest ago is what memory has let go.
  let first = 0
  const hitRun = (name: string, against: string, form: keyof Kept): Run => ({
    name,
    against,
    async measure() {
      const requests = (await keep())[form]
      const measured = await load(gateway, { connections, seconds: bench.seconds, requests, first }).catch((error) => {
        kept = null
        throw error
      })
      first += measured.answers
      const { answers, elsewhere } = measured
      if (elsewhere > answers * mostElsewhere) throw new Error(`${elsewhere} of ${answers} answers were not from Redis`)
      return measured
    },
  })
  const path = paths[0] ?? ''
  const runs = [
    bareRun('bare route', get(path, sample)),
    hitRun('from Redis', 'bare route', 'whole'),
    bareRun('bare route, gzip', get(path, gzip, gzipHeaders)),
    hitRun('from Redis, stored gzip', 'bare route, gzip', 'compressed'),
  ]
  const results = await alternate(runs, bench.rounds)
  const all = results.filter(({ against, name }) => against !== name).flatMap(({ measured }) => measured)
  const sum = (of: (one: Measured) => number) => all.reduce((total, one) => total + of(one), 0)
  const elsewhere = sum((one) => one.elsewhere)
  return {
    tables: [rateTable(`${paths.length} searches in turn, from Redis`, results)],
    notes: [
      `Of ${sum(({ answers }) => answers)} answers ${elsewhere} came from elsewhere: a read that Redis did not answer in time is not waited for.`,
    ],
  }
}

/** What Redis has, in both forms. */
interface Kept {
  whole: BenchRequest[]
  compressed: BenchRequest[]
}

async function fill(gateway: Server, paths: string[]): Promise<Kept> {
  const whole = (await expectedFrom(gateway, paths)).map((request) => ({ ...request, cacheStatus }))
  return { whole, compressed: await gzipOf(gateway, whole) }
}

/** The compressed answers as they are sent; with this they are stored so. */
async function gzipOf(gateway: Server, whole: BenchRequest[]): Promise<BenchRequest[]> {
  const requests: BenchRequest[] = []
  for (const { path, expected } of whole) {
    const { statusCode, headers, body } = await request(gateway.url + path, { headers: gzipHeaders })
    const bytes = Buffer.from(await body.arrayBuffer())
    if (statusCode !== 200 || headers['content-encoding'] !== 'gzip') throw new Error(`${path} is not given as gzip`)
    // One that is made anew holds the same offers, and tells of other times.
    requests.push({ ...get(path, bytes, gzipHeaders), unzipped: expected, cacheStatus })
  }
  return requests
}
