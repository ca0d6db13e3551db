// npm run resilience: what searches get while one airline misbehaves, with the gateway's policies and without.
import { airlines as registry } from '../../gateway/src/airlines/index.ts'
import { createSystem, type Running, type RunningAirline, type System } from '../../tests/support/system.ts'
import { measure, type Outcome } from './measure.ts'
import { help, type ResilienceOptions, readOptions } from './options.ts'
import { questions } from './questions.ts'
import { machineLine, tableHead, tableRow } from './report.ts'
import { type Trouble, troubles } from './troubles.ts'
import { findTruth } from './truth.ts'

/** How every airline answers while nothing is wrong: as fast services on a network do. */
const usualLatency = { '*': { medianMs: 40, p99Ms: 120, maxMs: 400 } }

/** Searches that are asked before a measurement, so that the gateway knows how its airlines usually answer. */
const warmUp = 100

/** A gateway that asks its airlines anew for every search. */
const uncached = { SEARCH_FRESH_MS: '0', SEARCH_STALE_MS: '0' }

const options = read()
if (options === null) console.log(help)
else process.exit(await run(options))

function read(): ResilienceOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exit(2)
  }
}

/** The exit code. */
async function run(chosen: ResilienceOptions): Promise<number> {
  const system = createSystem()
  const close = () => system.close()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) {
    process.once(signal, () => void close().finally(() => process.exit(130)))
  }
  process.channel?.unref()
  try {
    return await compare(chosen, system)
  } catch (error) {
    console.error(error instanceof Error ? error.stack : error)
    return 1
  } finally {
    await close()
  }
}

async function compare(chosen: ResilienceOptions, system: System): Promise<number> {
  const { airline, searches, perSecond, seed, only } = chosen
  const wanted = troubles.filter(({ name }) => only === null || name.includes(only))
  console.log(
    `${searches} searches at ${perSecond} a second for each row, policies on and off; ${airline} misbehaves; seed ${seed}`,
  )
  console.log(`${machineLine()}\nFinding the truth …`)
  const names = registry.map(({ airline: { name } }) => name)
  const airlines = await Promise.all(
    names.map((name) => system.startAirline(name, { FANFARE_SEED: seed, [`${name.toUpperCase()}_RATE_LIMIT`]: '0' })),
  )
  const victim = airlines.find(({ name }) => name === airline)
  if (!victim) throw new Error(`${airline} was not started`)
  // What is offered depends on the time; it stands still from here on.
  for (const one of airlines) await one.freezeClock(true)
  const asked = questions(warmUp + searches)
  const plain = await system.startGateway(airlines, uncached)
  const truth = await findTruth(plain.url, names, asked)
  await plain.stop()
  for (const one of airlines) await one.setLatency(usualLatency)

  let isGood = true
  console.log(`\n${tableHead}`)
  for (const trouble of wanted) {
    const outcomes: Outcome[] = []
    for (const policies of ['on', 'off']) {
      const gateway = await system.startGateway(airlines, { ...uncached, AIRLINE_POLICIES: policies })
      outcomes.push(await under(trouble, victim, gateway))
      await gateway.stop()
    }
    const [on, off] = outcomes
    if (!on || !off) continue
    console.log(tableRow({ trouble: trouble.name, on, off }))
    for (const example of [...on.examples, ...off.examples]) console.error(`  ${example}`)
    if (on.failed > 0 || on.wrong > 0 || off.wrong > 0) isGood = false
  }
  return isGood ? 0 : 1

  async function under(trouble: Trouble, airlineInTrouble: RunningAirline, gateway: Running): Promise<Outcome> {
    await measure(gateway.url, asked.slice(0, warmUp), perSecond, truth)
    await trouble.begin(airlineInTrouble)
    try {
      return await measure(gateway.url, asked.slice(warmUp), perSecond, truth)
    } finally {
      await trouble.end?.(airlineInTrouble)
      await airlineInTrouble.setFaults([])
    }
  }
}
