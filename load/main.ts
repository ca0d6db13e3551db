// npm run load: sends travellers to a running gateway, checks every answer, and writes a report.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { helpText, type LoadOptions, readOptions } from './src/options.ts'
import { planJourneys } from './src/plan/plan.ts'
import { closingLines, createProgress, summaryLine } from './src/progress.ts'
import { reportPage } from './src/report/page.ts'
import type { Results } from './src/report/results.ts'
import { run } from './src/run/run.ts'
import { TargetError } from './src/run/target.ts'
import { durationMs } from './src/scenario/rate.ts'
import { UsageError } from './src/usage-error.ts'

process.channel?.unref()
process.exit(await main().catch(fail))

function fail(error: unknown): number {
  if (!(error instanceof UsageError) && !(error instanceof TargetError)) throw error
  console.error(error.message)
  if (error instanceof UsageError) console.error('npm run load -- --help tells how it goes.')
  return 2
}

/** The exit code. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options === null) console.log(helpText())
  else if (options.plan !== null) printPlan(options, options.plan)
  else return (await load(options)) ? 0 : 1
  return 0
}

function printPlan({ scenario }: LoadOptions, most: number): void {
  const plans = planJourneys(scenario, `${Temporal.Now.plainDateISO('UTC')}`)
  for (const plan of plans.take(most)) process.stdout.write(`${JSON.stringify(plan)}\n`)
}

/** Whether the run passed. */
async function load(options: LoadOptions): Promise<boolean> {
  const { scenario, url, reports } = options
  const seconds = durationMs(scenario.stages) / 1000
  console.log(
    `${scenario.title}: ${seconds} s against ${url}, seed ${scenario.seed}. Ctrl-C ends it with the report so far.`,
  )
  const progress = createProgress(process.stdout)
  const results = await run({ ...options, signal: stopSignal(), progress: progress.show })
  progress.end()
  console.log(summaryLine(results))
  for (const line of closingLines(results)) console.log(line)
  if (reports !== null) console.log(`Report: ${pathToFileURL(write(results, reports)).href}`)
  return results.passed
}

/** Aborted by the first Ctrl-C, SIGTERM, or the end of whoever started this; a second Ctrl-C ends at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const request = () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, request)
  process.once('disconnect', request)
  return stop.signal
}

/** Writes the page and the figures side by side; the path of the page. */
function write(results: Results, folder: string): string {
  mkdirSync(folder, { recursive: true })
  const name = `${results.startedAt.slice(0, 19).replaceAll(':', '-')}-${results.configHash}`
  const page = resolve(folder, `${name}.html`)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(page, reportPage(results))
  return page
}
