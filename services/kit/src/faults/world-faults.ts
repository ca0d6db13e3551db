import type { AirlineSystem } from '../airline-system.ts'
import { draw } from '../world/random.ts'
import type { Carrier, Offer, OfferKey } from '../world/types.ts'
import { unlessRefused } from './exchange.ts'
import type { WorldKind } from './faults.ts'

/** What a request is about. */
export interface Subject {
  /** Keys of the flights. */
  flights: readonly string[]
  /** Code of the brand; its cabin is the one that sells out. */
  brand: string
  /** Seats that the request wants; []: any. */
  seats: readonly { flightKey: string; designator: string }[]
  /** An offer of the flights, where there is one. */
  offerId: string | null
}

type World = Pick<AirlineSystem, 'carrier' | 'changes' | 'flight' | 'seatMaps'>

/** A move is felt in spite of rounding, and believable. */
const leastMove = 0.03
const mostMove = 0.15

/** Prices rise more often than they fall. */
const risesShare = 0.7

/** A price that has moved this far turns back with its next move, so that each can be seen. */
const furthestRise = 1.7
const furthestFall = 0.6

/**
 * Lets something happen to the flights of a request, really and for good; what leaves a choice is drawn from the words.
 * Orders keep what they have: a price that moves is that of later sales, and a seat that an order owns stays its own.
 */
export function happen(world: World, kind: WorldKind, subject: Subject, words: string): void {
  switch (kind) {
    case 'price_change':
      movePrice(world, subject, words)
      break
    case 'sold_out':
      sellOut(world, subject, words)
      break
    case 'seat_taken':
      takeSeat(world, subject, words)
      break
    case 'schedule_change':
      break
  }
}

function movePrice({ changes }: World, { flights }: Subject, words: string): void {
  const now = changes.priceFactor(flights[0] ?? '')
  const size = leastMove + (mostMove - leastMove) * draw(`${words}/size`)
  const rises = now > furthestRise ? false : now < furthestFall || draw(`${words}/way`) < risesShare
  changes.movePrice(flights, rises ? 1 + size : 1 - size)
}

function sellOut({ carrier, changes }: World, { flights, brand }: Subject, words: string): void {
  const flight = pick(flights, words)
  const cabin = carrier.brands.find(({ code }) => code === brand)?.cabin
  if (flight !== undefined && cabin !== undefined) changes.sellOut(flight, cabin)
}

function takeSeat(world: World, subject: Subject, words: string): void {
  const seat = pick(subject.seats, words) ?? anySeat(world, subject, words)
  if (seat) world.changes.takeSeat(seat.flightKey, seat.designator)
}

function anySeat({ seatMaps }: World, { offerId }: Subject, words: string): Subject['seats'][number] | undefined {
  const maps = offerId === null ? [] : (unlessRefused(() => seatMaps(offerId)) ?? [])
  const free = maps.flatMap(({ flight, seats }) =>
    [...seats].flatMap(([designator, { available }]) => (available ? [{ flightKey: flight.key, designator }] : [])),
  )
  return pick(free, words)
}

function pick<T>(list: readonly T[], words: string): T | undefined {
  return list[Math.floor(draw(`${words}/which`) * list.length)]
}

/** What a search is about: one of what it found, drawn from its key. null: it found nothing. */
export function subjectOfSearch(offers: readonly Offer[], words: string): Subject | null {
  const offer = pick(offers, words)
  if (offer === undefined) return null
  const flights = offer.journey.flights.map(({ key }) => key)
  return { flights, brand: offer.brand.code, seats: [], offerId: offer.id }
}

/** What an offer id is about; null where it is none that the carrier can have made. */
export function subjectOfOffer(
  { carrier, flight }: { carrier: Carrier; flight: AirlineSystem['flight'] },
  offerId: string,
  seats: Subject['seats'] = [],
): Subject | null {
  const [named = '', brand = ''] = offerId.split('.')
  const flights = named.split('_').map((key) => key.replace(/-(\d{4})(\d{2})(\d{2})-/, '-$1-$2-$3-'))
  const isKnown = carrier.brands.some(({ code }) => code === brand) && flights.every((key) => flight(key) !== null)
  return isKnown ? { flights, brand, seats, offerId } : null
}

/** What an order is about. */
export function subjectOfOrder({ flights, brand }: OfferKey): Subject {
  return { flights, brand, seats: [], offerId: null }
}
