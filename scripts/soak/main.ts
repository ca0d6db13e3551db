// npm run soak: the whole system under the chaos profile for a while, and what it looks like afterwards.
import { setTimeout as sleep } from 'node:timers/promises'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import { type Api, createApi } from '../../tests/support/api.ts'
import { createSystem, type RunningAirline, type System } from '../../tests/support/system.ts'
import { until } from '../../tests/support/until.ts'
import { createChance } from '../torture/chance.ts'
import { runClient, type Seen } from './client.ts'
import { help, readOptions, type SoakOptions } from './options.ts'
import { growth, readVitals, type Vitals } from './vitals.ts'

/**
 * Memory may grow by so much from the second third to the last. In a few minutes caches, that are bounded, still fill: only a
 * leak that is coarse shows then.
 */
const mostGrowth = (minutes: number) => (minutes < 5 ? 0.6 : 0.15)
const sampleMs = 1_000
const tellEverySamples = 10

/** How long bookings may take to come to an end, and what is open to close, once the chaos is over. */
const settleWithinMs = 120_000

const options = read()
if (options === null) console.log(help)
else process.exit(await run(options))

function read(): SoakOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exit(2)
  }
}

/** The exit code. */
async function run(chosen: SoakOptions): Promise<number> {
  const system = createSystem()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) {
    process.once(signal, () => void system.close().finally(() => process.exit(130)))
  }
  process.channel?.unref()
  try {
    const wrong = await soak(chosen, system)
    for (const what of wrong) console.error(`WRONG: ${what}`)
    console.log(wrong.length === 0 ? 'All well.' : `${wrong.length} things are wrong.`)
    return wrong.length === 0 ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.stack : error)
    return 1
  } finally {
    await system.close()
  }
}

/** What is wrong afterwards, for a person to read; [] when all is well. */
async function soak({ minutes, clients, seed }: SoakOptions, system: System): Promise<string[]> {
  const airlines = await Promise.all(
    registry.map(({ airline: { name } }) =>
      system.startAirline(name, { FANFARE_SEED: seed, FANFARE_PROFILE: 'chaos' }),
    ),
  )
  const gateway = await system.startGateway(airlines, { BOOKING_BACK_OFF_MOST_MS: '2000', BOOKING_LOOK_UP_MS: '20000' })
  const api = createApi(gateway.url)
  const before = await readVitals(gateway.url)
  console.log(`${clients} clients for ${minutes} minutes under chaos; seed ${seed}; gateway at ${gateway.url}`)

  const seen: Seen = { searches: 0, complete: 0, bookings: 0, refusals: new Map(), wrong: [] }
  const endsAt = performance.now() + minutes * 60_000
  const isOver = () => performance.now() >= endsAt
  const chance = createChance(seed)
  const work = Promise.all(
    Array.from({ length: clients }, (_, index) => {
      const own = chance.of(`client ${index}`)
      return runClient(api, () => own.share(), isOver, seen)
    }),
  )
  const samples = await watch(gateway.url, isOver, seen)
  await work

  const wrong = [...seen.wrong]
  for (const airline of airlines) await airline.setProfile('instant')
  await everyBookingEnds(api)
  for (const airline of airlines) wrong.push(...(await auditOf(airline)))
  wrong.push(...(await leftOpen(gateway.url, before)))
  const heap = growth(samples.map(({ heapBytes }) => heapBytes))
  const rss = growth(samples.map(({ rssBytes }) => rssBytes))
  console.log(`Heap ${percent(heap)}, resident memory ${percent(rss)} from the second third to the last.`)
  if (heap > mostGrowth(minutes)) wrong.push(`the heap grew by ${percent(heap)}`)
  if (rss > mostGrowth(minutes)) wrong.push(`resident memory grew by ${percent(rss)}`)
  const refusals = [...seen.refusals].sort(([, a], [, b]) => b - a).slice(0, 12)
  console.log(`Told instead of done: ${refusals.map(([what, times]) => `${times} × ${what}`).join('; ') || 'nothing'}`)
  if (seen.searches === 0 || seen.bookings === 0) wrong.push('the clients did nothing')
  return wrong
}

/** Samples until it is over, and tells every now and then. */
async function watch(url: string, isOver: () => boolean, seen: Seen): Promise<Vitals[]> {
  const samples: Vitals[] = []
  while (!isOver()) {
    await sleep(sampleMs)
    const vitals = await readVitals(url)
    samples.push(vitals)
    if (samples.length % tellEverySamples === 0) {
      const complete = ((100 * seen.complete) / Math.max(1, seen.searches)).toFixed(1)
      const [heap, rss] = [vitals.heapBytes, vitals.rssBytes].map((bytes) => (bytes / 1e6).toFixed(0))
      console.log(
        `${samples.length} s: ${seen.searches} searches (${complete} % complete), ${seen.bookings} bookings, heap ${heap} MB, resident ${rss} MB`,
      )
    }
  }
  return samples
}

function everyBookingEnds(api: Api): Promise<boolean> {
  return until(
    'every booking has come to an end',
    async () => {
      const { body } = await api.call('GET', '/v1/bookings?status=pending')
      return typeof body === 'object' && body !== null && 'bookings' in body && JSON.stringify(body.bookings) === '[]'
    },
    settleWithinMs,
  )
}

async function auditOf(airline: RunningAirline): Promise<string[]> {
  return (await airline.audit()).map((what) => `${airline.name}: ${what}`)
}

/** Timers and the like that were not open before; a few that come and go are waited for. */
async function leftOpen(url: string, before: Vitals): Promise<string[]> {
  let left: string[] = []
  const nothing = async () => {
    const now = await readVitals(url)
    left = [...now.resources].flatMap(([kind, count]) => {
      const most = (before.resources.get(kind) ?? 0) + allowance(kind)
      return count > most ? [`${count} of ${kind} are open, where ${most} would do`] : []
    })
    return left.length === 0
  }
  return until('what was opened is closed', nothing, settleWithinMs).then(
    () => [],
    () => left,
  )
}

/** Connections to airlines are kept for the next call; of everything else a handful may be in use at any moment. */
function allowance(kind: string): number {
  return kind === 'TCPSocketWrap' ? 32 * registry.length : 10
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`
}
