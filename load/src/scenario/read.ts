import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Compile } from 'typebox/compile'
import { Clone, Default } from 'typebox/value'
import { parse, YAMLParseError } from 'yaml'
import { parseObjective } from '../objectives.ts'
import { UsageError } from '../usage-error.ts'
import { Scenario } from './schema.ts'

const folder = new URL('../../scenarios/', import.meta.url).pathname
const validator = Compile(Scenario)

/** Names of the scenarios that come along, sorted. */
export function scenarioNames(): string[] {
  return readdirSync(folder)
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** Reads a scenario by name or from a YAML or JSON file, unchecked; throws UsageError. */
export function loadScenario(nameOrFile: string): unknown {
  const file = scenarioNames().includes(nameOrFile) ? join(folder, `${nameOrFile}.yaml`) : nameOrFile
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UsageError(`There is no scenario ${nameOrFile}: name a file, or one of ${scenarioNames().join(', ')}`)
  }
  try {
    return parse(text) ?? {}
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UsageError(`${nameOrFile}: ${error.message}`)
    throw error
  }
}

/** The scenario with its defaults filled in; throws UsageError naming every wrong field. */
export function checkScenario(value: unknown): Scenario {
  const filled = Default(Scenario, Clone(value))
  if (!validator.Check(filled)) {
    const faults = validator.Errors(filled).map(({ instancePath, message, params }) => {
      const extra = 'additionalProperties' in params ? ` (${params.additionalProperties})` : ''
      return `  ${instancePath || '/'} ${message}${extra}`
    })
    throw new UsageError(`The scenario is wrong:\n${[...new Set(faults)].join('\n')}`)
  }
  const { daysAhead, return: back, parties, slo } = filled
  if (daysAhead.least > daysAhead.most) throw new UsageError('/daysAhead/least is more than /daysAhead/most')
  if (back.leastDays > back.mostDays) throw new UsageError('/return/leastDays is more than /return/mostDays')
  for (const [index, { adults, children, infants }] of parties.entries()) {
    if (adults + children + infants > 9) throw new UsageError(`/parties/${index} is more than nine passengers`)
    if (infants > adults) throw new UsageError(`/parties/${index} has more infants than adults`)
  }
  for (const objective of slo) parseObjective(objective)
  return filled
}
