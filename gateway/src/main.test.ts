import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const program = fileURLToPath(new URL('main.ts', import.meta.url))
const dataFolder = mkdtempSync(join(tmpdir(), 'fanfare-main-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

function run(environment: Record<string, string>): Promise<{ code: number | undefined; stderr: string }> {
  const env = { PATH: process.env.PATH, FANFARE_DATA: dataFolder, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { env }, (error, _, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : undefined, stderr })
    })
  })
}

test('a wrong setting is named, and nothing starts', async () => {
  const { code, stderr } = await run({ PORT: 'eighty', LOG_LEVEL: 'loud' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The gateway cannot start: PORT must be integer\nLOG_LEVEL must be .*\n$/)
})

test('a taken port is named', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const { code, stderr } = await run({ PORT: port })
  other.close()
  expect(code).toBe(1)
  expect(stderr).toBe(`The gateway cannot start: port ${port} on 127.0.0.1 is taken; set PORT to a free one\n`)
})
