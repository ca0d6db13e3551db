import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Seconds that a token lives. */
export const tokenSeconds = 300

/** Verified tokens remembered, so that a busy client's token costs one map look-up instead of one HMAC. */
const maxRemembered = 1_000

/** What a token says. */
interface Claims {
  clientId: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Makes bearer tokens and tells good ones from bad ones, keeping no list of those it made. */
export interface TokenIssuer {
  /** A new token for the client, good for tokenSeconds. */
  issue(clientId: string): string
  /** Whose token it is and until when; null for one that is forged, damaged or expired. */
  verify(token: string): Claims | null
  /** From now on no token that was made before is good. */
  revokeAll(): void
}

/**
 * Signed tokens: `<claims>.<HMAC-SHA-256>`, both base64url. The signing key is made anew in every process, so nobody
 * can forge a token and a restart makes clients sign in again.
 */
export function createTokenIssuer(now: () => number): TokenIssuer {
  let signingKey = randomBytes(32)
  const remembered = new Map<string, Claims>()
  const sign = (claims: string) => createHmac('sha256', signingKey).update(claims).digest('base64url')

  function read(token: string): Claims | null {
    const [claims, signature, ...rest] = token.split('.')
    if (claims === undefined || signature === undefined || rest.length > 0) return null
    const expected = Buffer.from(sign(claims))
    const given = Buffer.from(signature)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
    const [expiresAt = '', , ...clientId] = Buffer.from(claims, 'base64url').toString().split(':')
    return { clientId: clientId.join(':'), expiresAt: Number(expiresAt) }
  }

  return {
    revokeAll() {
      signingKey = randomBytes(32)
      remembered.clear()
    },
    issue(clientId) {
      const serial = randomBytes(8).toString('hex')
      const claims = Buffer.from(`${now() + tokenSeconds * 1000}:${serial}:${clientId}`).toString('base64url')
      return `${claims}.${sign(claims)}`
    },
    verify(token) {
      let claims = remembered.get(token)
      if (claims === undefined) {
        const fresh = read(token)
        if (fresh === null) return null
        claims = fresh
        if (remembered.size >= maxRemembered) remembered.clear()
        remembered.set(token, claims)
      }
      if (claims.expiresAt > now()) return claims
      remembered.delete(token)
      return null
    },
  }
}
