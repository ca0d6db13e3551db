import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
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

test('a hold in a file of an earlier version lapses by the world’s time', async () => {
  const file = join(folder, 'gateway.sqlite')
  await (await openStore(sqliteDatabase(file))).close()
  const earlier = new DatabaseSync(file)
  earlier.exec(`
    drop index jobs_by_lapse;
    alter table jobs drop column lapses_at;
    delete from kysely_migration where name = '002_world_time';
    insert into bookings values ('HELD', 1, 1, 'held', 500, '{}', 1, '{}'), ('LATE', 1, 1, 'pending', null, '{}', 0, '{}');
    insert into jobs values ('HELD', 500, 0, null, null), ('LATE', 500, 3, null, null);`)
  earlier.close()
  const store = await openStore(sqliteDatabase(file))
  expect(await store.leaseDue({ owner: 'a', until: 9000 }, { real: 499, world: 500 }, 9)).toMatchObject([
    { reference: 'HELD' },
  ])
  expect(await store.leaseDue({ owner: 'a', until: 9000 }, { real: 500, world: 0 }, 9)).toMatchObject([
    { reference: 'LATE', attempts: 3 },
  ])
  await store.close()
})

test('a new file that another process is writing to is waited for', async () => {
  const file = join(folder, 'gateway.sqlite')
  const locking = `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(process.argv[1])
    database.exec('begin immediate; create table theirs (x)')
    console.log('locked')
    setTimeout(() => database.exec('commit'), 300)`
  const other = spawn(process.execPath, ['-e', locking, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const store = await openStore(sqliteDatabase(file))
  await store.close()
  await once(other, 'exit')
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
