import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { Compile } from 'typebox/compile'
import { expect, it, onTestFinished } from 'vitest'
import { Token } from './schemas/tokens.ts'

/** Runs the program with its rate limit set; it ends with the test. */
function start(MONSOON_RATE_LIMIT: string) {
  const folder = mkdtempSync(join(tmpdir(), 'monsoon-main-'))
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, PORT: '0', FANFARE_DATA: folder, MONSOON_RATE_LIMIT },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(program, 'exit')
  onTestFinished(async () => {
    program.kill()
    await ended
    rmSync(folder, { recursive: true })
  })
  return { program, ended }
}

async function urlOf({ program }: ReturnType<typeof start>): Promise<string> {
  for await (const line of createInterface(program.stdout)) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the program ended before it was ready')
}

async function limitAt(url: string): Promise<string | null> {
  const form = { grant_type: 'client_credentials', client_id: 'fanfare', client_secret: 'fanfare-secret' }
  const token = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token } = Compile(Token).Parse(await token.json())
  const headers = { authorization: `Bearer ${access_token}` }
  return (await fetch(`${url}/api/v1/bookings/ABC123`, { headers })).headers.get('ratelimit-limit')
}

it('takes its rate limit from the environment', async () => {
  expect(await limitAt(await urlOf(start('3')))).toBe('6')
  expect(await limitAt(await urlOf(start('')))).toBe('200')
  expect(await limitAt(await urlOf(start('0')))).toBeNull()
})

it('does not start with a rate limit that is none', async () => {
  const { program, ended } = start('lots')
  expect(await text(program.stderr)).toMatch(/^monsoon: MONSOON_RATE_LIMIT must be .*, not lots\n$/)
  expect((await ended)[0]).toBe(1)
})
