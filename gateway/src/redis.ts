import { Cluster, Redis } from 'ioredis'

/** One Redis, or a Redis Cluster; commands are the same. */
export type RedisClient = Redis | Cluster

/** How Redis is asked. */
export interface RedisClientOptions {
  /** After how many milliseconds a command fails; undefined: it waits as long as the connection stands. */
  commandTimeoutMs?: number
}

/** Longest pause between two attempts to connect, and longest such attempt, in milliseconds. */
const maxPauseMs = 2_000

/**
 * A client of what REDIS_URL says: `redis://host:port/database`, or several such, with commas between, for nodes of a
 * Redis Cluster, of which any that answers names the others; a cluster behind one address is named twice. User, password
 * and TLS (`rediss:`) are those of the first. It connects, and connects again, by itself; nothing is queued or repeated:
 * while Redis is away commands fail at once.
 */
export function createRedisClient(url: string, { commandTimeoutMs }: RedisClientOptions = {}): RedisClient {
  const pause = (attempt: number) => Math.min(50 * 2 ** attempt, maxPauseMs)
  const common = {
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: maxPauseMs,
    ...(commandTimeoutMs !== undefined && { commandTimeout: commandTimeoutMs }),
  }
  const [first, ...others] = url.split(',').map((one) => new URL(one))
  if (first === undefined || others.length === 0) {
    return new Redis(url, { ...common, enableOfflineQueue: false, retryStrategy: pause })
  }

  const isSecret = first.protocol === 'rediss:'
  return new Cluster(
    [first, ...others].map(({ hostname, port }) => ({ host: bare(hostname), port: Number(port || 6379) })),
    {
      enableOfflineQueue: false,
      clusterRetryStrategy: pause,
      // A node that is away or a cluster that is down is a miss, at once.
      maxRedirections: 3,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: 5_000,
      redisOptions: {
        ...common,
        ...(first.username !== '' && { username: decodeURIComponent(first.username) }),
        ...(first.password !== '' && { password: decodeURIComponent(first.password) }),
        ...(isSecret && { tls: {} }),
      },
      // A certificate is for a name, not for the address behind it.
      ...(isSecret && { dnsLookup: (name, found) => found(null, name) }),
    },
  )
}

/** Who answers for a part of the keys: the masters of a cluster that are connected to, or the one Redis there is. */
export function mastersOf(redis: RedisClient): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}

/** An IPv6 address stands in brackets in a URL alone. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
