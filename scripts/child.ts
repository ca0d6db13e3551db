import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** How a process ended: its exit code, or the signal that killed it, or why it never started. */
export type Ending = { code: number } | { signal: string } | { error: string }

/** A program of the repository that runs as a process of its own. */
export interface Child {
  name: string
  /** undefined: it could not be started. */
  pid: number | undefined
  /** Its last lines of output, oldest first. */
  lastLines(): string[]
  /** null while it runs. */
  ending(): Ending | null
  /** Resolves once it has ended and its output is read; never rejects. */
  ended: Promise<Ending>
  /** Asks it to end, kills it when it has not within `graceMs`, and resolves once it is gone. */
  stop(graceMs: number): Promise<Ending>
  /** Sends it a signal; SIGKILL, SIGSTOP and SIGCONT among them. */
  signal(signal: NodeJS.Signals): void
}

/** What to start. */
export interface ChildOptions {
  name: string
  /** Path of the program from the repository's root. */
  program: string
  /** Its whole environment. */
  env: NodeJS.ProcessEnv
  /** Called for each line of output. */
  onLine(line: string): void
}

const root = fileURLToPath(new URL('..', import.meta.url))
const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href
const keptLines = 20

/**
 * Starts a program in a process group of its own, so that a Ctrl-C in the terminal reaches it only through `stop`.
 */
export function startChild({ name, program, env, onLine }: ChildOptions): Child {
  const lines: string[] = []
  const take = (line: string) => {
    if (lines.push(line) > keptLines) lines.shift()
    onLine(line)
  }
  const child = spawn(process.execPath, ['--import', endWithParent, program], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  for (const stream of [child.stdout, child.stderr]) readLines(stream, take)

  let ending: Ending | null = null
  const ended = endOf(child).then((how) => {
    ending = how
    return how
  })
  return {
    name,
    pid: child.pid,
    lastLines: () => [...lines],
    ending: () => ending,
    ended,
    async stop(graceMs) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      const how = await ended
      clearTimeout(timer)
      return how
    },
    signal: (signal) => {
      child.kill(signal)
    },
  }
}

/** `code 1`, `signal SIGKILL`, or why it never started. */
export function describeEnding(ending: Ending): string {
  if ('code' in ending) return `code ${ending.code}`
  return 'signal' in ending ? `signal ${ending.signal}` : ending.error
}

function readLines(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', take)
}

async function endOf(child: ChildProcess): Promise<Ending> {
  try {
    await once(child, 'close')
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
  if (child.signalCode !== null) return { signal: child.signalCode }
  return { code: child.exitCode ?? 0 }
}
