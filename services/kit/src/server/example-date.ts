import type { Clock } from '../clock.ts'

/** A date for examples, so many days (30 when left out) after the clock's, YYYY-MM-DD in UTC. */
export function exampleDate(clock: Clock, daysAhead = 30): string {
  return new Date(clock.now() + daysAhead * 86_400_000).toISOString().slice(0, 10)
}
