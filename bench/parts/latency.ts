import { join } from 'node:path'
import { availabilityRequests } from '../airline-requests.ts'
import { type Bench, gatewayEnvironment, uncached } from '../context.ts'
import { load, type Measured, type OpenTask, run } from '../load-task.ts'
import { freePort, type Server } from '../processes.ts'
import { type Chart, figure, type PartResult, type Table } from '../results.ts'
import { percentile } from '../rounds.ts'
import { dateAhead, expectedFrom, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const rates = [100, 300, 500]
const delayMs = 50
/** Lotus Air is asked several times for one search: each answer comes sooner, so that it is not the slowest. */
const lotusDelayMs = 1
const days = 4
const shares = [0.5, 0.9, 0.99, 0.999]

/** Somebody who is asked at a rate. */
interface Subject {
  name: string
  /** Whose CPU time counts; null: the airlines alone are asked. */
  server: Server | null
  groups: OpenTask['groups']
}

/** What the gateway adds to its slowest airline. */
export const latency: Part = {
  title: 'Latency over the slowest airline, open loop',
  what: `latency over airlines that take ${delayMs} ms, at ${rates.join(', ')} searches a second, against Express 5 + axios`,
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const slow = await startReplay(bench, fleet)
    const subjects = await startSubjects(bench, slow)
    const found: Found[] = []
    for (const perSecond of rates) {
      for (let round = 0; round < bench.rounds; round++) {
        for (const { name, server, groups } of subjects) {
          const seconds = bench.isFull ? 20 : bench.seconds * 2
          const task: OpenTask = { groups, perSecond, seconds, seed: perSecond + round }
          const measured = await run(server ? [server] : [], 'open-loop', task)
          if (server?.name !== byHandName && measured.wrong > 0)
            throw new Error(
              `${name}: ${measured.wrong} of ${measured.answers} answers were wrong, first ${measured.firstWrong}`,
            )
          add(found, { name, perSecond }, measured)
        }
      }
    }
    return resultOf(found)
  },
}

const byHandName = 'by hand'

/** The airlines behind a replay that holds every answer back. */
async function startReplay({ start }: Bench, fleet: Server[]): Promise<Server[]> {
  const ports = await Promise.all(fleet.map(freePort))
  const stands = fleet.map(({ name, url }, index) => ({
    url,
    port: ports[index] ?? 0,
    delayMs: name === 'lotus' ? lotusDelayMs : delayMs,
  }))
  const replay = await start('replay', 'bench/servers/replay.ts', 1, '/', { BENCH_REPLAY: JSON.stringify(stands) })
  return fleet.map(({ name }, index) => ({ ...replay, name, url: `http://127.0.0.1:${ports[index]}` }))
}

async function startSubjects(bench: Bench, slow: Server[]): Promise<Subject[]> {
  const env = gatewayEnvironment(slow, join(bench.folder, 'by-hand'))
  const byHand = await bench.start(byHandName, 'bench/servers/by-hand-express.ts', 0, '/health', env)
  const gateway = await bench.startGateway(slow, uncached)
  const requests = await expectedFrom(byHand, searchPaths(days))
  // Everything that the airlines answer is known to the replay now; the gateway is warmed up like the other.
  for (const server of [gateway, byHand]) await load(server, { connections: 16, count: 800, requests })
  return [
    { name: 'the airlines themselves', server: null, groups: await airlineGroups(slow) },
    ...[
      { name: 'Fanfare', server: gateway },
      { name: 'Express 5 + axios by hand', server: byHand },
    ].map(({ name, server }) => ({
      name,
      server,
      groups: requests.map((request) => [{ url: server.url, request }]),
    })),
  ]
}

/** What the gateway's connectors ask of the four airlines, without a gateway. */
async function airlineGroups(slow: Server[]): Promise<OpenTask['groups']> {
  const four = slow.filter(({ name }) => name !== 'lotus')
  const asked = await Promise.all(four.map(({ name, url }) => availabilityRequests(name, url, dateAhead)))
  const groups = asked.map((requests) => requests ?? [])
  return (groups[0] ?? []).map((_, index) =>
    groups.flatMap((requests, place) => {
      const [server, request] = [four[place], requests[index]]
      return server && request ? [{ url: server.url, request }] : []
    }),
  )
}

interface Found {
  name: string
  perSecond: number
  rounds: Measured[]
}

function add(found: Found[], { name, perSecond }: Pick<Found, 'name' | 'perSecond'>, measured: Measured): void {
  const known = found.find((one) => one.name === name && one.perSecond === perSecond)
  if (known) known.rounds.push(measured)
  else found.push({ name, perSecond, rounds: [measured] })
}

/** All rounds of one subject at one rate together: a rare latency needs many answers to be seen. */
function together({ rounds }: Found): Float64Array {
  return Float64Array.from(rounds.flatMap(({ latencies }) => [...latencies])).sort()
}

function resultOf(found: Found[]): PartResult {
  const tables = rates.map((perSecond): Table => {
    const those = found.filter((one) => one.perSecond === perSecond)
    const [floor = new Float64Array()] = those.map(together)
    return {
      title: `${perSecond} searches a second; milliseconds from when each was due, and what is added to the airlines’ own`,
      columns: ['', ...shares.map(shareName), ...shares.map((share) => `+ ${shareName(share)}`), 'answers', 'failed'],
      rows: those.map((one) => {
        const latencies = together(one)
        const failed = one.rounds.reduce((sum, { wrong }) => sum + wrong, 0)
        return [
          one.name,
          ...shares.map((share) => figure(percentile(latencies, share), 2)),
          ...shares.map((share) => figure(percentile(latencies, share) - percentile(floor, share), 2)),
          figure(latencies.length),
          figure(failed),
        ]
      }),
    }
  })
  return { tables, charts: rates.map((rate) => chartOf(found, rate)), notes: [note] }
}

const note = `The airlines are stood in for by a replay of their own answers, which takes ${delayMs} ms for each (${lotusDelayMs} ms for each of Lotus Air’s several), so that neither side waits for an airline’s work. The first line asks the four at once without anything between. A search that is answered incompletely or not within 10 s counts as failed: of Fanfare none may.`

function chartOf(found: Found[], perSecond: number): Chart {
  return {
    file: `latency-${perSecond}`,
    title: `Latency at ${perSecond} searches a second`,
    x: {
      label: 'percentile',
      log: true,
      ticks: shares.map((share) => ({ at: 1 / (1 - share), label: shareName(share) })),
    },
    y: { label: 'ms', log: true },
    series: found
      .filter((one) => one.perSecond === perSecond)
      .map((one) => {
        const latencies = together(one)
        const points = shares.map((share) => ({ x: 1 / (1 - share), y: percentile(latencies, share) }))
        return { name: one.name, points }
      }),
  }
}

function shareName(share: number): string {
  return `p${Number((share * 100).toFixed(1))}`
}
