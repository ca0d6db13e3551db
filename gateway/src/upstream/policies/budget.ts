/** What bounds the calls that are sent over and above the first: retries and hedges, over all airlines together. */
export interface Budget {
  /** A first call was sent: it earns a share of an extra one. */
  earn(): void
  /** Takes an extra call, for one that failed; false where there is none. */
  takeRetry(): boolean
  /** Takes an extra call, for one that is slow; false where there is none beyond those kept for retries. */
  takeHedge(): boolean
  /** Extra calls that can be made now; a fraction is on its way. */
  left(): number
}

/** How large a budget is, in calls. */
export interface BudgetFigures {
  /** First calls that earn one extra call. */
  callsPerExtra: number
  /** Extra calls there are at the start. */
  initial: number
  /** Most that can be saved up. */
  most: number
  /** Those that hedges leave to retries: a failed call needs its extra call more than a slow one does. */
  keptForRetries: number
}

/** Makes a budget. However calls come, the extra ones are at most first calls / callsPerExtra + initial. */
export function createBudget({ callsPerExtra, initial, most, keptForRetries }: BudgetFigures): Budget {
  // Counted in shares of an extra call, which are whole numbers.
  let shares = initial * callsPerExtra

  function take(kept: number): boolean {
    if (shares < (kept + 1) * callsPerExtra) return false
    shares -= callsPerExtra
    return true
  }

  return {
    earn() {
      shares = Math.min(most * callsPerExtra, shares + 1)
    },
    takeRetry: () => take(0),
    takeHedge: () => take(keptForRetries),
    left: () => shares / callsPerExtra,
  }
}
