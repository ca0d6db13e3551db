import type { Connector, SliceQuery } from '../../gateway/src/airlines/connector.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { makeConnector, makeOffer } from '../../gateway/src/shopping/testing.ts'

const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo']
const minutesOfDay = 1440

/** Five airlines that answer at once, each with so many offers; what they read is JSON of the offers themselves. */
export function largeConnectors(offers: number): ReadonlyMap<string, Connector> {
  return new Map(
    names.map((name, index) => {
      const written = new Map<string, string>()
      const search = async (query: SliceQuery): Promise<Offer[]> => {
        const key = `${query.origin} ${query.destination} ${query.departureDate}`
        const known = written.get(key) ?? JSON.stringify(offersOf(name, index, query, offers))
        written.set(key, known)
        return JSON.parse(known)
      }
      return [name, makeConnector(name, { search })]
    }),
  )
}

/** Offers at prices and times spread over the day, no two airlines on one aircraft. */
function offersOf(airline: string, index: number, query: SliceQuery, count: number): Offer[] {
  const { origin, destination, departureDate, passengers } = query
  const operatingCarrier = `0${airline[0]?.toUpperCase()}`
  return Array.from({ length: count }, (_, number) => {
    const minute = (number * 7 + index) % minutesOfDay
    const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
    const amount = `${3000 + ((number * 7919 + index * 104_729) % 20_000)}.00`
    const departingAt = `${departureDate}T${time}:00+05:30`
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const ref = `${airline}${number}`
    return makeOffer({
      airline,
      ref,
      origin,
      destination,
      amount,
      departingAt,
      operatingCarrier,
      expiresAt,
      passengers,
    })
  })
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
