import { createHmac, hash } from 'node:crypto'

/** What a signature is made over. */
export interface SignedCall {
  /** Key id. */
  key: string
  /** Milliseconds since the epoch, in decimal digits. */
  timestamp: string
  nonce: string
  /** Upper case. */
  method: string
  /** The request target as it is sent: path, and query after a `?`. */
  target: string
  /** As it is sent; empty for none. */
  body: Buffer | string
}

/** Names the scheme in what is signed, so that a signature of another can never pass for one of this. */
const scheme = 'LOTUS-HMAC-SHA256'

/** Eight lines: scheme, key id, timestamp, nonce, method, path, query (without `?`) and the body's SHA-256 in hex. */
export function textToSign({ key, timestamp, nonce, method, target, body }: SignedCall): string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark + 1)
  return [scheme, key, timestamp, nonce, method, path, query, hash('sha256', body, 'hex')].join('\n')
}

/** HMAC-SHA256 of the text to sign, under the secret. */
export function signatureOf(call: SignedCall, secret: string): Buffer {
  return createHmac('sha256', secret).update(textToSign(call)).digest()
}
