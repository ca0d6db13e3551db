import { LRUCache } from 'lru-cache'
import { draw } from '../world/random.ts'

/** What changes something at an airline, and so can go wrong half-way. */
export type Deed = 'hold' | 'purchase' | 'pay' | 'cancel'

/**
 * How a deed goes wrong:
 * - lost_request: the connection is cut and nothing is done
 * - lost_answer: it is done, and the connection is cut before the answer
 * - error_before: 500, and nothing is done
 * - error_after: it is done, and the answer is a 500
 * - late: it is done, and the answer comes after `delayMs`
 * - done_later: the connection is cut, and it is done only after `delayMs`, if it then can be
 */
export type FaultKind = 'lost_request' | 'lost_answer' | 'error_before' | 'error_after' | 'late' | 'done_later'

/** A switch: makes deeds go wrong. */
export interface Fault {
  deed: Deed
  kind: FaultKind
  /** Share of deeds that it strikes, 0 to 1. */
  share: number
  /** Strikes so many deeds and no more; null: no end. */
  next: number | null
  /** For late and done_later: milliseconds, real time. */
  delayMs: number
}

/** The switches of one airline. */
export interface Faults {
  list(): readonly Fault[]
  /** Replaces all switches; their draws start afresh. */
  set(faults: readonly Fault[]): void
  /**
   * The fault that strikes this deed; null: none. What strikes follows from the seed, the deed, its key and how often that
   * key was tried, whatever else goes on at the same time.
   */
  strike(deed: Deed, key: string): Fault | null
  /** How often each kind has struck, by `deed/kind`. */
  struck(): Record<string, number>
}

/** How many keys' attempts are counted. */
const maxKeys = 100_000

/** The switches of an airline, all off. */
export function createFaults(seed: string): Faults {
  let switches: Fault[] = []
  let attempts = new LRUCache<string, number>({ max: maxKeys })
  const counts = new Map<string, number>()

  function isStruck({ deed, kind, share, next }: Fault, key: string, attempt: number): boolean {
    return next !== 0 && draw(`${seed}/faults/${deed}/${kind}/${key}/${attempt}`) < share
  }

  return {
    list: () => switches,
    set(faults) {
      switches = faults.map((fault) => ({ ...fault }))
      attempts = new LRUCache({ max: maxKeys })
    },
    strike(deed, key) {
      if (switches.length === 0) return null
      const attempt = (attempts.get(`${deed}/${key}`) ?? 0) + 1
      attempts.set(`${deed}/${key}`, attempt)
      const fault = switches.find((one) => one.deed === deed && isStruck(one, key, attempt))
      if (!fault) return null
      if (fault.next !== null) fault.next--
      const name = `${deed}/${fault.kind}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
      return fault
    },
    struck: () => Object.fromEntries(counts),
  }
}
