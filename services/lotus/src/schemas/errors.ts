import { type Static, Type } from 'typebox'
import { Amount } from './common.ts'
import { component, ref } from './ref.ts'

export const Fault = component(
  'Fault',
  {
    code: Type.String({ description: 'Stable', examples: ['price-moved'] }),
    detail: Type.String({ description: 'For a person to read' }),
    at: Type.Optional(Type.String({ description: 'JSON pointer into the request', examples: ['/travelParty/adults'] })),
    currentTotal: Type.Optional(Amount('With price-moved: what everything costs now')),
    lotusTime: Type.Optional(
      Type.Integer({ description: 'With timestamp-outside-window: Lotus Air’s clock, milliseconds since the epoch' }),
    ),
  },
  'One thing that was wrong',
)
export type Fault = Static<typeof Fault>

export const Faults = component('Faults', { errors: Type.Array(ref(Fault), { minItems: 1 }) }, 'Why not')
export type Faults = Static<typeof Faults>
