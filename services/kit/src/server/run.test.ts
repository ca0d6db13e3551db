import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./testing/service.ts', import.meta.url))
let folder: string
let children: ChildProcessByStdio<null, Readable, Readable>[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-run-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(folder, { recursive: true })
})

function start(environment: Record<string, string> = {}): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, FANFARE_DATA: join(folder, 'data'), ...environment },
  })
  children.push(child)
  return child
}

/** Starts a child that is meant to fail; gives its exit code and what it said. */
async function fail(environment: Record<string, string>): Promise<{ code: unknown; out: string; error: string }> {
  const child = start(environment)
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, error }
}

describe('an airline’s process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens, and on %s ends requests and database cleanly',
    async (signal) => {
      const child = start({ FANFARE_SIM_TOKEN: 'token' })
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const ready = (await lines.next()).value ?? ''
      const [, url] = /"url":"(http:\/\/127\.0\.0\.1:\d+)"/.exec(ready) ?? []
      expect(JSON.parse(ready)).toEqual(expect.objectContaining({ name: 'saffron', level: 30, url }))
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', airline: 'saffron' })
      const audit = await fetch(`${url}/_sim/audit`, { headers: { 'fanfare-sim-token': 'token' } })
      expect(await audit.json()).toMatchObject({ holds: true })

      const inFlight = signal === 'SIGTERM' ? fetch(`${url}/wait`) : undefined
      if (inFlight) expect((await lines.next()).value).toBe('waiting')
      child.kill(signal)
      if (inFlight) expect(await (await inFlight).json()).toEqual({ waited: true })
      const [code] = await once(child, 'close')
      expect(code).toBe(0)
      expect(readdirSync(join(folder, 'data'))).toEqual(['saffron.sqlite'])
    },
  )

  it('says nothing when silent, and has no control plane without a token', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const port = portOf(probe.address())
    probe.close()
    await once(probe, 'close')
    const child = start({ LOG_LEVEL: 'silent', PORT: String(port) })
    const output = text(child.stdout)
    let response: Response | undefined
    while (response === undefined && child.exitCode === null) {
      response = await fetch(`http://127.0.0.1:${port}/_sim/audit`, { headers: { 'fanfare-sim-token': '' } }).catch(
        () => undefined,
      )
    }
    expect(response?.status).toBe(404)
    child.kill('SIGTERM')
    expect(await output).toBe('')
  })

  it('names a taken port and the variable to change, in one line', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const port = portOf(squatter.address())
    const { code, out, error } = await fail({ PORT: String(port) })
    squatter.close()
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(error).toMatch(new RegExp(`^saffron: port ${port} on 127\\.0\\.0\\.1 is taken: set PORT [^\\n]*\\n$`))
    expect(existsSync(join(folder, 'data', 'saffron.sqlite-wal'))).toBe(false)
  })

  it.each([
    [{ PORT: 'eighty' }, /^saffron: PORT must be a number from 0 to 65535, not eighty\n$/],
    [{ PORT: '65536' }, /^saffron: PORT must be/],
    [{ LOG_LEVEL: 'loud' }, /^saffron: LOG_LEVEL must be one of [^\n]*, not loud\n$/],
    [{ HOST: '192.0.2.1' }, /^saffron: 192\.0\.2\.1 is no address of this machine: set HOST[^\n]*\n$/],
  ])('refuses %o', async (environment, message) => {
    const { code, error } = await fail(environment)
    expect(code).toBe(1)
    expect(error).toMatch(message)
  })

  it('names the data folder that it cannot make, and the database that it cannot open', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'This is no database, and no folder either; it is long enough to be read as a header.')
    expect((await fail({ FANFARE_DATA: join(file, 'data') })).error).toMatch(
      /^saffron: cannot make the data folder [^\n]*FANFARE_DATA[^\n]*\n$/,
    )

    const child = start()
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    await once(child, 'close')
    const { code, error } = await fail({ FANFARE_SEED: 'another' })
    expect(code).toBe(1)
    expect(error).toMatch(/^saffron: cannot open the database [^\n]*FANFARE_SEED=fanfare, not another[^\n]*\n$/)
  })
})

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}
