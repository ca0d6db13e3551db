import { type Static, Type } from 'typebox'
import { component } from './ref.ts'

/** Open, as RFC 6749 has unknown parameters ignored. */
export const TokenRequest = Type.Object(
  {
    grant_type: Type.String({ description: 'Always client_credentials', examples: ['client_credentials'] }),
    client_id: Type.Optional(Type.String({ description: 'Unless sent by HTTP Basic' })),
    client_secret: Type.Optional(Type.String({ description: 'Unless sent by HTTP Basic' })),
    scope: Type.Optional(Type.String({ description: 'Monsoon has no scopes: leave it out or empty' })),
  },
  {
    description: 'A form, as RFC 6749 has it',
    examples: [{ grant_type: 'client_credentials', client_id: 'fanfare', client_secret: 'fanfare-secret' }],
  },
)

export const Token = component(
  'Token',
  {
    access_token: Type.String(),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds it lives', examples: [300] }),
  },
  'A token to send as Authorization: Bearer',
)
export type Token = Static<typeof Token>
