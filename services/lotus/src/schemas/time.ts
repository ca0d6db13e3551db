import { Type } from 'typebox'
import { component } from './ref.ts'

export const LotusTime = component(
  'LotusTime',
  {
    epochMs: Type.Integer({ description: 'Milliseconds since the epoch' }),
    windowMs: Type.Integer({ description: 'How far a request’s timestamp may be from it, either way' }),
  },
  'The clock that timestamps are judged by',
)
