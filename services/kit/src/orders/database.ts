import { DatabaseSync } from 'node:sqlite'
import { migrations } from './migrations.ts'
import { integer, text } from './rows.ts'

/** The world that a database belongs to: its orders name flights and seats of that world alone. */
export interface DatabaseWorld {
  /** Carrier's name, `saffron`. */
  carrier: string
  seed: string
}

/** How long a writer waits for another connection's transaction, in milliseconds. */
const busyTimeoutMs = 5_000

/** Marks the file as an airline's database of ours ("FANF"). */
const applicationId = 0x46414e46

/**
 * Opens an airline's database, `:memory:` or a file, and brings its schema up to date. What is committed is on the
 * disk (WAL, synchronous=FULL). Throws an Error whose message names the file and the reason when it cannot be opened,
 * is something else, was written by a newer version, or belongs to another carrier or seed.
 */
export function openDatabase(file: string, world: DatabaseWorld): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
    refuseForeignFile(database)
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
    migrate(database)
    claim(database, world)
    return database
  } catch (error) {
    database?.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`cannot open the database ${file}: ${reason}`, { cause: error })
  }
}

/** Runs `work` in one write transaction: all of it is on the disk when this returns, nothing of it when this throws. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/** Value of a pragma that answers one integer. */
export function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`pragma ${name}`).get()
  if (row === undefined) throw new Error(`SQLite knows no pragma ${name}`)
  return integer(row, name)
}

/** Must run before anything is written, so that a file that is not ours stays as it was. */
function refuseForeignFile(database: DatabaseSync): void {
  const tables = database.prepare(`select count(*) as tables from sqlite_schema`).get()
  if (tables === undefined || integer(tables, 'tables') === 0) return
  if (pragma(database, 'application_id') !== applicationId) throw new Error('it is not a Fanfare airline’s database')
  const version = pragma(database, 'user_version')
  if (version > migrations.length) {
    throw new Error(
      `it was written by a newer version of Fanfare (schema ${version}, this one knows ${migrations.length})`,
    )
  }
}

function migrate(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === migrations.length) return
  transaction(database, () => {
    for (const migration of migrations.slice(pragma(database, 'user_version'))) database.exec(migration)
    database.exec(`pragma application_id = ${applicationId}`)
    database.exec(`pragma user_version = ${migrations.length}`)
  })
}

function claim(database: DatabaseSync, world: DatabaseWorld): void {
  database
    .prepare('insert into world (id, carrier, seed) values (1, ?, ?) on conflict do nothing')
    .run(world.carrier, world.seed)
  const row = database.prepare('select carrier, seed from world').get()
  if (row === undefined) throw new Error('it does not say which world it belongs to')
  const [carrier, seed] = [text(row, 'carrier'), text(row, 'seed')]
  if (carrier !== world.carrier) throw new Error(`it holds orders of ${carrier}, not of ${world.carrier}`)
  if (seed !== world.seed) {
    throw new Error(
      `it holds orders of the world with FANFARE_SEED=${seed}, not ${world.seed}: use that seed, or another FANFARE_DATA`,
    )
  }
}
