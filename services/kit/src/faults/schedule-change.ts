import type { AirlineSystem } from '../airline-system.ts'
import { NotMoved } from '../orders/schedule-changes.ts'

const leastMinutes = 15
const mostMinutes = 180
const step = 5

/**
 * Moves a flight by 15 to 180 minutes: later, or earlier where it would not stay on its day. By how much follows from the
 * flight alone, and a flight that has moved stays there, so that it does not matter who comes first. One that cannot be moved is not.
 */
export function changeSchedule(
  { flight, moveFlight, draw }: Pick<AirlineSystem, 'flight' | 'moveFlight' | 'draw'>,
  key: string,
): void {
  if (flight(key)?.movedMinutes !== 0) return
  const steps = (mostMinutes - leastMinutes) / step + 1
  const minutes = leastMinutes + step * Math.floor(steps * draw(`schedule-change/${key}`))
  if (!tryToMove(minutes)) tryToMove(-minutes)

  function tryToMove(by: number): boolean {
    try {
      moveFlight(key, by)
      return true
    } catch (error) {
      if (error instanceof NotMoved) return false
      throw error
    }
  }
}
