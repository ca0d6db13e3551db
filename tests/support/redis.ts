import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers'
import { freePort } from './ports.ts'

/**
 * Where a test's Redis comes from, best first: the one that REDIS_URL names, a container, a `redis-server` on PATH.
 * The first cannot be stopped by a test.
 */
export type RedisWay = 'url' | 'container' | 'server'

// The reaper would be one more image to fetch; a container that is left behind ends by itself instead.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'

/** A Redis of a test's own (or the one that REDIS_URL names). */
export interface TestRedis {
  /** `redis://127.0.0.1:<port>`; the same across stop and start. */
  url: string
  /** Empties it. */
  flush(): Promise<void>
  /** Takes it away: connections drop, further ones are refused. Throws when it is REDIS_URL's. */
  stop(): Promise<void>
  /** Brings it back, empty, on the same port; resolves once it answers. Throws when it is REDIS_URL's. */
  start(): Promise<void>
  /** Ends what was started; for afterAll. */
  close(): Promise<void>
}

/**
 * The first way that works here; null when none does, which with CI=true is an error instead. For
 * `describe.skipIf(way === null)`.
 * @param stoppable leave REDIS_URL out: the suite stops and starts its Redis
 */
export async function findRedisWay({ stoppable = false } = {}): Promise<RedisWay | null> {
  if (process.env.REDIS_URL && !stoppable) return 'url'
  if (await hasContainers()) return 'container'
  if (await hasServer()) return 'server'
  const wanted = stoppable
    ? 'a Docker engine that can start redis:8-alpine, or a redis-server on PATH'
    : 'REDIS_URL, a Docker engine that can start redis:8-alpine, or a redis-server on PATH'
  if (process.env.CI === 'true') throw new Error(`With CI=true the suites with Redis must run: they need ${wanted}.`)
  console.warn(`Skipped: this suite needs ${wanted}.`)
  return null
}

/** A running, empty Redis. */
export async function openRedis(way: RedisWay): Promise<TestRedis> {
  if (way === 'url') return fromUrl(process.env.REDIS_URL ?? '')
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const launch = way === 'container' ? launchContainer : launchServer
  let end: (() => Promise<void>) | null = null

  const redis: TestRedis = {
    url,
    flush: () => withClient(url, (client) => client.flushall()),
    async stop() {
      await end?.()
      end = null
    },
    async start() {
      end ??= await launch(port)
      await withClient(url, (client) => client.ping())
    },
    close: () => redis.stop(),
  }
  await redis.start()
  return redis
}

async function fromUrl(url: string): Promise<TestRedis> {
  const never = () => Promise.reject(new Error('REDIS_URL names a Redis that is not ours to stop'))
  const flush = () => withClient(url, (client) => client.flushdb())
  await flush()
  return { url, flush, stop: never, start: never, close: async () => {} }
}

async function withClient(url: string, use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  try {
    await use(client)
  } finally {
    client.disconnect()
  }
}

/** An engine that answers may still lack the image and a way to fetch it, so a container is tried. */
async function hasContainers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient()
  } catch {
    return false
  }
  try {
    const end = await launchContainer(await freePort())
    await end()
    return true
  } catch (error) {
    console.warn(`Docker is here, but gives no Redis: ${error instanceof Error ? error.message : error}`)
    return false
  }
}

async function hasServer(): Promise<boolean> {
  try {
    await promisify(execFile)('redis-server', ['--version'])
    return true
  } catch {
    return false
  }
}

async function launchContainer(port: number): Promise<() => Promise<void>> {
  const container: StartedTestContainer = await new GenericContainer('redis:8-alpine')
    .withCommand(['timeout', '1800', 'redis-server', '--protected-mode', 'no', '--save', '', '--appendonly', 'no'])
    .withExposedPorts({ container: 6379, host: port })
    .start()
  return async () => {
    await container.stop({ timeout: 1_000 })
  }
}

async function launchServer(port: number): Promise<() => Promise<void>> {
  const server: ChildProcess = spawn(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  )
  await once(server, 'spawn')
  const ended = once(server, 'exit')
  return async () => {
    server.kill('SIGTERM')
    await ended
  }
}
