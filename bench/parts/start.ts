import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../tests/support/ports.ts'
import { airlineNames } from '../control.ts'
import { figure } from '../results.ts'
import { middleOf } from '../rounds.ts'
import { dateAhead, searchPath } from '../searches.ts'
import type { Part } from './part.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const longestMs = 60_000

/** From `npm start` to a system that answers. */
export const start: Part = {
  title: 'Start of the whole system',
  what: 'from npm start to the gateway and all airlines being ready',
  async measure({ rounds, folder }) {
    const times: number[] = []
    // The first start fills Node's compile cache, as a user's first start does.
    for (let round = -1; round < rounds; round++) times.push(await startOnce(join(folder, `start-${round}`)))
    const [first = Number.NaN, ...later] = times
    const rows = [
      ['first', figure(first, 2)],
      ['later, median', figure(middleOf(later), 2)],
    ]
    const columns = ['', 'seconds']
    return { tables: [{ title: 'Six processes, all cores', columns, rows }], charts: [], notes: [] }
  },
}

/** Seconds until the system says that it is ready; it must then answer a search. */
async function startOnce(folder: string): Promise<number> {
  const [port = 0, base = 0] = await freePorts(1 + airlineNames.length)
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/start.ts'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: `${port}`,
      AIRLINE_PORT_BASE: `${base}`,
      FANFARE_DATA: folder,
      FANFARE_PROFILE: 'instant',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  try {
    const deadline = setTimeout(() => child.kill('SIGTERM'), longestMs)
    let seconds: number | null = null
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes('Fanfare is ready')) continue
      seconds = (performance.now() - startedAt) / 1000
      break
    }
    clearTimeout(deadline)
    child.stdout.resume()
    if (seconds === null) throw new Error('the system ended before it was ready')
    const answer = await fetch(`http://127.0.0.1:${port}${searchPath('DEL', 'BOM', dateAhead(30))}`)
    const text = await answer.text()
    if (!text.includes('"complete":true')) throw new Error(`the system started, but answers ${text.slice(0, 500)}`)
    return seconds
  } finally {
    child.kill('SIGTERM')
    await gone
  }
}
