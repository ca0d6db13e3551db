import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase, pragma, transaction } from './database.ts'
import { makeFolder } from './testing/tiny-airline.ts'

const world = { carrier: 'tiny', seed: 'seed' }
let folder: ReturnType<typeof makeFolder>
let file: string

beforeEach(() => {
  folder = makeFolder()
  file = join(folder.path, 'tiny.sqlite')
})
afterEach(() => folder.remove())

it('makes a file that keeps what is committed and lets readers read on', () => {
  const database = openDatabase(file, world)
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  expect(pragma(database, 'synchronous')).toBe(2)
  expect(pragma(database, 'foreign_keys')).toBe(1)
  expect(database.prepare('pragma busy_timeout').get()).toEqual({ timeout: 5000 })
  database.close()
  openDatabase(file, world).close()
})

it('refuses a newer version, another carrier or another seed, and says so', () => {
  const database = openDatabase(file, world)
  expect(() => openDatabase(file, { ...world, carrier: 'other' })).toThrow(
    /tiny\.sqlite: it holds orders of tiny, not of other/,
  )
  expect(() => openDatabase(file, { ...world, seed: 'other' })).toThrow(/FANFARE_SEED=seed, not other/)
  database.exec('pragma user_version = 99')
  database.close()
  expect(() => openDatabase(file, world)).toThrow(/written by a newer version of Fanfare \(schema 99/)
})

it('refuses what is no database of an airline, and leaves it as it was', () => {
  const theirs = new DatabaseSync(file)
  theirs.exec('create table notes (body text)')
  expect(() => openDatabase(file, world)).toThrow(/not a Fanfare airline’s database/)
  expect(theirs.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'notes' }])
  expect(theirs.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' })
  theirs.close()

  const letter = join(folder.path, 'letter.sqlite')
  writeFileSync(letter, 'Dear Asha, this is long enough to look like a header of something.')
  expect(() => openDatabase(letter, world)).toThrow(/cannot open the database .*letter\.sqlite: file is not a database/)

  mkdirSync(join(folder.path, 'folder.sqlite'))
  expect(() => openDatabase(join(folder.path, 'folder.sqlite'), world)).toThrow(/cannot open the database/)
})

it('a transaction that throws leaves nothing behind, and the next one works', () => {
  const database = openDatabase(file, world)
  const count = () => database.prepare('select count(*) as n from ledger').get()
  const order = `insert into orders values (1, 'L', 'r', 'h', 'held', 1, 2, 3, 'B', 'economy', 4, 1, 0, 0, 'e', 'p', 1, 0, 0, 0, 1, null, null, null)`
  expect(() =>
    transaction(database, () => {
      database.exec(order)
      database.exec(`insert into ledger values (1, 1, 1, 'payment', 5)`)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(count()).toEqual({ n: 0 })
  expect(() => transaction(database, () => database.exec(`insert into ledger values (1, 1, 1, 'payment', 5)`))).toThrow(
    /FOREIGN KEY/,
  )
  transaction(database, () => database.exec(order))
  database.close()
  const again = openDatabase(file, world)
  expect(again.prepare('select count(*) as n from orders').get()).toEqual({ n: 1 })
  again.close()
})

it('a transaction shuts out other writers from its first line, before it has written anything', () => {
  const database = openDatabase(file, world)
  const other = openDatabase(file, world)
  other.exec('pragma busy_timeout = 0')
  transaction(database, () => {
    expect(() => transaction(other, () => undefined)).toThrow(/database is locked/)
  })
  expect(transaction(other, () => 'free again')).toBe('free again')
  database.close()
  other.close()
})
