import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { freePorts } from './ports.ts'
import { bareEnvironment } from './system.ts'
import { until } from './until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm start` runs, in ports and a folder of its own. */
export interface Fanfare {
  /** Of the gateway. */
  url: string
  /** The gateway's port, then the airlines'. */
  ports: number[]
  /** Everything printed so far. */
  output(): string
  /** Process ids by name, as printed. */
  processes(): Map<string, number>
  /** What Ctrl-C in a terminal does: SIGINT to every process of the foreground group. */
  pressCtrlC(): void
  /** Ends npm and what it runs itself without a word, as a crash would. */
  crash(): void
  /** Resolves with npm's exit code, or with the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
}

/** A folder for data, and what runs over it. */
export interface FanfareHome {
  folder: string
  /** `npm start`; resolves once it says that it is ready, or has ended. */
  start(env?: Record<string, string>): Promise<Fanfare>
  /** Ends what runs and removes the folder; for afterAll. */
  close(): Promise<void>
}

/** A place to run `npm start` in. */
export function createHome(): FanfareHome {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-'))
  const started: Fanfare[] = []
  return {
    folder,
    async start(env = {}) {
      const fanfare = await startFanfare(folder, env)
      started.push(fanfare)
      return fanfare
    },
    async close() {
      for (const fanfare of started) {
        fanfare.crash()
        await fanfare.ended
        for (const pid of fanfare.processes().values()) await until(`process ${pid} is gone`, () => !isRunning(pid))
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether there is such a process. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function startFanfare(folder: string, env: Record<string, string>): Promise<Fanfare> {
  const [port = 0] = await freePorts(1)
  const ports = [port, ...(await freePorts(airlines.length))]
  // It leads a group of its own, as a job in a terminal does.
  const npm = spawn('npm', ['start'], {
    cwd: root,
    env: {
      ...bareEnvironment(),
      FANFARE_LIE_RATE: '0',
      FANFARE_PROFILE: 'instant',
      PORT: `${ports[0]}`,
      AIRLINE_PORT_BASE: `${ports[1]}`,
      FANFARE_DATA: join(folder, 'data'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = endOf(npm)
  let hasEnded = false
  ended.then(() => (hasEnded = true))
  const group = (signal: NodeJS.Signals) => {
    if (npm.pid !== undefined && !hasEnded) process.kill(-npm.pid, signal)
  }
  await until('npm start is ready', () => hasEnded || output.includes('Ctrl-C stops it'))
  return {
    url: `http://127.0.0.1:${ports[0]}`,
    ports,
    output: () => output,
    processes: () =>
      new Map(
        [...output.matchAll(/^(\w+) +│ .* as process (\d+)$/gm)].map(([, name = '', pid]) => [name, Number(pid)]),
      ),
    pressCtrlC: () => group('SIGINT'),
    crash: () => group('SIGKILL'),
    ended,
  }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0))
  })
}
