import { LRUCache } from 'lru-cache'
import type { BaseLogger } from 'pino'
import { createRedisClient } from '../redis.ts'

/** What a client has used of its allowance. */
export interface Used {
  /** Requests in this window, this one among them. */
  current: number
  /** Milliseconds until the window ends. */
  ttl: number
}

/** Counts the requests of each client, in windows that begin with its first. */
export interface Allowances {
  /** Counts one more. Never throws. */
  use(client: string, windowMs: number): Promise<Used>
  close(): void
}

/** Most clients that are counted at once; of more, those not heard of for longest begin anew. */
const mostClients = 100_000

/** Counts in this process. */
export function createOwnAllowances(now: () => number): Allowances {
  const windows = new LRUCache<string, { count: number; endsAt: number }>({ max: mostClients })
  return {
    async use(client, windowMs) {
      const known = windows.get(client)
      const window = known && known.endsAt > now() ? known : { count: 0, endsAt: now() + windowMs }
      window.count++
      windows.set(client, window)
      return { current: window.count, ttl: window.endsAt - now() }
    },
    close() {},
  }
}

/** How long Redis may take to count, in milliseconds. */
const patienceMs = 50

/** How long it is left alone when it did not, in milliseconds. */
const restMs = 1_000

/** One more in the window of KEYS[1], which lasts ARGV[1] ms; gives the count and the milliseconds left. */
const script = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

/** What counting in Redis takes. */
export interface SharedAllowancesOptions {
  /** One Redis or the nodes of a cluster, as REDIS_URL says. */
  redisUrl: string
  /** Counts while Redis is away. */
  own: Allowances
  /** Milliseconds since the epoch. */
  now: () => number
  log: Pick<BaseLogger, 'info' | 'warn'>
}

/** Counts in Redis, for all gateways together; each by itself while Redis is away, for which no request waits long. */
export function createSharedAllowances({ redisUrl, own, now, log }: SharedAllowancesOptions): Allowances {
  const redis = createRedisClient(redisUrl, { commandTimeoutMs: patienceMs })
  let restsUntil = 0
  let isAway = false
  let lastError: Error | undefined
  redis.on('error', (error) => {
    lastError = error
  })

  function say(away: boolean) {
    if (away === isAway) return
    isAway = away
    if (away) log.warn({ err: lastError }, 'Redis is away; clients are counted by this gateway alone')
    else log.info('Redis is back; clients are counted by all gateways together')
  }

  return {
    async use(client, windowMs) {
      if (now() < restsUntil) return own.use(client, windowMs)
      try {
        const used = read(await redis.eval(script, 1, `fanfare:requests:${client}`, windowMs))
        say(false)
        return used
      } catch (error) {
        if (error instanceof Error) lastError = error
        restsUntil = now() + restMs
        say(true)
        return own.use(client, windowMs)
      }
    },
    close() {
      redis.disconnect()
      own.close()
    },
  }
}

function read(reply: unknown): Used {
  const [current, ttl] = Array.isArray(reply) ? reply : []
  if (typeof current !== 'number' || typeof ttl !== 'number') throw new Error('Redis did not count')
  return { current, ttl: Math.max(0, ttl) }
}
