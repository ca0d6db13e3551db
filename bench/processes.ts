import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Whether processes can be pinned: util-linux's taskset is there, and a second core. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

/** A program of the bench that runs as a process of its own. */
export interface Server {
  name: string
  url: string
  /** CPU time used so far in microseconds, user and system; null where the system does not tell. */
  cpuMicros(): Promise<number | null>
  /** Resident memory in bytes; null where the system does not tell. */
  residentBytes(): Promise<number | null>
  /** Ends it; nothing happens to one that has ended. */
  stop(): Promise<void>
}

/** Starts a program on a port of its own, pinned to a core where that can be done, and waits until `readyPath` answers 200. */
export async function startServer(
  name: string,
  program: string,
  core: number,
  readyPath: string,
  env: Record<string, string> = {},
): Promise<Server> {
  const port = env.PORT === undefined ? await freePort() : Number(env.PORT)
  const command = [process.execPath, program]
  if (canPin) command.unshift('taskset', '-c', String(core))
  const [file = '', ...args] = command
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await ready(name, `${url}${readyPath}`, () => child.exitCode !== null)
  return {
    name,
    url,
    cpuMicros: () => cpuMicros(child.pid),
    residentBytes: () => residentBytes(child.pid),
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port to be had')
  return address.port
}

async function ready(name: string, url: string, hasEnded: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(50)) {
    if (hasEnded()) break
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.status === 200) return
  }
  throw new Error(`${name} did not become ready at ${url}`)
}

/** From /proc, whose unit is a hundredth of a second on Linux. */
async function cpuMicros(pid: number | undefined): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields ? (Number(fields[11]) + Number(fields[12])) * 10_000 : null
}

async function residentBytes(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}
