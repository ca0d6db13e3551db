import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { freePorts } from './ports.ts'
import type { RedisWay } from './redis.ts'
import { until } from './until.ts'

const size = 3
const slots = 16_384

/** A Redis Cluster of a test's own: three masters and no replicas, all on 127.0.0.1. */
export interface TestCluster {
  /** `redis://127.0.0.1:<port>`, of each node. */
  urls: string[]
  /** Every key of every node. */
  keys(): Promise<string[]>
  /** Empties every node that answers. */
  flush(): Promise<void>
  /** Ends a node at once, as a crash would; its share of the keys is in no other. */
  kill(node: number): Promise<void>
  /** Starts it again, empty, in its old place; resolves once the cluster is whole. */
  restart(node: number): Promise<void>
  /** Holds a node where it is: it keeps its connections and answers nothing. */
  pause(node: number): Promise<void>
  resume(node: number): Promise<void>
  /** Ends what was started; for afterAll. */
  close(): Promise<void>
}

/** What runs the nodes. */
interface Host {
  start(port: number, options: string[]): Promise<void>
  signal(port: number, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void>
  close(): Promise<void>
}

/** Starts a cluster, the way that a single Redis is found; resolves once it is whole. */
export async function openRedisCluster(way: Exclude<RedisWay, 'url'>): Promise<TestCluster> {
  // A node's second port is for its fellows alone.
  const ports = await freePorts(2 * size)
  const clients = ports.slice(0, size)
  const busOf = (port: number) => port + size
  const host = way === 'container' ? await openContainer(ports) : openFolder()
  const urls = clients.map((port) => `redis://127.0.0.1:${port}`)
  const portOf = (node: number) => {
    const port = clients[node]
    if (port === undefined) throw new Error(`no node ${node}`)
    return port
  }

  const start = async (port: number) => {
    await host.start(port, [
      ...['--port', `${port}`, '--cluster-port', `${busOf(port)}`, '--protected-mode', 'no', '--save', ''],
      ...['--appendonly', 'no', '--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${port}.conf`],
      ...['--cluster-announce-ip', '127.0.0.1', '--cluster-node-timeout', '1000'],
    ])
  }
  const ask = async <T>(port: number, use: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 })
    client.on('error', () => {})
    try {
      return await use(client)
    } finally {
      client.disconnect()
    }
  }
  const whole = () =>
    Promise.all(
      clients.map((port) =>
        until(`the node at ${port} finds its cluster whole`, () =>
          ask(port, async (client) => {
            const facts = `${await client.call('CLUSTER', 'INFO')}`
            return facts.includes('cluster_state:ok') && facts.includes(`cluster_known_nodes:${size}`)
          }),
        ),
      ),
    )

  for (const port of clients) await start(port)
  for (const [index, port] of clients.entries()) {
    await ask(port, async (client) => {
      const [first, last] = [index, index + 1].map((share) => Math.floor((share * slots) / size))
      await client.call('CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${(last ?? slots) - 1}`)
      for (const other of clients.slice(0, index)) {
        await client.call('CLUSTER', 'MEET', '127.0.0.1', `${other}`, `${busOf(other)}`)
      }
    })
  }
  await whole()

  return {
    urls,
    async keys() {
      const found = await Promise.all(clients.map((port) => ask(port, (client) => client.keys('*'))))
      return found.flat().sort()
    },
    async flush() {
      await Promise.all(clients.map((port) => ask(port, (client) => client.flushall())))
    },
    kill: (node) => host.signal(portOf(node), 'KILL'),
    async restart(node) {
      await start(portOf(node))
      await whole()
    },
    pause: (node) => host.signal(portOf(node), 'STOP'),
    async resume(node) {
      await host.signal(portOf(node), 'CONT')
      await whole()
    },
    close: () => host.close(),
  }
}

/** One container for all nodes, their ports the same inside and outside, so that what they announce is true in both. */
async function openContainer(ports: number[]): Promise<Host> {
  const container: StartedTestContainer = await new GenericContainer('redis:8-alpine')
    .withCommand(['sleep', '1800'])
    .withExposedPorts(...ports.map((port) => ({ container: port, host: port })))
    // Nothing listens yet.
    .withWaitStrategy(Wait.forSuccessfulCommand('true'))
    .start()
  const run = async (command: string) => {
    const { exitCode, output } = await container.exec(['sh', '-c', command])
    if (exitCode !== 0) throw new Error(`${command}: ${output}`)
  }
  return {
    start: (port, options) =>
      run(
        ['cd /tmp && redis-server', ...options.map((option) => `'${option}'`)].join(' ') +
          ` --daemonize yes --pidfile /tmp/${port}.pid`,
      ),
    signal: (port, signal) => run(`kill -${signal} $(cat /tmp/${port}.pid)`),
    async close() {
      await container.stop({ timeout: 1_000 })
    },
  }
}

function openFolder(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-redis-'))
  const servers = new Map<number, ChildProcess>()
  return {
    async start(port, options) {
      const server = spawn('redis-server', ['--bind', '127.0.0.1', ...options], { cwd: folder, stdio: 'ignore' })
      servers.set(port, server)
      await once(server, 'spawn')
    },
    async signal(port, signal) {
      const server = servers.get(port)
      if (!server) throw new Error(`no node at ${port}`)
      const ended = signal === 'KILL' ? once(server, 'exit') : null
      server.kill(`SIG${signal}`)
      await ended
    },
    async close() {
      for (const server of servers.values()) {
        if (server.exitCode !== null || server.signalCode !== null) continue
        const ended = once(server, 'exit')
        server.kill('SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
