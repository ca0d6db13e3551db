import { AsyncLocalStorage } from 'node:async_hooks'

/** What airlines are told to do wrong to the calls of one request of ours. */
export interface Instructions {
  /** Kind of fault, by airline. */
  faults: ReadonlyMap<string, string>
  /** Which calls it is for: all, or only those that change something at the airline. */
  strikes: 'everything' | 'changes'
}

const underWay = new AsyncLocalStorage<Instructions | undefined>()

/** Does the work, and everything that it sets off, under instructions. */
export function instructed<T>(instructions: Instructions, work: () => T): T {
  return underWay.run(instructions, work)
}

/** Does work that others share, such as signing in, under no instructions, whoever sets it off. */
export function uninstructed<T>(work: () => T): T {
  return underWay.getStore() === undefined ? work() : underWay.run(undefined, work)
}

/** The kind of fault that the airline is told of for the call under way; undefined: none, as nearly always. */
export function orderedFault(airline: string, changes: boolean): string | undefined {
  const instructions = underWay.getStore()
  if (instructions === undefined || (instructions.strikes === 'changes' && !changes)) return undefined
  return instructions.faults.get(airline)
}
