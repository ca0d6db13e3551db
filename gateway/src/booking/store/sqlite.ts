import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { CompiledQuery, type Dialect, type Driver, SqliteAdapter, SqliteDialect } from 'kysely'
import { type StoreDatabase, storeUnavailable } from './database.ts'

/** How long a writer waits for another process's transaction, in milliseconds. */
const busyTimeoutMs = 10_000

/** A SQLite file, made where there is none. */
export function sqliteDatabase(file: string): StoreDatabase {
  return { dialect: () => sqliteDialect(file), locksRows: false }
}

/**
 * Kysely's SQLite dialect on node:sqlite. What is committed is on the disk (WAL, synchronous=FULL); transactions that
 * write take the lock when they begin, so that two gateways on one file wait for each other instead of failing half-way.
 */
function sqliteDialect(file: string): Dialect {
  const database = telling(() => new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true }))
  telling(() => toWal(database))
  telling(() => database.exec('pragma synchronous = full'))
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = telling(() => database.prepare(sql))
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => telling(() => statement.all(...parameters.map(toSqlValue))),
          run: (parameters) => telling(() => statement.run(...parameters.map(toSqlValue))),
          iterate: (parameters) => statement.iterate(...parameters.map(toSqlValue)),
        }
      },
    },
  })
  return {
    createDriver() {
      const driver: Driver = dialect.createDriver()
      driver.beginTransaction = async (connection, { accessMode }) => {
        await connection.executeQuery(CompiledQuery.raw(accessMode === 'read only' ? 'begin' : 'begin immediate'))
      }
      return driver
    },
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    // SQLite can undo a change of the schema; Kysely's own adapter says that it cannot, and would migrate without a transaction.
    createAdapter: () => Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true }),
  }
}

/** SQLite's code for a file that another connection has locked. */
const busy = 5
const pauseMs = 20

/** For this change alone SQLite does not wait while another process writes, as one does that makes the same new file. */
function toWal(database: DatabaseSync): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  for (const end = performance.now() + busyTimeoutMs; ; Atomics.wait(sleeper, 0, 0, pauseMs)) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (codeOf(error) !== busy || performance.now() > end) throw error
    }
  }
}

/** SQLite's codes for a file that is locked too long, cannot be read or written, or is on a full disk. */
const unavailable = new Set([5, 6, 8, 10, 13, 14])

/** Runs it; throws booking_store_unavailable where the file is not to be had. */
function telling<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw unavailable.has(codeOf(error)) ? storeUnavailable(error) : error
  }
}

/** SQLite's code of an error, without what extends it; 0 for any other error. */
function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  throw new TypeError(`SQLite is not given a ${typeof value}`)
}
