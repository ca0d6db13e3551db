import { join } from 'node:path'
import { availabilityRequests } from '../airline-requests.ts'
import { type Bench, gatewayEnvironment, uncached } from '../context.ts'
import { fields } from '../control.ts'
import { load, loadOpen, type OpenMeasured, type OpenTask } from '../load-task.ts'
import { freePort, type Server } from '../processes.ts'
import { type Cell, type Chart, figure, type PartResult, type Table } from '../results.ts'
import { percentile } from '../rounds.ts'
import { dateAhead, expectedFrom, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const rates = [100, 300, 500]
const delayMs = 50
/**
 * Airlines that are not to be the slowest: Lotus Air is asked several times for one search, with pauses between, and of Nilgiri, an old
 * host with few sessions, the gateway asks at most 12 things at once, which at 50 ms each would end at 240 searches a second.
 */
const quickMs = new Map([
  ['lotus', 1],
  ['nilgiri', 10],
])
/** So many days of five routes that none is asked again while it is being answered, as who asks alike shares; the gateway can recall all. */
const days = 20
/** Of all searches, before the first is measured: an airline's answer is recalled from the third time on. */
const warmUpRounds = 20
const warmUpSeconds = 1
const shares = [0.5, 0.99, 0.999]
const chartShares = [0.5, 0.9, 0.99, 0.999]

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
    const found: Found[] = []
    for (const perSecond of rates) found.push(...(await measureAt(bench, fleet, perSecond)))
    return resultOf(found)
  },
}

/** At each rate all begin anew, so that none suffers from what an earlier rate has left, and no replayed offer expires. */
async function measureAt(bench: Bench, fleet: Server[], perSecond: number): Promise<Found[]> {
  const replay = await startReplay(bench, fleet)
  const subjects = await startSubjects(bench, replay.airlines)
  const found = subjects.map(({ name }): Found => ({ name, perSecond, rounds: [] }))
  const asked = await replay.asked()
  for (let round = 0; round < bench.rounds; round++) {
    for (const [index, { name, server, groups }] of subjects.entries()) {
      const seconds = bench.isFull ? 20 : bench.seconds * 2
      const servers = server ? [server] : []
      // Whoever was overloaded in the round before has come to rest when it answers completely.
      for (const one of servers) await expectedFrom(one, searchPaths(1))
      const task: OpenTask = { groups, perSecond, seconds, warmUpSeconds, seed: perSecond + round }
      found[index]?.rounds.push(await loadOpen(servers, name, task))
    }
  }
  const more = (await replay.asked()) - asked
  if (more > 0) throw new Error(`the replay had to ask airlines ${more} times while it was to answer from memory`)
  const servers = subjects.flatMap(({ server }) => server ?? [])
  await Promise.all([...servers, replay.server].map((server) => server.stop()))
  return found
}

/** Airlines that answer from memory. */
interface Replay {
  server: Server
  airlines: Server[]
  /** How often it has asked the airlines themselves. */
  asked(): Promise<number>
}

/** The airlines behind a replay that holds every answer back. */
async function startReplay({ start }: Bench, fleet: Server[]): Promise<Replay> {
  const ports = await Promise.all(fleet.map(freePort))
  const stands = fleet.map(({ name, url }, index) => ({
    url,
    port: ports[index] ?? 0,
    delayMs: quickMs.get(name) ?? delayMs,
  }))
  const server = await start('replay', 'bench/servers/replay.ts', 1, '/', { BENCH_REPLAY: JSON.stringify(stands) })
  return {
    server,
    airlines: fleet.map(({ name }, index) => ({ ...server, name, url: `http://127.0.0.1:${ports[index]}` })),
    asked: async () => Number(fields(await (await fetch(server.url)).json()).asked),
  }
}

async function startSubjects(bench: Bench, slow: Server[]): Promise<Subject[]> {
  const env = gatewayEnvironment(slow, join(bench.folder, 'by-hand'))
  const byHand = await bench.start(names.byHand, 'bench/servers/by-hand-express.ts', 0, '/health', env)
  const gateway = await bench.startGateway(slow, uncached)
  const requests = await expectedFrom(byHand, searchPaths(days))
  // Everything that the airlines answer is known to the replay now; the gateway is warmed up like the other.
  const count = requests.length * warmUpRounds
  for (const server of [gateway, byHand]) await load(server, { connections: 32, count, requests })
  return [
    { name: names.airlines, server: null, groups: await airlineGroups(slow) },
    ...[
      { name: names.fanfare, server: gateway },
      { name: names.byHand, server: byHand },
    ].map(({ name, server }) => ({
      name,
      server,
      groups: requests.map((request) => [{ url: server.url, request }]),
    })),
  ]
}

const names = { airlines: 'the airlines themselves', fanfare: 'Fanfare', byHand: 'Express 5 + axios by hand' }

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
  rounds: OpenMeasured[]
}

/** All rounds of one subject at one rate together: a rare latency needs many answers to be seen. */
function together({ rounds }: Found, which: 'latencies' | 'lags' = 'latencies'): Float64Array {
  return Float64Array.from(rounds.flatMap((round) => [...round[which]])).sort()
}

function sumOf({ rounds }: Found, of: (round: OpenMeasured) => number | null): number {
  return rounds.reduce((sum, round) => sum + (of(round) ?? Number.NaN), 0)
}

