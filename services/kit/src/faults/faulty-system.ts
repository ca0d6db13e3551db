import { AsyncLocalStorage } from 'node:async_hooks'
import type { AirlineSystem } from '../airline-system.ts'
import { Refusal } from '../orders/types.ts'
import type { Deed, Fault, Faults } from './faults.ts'

/** What is to become of the answer to the request under way. */
export interface Exchange {
  fault: Fault | null
}

/** The request under way; set by the app for each request while faults can be switched on. */
export const exchange = new AsyncLocalStorage<Exchange>()

/** A deed that was struck before it was done; the answer is lost or replaced, so no one reads it. */
class Struck extends Error {
  override name = 'Struck'
}

/** The same system, whose deeds go wrong as the switches say. The app sees to the answers (see answers.ts). */
export function withFaults(system: AirlineSystem, faults: Faults): AirlineSystem {
  const due = new Set<NodeJS.Timeout>()

  /** Does it in a while. Nobody hears what became of it: that it cannot be done any more is as good an end as any. */
  function doLater(act: () => unknown, delayMs: number): void {
    const timer = setTimeout(() => {
      due.delete(timer)
      try {
        act()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }, delayMs)
    due.add(timer)
  }

  function suffer<T>(deed: Deed, key: string, act: () => T): T {
    const fault = faults.strike(deed, key)
    if (fault === null) return act()
    const under = exchange.getStore()
    if (under) under.fault = fault
    if (fault.kind === 'done_later') doLater(act, fault.delayMs)
    if (fault.kind === 'lost_request' || fault.kind === 'error_before' || fault.kind === 'done_later') {
      throw new Struck(`${deed} was struck by ${fault.kind}`)
    }
    return act()
  }

  return {
    ...system,
    faults,
    order: (request) => suffer(request.pay ? 'purchase' : 'hold', request.clientReference, () => system.order(request)),
    pay: (locator, expectedTotal) => suffer('pay', locator, () => system.pay(locator, expectedTotal)),
    cancel: (locator) => suffer('cancel', locator, () => system.cancel(locator)),
    close() {
      for (const timer of due) clearTimeout(timer)
      system.close()
    },
  }
}
