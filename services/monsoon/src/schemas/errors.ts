import { type Static, Type } from 'typebox'
import { Price } from './common.ts'
import { component, ref } from './ref.ts'

export const ErrorReply = component(
  'ErrorReply',
  {
    error_code: Type.String({ description: 'Stable', examples: ['SEAT_GONE'] }),
    message: Type.String({ description: 'For a person to read' }),
    hint: Type.Optional(Type.String({ description: 'What to do about it' })),
    current_total: Type.Optional(ref(Price, { description: 'With PRICE_MOVED: what it costs now' })),
  },
  'Why not',
)
export type ErrorReply = Static<typeof ErrorReply>

export const TokenError = component(
  'TokenError',
  {
    error: Type.Enum(['invalid_request', 'invalid_client', 'unsupported_grant_type', 'invalid_scope', 'server_error']),
    error_description: Type.String(),
  },
  'Why no token, as RFC 6749 has it',
)
export type TokenError = Static<typeof TokenError>
