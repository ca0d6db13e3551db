import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { makeFolder, openTinyAirline } from './testing/tiny-airline.ts'

const program = fileURLToPath(new URL('./testing/order-loop.ts', import.meta.url))

/** Lets a child work on the file until it has said so many lines, kills it with SIGKILL and gives all that it said. */
async function killAfter(lines: number, file: string): Promise<string[]> {
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => {
    said.push(line)
    if (said.length === lines) child.kill('SIGKILL')
  })
  const closed = once(output, 'close')
  const [, signal] = await once(child, 'exit')
  await closed
  expect(signal).toBe('SIGKILL')
  return said
}

it.each([1, 4, 30, 75])(
  'after kill -9 behind %i answers, every answered change is on the disk and every invariant holds',
  async (lines) => {
    const folder = makeFolder()
    try {
      const file = join(folder.path, 'tiny.sqlite')
      const said = await killAfter(lines, file)
      const { book, close } = openTinyAirline({ file })

      const answered = new Map(said.map((line) => line.split(' ', 3)).map(([reference, ...rest]) => [reference, rest]))
      // The change in flight when the kill came may have been done, unanswered: one at most.
      const ahead: string[] = []
      for (const [reference = '', [locator, status]] of answered) {
        const order = book.findByClientReference(reference)
        expect(order?.locator).toBe(locator)
        if (order?.status !== status) ahead.push(`${status} ${order?.status}`)
      }
      if (book.findByClientReference(`ref-${answered.size}`) !== null) ahead.push('ordered')
      expect(book.findByClientReference(`ref-${answered.size + 1}`)).toBeNull()
      expect(ahead.length).toBeLessThanOrEqual(1)
      for (const step of ahead) expect(['held confirmed', 'confirmed cancelled', 'ordered']).toContain(step)
      expect(book.audit().filter(({ holds }) => !holds)).toEqual([])
      close()
    } finally {
      folder.remove()
    }
  },
)
