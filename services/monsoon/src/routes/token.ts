import { createHash, timingSafeEqual } from 'node:crypto'
import { type AirlineApp, notice } from '@fanfare/kit'
import formbody from '@fastify/formbody'
import type { FastifyReply } from 'fastify'
import type { TSchema } from 'typebox'
import { tokenPath } from '../examples.ts'
import { TokenError } from '../schemas/errors.ts'
import { ref } from '../schemas/ref.ts'
import { Token, TokenRequest } from '../schemas/tokens.ts'
import { type TokenIssuer, tokenSeconds } from '../tokens.ts'

/** Who may have tokens. */
export interface TokenRouteOptions {
  issuer: TokenIssuer
  clientId: string
  clientSecret: string
}

const replies: Record<number, TSchema> = {
  200: ref(Token, { description: 'A token' }),
  400: ref(TokenError, { description: 'The request is not as RFC 6749 has it' }),
  401: ref(TokenError, { description: 'The client id or secret is wrong' }),
}

/** The token endpoint of OAuth2's client credentials grant (RFC 6749, section 4.4). */
export async function tokenRoutes(app: AirlineApp, { issuer, clientId, clientSecret }: TokenRouteOptions) {
  app.removeAllContentTypeParsers()
  await app.register(formbody)
  app.setErrorHandler((error: Error, request, reply) => {
    const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
    if (status < 500) return refuse(reply, 400, 'invalid_request', error.message)
    request.log.error({ err: error }, 'request failed')
    return refuse(reply, 500, 'server_error', 'Something broke at Monsoon')
  })

  app.post(
    tokenPath,
    {
      schema: {
        operationId: 'createToken',
        tags: ['Sign-in'],
        summary: 'Get a token',
        description: `Takes the client id and secret by HTTP Basic or in the form, and gives a bearer token for ${tokenSeconds} seconds.`,
        consumes: ['application/x-www-form-urlencoded'],
        security: [],
        body: TokenRequest,
        response: replies,
      },
    },
    (request, reply) => {
      notice('sign_in', 'token')
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache')
      const { grant_type, client_id, client_secret, scope = '' } = request.body
      const { authorization } = request.headers
      if (authorization !== undefined && client_secret !== undefined) {
        return refuse(reply, 400, 'invalid_request', 'Send the secret by HTTP Basic or in the form, not both')
      }
      const shown = authorization === undefined ? [[client_id ?? '', client_secret ?? '']] : readBasic(authorization)
      if (!shown.some(([id = '', secret = '']) => isSame(id, clientId) && isSame(secret, clientSecret))) {
        reply.header('www-authenticate', 'Basic realm="monsoon"')
        return refuse(reply, 401, 'invalid_client', 'The client id or secret is wrong')
      }
      if (grant_type !== 'client_credentials') {
        return refuse(reply, 400, 'unsupported_grant_type', 'Only client_credentials is offered')
      }
      if (scope.trim() !== '') return refuse(reply, 400, 'invalid_scope', 'Monsoon has no scopes')
      const access_token = issuer.issue(clientId)
      return reply.send({ access_token, token_type: 'Bearer', expires_in: tokenSeconds } satisfies Token)
    },
  )
}

function refuse(reply: FastifyReply, status: 400 | 401 | 500, error: TokenError['error'], error_description: string) {
  return reply.code(status).send({ error, error_description } satisfies TokenError)
}

/** Id and secret of an HTTP Basic header, form-decoded as RFC 6749 wants them and also as they stand, as many clients send them. */
function readBasic(authorization: string): string[][] {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1]
  if (encoded === undefined) return []
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) return []
  const plain = [text.slice(0, colon), text.slice(colon + 1)]
  const form = new URLSearchParams(`id=${plain[0]}&secret=${plain[1]}`)
  return [plain, [form.get('id') ?? '', form.get('secret') ?? '']]
}

/** Compares in a time that does not tell how much of the secret was right. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
