import { createHmac, hash, randomUUID } from 'node:crypto'
import type { ConnectorOptions } from '../connector.ts'

/** Signs what is sent to Lotus Air. */
export interface Signer {
  /** The headers of one request; each call gives new ones, since a nonce is good once. */
  sign(method: string, target: string, body: string): Record<string, string>
  /** Takes over the time that Lotus Air says it is, milliseconds since the epoch. */
  setClock(lotusTime: number): void
}

/** A signer by HMAC-SHA256 under the secret, on our clock until Lotus Air tells another time. */
export function createSigner({ key, secret, now }: Pick<ConnectorOptions, 'key' | 'secret' | 'now'>): Signer {
  let ahead = 0
  return {
    sign(method, target, body) {
      const timestamp = `${Math.round(now() + ahead)}`
      const nonce = randomUUID()
      const mark = target.indexOf('?')
      const path = mark < 0 ? target : target.slice(0, mark)
      const query = mark < 0 ? '' : target.slice(mark + 1)
      const digest = hash('sha256', body, 'hex')
      const text = ['LOTUS-HMAC-SHA256', key, timestamp, nonce, method, path, query, digest].join('\n')
      return {
        'x-lotus-key': key,
        'x-lotus-timestamp': timestamp,
        'x-lotus-nonce': nonce,
        'x-lotus-signature': createHmac('sha256', secret).update(text).digest('hex'),
      }
    },
    setClock(lotusTime) {
      ahead = lotusTime - now()
    },
  }
}
