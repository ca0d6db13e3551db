import { bookings } from './bookings.ts'
import { cached } from './cached.ts'
import { ceilings } from './ceilings.ts'
import { fanout } from './fanout.ts'
import { growth } from './growth.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { processes } from './processes.ts'
import { redis } from './redis.ts'
import { sharing } from './sharing.ts'
import { start } from './start.ts'

/** The parts, in the order in which they are run. */
export const parts = {
  start,
  cached,
  redis,
  fanout,
  sharing,
  latency,
  bookings,
  growth,
  memory,
  processes,
  ceilings,
}
export type PartName = keyof typeof parts
