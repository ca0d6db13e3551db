import { type Static, Type } from 'typebox'
import { component } from './ref.ts'

export const Problem = component(
  'Problem',
  {
    type: Type.String({
      description: 'URI reference of the error’s documentation',
      examples: ['/docs/errors#invalid_request'],
    }),
    title: Type.String({ description: 'The same for every error of this code' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    code: Type.String({ description: 'Stable; see docs/errors.md', examples: ['invalid_request'] }),
    detail: Type.String({ description: 'What was wrong this time and what to do' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          { path: Type.String({ examples: ['/passengers/0/bornOn'] }), message: Type.String() },
          { additionalProperties: false },
        ),
        { description: 'One entry per wrong field' },
      ),
    ),
    facts: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'The new facts behind a 409: the current total, or the seats that are gone',
      }),
    ),
    requestId: Type.String({ description: 'Names the request in the logs' }),
  },
  'An error (RFC 9457)',
)
export type Problem = Static<typeof Problem>
