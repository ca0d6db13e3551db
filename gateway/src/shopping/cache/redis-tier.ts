import { Redis } from 'ioredis'
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
  /** `redis://host:port/database` */
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
 * - silent: connected, but a read had no answer in time; left alone until a ping comes back
 * - gone: being reconnected to
 * - closed: by us
 */
type State = 'starting' | 'up' | 'silent' | 'gone' | 'closed'

/** How long a silent Redis may stay so before the connection is given up, in milliseconds. */
const maxSilenceMs = 1_000

/** Longest pause between two attempts to connect, in milliseconds. */
const maxPauseMs = 2_000

/** Opens the second tier; connects, and connects again, by itself. */
export function createRedisTier({ url, prefix, timeoutMs, log }: RedisTierOptions): RedisTier {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: maxPauseMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, maxPauseMs),
  })
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
    silence = setTimeout(() => {
      sayGone()
      redis.disconnect(true)
    }, maxSilenceMs)
    redis.ping().then(
      () => {
        if (state === 'silent') enter('up')
      },
      () => {},
    )
  }

  /** Redis's own refusals (out of memory, read-only replica) are told once each; a lost connection tells itself. */
  function complain(error: unknown) {
    if (!(error instanceof Error) || error.name !== 'ReplyError' || complaints.has(error.message)) return
    if (complaints.size < 100) complaints.add(error.message)
    log.warn({ err: error }, 'Redis refused a command')
  }

  return {
    get(key) {
      if (state !== 'up') return Promise.resolve(null)
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waitInSilence()
          resolve(null)
        }, timeoutMs)
        redis.getBuffer(prefix + key).then(
          (bytes) => {
            clearTimeout(timer)
            resolve(bytes === null ? null : decodeEntry(Buffer.from(bytes)))
          },
          (error) => {
            clearTimeout(timer)
            complain(error)
            resolve(null)
          },
        )
      })
    },

    set(key, entry, ttlMs) {
      if (state === 'up') redis.set(prefix + key, encodeEntry(entry), 'PX', Math.ceil(ttlMs)).catch(complain)
    },

    close() {
      enter('closed')
      redis.disconnect()
    },
  }
}
