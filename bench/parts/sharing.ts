import { join } from 'node:path'
import { gatewayEnvironment } from '../context.ts'
import { airlineNames, searchRequests } from '../control.ts'
import { type BenchRequest, load, type Measured } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { expectedFrom, get, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

/** Searches in one round of each kind. */
const perRound = 120
/** Enough to keep a core busy: Lotus Air asks to be asked again after 25 ms, so that a search takes longer than its work. */
const connections = 32
/** Of a stampede: so many at once on one key, on so many keys one after the other. */
const crowd = 200
const keys = 8

/** Searches that are not asked for again: a server runs for days, and its code is compiled to the end only after a thousand. */
const warmUps = searchPaths(300).map((path) => get(`${path}&adults=2`, Buffer.alloc(0)))

/** What the cache and the sharing of work save. */
export const sharing: Part = {
  title: 'What is shared',
  what: 'one airline missing in the cache and four in it, and a stampede on one search, against the cold path',
  async measure(bench) {
    const fleet = await bench.startAirlines()
    const gateway = await bench.startGateway(fleet)
    const env = gatewayEnvironment(fleet, join(bench.folder, 'by-hand'))
    const byHand = await bench.start('by hand', 'bench/servers/by-hand-fastify.ts', 0, '/health', env)
    const paths = createPaths()
    await load(gateway, { connections, count: warmUps.length, requests: warmUps })
    const runs: Run[] = [
      { name: 'cold', measure: () => cold(gateway, byHand, paths) },
      { name: 'four airlines cached, one not', measure: () => oneMissing(gateway, byHand, paths) },
      { name: `stampedes of ${crowd} on one search`, measure: () => stampede(gateway, byHand, fleet, paths) },
    ]
    const results = await alternate(runs, bench.rounds)
    const notes = [
      'Every search is of a day that was not asked for before. The airline that is missing is each of the five in turn. Of a stampede each airline was asked exactly as often as for one such search by hand.',
    ]
    return { tables: [rateTable('Searches that airlines are asked for', results)], charts: [], notes }
  },
}

/** Searches that nobody has asked for yet. */
function createPaths() {
  const all = searchPaths(315)
  let next = 0
  return {
    take(count: number): string[] {
      const taken = all.slice(next, next + count)
      if (taken.length < count) throw new Error('there are no more days to search: take fewer rounds')
      next += count
      return taken
    },
  }
}

type Paths = ReturnType<typeof createPaths>

async function cold(gateway: Server, byHand: Server, paths: Paths): Promise<Measured> {
  const requests = await expectedFrom(byHand, paths.take(perRound))
  return load(gateway, { connections, count: perRound, requests })
}

async function oneMissing(gateway: Server, byHand: Server, paths: Paths): Promise<Measured> {
  const requests = await expectedFrom(byHand, paths.take(perRound))
  const ready = requests.map(({ path }, index) => {
    const others = airlineNames.filter((_, place) => place !== index % airlineNames.length)
    return get(`${path}&airlines=${others.join(',')}`, Buffer.alloc(0))
  })
  await load(gateway, { connections, count: ready.length, requests: ready })
  return load(gateway, { connections, count: requests.length, requests })
}

async function stampede(gateway: Server, byHand: Server, fleet: Server[], paths: Paths): Promise<Measured> {
  // By hand each search asks each airline once: what a stampede on the same searches may cost at most.
  const alone = await counted(fleet, () => expectedFrom(byHand, paths.take(keys)))
  const requests = alone.result
  const crowds = requests.flatMap((one): BenchRequest[] => Array.from({ length: crowd }, () => one))
  const stampeded = await counted(fleet, () =>
    load(gateway, { connections: crowd, count: crowds.length, requests: crowds }),
  )
  for (const [airline, count] of stampeded.counts) {
    const wanted = alone.counts.get(airline)
    if (count !== wanted) throw new Error(`${airline} was asked ${count} times in stampedes, not ${wanted}`)
  }
  return stampeded.result
}

/** Does something, and says how many search requests each airline was asked meanwhile. */
async function counted<T>(fleet: Server[], work: () => Promise<T>) {
  const before = await searchRequests(fleet)
  const result = await work()
  const after = await searchRequests(fleet)
  const counts = new Map([...after].map(([airline, count]) => [airline, count - (before.get(airline) ?? 0)]))
  return { result, counts }
}