/** From this p99 on a generator is too late for its latencies to be a server's. */
const mostLagMs = 10

/** Below this share of the rate a subject has answered too slowly to keep up. */
const keptUp = 0.9

/** Whether searches failed, or the last answer came so long after the last search was due that the rate was not kept up. */
function isSaturated(one: Found): boolean {
  const seconds = sumOf(one, ({ answers, perSecond }) => answers / perSecond)
  return failedOf(one) > 0 || sumOf(one, ({ answers }) => answers) / seconds < keptUp * one.perSecond
}

function failedOf(one: Found): number {
  return sumOf(one, ({ failed }) => failed)
}

function resultOf(found: Found[]): PartResult {
  const failures = found.flatMap(({ name, perSecond, rounds }) => {
    const first = rounds.find(({ firstFailed }) => firstFailed !== null)?.firstFailed
    return first ? [`First failure of ${name} at ${perSecond} a second: ${first}`] : []
  })
  const late = found
    .filter((one) => percentile(together(one, 'lags'), 0.99) > mostLagMs)
    .map(({ name, perSecond }) => `${name} at ${perSecond}`)
  const starved = `The generator was late by more than ${mostLagMs} ms for ${late.join(', ')}: these lines say more of its core than of a server.`
  return {
    tables: rates.map((rate) => tableOf(found, rate)),
    charts: rates.map((rate) => chartOf(found, rate)),
    notes: [note, ...(late.length > 0 ? [starved] : []), ...failures],
  }
}

function tableOf(found: Found[], perSecond: number): Table {
  const those = found.filter((one) => one.perSecond === perSecond)
  const [floor] = those
  // Over airlines that were not themselves asked in time there is nothing to be said of what is added.
  const added = (one: Found, share: number) =>
    percentile(together(one), share) - (floor && !isSaturated(floor) ? percentile(together(floor), share) : Number.NaN)
  const byHand = those.find(({ name }) => name === names.byHand)
  return {
    title: `${perSecond} searches a second; milliseconds from when each was due, and what is added to the airlines’ own`,
    columns: [
      '',
      ...shares.map(shareName),
      ...shares.map((share) => `+ ${shareName(share)}`),
      '+ p99 ratio',
      'CPU µs each',
      'of a core',
      'sent late p99',
      'searches',
      'failed',
    ],
    rows: those.map((one): Cell[] => {
      const { name, rounds } = one
      const isServer = one !== floor
      const micros = sumOf(one, ({ cpuMicros }) => cpuMicros) / rounds.length
      const busy = sumOf(one, (round) => (round.cpuMicros ?? Number.NaN) * round.perSecond) / rounds.length / 1e6
      return [
        isSaturated(one) ? `${name} (saturated)` : name,
        ...shares.map((share) => figure(percentile(together(one), share), 2)),
        ...shares.map((share) => (isServer ? figure(added(one, share), 2) : '')),
        isServer ? figure(added(one, 0.99) / (byHand ? added(byHand, 0.99) : Number.NaN), 2) : '',
        isServer ? figure(micros) : '',
        isServer ? figure(busy, 2) : '',
        figure(percentile(together(one, 'lags'), 0.99), 2),
        figure(sumOf(one, ({ answers }) => answers)),
        figure(failedOf(one)),
      ]
    }),
  }
}

const note = [
  `The airlines are stood in for by a replay of their own answers, which takes ${delayMs} ms for each (${quickMs.get('lotus')} ms for each of Lotus Air’s several; ${quickMs.get('nilgiri')} ms for Nilgiri, an old host, of which the gateway asks at most 12 things at once: at ${delayMs} ms it would carry ${(12 * 1000) / delayMs} searches a second), so that neither side waits for an airline’s work.`,
  `An airline’s answer is the same bytes each time, so Fanfare recalls what it read of it; what reading anew costs is in the fan-out. ${days * 5} searches come in turn, so that only one that takes longer than ${(days * 5 * 1000) / Math.max(...rates)} ms at the highest rate is asked for again meanwhile and shared.`,
  'The first line asks the four airlines at once without anything between.',
  '“Sent late” is how much later than due the generator, which shares a core with the replay, sent a request: a latency in the order of it is the generator’s, not the server’s.',
  'Answers with other offers than by hand end the run. A search that is refused, answered incompletely or not within 10 s counts as failed and as never answered: a percentile that falls among these is a dash. Saturated: some failed, or answers came at less than 0.9 of the rate.',
].join(' ')

function chartOf(found: Found[], perSecond: number): Chart {
  return {
    file: `latency-${perSecond}`,
    title: `Latency at ${perSecond} searches a second`,
    x: {
      label: 'percentile',
      log: true,
      ticks: chartShares.map((share) => ({ at: 1 / (1 - share), label: shareName(share) })),
    },
    y: { label: 'ms', log: true },
    series: found
      .filter((one) => one.perSecond === perSecond)
      .map((one) => {
        const latencies = together(one)
        const points = chartShares.map((share) => ({ x: 1 / (1 - share), y: percentile(latencies, share) }))
        return { name: one.name, points: points.filter(({ y }) => Number.isFinite(y)) }
      }),
  }
}

function shareName(share: number): string {
  return `p${Number((share * 100).toFixed(1))}`
}
