// npm run torture: kills processes and loses answers while clients book, and holds every promise to what is left.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import { createApi } from '../../tests/support/api.ts'
import { createCalls } from './calls.ts'
import { createChance } from './chance.ts'
import { checkList, listBookings } from './checks.ts'
import { createLedger } from './ledger.ts'
import { help, readOptions, type TortureOptions } from './options.ts'
import { roundLine, summary } from './report.ts'
import { runRound } from './round.ts'
import { openStage, type Stage } from './stage.ts'
import { openStore, type TortureStore } from './store.ts'

/** How long anything at the end may take, in milliseconds. */
const endWithinMs = 120_000

/** How long a round may take in all, in milliseconds. */
const roundWithinMs = 300_000

const options = read()
if (options === null) console.log(help)
else process.exit(await torture(options).catch(fail))

function fail(error: unknown): number {
  console.error(error instanceof Error ? error.message : error)
  return 1
}

function read(): TortureOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exit(2)
  }
}

/** The exit code: 0 when every promise held. */
async function torture({ rounds, seed, clients, database }: TortureOptions): Promise<number> {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-torture-'))
  const store = await openStore(database)
  const stage = await openStage(folder, store.env)
  endOnSignal(stage, store)
  console.log(`Two gateways on ${store.title}; clients: ${clients}, rounds: ${rounds}, seed: ${seed}`)
  for (const { name, url } of [...stage.gateways, ...stage.airlines]) console.log(`  ${name} at ${url}`)

  const chance = createChance(seed)
  const ledger = createLedger()
  const urls = stage.gateways.map(({ url }) => url)
  const calls = createCalls(urls, chance.of('calls'), ledger.answers, ledger.violate)
  const api = createApi(urls[0] ?? '')
  const holding = new Set(
    registry.filter(({ airline }) => airline.capabilities.hold).map(({ airline }) => airline.name),
  )
  let checks = 0
  let lapsed = 0
  let bookings: Awaited<ReturnType<typeof listBookings>>['bookings'] = []
  try {
    for (let round = 1; round <= rounds && ledger.violations.size === 0; round++) {
      const killed = countOf(stage)
      const roundChance = chance.of(`round ${round}`)
      const report = await inTime(
        runRound({ stage, ledger, calls, api, holding, clients, chance: roundChance, round }),
        `round ${round}`,
      )
      checks += report.checks
      lapsed += report.lapsed
      console.log(roundLine(round, rounds, report, countOf(stage) - killed, ledger.violations.size))
    }
    const all = await listBookings(calls, AbortSignal.timeout(endWithinMs))
    checkList(ledger, all)
    bookings = all.bookings
    const listed = new Set(bookings.map(({ reference }) => reference))
    for (const { reference, key } of ledger.entries) {
      if (reference !== null && !listed.has(reference)) ledger.violate(`booking ${reference} (${key}) is lost`)
    }
  } catch (error) {
    ledger.violate(`the run broke off: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  }

  const violations = [...ledger.violations]
  const keepData = violations.length > 0
  await stage.close({ keepData })
  await store.close({ keepData })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(`\n${summary({ ledger, stage, calls, bookings, checks, lapsed })}\n`)
  if (violations.length === 0) {
    console.log(`Every promise held in ${seconds} s. Seed ${seed}.`)
    return 0
  }
  writeFileSync(join(folder, 'violations.txt'), violations.join('\n'))
  writeFileSync(join(folder, 'ledger.json'), JSON.stringify(ledger.entries, null, 2))
  writeFileSync(join(folder, 'bookings.json'), JSON.stringify(bookings, null, 2))
  const shown = violations.slice(0, 20).map((what) => `  ${what}`)
  console.log(`Promises broken: ${violations.length}, after ${seconds} s. Seed ${seed}.\n${shown.join('\n')}`)
  console.log(
    `\nIn ${folder} are databases and logs of every process, violations.txt, ledger.json (what clients were told) and bookings.json (what is so).`,
  )
  return 1
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = new AbortController()
  const tooLate = sleep(roundWithinMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`${what} did not come to an end within ${roundWithinMs / 1000} s`)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    tooLate.catch(() => {})
    late.abort()
  }
}

function countOf({ counts }: Stage): number {
  return [...counts.kills.values()].reduce((sum, times) => sum + times, 0)
}

/** Ends everything that was started when told to stop, or when who started this is gone. */
function endOnSignal(stage: Stage, store: TortureStore): void {
  const end = async (code: number) => {
    await stage.close({ keepData: false })
    await store.close({ keepData: false })
    process.exit(code)
  }
  process.once('SIGINT', () => void end(130))
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end(143))
  process.once('disconnect', () => void end(143))
  process.channel?.unref()
}
