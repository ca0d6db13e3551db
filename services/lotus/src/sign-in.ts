import { hash, timingSafeEqual } from 'node:crypto'
import type { AirlineApp } from '@fanfare/kit'
import type { FastifyRequest } from 'fastify'
import { LotusError } from './errors.ts'
import { createNonceBook } from './nonces.ts'
import { signatureOf } from './signature.ts'

/** How far a timestamp may be from the clock, either way. */
export const windowMs = 60_000

/** Some seconds of the heaviest load; about 30 MB. */
const mostNonces = 200_000

/** Who may call. */
export interface SignInOptions {
  key: string
  secret: string
  /** The airline's clock: milliseconds since the epoch. */
  now: () => number
  /** Takes what is to be done when the clock is set back: nonces of a time to come would be in the way then. */
  onReset: (listener: () => void) => void
  /** Nonces kept at most; for tests. */
  nonces?: number
}

/** What a request says of its signature. */
interface Claim {
  timestamp: string
  nonce: string
  signature: Buffer
}

const forms = { timestamp: /^\d{1,15}$/, nonce: /^[A-Za-z0-9_-]{16,64}$/, signature: /^[0-9a-f]{64}$/ }

const empty = Buffer.alloc(0)

/**
 * Lets nothing through in this scope but requests that are signed with the secret, within the window of the clock, and
 * never seen before. Bodies are taken as bytes, since those are signed, and read as JSON only once the signature is good.
 */
export function requireSignatures(api: AirlineApp, options: SignInOptions): void {
  const { key, secret, now } = options
  const nonces = createNonceBook({ now, windowMs, most: options.nonces ?? mostNonces })
  options.onReset(nonces.clear)
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const rightKey = digest(key)

  /** Everything that can be judged before the body is there. Throws LotusError. */
  function readClaim({ headers }: FastifyRequest): Claim {
    const shown = (name: string) => {
      const value = headers[name]
      return typeof value === 'string' ? value : ''
    }
    const [timestamp, nonce, signature] = [
      shown('x-lotus-timestamp'),
      shown('x-lotus-nonce'),
      shown('x-lotus-signature'),
    ]
    if (!forms.timestamp.test(timestamp) || !forms.nonce.test(nonce) || !forms.signature.test(signature)) {
      throw new LotusError(
        401,
        'signature-missing',
        'Sign the request as /docs says: X-Lotus-Key, X-Lotus-Timestamp, X-Lotus-Nonce, X-Lotus-Signature',
      )
    }
    if (!timingSafeEqual(digest(shown('x-lotus-key')), rightKey)) throw rejected()
    const lotusTime = now()
    if (Math.abs(lotusTime - Number(timestamp)) > windowMs) {
      throw new LotusError(
        401,
        'timestamp-outside-window',
        `The timestamp is more than ${windowMs / 1000} seconds off`,
        {
          lotusTime,
        },
      )
    }
    return { timestamp, nonce, signature: Buffer.from(signature, 'hex') }
  }

  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  api.addHook('onRequest', (request, _reply, done) => {
    readClaim(request)
    done()
  })

  api.addHook('preValidation', (request, _reply, done) => {
    const body = Buffer.isBuffer(request.body) ? request.body : empty
    const { timestamp, nonce, signature } = readClaim(request)
    const { method, url = '' } = request.raw
    const right = signatureOf({ key, timestamp, nonce, method: method ?? '', target: url, body }, secret)
    if (!timingSafeEqual(right, signature)) throw rejected()
    if (!nonces.use(nonce, Number(timestamp))) {
      throw new LotusError(401, 'nonce-replayed', 'A request with this nonce came before, or may have; sign each anew')
    }
    request.body = readBody(request, body)
    done()
  })
}

function rejected(): LotusError {
  return new LotusError(401, 'signature-rejected', 'The key or the signature is wrong')
}

function readBody({ headers, routeOptions }: FastifyRequest, body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (routeOptions.schema?.body === undefined) {
    throw new LotusError(400, 'request-invalid', 'This call takes no body')
  }
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new LotusError(415, 'media-type-unsupported', 'Send application/json')
  }
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new LotusError(400, 'request-malformed', 'The body is not JSON')
  }
}
