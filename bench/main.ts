// npm run bench: measures Fanfare against references in the same run, alternating, and checks every answer.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openBench } from './context.ts'
import { type PartName, parts } from './parts/index.ts'
import { canPin } from './processes.ts'
import type { PartResult } from './results.ts'
import { tableText } from './table.ts'
import { writeResults } from './write.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  const lines = Object.entries(parts).map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`)
  console.log(`Usage: npm run bench [-- --only PART,PART] [--rounds N] [--seconds N] [--full] [--write]

Measures on this machine, servers on one core, load generator and airlines on another where taskset is found:
${lines.join('\n')}

Each figure is the median of alternating rounds (default 3 of 2 seconds); every answer is checked, and a wrong one ends the run.
  --only   these parts alone
  --full   memory over 10 minutes in place of 1, latency over longer rounds
  --write  puts the results into docs/performance.md and docs/performance/*.svg, part by part; parts that are not run stay`)
  process.exit(0)
}

const rounds = count('rounds', values.rounds)
const seconds = count('seconds', values.seconds)
const chosen = values.only === undefined ? partNames() : values.only.split(',').map(partName)
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${canPin ? 'pinned' : 'not pinned'}`
const how = `${rounds} rounds of ${seconds} s each, alternating; medians`
console.log(`${machine}\n${how}\n`)
for (const name of chosen) {
  const startedAt = performance.now()
  const result = await measure(name)
  const { title } = parts[name]
  const took = Math.round((performance.now() - startedAt) / 1000)
  console.log([`${title} (${took} s)`, ...result.tables.map(tableText), ...result.notes].join('\n'), '\n')
  if (values.write) await writeResults(name, { title, machine, how, result })
}

async function measure(name: PartName): Promise<PartResult> {
  const bench = await openBench({ rounds, seconds, isFull: values.full })
  const stop = () => bench.close().finally(() => process.exit(1))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await parts[name].measure(bench)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await bench.close()
  }
}

function partNames(): PartName[] {
  return Object.keys(parts).map(partName)
}

function partName(text: string): PartName {
  const isOne = (name: string): name is PartName => name in parts
  if (isOne(text)) return text
  return fail(`--only: there is no part ${text}; there are ${Object.keys(parts).join(', ')}`)
}

function count(option: string, text: string): number {
  const number = Number(text)
  return number > 0 && Number.isFinite(number) ? number : fail(`--${option} must be a number above 0, not ${text}`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
