import { carriers } from '../../../services/kit/src/world/carriers.ts'
import { buildNetwork } from '../../../services/kit/src/world/network.ts'

/** A way from one airport to another. */
export interface Route {
  /** IATA code. */
  origin: string
  /** IATA code. */
  destination: string
}

/** Every route that an airline of the world flies without a stop, the one with the most flights a week first. */
export function worldRoutes(): Route[] {
  const flights = new Map<string, number>()
  for (const carrier of carriers.values()) {
    for (const [key, departures] of buildNetwork(carrier, 'fanfare')) {
      const weekly = departures.reduce((sum, { weekdays }) => sum + weekdays.filter(Boolean).length, 0)
      flights.set(key, (flights.get(key) ?? 0) + weekly)
    }
  }
  return [...flights]
    .sort(([oneKey, one], [otherKey, other]) => other - one || (oneKey < otherKey ? -1 : 1))
    .map(([key]) => toRoute(key.slice(0, 3), key.slice(3)))
}

/** A route from `DEL-BOM`. */
export function parseRoute(text: string): Route {
  const [origin = '', destination = ''] = text.split('-')
  return toRoute(origin, destination)
}

function toRoute(origin: string, destination: string): Route {
  return { origin, destination }
}
