import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { freePort } from './ports.ts'
import { until } from './until.ts'

/** Where a test's PostgreSQL comes from, best first: the one that DATABASE_URL names, a container, a server of this machine. */
export type PostgresWay = 'url' | 'container' | 'server'

/** A PostgreSQL of a test's own (or the one that DATABASE_URL names). */
export interface TestPostgres {
  /** A new, empty database: `postgresql://…`. It goes when this is closed. */
  newDatabase(): Promise<string>
  /** Runs a statement in a database of its. */
  query(url: string, statement: string): Promise<Record<string, unknown>[]>
  /** Ends what was started and drops what was made; for afterAll. */
  close(): Promise<void>
}

/** The first way that works here; null when none does. */
export async function postgresWay(): Promise<PostgresWay | null> {
  if (process.env.DATABASE_URL) return 'url'
  if (await hasContainers()) return 'container'
  return programs() === null ? null : 'server'
}

/** The same for `describe.skipIf(way === null)`: says so when there is none, which with CI=true is an error. */
export async function findPostgresWay(): Promise<PostgresWay | null> {
  const way = await postgresWay()
  if (way !== null) return way
  const wanted = 'DATABASE_URL, a Docker engine or a PostgreSQL server (initdb and postgres) on this machine'
  if (process.env.CI === 'true')
    throw new Error(`With CI=true the suites with PostgreSQL must run: they need ${wanted}.`)
  console.warn(`Skipped: this suite needs ${wanted}.`)
  return null
}

/** A running PostgreSQL. `isDurable`: a server of this machine puts what is committed on the disk, which tests need not wait for. */
export async function openPostgres(way: PostgresWay, { isDurable = false } = {}): Promise<TestPostgres> {
  const { url, end } = await launch[way](isDurable)
  const made: string[] = []
  const query = async (of: string, statement: string) => {
    const client = new pg.Client({ connectionString: of, connectionTimeoutMillis: 5_000 })
    // A server that is stopped ends its connections with an error.
    client.on('error', () => {})
    await client.connect()
    try {
      const { rows } = await client.query(statement)
      return rows
    } finally {
      await client.end()
    }
  }
  await until('PostgreSQL answers', () => query(url, 'select 1').catch(() => null))
  return {
    query,
    async newDatabase() {
      const name = `fanfare_${randomUUID().replaceAll('-', '')}`
      await query(url, `create database ${name}`)
      made.push(name)
      const database = new URL(url)
      database.pathname = `/${name}`
      return database.href
    },
    async close() {
      if (way === 'url') for (const name of made) await query(url, `drop database if exists ${name} with (force)`)
      await end()
    },
  }
}

interface Launched {
  url: string
  end(): Promise<void>
}

const launch: Record<PostgresWay, (isDurable: boolean) => Promise<Launched>> = {
  url: async () => ({ url: process.env.DATABASE_URL ?? '', end: async () => {} }),

  async container() {
    const container = await new GenericContainer('postgres:17-alpine')
      .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
      .withExposedPorts(5432)
      .start()
    return {
      url: `postgresql://postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`,
      async end() {
        await container.stop({ timeout: 1_000 })
      },
    }
  },

  async server(isDurable) {
    const found = programs()
    if (!found) throw new Error('no PostgreSQL server on this machine')
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-postgres-'))
    const port = await freePort()
    const account = await unprivileged()
    if (account) chownSync(folder, account.uid, account.gid)
    const data = join(folder, 'data')
    await promisify(execFile)(
      found.initdb,
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { cwd: folder, ...account },
    )
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `fsync=${isDurable ? 'on' : 'off'}`]
    const server = spawn(
      found.postgres,
      ['-D', data, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: folder, stdio: 'ignore', ...account },
    )
    await once(server, 'spawn')
    const ended = once(server, 'exit')
    return {
      url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
      async end() {
        server.kill('SIGINT')
        await ended
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

async function hasContainers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}

/** initdb and postgres, from PATH or from where Debian keeps them. */
function programs(): { initdb: string; postgres: string } | null {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
  ]
  const initdb = folders.map((folder) => join(folder, 'initdb')).find((path) => existsSync(path))
  const postgres = initdb && join(dirname(initdb), 'postgres')
  return postgres && existsSync(postgres) ? { initdb, postgres } : null
}

/** PostgreSQL refuses to run as root: who runs it then; null: whoever runs the tests. */
async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const id = async (flag: string, name: string) => Number((await promisify(execFile)('id', [flag, name])).stdout)
  const of = async (name: string) => ({ uid: await id('-u', name), gid: await id('-g', name) })
  return of('postgres').catch(() => of('nobody'))
}
