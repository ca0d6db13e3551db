import { request } from 'undici'
import { findRedisWay, openRedis } from '../../tests/support/redis.ts'
import type { Bench } from '../context.ts'
import { type BenchRequest, load } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { expectedFrom, get, read, searchPaths } from '../searches.ts'
import { startBare } from './cached.ts'
import type { Part } from './part.ts'

const connections = 16
/** Days of five routes: so many answers that the gateway's own memory has let go of each when it is asked for again. */
const days = 240
const gzipHeaders = { 'accept-encoding': 'gzip' }

/** Answers that are in Redis and not in the gateway's memory. */
export const redis: Part = {
  title: 'Search from Redis',
  what: 'searches that Redis has and memory has not, whole and as stored gzip, against a bare route',
  async measure(bench) {
    const way = await findRedisWay()
    if (way === null) return { tables: [], charts: [], notes: ['Not measured: there is no Redis here.'] }
    const opened = await openRedis(way)
    try {
      return { tables: [await compare(bench, opened.url)], charts: [], notes: [] }
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
      try {
        const measured = await load(gateway, { connections, seconds: bench.seconds, requests, first })
        first += measured.answers
        await checkTier(gateway, requests[first++ % requests.length])
        return measured
      } catch (error) {
        kept = null
        throw error
      }
    },
  })
  const path = paths[0] ?? ''
  const runs = [
    bareRun('bare route', get(path, sample)),
    hitRun('from Redis', 'bare route', 'whole'),
    bareRun('bare route, gzip', get(path, gzip, gzipHeaders)),
    hitRun('from Redis, stored gzip', 'bare route, gzip', 'compressed'),
  ]
  return rateTable(`${paths.length} searches in turn, each from Redis`, await alternate(runs, bench.rounds))
}

/** What Redis has, in both forms. */
interface Kept {
  whole: BenchRequest[]
  compressed: BenchRequest[]
}

async function fill(gateway: Server, paths: string[]): Promise<Kept> {
  return { whole: await expectedFrom(gateway, paths), compressed: await gzipOf(gateway, paths) }
}

/** The compressed answers as they are sent; with this they are stored so. */
async function gzipOf(gateway: Server, paths: string[]): Promise<BenchRequest[]> {
  const requests: BenchRequest[] = []
  for (const path of paths) {
    const { statusCode, headers, body } = await request(gateway.url + path, { headers: gzipHeaders })
    const bytes = Buffer.from(await body.arrayBuffer())
    if (statusCode !== 200 || headers['content-encoding'] !== 'gzip') throw new Error(`${path} is not given as gzip`)
    requests.push(get(path, bytes, gzipHeaders))
  }
  return requests
}

/** Throws unless the answer comes from Redis. */
async function checkTier(gateway: Server, next: BenchRequest | undefined): Promise<void> {
  const answer = await fetch(gateway.url + (next?.path ?? ''))
  await answer.arrayBuffer()
  const tier = answer.headers.get('cache-status')
  if (tier !== 'fanfare; hit; detail=redis') throw new Error(`an answer was to come from Redis, not as "${tier}"`)
}
