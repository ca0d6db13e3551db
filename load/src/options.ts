import { parseArgs } from 'node:util'
import { checkScenario, loadScenario, scenarioNames } from './scenario/read.ts'
import type { Scenario } from './scenario/schema.ts'
import { UsageError } from './usage-error.ts'

/** What the command line asks for. */
export interface LoadOptions {
  scenario: Scenario
  /** Of the gateway, without a slash at the end. */
  url: string
  /** Of the control planes. */
  token: string
  /** Addresses of airlines by name; empty: as the gateway lists them. */
  airlines: ReadonlyMap<string, string>
  /** Folder of the reports; null: none are written. */
  reports: string | null
  /** Print the plan in place of running it: journeys at most; null: run. */
  plan: number | null
}

/** What --help prints. */
export function helpText(): string {
  return `npm run load -- [SCENARIO] [options]: sends travellers to a running gateway, at a rate that does not wait for it, checks
every answer, and writes a report. Without anything: ten searches a second for half a minute, to what npm start started.

SCENARIO is a YAML or JSON file, or one of those that come along: ${scenarioNames().join(', ')}.

  --url URL           the gateway (FANFARE_URL, or http://127.0.0.1:8080)
  --rate R            searches per second: 50, or a ramp: 10..200
  --duration S        seconds: 60, 60s or 2m. With --rate, both make one stage in place of the scenario's
  --seed S            what is asked, when and by whom
  --look-to-book N    searches per booking: 200 by default, 1000 and 10000 as travel sites see
  --routes KIND       zipf:1.1 (exponent), or uniform
  --in-flight N       requests under way at most; what is over it is not sent, and counts as an error
  --slo OBJECTIVE     p50, p90, p95, p99, p99.9 or max, in ms or s, of all requests or of one kind: p99=250ms, search.p99=0.2s;
                      errors=0.1%, completeness=99%, cache-hits=50%, rate=45/s (searches answered), lag=5ms. May be repeated
  --sim-token TOKEN   of the control plane, for the closing audit of the airlines (FANFARE_SIM_TOKEN, or fanfare)
  --airlines LIST     where they are: saffron=http://127.0.0.1:8101,… (as the gateway's Swagger UI lists them)
  --reports FOLDER    where the report goes, HTML and JSON (load/reports)
  --no-report         writes none
  --plan N            prints the first N journeys, one JSON each line, and sends nothing

Ctrl-C ends with the report of what there is so far. Ends with 0; with 1 when an objective is missed, an answer was wrong or an
audit found something; with 2 when it cannot begin. docs/load-testing.md tells more.`
}

/** Reads the command line; null: it asks for help. Throws UsageError. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): LoadOptions | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  if (positionals.length > 1) throw new UsageError(`One scenario at a time, not ${positionals.join(' and ')}`)
  const [name] = positionals
  const given = name === undefined ? {} : loadScenario(name)
  const { stages, ...rest } = checkScenario(given)
  const changed = checkScenario({
    ...rest,
    stages: stagesFrom(values.rate, values.duration, stages),
    ...(values.seed !== undefined && { seed: values.seed }),
    ...(values['look-to-book'] !== undefined && { lookToBook: numberFrom('--look-to-book', values['look-to-book']) }),
    ...(values['in-flight'] !== undefined && { inFlight: numberFrom('--in-flight', values['in-flight']) }),
    ...(values.routes !== undefined && { routes: { ...rest.routes, ...popularityFrom(values.routes) } }),
    slo: [...rest.slo, ...values.slo.flatMap((text) => text.split(','))],
  })
  return {
    scenario: changed,
    url: urlFrom('--url', values.url ?? env.FANFARE_URL ?? 'http://127.0.0.1:8080'),
    token: values['sim-token'] ?? env.FANFARE_SIM_TOKEN ?? 'fanfare',
    airlines: airlinesFrom(values.airlines),
    reports: values['no-report'] ? null : values.reports,
    plan: values.plan === undefined ? null : numberFrom('--plan', values.plan),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        rate: { type: 'string' },
        duration: { type: 'string' },
        seed: { type: 'string' },
        'look-to-book': { type: 'string' },
        routes: { type: 'string' },
        'in-flight': { type: 'string' },
        slo: { type: 'string', multiple: true, default: [] },
        'sim-token': { type: 'string' },
        airlines: { type: 'string' },
        reports: { type: 'string', default: 'load/reports' },
        'no-report': { type: 'boolean', default: false },
        plan: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function stagesFrom(
  rate: string | undefined,
  duration: string | undefined,
  stages: Scenario['stages'],
): Scenario['stages'] {
  if (rate === undefined && duration === undefined) return stages
  const [first] = stages
  if (stages.length > 1 && (rate === undefined || duration === undefined)) {
    throw new UsageError(
      'The scenario has several stages: give --rate and --duration together to put one in their place',
    )
  }
  const seconds = duration === undefined ? (first?.seconds ?? 30) : secondsFrom(duration)
  if (rate === undefined) return [{ ...first, rate: first?.rate ?? 10, seconds }]
  const [, from, to] = /^(?:(\d+(?:\.\d+)?)\.\.)?(\d+(?:\.\d+)?)$/.exec(rate) ?? []
  if (to === undefined) throw new UsageError(`--rate is like 50 or 10..200, not ${rate}`)
  const stage = { rate: numberFrom('--rate', to), seconds }
  return [from === undefined ? stage : { ...stage, from: numberFrom('--rate', from) }]
}

function secondsFrom(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? []
  if (number === undefined) throw new UsageError(`--duration is like 60, 60s or 2m, not ${text}`)
  return Number(number) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1)
}

function popularityFrom(text: string) {
  const [, exponent] = /^zipf(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? []
  if (text === 'uniform') return { popularity: 'uniform' }
  if (!text.startsWith('zipf') || (text !== 'zipf' && exponent === undefined)) {
    throw new UsageError(`--routes is uniform, zipf or zipf:1.1, not ${text}`)
  }
  return { popularity: 'zipf', ...(exponent !== undefined && { exponent: Number(exponent) }) }
}

function airlinesFrom(text: string | undefined): Map<string, string> {
  const entries = text?.split(',') ?? []
  return new Map(
    entries.map((entry): [string, string] => {
      const [, name, url] = /^([a-z]+)=(.+)$/.exec(entry) ?? []
      if (name === undefined || url === undefined)
        throw new UsageError(`--airlines is like saffron=http://127.0.0.1:8101, not ${entry}`)
      return [name, urlFrom('--airlines', url)]
    }),
  )
}

function urlFrom(option: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new UsageError(`${option} must be an address like http://127.0.0.1:8080, not ${text}`)
  return text.replace(/\/+$/, '')
}

function numberFrom(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new UsageError(`${option} must be a number, not ${text}`)
  return value
}
