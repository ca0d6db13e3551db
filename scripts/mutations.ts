// Breaks the booking on purpose, one way after the other, and says which of its tests notice. Each break must turn one red.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutations } from './mutations/list.ts'

const help = `npm run mutations: breaks the booking on purpose and shows that its tests notice.

  npm run mutations -- --list          only names the breaks
  npm run mutations -- lease fencing   only those whose names hold one of these words
  npm run mutations -- --runs 1000     lives of a booking in each property run (400 unless said)`

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    runs: { type: 'string', default: '400' },
  },
})

/** Runs the tests of the booking in the folder; what was red, [] when nothing was. */
async function redTests(folder: string, runs: string): Promise<string[]> {
  const report = join(folder, 'coverage/results.json')
  const vitest = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), ...['run', '--root', folder, 'gateway/src/booking']],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, CI: '', FAST_CHECK_RUNS: runs } },
  )
  await new Promise((resolve) => vitest.once('close', resolve))
  const {
    testResults,
  }: { testResults: { assertionResults: { status: string; fullName: string }[]; message: string }[] } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  )
}

/** A copy of what the tests of the booking need. */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-mutation-'))
  for (const part of [
    'gateway',
    'scripts',
    'tests/support',
    'package.json',
    'vitest.config.ts',
    'tsconfig.json',
    'docs',
  ]) {
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (source) => !source.endsWith('node_modules'),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function main(): Promise<void> {
  if (values.help) return console.log(help)
  const chosen = mutations.filter(
    ({ name }) =>
      positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())),
  )
  if (values.list) return console.log(chosen.map(({ name }) => name).join('\n'))
  let missed = 0
  for (const { name, file, from, to } of chosen) {
    const folder = copy()
    try {
      const path = join(folder, 'gateway/src/booking', file)
      const text = readFileSync(path, 'utf8')
      if (text.split(from).length !== 2) throw new Error(`${file} has no longer once: ${from}`)
      writeFileSync(
        path,
        text.replace(from, () => to),
      )
      const red = await redTests(folder, values.runs)
      if (red.length === 0) missed++
      const others = red.length > 1 ? ` (and ${red.length - 1} more)` : ''
      console.log(red.length === 0 ? `MISSED   ${name}` : `noticed  ${name} — ${red[0]}${others}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  console.log(`${chosen.length - missed} of ${chosen.length} breaks noticed`)
  process.exitCode = missed === 0 ? 0 : 1
}

await main()
