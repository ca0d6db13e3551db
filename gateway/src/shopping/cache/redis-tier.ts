import { Cluster, type Redis } from 'ioredis'
import { createRedisClient, mastersOf } from '../../redis.ts'
import type { Log } from '../log.ts'
import { decodeEntry, type Entry, encodeEntry } from './entry.ts'

/** The second tier, shared by all gateways. It never throws: without Redis everything is a miss. */
export interface RedisTier {
  /** null: not there, not readable, or Redis does not answer in time. */
  get(key: string): Promise<Entry | null>
  /** Writes in the background; Redis drops the entry by itself after `ttlMs`. */
  set(key: string, entry: Entry, ttlMs: number): void
  close(): void
}

/** How the second tier is reached. */
export interface RedisTierOptions {
  /** `redis://host:port/database`, or several nodes of a cluster: see redis.ts */
  url: string
  /** Put before every key; holds the version of what is stored. */
  prefix: string
  /** How long a read may take before the answer is made without it, in milliseconds. */
  timeoutMs: number
  log: Log
}

/**
 * - starting: not connected yet
 * - up: asked for everything
 * - silent: connected, but a read had no answer in time; left alone until a ping comes back, from every node of a cluster
 * - gone: being reconnected to
 * - closed: by us
 */
type State = 'starting' | 'up' | 'silent' | 'gone' | 'closed'

/** How long a silent Redis may stay so before the connection is given up, in milliseconds. */
const maxSilenceMs = 1_000

/** Opens the second tier; connects, and connects again, by itself. */
export function createRedisTier({ url, prefix, timeoutMs, log }: RedisTierOptions): RedisTier {
  const redis = createRedisClient(url)
  const complaints = new Set<string>()
  let state: State = 'starting'
  let lastError: Error | undefined
  let silence: NodeJS.Timeout | undefined

  redis.on('error', (error) => {
    lastError = error
  })
  redis.on('ready', () => {
    if (state === 'gone') log.info('Redis is back')
    enter('up')
  })
  redis.on('close', () => {
    if (state !== 'closed') sayGone()
  })

  function enter(next: State) {
    clearTimeout(silence)
    state = next
  }

  function sayGone() {
    if (state !== 'gone') log.warn({ err: lastError }, 'Redis is gone; answers come from this process until it is back')
    enter('gone')
  }

  /** A slow moment (Redis's or our own) costs one read; silence ends with an answer to a ping or with the connection. */
  function waitInSilence() {
    if (state !== 'up') return
    enter('silent')
    const silent = new Set(mastersOf(redis))
    const heardOf = (node: Redis) => {
      silent.delete(node)
      if (silent.size === 0 && state === 'silent') enter('up')
    }
    silence = setTimeout(() => {
      if (!(redis instanceof Cluster)) {
        sayGone()
        redis.disconnect(true)
        return
      }
      // The others go on; whoever asks for what this one keeps connects to it again.
      for (const node of silent) {
        const address = `${node.options.host}:${node.options.port}`
        complain(address, { address }, 'A node of the Redis cluster does not answer')
        node.disconnect()
        heardOf(node)
      }
    }, maxSilenceMs)
    for (const node of silent) {
      node.ping().then(
        () => heardOf(node),
        // One that is lost is none to wait for; a single Redis tells itself that it is.
        () => {
          if (redis instanceof Cluster) heardOf(node)
        },
      )
    }
  }

  /** Redis's own refusals (out of memory, read-only replica, cluster down) are told once each; a lost connection tells itself. */
  function complainOfRefusal(error: unknown) {
    if (error instanceof Error && error.name === 'ReplyError')
      complain(error.message, { err: error }, 'Redis refused a command')
  }

  function complain(what: string, details: Record<string, unknown>, message: string) {
    if (complaints.has(what)) return
    if (complaints.size < 100) complaints.add(what)
    log.warn(details, message)
  }

  return {
    get(key) {
      if (state !== 'up') return Promise.resolve(null)
      return new Promise((resolve) => {
        let last: NodeJS.Immediate | undefined
        const giveUp = () => {
          waitInSilence()
          resolve(null)
        }
        // What came while this process was busy with something else is read before it is given up.
        const timer = setTimeout(() => {
          last = setImmediate(giveUp)
        }, timeoutMs)
        const end = () => {
          clearTimeout(timer)
          clearImmediate(last)
        }
        redis.getBuffer(prefix + key).then(
          (bytes) => {
            end()
            resolve(bytes === null ? null : decodeEntry(bytes))
          },
          (error) => {
            end()
            complainOfRefusal(error)
            resolve(null)
          },
        )
      })
    },

    set(key, entry, ttlMs) {
      if (state === 'up') redis.set(prefix + key, encodeEntry(entry), 'PX', Math.ceil(ttlMs)).catch(complainOfRefusal)
    },

    close() {
      enter('closed')
      redis.disconnect()
    },
  }
}
