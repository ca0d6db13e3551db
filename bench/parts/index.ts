import { cached } from './cached.ts'
import { ceilings } from './ceilings.ts'
import { fanout } from './fanout.ts'

/** The parts, in the order in which they are run. */
export const parts = { cached, fanout, ceilings }
export type PartName = keyof typeof parts
