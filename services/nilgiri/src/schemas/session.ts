import { Type } from 'typebox'
import { Ok, Screen } from './common.ts'
import { component } from './ref.ts'

export const LogonEntry = component(
  'LogonEntry',
  {
    agentSign: Type.String({ minLength: 1, maxLength: 200 }),
    dutyCode: Type.Enum(['AS', 'IN'], { description: 'AS: agent sales; IN: inquiry, may look and may not sell' }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  },
  'Sign in',
)

export const LogonAnswer = component(
  'LogonAnswer',
  {
    status: Ok,
    session: Type.String({ description: 'Shown in `Nilgiri-Session` by every other entry' }),
    idleMinutes: Type.Integer({ description: 'The session ends so long after its last entry' }),
    screen: Screen,
  },
  'Signed in, with an empty cart',
)

export const DoneAnswer = component('DoneAnswer', { status: Ok, screen: Screen }, 'Done')
