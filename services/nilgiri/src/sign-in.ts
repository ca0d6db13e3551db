import type { FastifyRequest } from 'fastify'
import { HostError } from './errors.ts'
import type { Session, Sessions } from './sessions.ts'

/** The session of a request that createSignIn has let through. */
export type SessionOf = (request: FastifyRequest) => Session

/** A hook that lets only signed-in agents through, and what finds their session afterwards. */
export function createSignIn(sessions: Sessions) {
  const current = new WeakMap<FastifyRequest, Session>()

  function check(request: FastifyRequest): HostError | null {
    const token = request.headers['nilgiri-session']
    if (typeof token !== 'string') return new HostError('SIGN IN', 'show a session in Nilgiri-Session')
    const session = sessions.touch(token)
    if (session === null) return new HostError('SESSION EXPIRED', 'sign in again')
    current.set(request, session)
    return null
  }

  const sessionOf: SessionOf = (request) => {
    const session = current.get(request)
    if (session === undefined) throw new Error(`${request.url} is not behind the sign-in`)
    return session
  }

  return { check, sessionOf }
}

/** The session of an agent who may sell. Throws HostError DUTY CODE. */
export function seller(session: Session): Session {
  if (session.dutyCode !== 'AS') throw new HostError('DUTY CODE', 'inquiry may not sell')
  return session
}
