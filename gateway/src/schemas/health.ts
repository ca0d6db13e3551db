import { type Static, Type } from 'typebox'
import { component, nullable, oneOf } from './ref.ts'

export const Liveness = component(
  'Liveness',
  { status: oneOf(['live'], { description: 'Always live: a gateway that is not gives no answer' }) },
  'The process runs',
)
export type Liveness = Static<typeof Liveness>

export const Readiness = component(
  'Readiness',
  {
    status: oneOf(['ready', 'not_ready'], { description: 'ready: every required check passed' }),
    checks: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'What was looked at', examples: ['store'] }),
          status: oneOf(['ok', 'failed', 'unknown'], { description: 'unknown: not asked yet' }),
          required: Type.Boolean({ description: 'Whether the gateway can serve only when this is ok' }),
          detail: nullable(Type.String(), 'What is wrong; null when nothing is'),
        },
        { additionalProperties: false },
      ),
    ),
  },
  'Whether the gateway can serve',
)
export type Readiness = Static<typeof Readiness>
