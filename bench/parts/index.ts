import { bookings } from './bookings.ts'
import { cached } from './cached.ts'
import { ceilings } from './ceilings.ts'
import { fanout } from './fanout.ts'
import { latency } from './latency.ts'
import { sharing } from './sharing.ts'
import { start } from './start.ts'

/** The parts, in the order in which they are run. */
export const parts = { start, cached, fanout, sharing, latency, bookings, ceilings }
export type PartName = keyof typeof parts
