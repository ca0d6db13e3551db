import type { AirlineSystem } from '@fanfare/kit'

/** Share of classes whose status lies, where nobody says otherwise. */
export const defaultLieRate = 0.03

/**
 * What the displays are made from: not the inventory but a copy of its status that is put right once a night (UTC), so
 * that for some classes of some flights it shows seats that a sell does not get. Which ones follows from the world's
 * seed, flight, class and day, so that a run replays.
 */
export interface StatusCache {
  /** Whether a sell in this class of the flight is told UC today, whatever the displays show. */
  lies(flightKey: string, rbd: string): boolean
}

/** The status cache of a system, with its share of lies from 0 to 1. */
export function createStatusCache({ clock, draw }: AirlineSystem, lieRate: number): StatusCache {
  return {
    lies(flightKey, rbd) {
      const day = Math.floor(clock.now() / 86_400_000)
      return draw(`lie/${flightKey}/${rbd}/${day}`) < lieRate
    },
  }
}
