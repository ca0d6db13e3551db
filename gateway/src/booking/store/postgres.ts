import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import pg from 'pg'
import { type StoreDatabase, storeUnavailable } from './database.ts'

/** Longest waits, in milliseconds: none goes on without an end, whatever happens to the server or the way to it. */
interface Waits {
  /** For a connection, new or free. */
  connectMs: number
  /** For one statement, as the server counts. */
  statementMs: number
  /** For somebody else's lock. */
  lockMs: number
  /** For an answer, as the gateway counts: the server may be gone without a word. */
  answerMs: number
}

const waits: Record<'bookings' | 'migration', Waits> = {
  bookings: { connectMs: 3_000, statementMs: 4_000, lockMs: 3_000, answerMs: 5_000 },
  migration: { connectMs: 10_000, statementMs: 60_000, lockMs: 60_000, answerMs: 65_000 },
}

/** Most connections of one gateway. */
const mostConnections = 10

/** Complains of connections that end though nobody uses them. */
export interface ConnectionLog {
  warn(facts: object, message: string): void
}

/** A PostgreSQL database. */
export function postgresDatabase(url: string, log: ConnectionLog): StoreDatabase {
  return { dialect: (purpose) => postgresDialect(url, waits[purpose], log), locksRows: true }
}

function postgresDialect(url: string, waits: Waits, log: ConnectionLog): Dialect {
  return {
    createDriver: () => createDriver(openPool(url, waits, log)),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createAdapter: () => new PostgresAdapter(),
  }
}

function openPool(url: string, { connectMs, statementMs, lockMs, answerMs }: Waits, log: ConnectionLog): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: mostConnections,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    query_timeout: answerMs,
    idle_in_transaction_session_timeout: answerMs,
    keepAlive: true,
    application_name: 'fanfare',
    types: { getTypeParser },
  })
  // Whoever uses a connection that ends hears of it by its query; without a listener the process would end too.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'a connection to PostgreSQL ended')),
  )
  pool.on('error', () => {})
  return pool
}

/** A connection in use. */
interface Connection extends DatabaseConnection {
  /** Gives it back to the pool. */
  release(): void
}

/**
 * Kysely's own driver gives a connection back to the pool that has failed to answer in time; the late answer would then be
 * taken for that of the next question. This one ends it.
 */
function createDriver(pool: pg.Pool): Driver {
  const connections = new WeakMap<DatabaseConnection, Connection>()
  const run = (connection: DatabaseConnection, statement: string) =>
    connection.executeQuery(CompiledQuery.raw(statement))
  return {
    init: async () => {},
    async acquireConnection() {
      const connection = connectionOn(await telling(() => pool.connect()))
      connections.set(connection, connection)
      return connection
    },
    async beginTransaction(connection, { isolationLevel, accessMode }) {
      const level = isolationLevel ? ` isolation level ${isolationLevel}` : ''
      await run(connection, `start transaction${level} ${accessMode ?? 'read write'}`)
    },
    async commitTransaction(connection) {
      await run(connection, 'commit')
    },
    async rollbackTransaction(connection) {
      await run(connection, 'rollback')
    },
    async releaseConnection(connection) {
      connections.get(connection)?.release()
    },
    destroy: () => pool.end(),
  }
}

function connectionOn(client: pg.PoolClient): Connection {
  let lost: unknown = null
  return {
    executeQuery: ({ sql, parameters }) =>
      telling(async () => {
        if (lost !== null) throw lost
        try {
          const { command, rowCount, rows } = await client.query(sql, [...parameters])
          if (command === 'SELECT') return { rows }
          return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
        } catch (error) {
          if (!(error instanceof pg.DatabaseError)) lost = error
          throw error
        }
      }),
    streamQuery() {
      throw new Error('what is kept of bookings is read whole')
    },
    release: () => client.release(lost !== null),
  }
}

/** SQLSTATE classes of a server that cannot be used for now: connection, transaction undone, resources, operator, system. */
const unavailableClasses = new Set(['08', '40', '53', '57', '58'])

/** lock_not_available, read_only_sql_transaction, idle_in_transaction_session_timeout. */
const unavailableCodes = new Set(['55P03', '25006', '25P03'])

/** Runs it; throws booking_store_unavailable where PostgreSQL is not to be had, and what it says of our statements as it is. */
async function telling<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof pg.DatabaseError) {
      const { code = '' } = error
      if (!unavailableClasses.has(code.slice(0, 2)) && !unavailableCodes.has(code)) throw error
    }
    throw storeUnavailable(error)
  }
}

/** Times are bigint there and numbers here: milliseconds since the epoch are far below the largest safe one. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type: number) =>
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type)
