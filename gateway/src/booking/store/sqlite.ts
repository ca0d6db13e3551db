import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { CompiledQuery, type Dialect, type Driver, SqliteAdapter, SqliteDialect } from 'kysely'

/** How long a writer waits for another process's transaction, in milliseconds. */
const busyTimeoutMs = 10_000

/**
 * Kysely's SQLite dialect on node:sqlite. What is committed is on the disk (WAL, synchronous=FULL); transactions that
 * write take the lock when they begin, so that two gateways on one file wait for each other instead of failing half-way.
 */
export function sqliteDialect(file: string): Dialect {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql)
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...parameters.map(toSqlValue)),
          run: (parameters) => statement.run(...parameters.map(toSqlValue)),
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

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  throw new TypeError(`SQLite is not given a ${typeof value}`)
}
