import { AirlineError } from '../../upstream/airline-error.ts'
import { uninstructed } from '../../upstream/instructions.ts'
import type { ConnectorOptions } from '../connector.ts'

/** Sessions at a time: near the connections under them, and few enough for an old host. */
const mostSessions = 24

/** Signings-in at a time, however many conversations begin at once. */
const mostLogons = 3

/** The host ends a session after ten idle minutes; one is not used so close to that. */
const idleMs = 9 * 60_000

/** What a conversation throws when the host knows its session no more; what was in its cart is gone, and nothing was done. */
export class SessionOver extends Error {
  override name = 'SessionOver'
}

/** Sessions at the host, each used by one conversation at a time. */
export interface Sessions {
  /**
   * Holds a conversation in a session of its own. A conversation that resolves must leave its cart empty: the session is
   * used again. One that rejects leaves the host's side unknown: the session is dropped. One that throws SessionOver is
   * begun again, once, in a new session. Throws AirlineError, timeout when the signal aborts first.
   */
  converse<T>(signal: AbortSignal, conversation: (session: string) => Promise<T>): Promise<T>
}

/** Keeps sessions; `logon` signs in for a new one. */
export function createSessions(
  { now }: Pick<ConnectorOptions, 'now'>,
  logon: (signal: AbortSignal) => Promise<string>,
): Sessions {
  const places = createGate(mostSessions)
  const logons = createGate(mostLogons)
  /** Last used last. */
  const idle: { session: string; usedAt: number }[] = []

  function takeIdle(): string | null {
    const last = idle.pop()
    if (last && now() - last.usedAt < idleMs) return last.session
    // The others have been idle longer still.
    idle.length = 0
    return null
  }

  async function signIn(signal: AbortSignal, take: () => string | null): Promise<string> {
    await logons.enter(signal)
    try {
      return take() ?? (await uninstructed(() => logon(signal)))
    } finally {
      logons.leave()
    }
  }

  return {
    async converse(signal, conversation) {
      await places.enter(signal)
      const hold = async (session: string) => {
        const result = await conversation(session)
        idle.push({ session, usedAt: now() })
        return result
      }
      try {
        return await hold(takeIdle() ?? (await signIn(signal, takeIdle)))
      } catch (error) {
        if (!(error instanceof SessionOver)) throw error
        // Others may have ended with it, so no idle one will do.
        return await hold(await signIn(signal, () => null))
      } finally {
        places.leave()
      }
    },
  }
}

/** Lets so many in at a time, the others in the order they came. */
function createGate(places: number) {
  let free = places
  const waiting = new Set<() => void>()
  return {
    /** Throws AirlineError timeout when the signal aborts first. */
    async enter(signal: AbortSignal): Promise<void> {
      if (signal.aborted) throw gaveUp(signal)
      if (free > 0) {
        free--
        return
      }
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          signal.removeEventListener('abort', stop)
          resolve()
        }
        const stop = () => {
          waiting.delete(go)
          reject(gaveUp(signal))
        }
        waiting.add(go)
        signal.addEventListener('abort', stop, { once: true })
      })
    },
    leave(): void {
      const [next] = waiting
      if (next === undefined) {
        free++
        return
      }
      waiting.delete(next)
      next()
    },
  }
}

function gaveUp({ reason }: AbortSignal): AirlineError {
  return new AirlineError('nilgiri', 'timeout', 'nilgiri had no session free in time', { cause: reason })
}
