import { type Static, Type } from 'typebox'
import { component, ref } from './ref.ts'

export const ErrorBody = component(
  'ErrorBody',
  {
    code: Type.String({ description: 'Stable', examples: ['SEAT_NOT_AVAILABLE'] }),
    message: Type.String({ description: 'For a person to read' }),
    details: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: Type.String({ description: 'JSON pointer into the request', examples: ['/travellers/adults'] }),
            issue: Type.String({ examples: ['must be >= 1'] }),
            current: Type.Optional(
              Type.String({ description: 'What the field would have to say now', examples: ['4310.00'] }),
            ),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    traceId: Type.String({ description: 'Names the request in Saffron Airways’ logs' }),
  },
  'What was wrong',
)

export const ErrorAnswer = component('ErrorAnswer', { error: ref(ErrorBody) }, 'An error')
export type ErrorAnswer = Static<typeof ErrorAnswer>
