import { availableParallelism } from 'node:os'
import type { Bench } from '../context.ts'
import { uncached } from '../context.ts'
import { load } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { createExpected, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const connections = 32

/** One gateway process against two, each on a core, behind a client that goes to each in turn. */
export const processes: Part = {
  title: 'Two gateway processes',
  what: 'one gateway process against two on two cores, cached and fanned out',
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const tables = [
      await compare(bench, fleet, { title: 'Cached searches', days: 2, env: { SEARCH_FRESH_MS: '3600000' } }),
      await compare(bench, fleet, { title: 'Uncached searches, airline answers recalled', days: 10, env: uncached }),
    ]
    const cores = availableParallelism()
    const notes =
      cores > 3
        ? []
        : [
            `There are ${cores} cores: the generator and the airlines share one with the second gateway, so less than twice is to be had.`,
          ]
    return { tables, charts: [], notes }
  },
}

interface Comparison {
  title: string
  days: number
  env: Record<string, string>
}

async function compare(bench: Bench, fleet: Server[], { title, days, env }: Comparison) {
  const { seconds, rounds } = bench
  const one = await bench.startGateway(fleet, env, 0)
  const two = await bench.startGateway(fleet, env, 1)
  const paths = searchPaths(days)
  const expected = createExpected(one, paths)
  const runOn = (name: string, gateways: Server[]): Run => ({
    name,
    measure: () => expected.with((requests) => load(gateways, { connections, seconds, requests })),
  })
  await expected.with((requests) => load([one, two], { connections: 2, count: requests.length * 2, requests }))
  const table = rateTable(
    title,
    await alternate([runOn('one process', [one]), runOn('two processes', [one, two])], rounds),
  )
  await Promise.all([one.stop(), two.stop()])
  return table
}
