import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { airlines } from '../gateway/src/airlines/index.ts'
import type { Scenario } from '../gateway/src/schemas/simulation.ts'
import { readScenario, ScenarioError } from '../gateway/src/simulation/scenario.ts'

/** What `npm start` was asked for; `trouble`: why that cannot be, for a person to read. */
export type Asked = { help: true } | { scenario: Scenario | null } | { trouble: string }

/** Reads the command line, and the scenario that it names. */
export function readArguments(args: string[]): Asked {
  const options = { help: { type: 'boolean', short: 'h' }, scenario: { type: 'string' } } as const
  try {
    const { values } = parseArgs({ args, options })
    if (values.help) return { help: true }
    return values.scenario === undefined ? { scenario: null } : readFile(values.scenario)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { trouble: `${error.message}\nSee npm start -- --help` }
  }
}

function readFile(file: string): Asked {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { trouble: `The scenario cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
  try {
    return {
      scenario: readScenario(
        text,
        airlines.map(({ airline }) => airline.name),
      ),
    }
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    const lines = error.message.split('\n').map((line) => `  ${line}`)
    return { trouble: [`${file} cannot be played:`, ...lines].join('\n') }
  }
}
