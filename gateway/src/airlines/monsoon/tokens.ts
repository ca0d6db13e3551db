import { AirlineError } from '../../upstream/airline-error.ts'
import { uninstructed } from '../../upstream/instructions.ts'
import type { ConnectorOptions } from '../connector.ts'
import { readToken } from './wire.ts'

/** A token is renewed after this share of its life, so that none expires on its way. */
const usableShare = 0.9

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
  let current: { token: string; renewAt: number } | null = null
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
    current = { token, renewAt: now() + expires_in * 1000 * usableShare }
    return token
  }

  return {
    async get(signal) {
      if (current !== null && now() < current.renewAt) return current.token
      refreshing ??= uninstructed(refresh).finally(() => {
        refreshing = null
      })
      return await orAborted(refreshing, signal)
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
