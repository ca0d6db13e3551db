import { hash, timingSafeEqual } from 'node:crypto'
import { type AirlineApp, notice } from '@fanfare/kit'
import { HostError } from '../errors.ts'
import { ref } from '../schemas/ref.ts'
import { DoneAnswer, LogonAnswer, LogonEntry } from '../schemas/session.ts'
import { idleMinutes, type Sessions } from '../sessions.ts'
import type { SessionOf } from '../sign-in.ts'
import { answers } from './answers.ts'

/** Who may sign in. */
export interface Agent {
  sign: string
  password: string
}

/** POST /logon, the only entry without a session. */
export function registerLogon(app: AirlineApp, sessions: Sessions, { sign, password }: Agent): void {
  app.post(
    '/logon',
    {
      schema: {
        operationId: 'logon',
        tags: ['Session'],
        summary: 'Sign in',
        description: `Gives a session for the header \`Nilgiri-Session\`. It ends ${idleMinutes} minutes after its last entry, and its cart with it.`,
        security: [],
        body: ref(LogonEntry),
        response: answers(LogonAnswer, 400, 413, 415),
      },
    },
    ({ body }) => {
      notice('sign_in', body.agentSign)
      const isRight = isSame(body.agentSign, sign)
      if (!isSame(body.password, password) || !isRight) throw new HostError('INVALID SIGN', 'check sign and password')
      const { token } = sessions.open(body.dutyCode)
      return { status: 'OK', session: token, idleMinutes, screen: [`SIGNED IN ${body.dutyCode}`] }
    },
  )
}

/** POST /logoff. */
export function registerLogoff(app: AirlineApp, sessions: Sessions, sessionOf: SessionOf): void {
  app.post(
    '/logoff',
    {
      schema: {
        operationId: 'logoff',
        tags: ['Session'],
        summary: 'Sign out',
        description: 'Ends the session; what is in its cart is dropped.',
        response: answers(DoneAnswer, 400, 413, 415),
      },
    },
    (request) => {
      sessions.close(sessionOf(request).token)
      return { status: 'OK', screen: ['SIGNED OUT'] }
    },
  )
}

/** Compares in a time that tells nothing about the right text. */
function isSame(shown: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', shown, 'buffer'), hash('sha256', right, 'buffer'))
}
