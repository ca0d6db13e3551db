import { Ajv, type ErrorObject } from 'ajv'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { BrownOut, FaultSwitch, OperationLatency, Scenario, ScenarioStep } from '../schemas/simulation.ts'
import { checkBrownOut, checkLatency, type Wrong } from './checks.ts'

/** A scenario that cannot be played; the message names each field that is wrong, with its line where there is one. */
export class ScenarioError extends Error {
  override name = 'ScenarioError'
  readonly wrong: readonly Wrong[]

  constructor(lines: readonly string[], wrong: readonly Wrong[]) {
    super(lines.join('\n'))
    this.wrong = wrong
  }
}

/** Most errors that are named at once. */
const mostErrors = 20

const ajv = new Ajv({ allErrors: true, useDefaults: true, validateSchema: false })
for (const part of [FaultSwitch, OperationLatency, BrownOut, ScenarioStep]) ajv.addSchema(part)

/** Compiled when it is first needed: most starts play no scenario. */
const isScenario = (value: unknown): value is Scenario => ajv.validate<Scenario>(Scenario, value)

/** Reads a scenario from YAML, of which JSON is a part; `airlines` are the names that it may use. Throws ScenarioError. */
export function readScenario(text: string, airlines: readonly string[]): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ message, pos: [at] }) => `line ${lines.linePos(at).line}: ${message}`)
    throw new ScenarioError(errors.slice(0, mostErrors), [{ path: '', message: errors[0] ?? 'is no YAML' }])
  }
  const value = toValue(document)
  const wrong = checkScenario(value, airlines)
  if (wrong.length === 0 && isScenario(value)) return value
  const described = wrong.slice(0, mostErrors).map(({ path, message }) => {
    const line = lineOf(document, lines, path)
    return `${line === null ? '' : `line ${line}: `}${path === '' ? 'the scenario' : path} ${message}`
  })
  throw new ScenarioError(described, wrong)
}

/** What is wrong with a value that should be a scenario; [] when it can be played. Fills in what was left out. */
export function checkScenario(value: unknown, airlines: readonly string[]): Wrong[] {
  if (!isScenario(value)) return (ajv.errors ?? []).map(describe)
  return value.steps.flatMap((step, index) => checkStep(step, `/steps/${index}`, airlines))
}

function checkStep(step: ScenarioStep, path: string, airlines: readonly string[]): Wrong[] {
  const { airline, latency, faults, brownOut, profile, stop } = step
  const wrong: Wrong[] = []
  if (airline !== '*' && !airlines.includes(airline)) {
    wrong.push({ path: `${path}/airline`, message: `must be one of ${airlines.join(', ')}, or * for all of them` })
  }
  if (!(latency || faults || brownOut || profile || stop)) {
    wrong.push({ path, message: 'must have latency, faults, brownOut, profile or stop' })
  }
  const { factor: _, ...table } = latency ?? {}
  return [...wrong, ...checkLatency(table, `${path}/latency`), ...checkBrownOut(brownOut, `${path}/brownOut`)]
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `500ms`, `30s`, `2m` or `1h`. Throws RangeError for anything else. */
export function durationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const each = unitMs[unit]
  if (amount === undefined || each === undefined) throw new RangeError(`${text} is no duration`)
  return Math.round(Number(amount) * each)
}

function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ScenarioError([message], [{ path: '', message }])
  }
}

function describe({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): Wrong {
  switch (keyword) {
    case 'additionalProperties':
      return { path: `${instancePath}/${params.additionalProperty}`, message: 'is not known here' }
    case 'required':
      return { path: instancePath, message: `must have ${params.missingProperty}` }
    case 'enum':
      return { path: instancePath, message: `must be one of ${params.allowedValues.join(', ')}` }
    case 'pattern':
      return {
        path: instancePath,
        message: instancePath.endsWith('/airline')
          ? 'must be the name of an airline'
          : 'must be a duration such as 500ms, 30s, 2m or 1h',
      }
    default:
      return { path: instancePath, message }
  }
}

/** The line of the field at a JSON pointer, or of what it should be in; null: there is none. */
function lineOf(document: Document.Parsed, lines: LineCounter, pointer: string): number | null {
  const path = pointer.split('/').slice(1)
  for (let depth = path.length; depth >= 0; depth--) {
    const keys = path.slice(0, depth).map((key) => (/^\d+$/.test(key) ? Number(key) : key))
    const node = depth === 0 ? document.contents : document.getIn(keys, true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return null
}
