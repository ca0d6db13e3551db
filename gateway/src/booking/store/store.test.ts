import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeStore } from './contract.ts'
import { sqliteDatabase } from './sqlite.ts'
import { openStore } from './store.ts'

describeStore('SQLite', async () => {
  const files = mkdtempSync(join(tmpdir(), 'fanfare-stores-'))
  let made = 0
  return {
    async make() {
      const file = join(files, `${++made}.sqlite`)
      return () => sqliteDatabase(file)
    },
    async atOnce(runs) {
      const settled = []
      for (const run of runs) settled.push(...(await Promise.allSettled([run()])))
      return settled
    },
    close: async () => rmSync(files, { recursive: true, force: true }),
  }
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what is written is on the disk when the call answers', async () => {
  const file = join(folder, 'gateway.sqlite')
  const store = await openStore(sqliteDatabase(file))
  const reader = new DatabaseSync(file)
  expect(reader.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  reader.close()
  await store.close()
})

test('a file that cannot be opened is not to be had, and says so', async () => {
  const file = join(folder, 'gateway.sqlite')
  await (await openStore(sqliteDatabase(file))).close()
  rmSync(file)
  rmSync(folder, { recursive: true })
  await expect(openStore(sqliteDatabase(file))).rejects.toMatchObject({ code: 'booking_store_unavailable' })
})

test('several processes may open a new store at once', async () => {
  const modules = ['sqlite.ts', 'store.ts'].map((name) => pathToFileURL(join(import.meta.dirname, name)).href)
  const program = `
    const [{ sqliteDatabase }, { openStore }] = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)))
    const store = await openStore(sqliteDatabase(process.argv[1]))
    await store.check()
    await store.close()`
  const file = join(folder, 'new.sqlite')
  const run = promisify(execFile)
  const runs = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', program, file]))
  for (const { stderr } of await Promise.all(runs)) expect(stderr).toBe('')
})
