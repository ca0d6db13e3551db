import { randomBytes } from 'node:crypto'
import type { Offer } from '@fanfare/kit'
import type { Cart } from './cart.ts'

/** Minutes after its last entry that a session ends by itself. */
export const idleMinutes = 10

/** Sessions at a time; one more signs off the one that has been idle longest. */
const mostSessions = 500

/** Agent sales, or inquiry: may look and may not sell. */
export type DutyCode = 'AS' | 'IN'

/** A signed-in agent's place at the host. */
export interface Session {
  readonly token: string
  readonly dutyCode: DutyCode
  /** Offers by line of the last display; [] before the first. */
  display: readonly (readonly Offer[])[]
  /** What is sold and not yet ended; null: nothing. */
  cart: Cart | null
}

/** Who is signed in. */
export interface Sessions {
  open(dutyCode: DutyCode): Session
  /** The session of a token, which begins its idle time anew; null: none, or none any more. */
  touch(token: string): Session | null
  close(token: string): void
  /** Ends every session. */
  clear(): void
}

/** Sessions that live in memory alone, as carts do: a restart ends them all. */
export function createSessions(now: () => number, most: number = mostSessions): Sessions {
  /** Longest idle first. */
  const open = new Map<string, { session: Session; usedAt: number }>()
  const isOver = (usedAt: number) => now() - usedAt >= idleMinutes * 60_000

  function makeRoom(): void {
    for (const [token, { usedAt }] of open) {
      if (!isOver(usedAt) && open.size < most) return
      open.delete(token)
    }
  }

  return {
    open(dutyCode) {
      makeRoom()
      const session: Session = { token: randomBytes(18).toString('base64url'), dutyCode, display: [], cart: null }
      open.set(session.token, { session, usedAt: now() })
      return session
    },
    touch(token) {
      const found = open.get(token)
      if (found === undefined) return null
      open.delete(token)
      if (isOver(found.usedAt)) return null
      found.usedAt = now()
      open.set(token, found)
      return found.session
    },
    close: (token) => void open.delete(token),
    clear: () => open.clear(),
  }
}
