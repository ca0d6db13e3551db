import { AirlineError } from '../../upstream/airline-error.ts'
import { callUnderWay } from '../../upstream/call-under-way.ts'
import type { ConnectorOptions } from '../connector.ts'
import { readToken } from './wire.ts'

/** A token is renewed after this share of its life, while calls go on with the old one. */
const renewShare = 0.8

/** After this share it is not used any more, so that none expires on its way. */
const usableShare = 0.95

/** After a renewal that failed, and while the old token is still good, the next is tried so much later, in milliseconds. */
const tryAgainMs = 1_000

/** No single caller's deadline bounds a refresh that all share. */
const refreshTimeoutMs = 5_000

/** The bearer tokens of one connector. */
export interface TokenStore {
  /** A token that is good now; all who ask during a refresh share it. Throws AirlineError, timeout when the signal aborts first. */
  get(signal: AbortSignal): Promise<string>
  /** Forgets a token that Monsoon refused; a newer one stays. */
  drop(token: string): void
}

/** Gets tokens by OAuth2's client credentials grant. */
export function createTokenStore({ http, key, secret, now }: ConnectorOptions): TokenStore {
  const encode = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length)
  const credentials = Buffer.from(`${encode(key)}:${encode(secret)}`).toString('base64')
  let current: { token: string; renewAt: number; usableUntil: number } | null = null
  let refreshing: Promise<string> | null = null

  async function refresh(): Promise<string> {
    const response = await http.request({
      method: 'POST',
      path: '/oauth/token',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      signal: AbortSignal.timeout(refreshTimeoutMs),
    })
    if (response.status === 400 || response.status === 401) {
      throw new AirlineError('monsoon', 'rejected', 'monsoon refuses our client id or secret', { reason: 'invalid' })
    }
    if (response.status !== 200) {
      throw new AirlineError('monsoon', 'malformed', `monsoon answered ${response.status} to a request for a token`)
    }
    const { access_token: token, expires_in } = readToken(response.body)
    const life = expires_in * 1000
    current = { token, renewAt: now() + life * renewShare, usableUntil: now() + life * usableShare }
    return token
  }

  /** The one refresh that is under way. It belongs to no call, however it was set off. */
  function shared(): Promise<string> {
    refreshing ??= callUnderWay.exit(refresh).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  /** Renews while the old token is still good: nobody waits for it, and nobody is told when it fails. */
  function renew(old: { renewAt: number }) {
    shared().catch(() => {
      old.renewAt = now() + tryAgainMs
    })
  }

  return {
    async get(signal) {
      if (current !== null && now() < current.usableUntil) {
        const { token } = current
        if (now() >= current.renewAt && refreshing === null) renew(current)
        return token
      }
      return await orAborted(shared(), signal)
    },
    drop(token) {
      if (current?.token === token) current = null
    },
  }
}

/** The promise's answer, or AirlineError timeout as soon as the signal aborts; the promise goes on for those who still wait. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(new AirlineError('monsoon', 'timeout', 'monsoon gave no token in time', { cause: signal.reason }))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
