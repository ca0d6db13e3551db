import { FanfareError } from '../errors.ts'
import { faultKinds } from '../schemas/simulation.ts'
import { type Instructions, instructed } from '../upstream/instructions.ts'

/** Lets requests ask for faults by their header `Fanfare-Fault`. */
export interface FaultRequests {
  /**
   * Does the work of a request; under what the header says, where there is one. Throws simulation_off where the control plane
   * is closed and invalid_request where the header cannot be read.
   */
  under<T>(header: string | undefined, strikes: Instructions['strikes'], work: () => T): T
}

/** Reads the header for these airlines; `isOpen`: whether the control plane is. */
export function createFaultRequests({
  airlines,
  isOpen,
}: {
  airlines: readonly string[]
  isOpen: boolean
}): FaultRequests {
  return {
    under(header, strikes, work) {
      if (header === undefined) return work()
      if (!isOpen) {
        throw new FanfareError(
          'simulation_off',
          'The header Fanfare-Fault is obeyed only where the control plane is open: set FANFARE_SIM_TOKEN.',
        )
      }
      return instructed({ faults: parseFaults(header, airlines), strikes }, work)
    },
  }
}

/** Reads `banyan=timeout,monsoon=error`. Throws invalid_request, naming what is wrong. */
export function parseFaults(header: string, airlines: readonly string[]): ReadonlyMap<string, string> {
  const faults = new Map<string, string>()
  for (const part of header.split(',')) {
    const [, airline, kind] = /^\s*([^\s=]+)=([^\s=]+)\s*$/.exec(part) ?? []
    if (airline === undefined || kind === undefined) {
      throw wrong(`"${part.trim()}" is not of the form <airline>=<kind>`)
    }
    if (!airlines.includes(airline)) throw wrong(`no airline is called ${airline}; these are: ${airlines.join(', ')}`)
    if (!faultKinds.some((known) => known === kind)) {
      throw wrong(`${kind} is no kind of fault; these are: ${faultKinds.join(', ')}`)
    }
    if (faults.has(airline)) throw wrong(`${airline} is named twice`)
    faults.set(airline, kind)
  }
  return faults
}

function wrong(message: string): FanfareError {
  return new FanfareError('invalid_request', `Headers: Fanfare-Fault: ${message}`, {
    errors: [{ path: '/fanfare-fault', message }],
  })
}
