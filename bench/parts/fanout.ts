import { join } from 'node:path'
import { type Bench, gatewayEnvironment, uncached } from '../context.ts'
import { load } from '../load-task.ts'
import type { Server } from '../processes.ts'
import type { Table } from '../results.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { createExpected, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

/** Enough to keep a core busy: Lotus Air asks to be asked again after 25 ms, several times, so that a search takes longer than its work. */
const connections = 64

/** Rounds before the first that counts: a server runs for days, and its code is compiled to the end only after a thousand searches. */
const warmUps = 5

/** The same fan-out written by hand twice. */
const byHandPrograms = [
  { name: 'Express 5 + axios by hand', program: 'bench/servers/by-hand-express.ts' },
  { name: 'Fastify + fetch by hand', program: 'bench/servers/by-hand-fastify.ts' },
] as const

/** Searches that no cache answers, against the same by hand. */
export const fanout: Part = {
  title: 'Uncached fan-out to five airlines, which answer at once',
  what: 'uncached fan-out to five airlines against Express 5 + axios and Fastify + fetch by hand',
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const tables = [
      await compare(bench, fleet, 20, 'again and again: most airline answers come back unchanged and are recalled'),
      await compare(bench, fleet, 300, 'in turn: more than are remembered, so every airline answer is read anew'),
    ]
    return { tables, charts: [], notes: [] }
  },
}

async function compare(bench: Bench, fleet: Server[], days: number, how: string): Promise<Table> {
  const { start, folder, seconds, rounds } = bench
  const gateway = await bench.startGateway(fleet, uncached)
  const env = gatewayEnvironment(fleet, join(folder, 'by-hand'))
  const byHand = await Promise.all(
    byHandPrograms.map(async ({ name, program }) => ({ name, server: await start(name, program, 0, '/health', env) })),
  )
  const paths = searchPaths(days)
  const expected = createExpected(byHand[1]?.server ?? gateway, paths)
  const runOf = (name: string, server: Server): Run => {
    // Goes on where the last round stopped, so that a round is no shorter circle than the list.
    let first = 0
    return {
      name,
      measure: () =>
        expected.with(async (requests) => {
          const measured = await load(server, { connections, seconds, requests, first })
          first += measured.answers
          return measured
        }),
    }
  }
  // Every search once, so that what is recalled is there from the first round on.
  await expected.with((requests) => load(gateway, { connections, count: requests.length, requests }))
  const runs = [...byHand.map(({ name, server }) => runOf(name, server)), runOf('uncached search', gateway)]
  const table = rateTable(`${paths.length} searches ${how}`, await alternate(runs, rounds, warmUps))
  await Promise.all([gateway, ...byHand.map(({ server }) => server)].map((server) => server.stop()))
  return table
}
