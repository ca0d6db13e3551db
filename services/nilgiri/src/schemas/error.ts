import { type Static, Type } from 'typebox'
import { component } from './ref.ts'

export const ErrorAnswer = component(
  'ErrorAnswer',
  {
    status: Type.Enum(['ERR']),
    code: Type.String({ description: 'Stable', examples: ['SESSION EXPIRED'] }),
    text: Type.String({ description: 'For a person to read', examples: ['SESSION EXPIRED - SIGN IN AGAIN'] }),
    total: Type.Optional(
      Type.String({ description: 'With FARE CHANGED: what it costs now, in AED', examples: ['415.50'] }),
    ),
  },
  'The entry was refused, and nothing was done. With status 200 where the host itself said so.',
)
export type ErrorAnswer = Static<typeof ErrorAnswer>
