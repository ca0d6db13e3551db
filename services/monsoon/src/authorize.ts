import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { TokenIssuer } from './tokens.ts'

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i

/** A hook that lets only a good bearer token through (RFC 6750), and each client only as often as the limiter allows. */
export function createAuthorizeHook(issuer: TokenIssuer, limiter: RateLimiter | null) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { authorization } = request.headers
    if (authorization === undefined) {
      reply.header('www-authenticate', 'Bearer realm="monsoon"')
      throw new ApiError(
        { status: 401, error_code: 'TOKEN_MISSING', hint: 'POST /oauth/token gives one.' },
        'This call takes an Authorization: Bearer header',
      )
    }
    const claims = issuer.verify(bearer.exec(authorization)?.[1] ?? '')
    if (claims === null) {
      reply.header('www-authenticate', 'Bearer error="invalid_token", error_description="Expired or never issued"')
      throw new ApiError(
        { status: 401, error_code: 'TOKEN_INVALID', hint: 'POST /oauth/token gives a new one.' },
        'The token has expired or was never issued',
      )
    }
    if (limiter === null) return
    const allowance = limiter(claims.clientId)
    reply.header('ratelimit-limit', allowance.limit)
    reply.header('ratelimit-remaining', allowance.remaining)
    reply.header('ratelimit-reset', allowance.resetSeconds)
    if (allowance.allowed) return
    reply.header('retry-after', allowance.retryAfterSeconds)
    throw new ApiError(
      { status: 429, error_code: 'SLOW_DOWN', hint: 'Retry-After says when the next one is allowed.' },
      'Too many requests',
    )
  }
}
