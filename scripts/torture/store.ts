import { openPostgres, type PostgresWay, postgresWay } from '../../tests/support/postgres.ts'
import type { Database } from './options.ts'

/** Where the gateways' bookings are. */
export interface TortureStore {
  /** For a person to read. */
  title: string
  /** What tells a gateway of it. */
  env: Record<string, string>
  /** Ends and removes what was made for it, unless it is to be kept and can be: a server that was started ends all the same. */
  close(options: { keepData: boolean }): Promise<void>
}

const titles: Record<PostgresWay, string> = {
  url: 'the PostgreSQL of DATABASE_URL',
  container: 'PostgreSQL in a container',
  server: 'a PostgreSQL server of its own',
}

const sqlite: TortureStore = { title: 'one SQLite file', env: {}, close: async () => {} }

/** Opens the database asked for; null: PostgreSQL where one can be had, else SQLite. Throws an Error where it cannot be had. */
export async function openStore(database: Database | null): Promise<TortureStore> {
  if (database === 'sqlite') return sqlite
  try {
    return await openPostgresStore()
  } catch (error) {
    if (database === 'postgres') throw error
    console.log(`No PostgreSQL: ${error instanceof Error ? error.message : error}`)
    return sqlite
  }
}

async function openPostgresStore(): Promise<TortureStore> {
  const way = await postgresWay()
  if (way === null) throw new Error('set DATABASE_URL, start a Docker engine, or install PostgreSQL')
  const postgres = await openPostgres(way)
  const url = await postgres.newDatabase()
  return {
    title: `${titles[way]} (${new URL(url).pathname.slice(1)})`,
    env: { DATABASE_URL: url },
    async close({ keepData }) {
      if (way !== 'url' || !keepData) await postgres.close()
    },
  }
}
