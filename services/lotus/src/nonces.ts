/** Nonces that were seen, so that no signed request is done twice. */
export interface NonceBook {
  /** Notes the nonce of a request whose signature is good; false: it was used before, or that can no longer be told. */
  use(nonce: string, timestamp: number): boolean
  /** Forgets all of them. */
  clear(): void
}

/** What a nonce book is bounded by. */
export interface NonceBookOptions {
  /** Milliseconds since the epoch. */
  now: () => number
  /** Older timestamps are refused elsewhere, so their nonces need not be kept. */
  windowMs: number
  /** Nonces kept at most. */
  most: number
}

/** Keeps nonces in memory for as long as their requests could be sent again. */
export function createNonceBook({ now, windowMs, most }: NonceBookOptions): NonceBook {
  const timestamps = new Map<string, number>()
  // Where nonces had to be dropped before their time, nothing as old as they is let in any more: it may be one of them.
  let dropped = Number.NEGATIVE_INFINITY

  function makeRoom(): void {
    const oldest = now() - windowMs
    for (const [nonce, timestamp] of timestamps) {
      if (timestamp >= oldest) {
        if (timestamps.size < most) return
        dropped = Math.max(dropped, timestamp)
      }
      timestamps.delete(nonce)
    }
  }

  return {
    clear() {
      timestamps.clear()
      dropped = Number.NEGATIVE_INFINITY
    },
    use(nonce, timestamp) {
      if (timestamp <= dropped || timestamps.has(nonce)) return false
      makeRoom()
      timestamps.set(nonce, timestamp)
      return true
    },
  }
}
