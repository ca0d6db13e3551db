import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('a minute of chaos leaves memory flat, nothing open, no booking undecided and every audit clean', {
  timeout: 300_000,
}, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/soak/main.ts', '--minutes', '1', '--clients', '4'],
    { cwd: root },
  )
  expect(stdout).toMatch(/^All well\.$/m)
})
