// Plays a scenario on the stack that runs: `node deploy/docker/chaos.ts scenarios/slow-banyan.yaml`.
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { readScenario, ScenarioError } from '../../gateway/src/simulation/scenario.ts'
import { showScenario } from '../../scripts/show-scenario.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
process.exitCode = await main(process.argv[2])

/** The exit code. */
async function main(file: string | undefined): Promise<number> {
  const token = process.env.FANFARE_SIM_TOKEN
  if (!token) {
    return fail(
      'FANFARE_SIM_TOKEN is not set, so the control plane is closed. Set it, in .env or before the command, start the stack with it (docker compose up --wait), and come again.',
    )
  }
  if (file === undefined) return fail('Name a scenario: node deploy/docker/chaos.ts scenarios/slow-banyan.yaml')
  try {
    const names = airlines.map(({ airline }) => airline.name)
    const scenario = readScenario(readFileSync(file, 'utf8'), names)
    // Always the same gateway of several: it alone knows how far the scenario is.
    const { address } = await lookup('gateway', 4)
    await showScenario({
      url: `http://${address}:8080`,
      token,
      scenario,
      signal: stop.signal,
      say: (_name, line) => console.log(line),
    })
    return 0
  } catch (error) {
    if (error instanceof ScenarioError) return fail(`${file}: ${error.message}`)
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(why: string): number {
  console.error(why)
  return 2
}
