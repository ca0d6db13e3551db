import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../../tests/support/api.ts'
import type { Calls } from './calls.ts'
import type { Chance } from './chance.ts'
import { audit, checkList, compareBooks, listBookings } from './checks.ts'
import { book, pay, read, runClient } from './client.ts'
import type { Entry, Ledger } from './ledger.ts'
import { drawFaults, type Stage } from './stage.ts'
import { openMarket } from './trips.ts'

/** What rounds are run on. */
export interface RoundOptions {
  stage: Stage
  ledger: Ledger
  calls: Calls
  api: Api
  /** Airlines that hold. */
  holding: ReadonlySet<string>
  clients: number
  /** Of this round. */
  chance: Chance
  /** From 1. */
  round: number
}

/** What is told of a round. */
export interface RoundReport {
  title: string
  entries: readonly Entry[]
  /** How long it took from the end of the work until all was well, in milliseconds. */
  recoveryMs: number
  /** Holds whose time was made to pass. */
  lapsed: number
  /** How many checks were made. */
  checks: number
}

/** How long a recovery may take, in milliseconds. */
const recoveryWithinMs = 60_000

/** How many requests the calm after the storm makes at once. */
const atOnce = 8

/** A burst of work with faults and kills, then recovery, then checks; now and then holds are left to lapse, and checked again. */
export async function runRound(options: RoundOptions): Promise<RoundReport> {
  const { stage, ledger, chance, round, api, holding } = options
  const startedAt = Date.now()
  const market = await openMarket(
    api,
    stage.airlines.map(({ name }) => name),
    chance.of('market'),
  )
  await stage.switchFaults((airline) => drawFaults(chance.of(`faults ${airline}`)))

  const over = new AbortController()
  const burstMs = chance.integer(1_800, 2_800)
  const clients = Array.from({ length: options.clients }, (_, index) =>
    runClient({ ...options, market, chance: chance.of(`client ${index}`), signal: over.signal }),
  )
  const work = async () => {
    await sleep(burstMs)
    over.abort()
    await Promise.all(clients)
    await stage.switchFaults(() => [])
    return performance.now()
  }
  const [workOverAt] = await Promise.all([work(), killAtRandom(stage, chance.of('kills'), burstMs), ...clients])
  await stage.allUp()
  const touched = () => ledger.entries.filter((entry) => entry.round === round)
  await inParallel(
    touched().filter(({ isAnswered }) => !isAnswered),
    (entry, signal) => book({ ...options, signal }, entry),
  )
  let checks = await untilAllIsWell(options, startedAt)
  const recoveryMs = performance.now() - workOverAt

  // What was answered once is answered so again, whatever became of the process that answered.
  await inParallel(touched(), (entry, signal) => book({ ...options, signal }, entry))
  let lapsed = 0
  const airline = stage.airlines.filter(({ name }) => holding.has(name))
  if (airline.length > 0 && chance.happens(0.25)) {
    lapsed = await letLapse(options, chance.pick(airline).name)
    checks += await untilAllIsWell(options, startedAt)
  }
  return { title: market.title, entries: touched(), recoveryMs, lapsed, checks: checks + touched().length }
}

/** Resolves once all that it killed is up again. */
async function killAtRandom(stage: Stage, chance: Chance, withinMs: number): Promise<void> {
  const victims = [...stage.gateways, ...stage.gateways, ...stage.airlines]
  const kills = Array.from({ length: chance.integer(1, 3) }, async (_, index) => {
    const own = chance.of(`kill ${index}`)
    await sleep(own.integer(100, withinMs + 500))
    await stage.strike(own.pick(victims), own.integer(0, 300))
  })
  await Promise.all(kills)
}

/** Waits until nothing is pending and all books agree; what does not come to agree in time is a violation. Gives the number of checks. */
async function untilAllIsWell(options: RoundOptions, since: number): Promise<number> {
  const { stage, ledger, calls, round } = options
  const signal = AbortSignal.timeout(recoveryWithinMs)
  const deadline = performance.now() + recoveryWithinMs
  let trouble: string[] = []
  do {
    const pending = await listBookings(calls, signal, { status: 'pending' })
    trouble = pending.bookings.map(({ reference, history }) => {
      const last = history.at(-1)
      return `booking ${reference} is still pending: ${last?.event}, ${last?.detail}`
    })
    if (trouble.length === 0) {
      const list = await listBookings(calls, signal, { since })
      checkList(ledger, list)
      const listed = new Set(list.bookings.map(({ reference }) => reference))
      const others = ledger.entries.filter((entry) => entry.round === round && !listed.has(entry.reference ?? ''))
      await inParallel(others, (entry) => read({ ...options, signal }, entry))
      trouble = await compareBooks(stage.airlines, ledger.entries)
    }
    if (trouble.length > 0) await sleep(150)
  } while (trouble.length > 0 && performance.now() < deadline)
  for (const what of [...trouble, ...(await audit(stage.airlines))]) ledger.violate(what)
  for (const { key, isAnswered } of ledger.entries) if (!isAnswered) ledger.violate(`key ${key} is never answered`)
  return stage.airlines.length
}

/** Makes the time of every hold of an airline pass; whoever then wants to pay is told so, and nothing of the booking stays. */
async function letLapse(options: RoundOptions, name: string): Promise<number> {
  const { stage, ledger, round } = options
  const airline = stage.airlines.find((one) => one.name === name)
  const held = ledger.entries.filter(
    ({ settled, latest }) => settled?.status === 'held' && latest?.orders.some((order) => order.airline === name),
  )
  if (!airline || held.length === 0) return 0
  const times = (await airline.orders()).flatMap(({ status, payBy }) => (status === 'held' && payBy ? [payBy] : []))
  await airline.advanceClock(Math.max(0, Math.max(...times) - (await airline.now())) + 1)
  // The audit makes the airline let go of what is overdue; a new process has the real time again.
  for (const what of await audit(stage.airlines)) ledger.violate(what)
  for (const entry of held) entry.mayLapse = true
  await stage.strike(airline, 0)
  await inParallel(held, (entry, signal) => pay({ ...options, round, signal }, entry))
  await inParallel(held, (entry, signal) => read({ ...options, signal }, entry))
  for (const { reference, settled } of held) {
    if (settled?.status === 'confirmed') ledger.violate(`booking ${reference} was paid after its hold had lapsed`)
  }
  return held.length
}

async function inParallel<T>(items: readonly T[], act: (item: T, signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = AbortSignal.timeout(recoveryWithinMs)
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of waiting) await act(item, signal)
    }),
  )
}
