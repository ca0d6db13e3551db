import { join } from 'node:path'
import { type Bench, gatewayEnvironment, uncached } from '../context.ts'
import { fields } from '../control.ts'
import { load, type Measured } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { type Chart, figure, type Table } from '../results.ts'
import { alternate, median, percentile } from '../rounds.ts'
import { createExpected, get, read, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const airlineCounts = [1, 2, 5, 10, 20, 50]
const offerCounts = [10, 30, 100, 300, 1000]
/** So few that what is remembered of them has room even of 50 airlines. */
const paths = searchPaths(2)
/** Of all searches, before the first is measured: an answer is recalled from the third time on, and code becomes warm. */
const warmUpRounds = 40
const warmUps = paths.map((path) => get(path, Buffer.alloc(0)))

/** What more airlines, and more offers of each, cost. */
export const growth: Part = {
  title: 'Growth',
  what: `time and CPU of a search over ${airlineCounts.join(', ')} airlines, and of ${offerCounts.join(', ')} offers from each`,
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const byAirlines: Point[] = []
    for (const count of airlineCounts) {
      const gateway = await startGrowth(bench, fleet, { BENCH_AIRLINES: `${count}` })
      await checkSources(gateway, count, null)
      byAirlines.push(await pointOf(bench, gateway, count))
    }
    const byOffers: Point[] = []
    for (const count of offerCounts) {
      const gateway = await startGrowth(bench, [], { BENCH_OFFERS: `${count}` })
      await checkSources(gateway, 5, count)
      byOffers.push(await pointOf(bench, gateway, count))
    }
    return {
      tables: [
        tableOf('Airlines: clones of the five, which ask the five services', 'airlines', byAirlines),
        tableOf('Offers of each of five airlines that answer at once, in the process', 'offers', byOffers),
      ],
      charts: [
        chartOf('growth-airlines', 'A search over more airlines', 'airlines', byAirlines),
        chartOf(
          'growth-offers',
          'A search over more offers of each of five airlines',
          'offers of each airline',
          byOffers,
        ),
      ],
      notes: [
        'One search at a time, none from the cache; time includes the airlines’, and Lotus Air’s pauses from five airlines on. The clones’ answers come back unchanged and are recalled, so what is seen is the plumbing, merging and writing of at most 50 offers; the offers of those in the process are read, held to sense and listed anew.',
      ],
    }
  },
}

interface Point {
  count: number
  measured: Measured
}

function startGrowth({ folder, start }: Bench, fleet: Server[], env: Record<string, string>): Promise<Server> {
  // With 50 airlines on one core the slowest may take longer than a search waits otherwise.
  const patient = { ...gatewayEnvironment(fleet, join(folder, 'growth')), ...uncached, SEARCH_DEADLINE_MS: '20000' }
  return start('growth', 'bench/servers/growth.ts', 0, '/health/ready', { ...patient, ...env })
}

/** Throws unless so many airlines have offers, so many each where that is known. */
async function checkSources(gateway: Server, airlines: number, offers: number | null): Promise<void> {
  const { sources } = fields(JSON.parse((await read(gateway, paths[0] ?? '')).toString()))
  if (!Array.isArray(sources) || sources.length !== airlines) throw new Error(`there are not ${airlines} airlines`)
  for (const { airline, status, offerCount, detail } of sources.map(fields)) {
    const isRight = status === 'ok' && (offers === null ? Number(offerCount) > 0 : offerCount === offers)
    if (!isRight) throw new Error(`${airline} is ${status} with ${offerCount} offers: ${detail}`)
  }
}

async function pointOf({ seconds, rounds }: Bench, gateway: Server, count: number): Promise<Point> {
  const expected = createExpected(gateway, paths)
  const measure = () => expected.with((requests) => load(gateway, { connections: 1, seconds, requests }))
  await load(gateway, { connections: 4, count: paths.length * warmUpRounds, requests: warmUps })
  const [results] = await alternate([{ name: `${count}`, measure }], rounds)
  await gateway.stop()
  if (!results) throw new Error('nothing was measured')
  return { count, measured: median(results) }
}

function tableOf(title: string, what: string, points: Point[]): Table {
  return {
    title,
    columns: [what, 'p50 ms', 'p99 ms', 'CPU µs each', `CPU µs each of ${what}`],
    rows: points.map(({ count, measured: { latencies, cpuMicros } }) => [
      String(count),
      figure(percentile(latencies, 0.5), 2),
      figure(percentile(latencies, 0.99), 2),
      figure(cpuMicros),
      figure(cpuMicros === null ? null : cpuMicros / count),
    ]),
  }
}

function chartOf(file: string, title: string, label: string, points: Point[]): Chart {
  const time = points.map(({ count, measured }) => ({ x: count, y: percentile(measured.latencies, 0.5) }))
  const cpu = points.flatMap(({ count, measured: { cpuMicros } }) =>
    cpuMicros === null ? [] : [{ x: count, y: cpuMicros / 1000 }],
  )
  return {
    file,
    title,
    x: { label, log: true, ticks: points.map(({ count }) => ({ at: count, label: String(count) })) },
    y: { label: 'ms', log: true },
    series: [
      { name: 'time, p50', points: time },
      { name: 'CPU', points: cpu },
    ],
  }
}
