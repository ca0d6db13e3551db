import type { OfferRef } from '../airlines/connector.ts'
import { formatOfferId } from '../airlines/offer-id.ts'
import type { Airline } from '../schemas/airline.ts'
import type { BaggageOptions } from '../schemas/baggage.ts'
import type { Money } from '../schemas/money.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import { AirlineError } from '../upstream/airline-error.ts'
import { isPrice, nonsenseInFare } from './fare-sense.ts'

/** Holds a priced offer to the one that was asked for, and to itself. Throws AirlineError malformed. */
export function checkPriced(airline: Airline, ref: OfferRef, priced: PricedOffer): PricedOffer {
  const nonsense = nonsenseInFare(airline, priced) ?? misfit(ref, priced)
  if (nonsense !== null) throw malformed(airline, nonsense)
  return priced
}

/** Why it is not what was asked for; null when it is. */
function misfit(
  ref: OfferRef,
  { id, quotedPrice, airlinePrice, priceChanged, perPassenger }: PricedOffer,
): string | null {
  if (id !== formatOfferId(ref)) return 'it is another offer than the one asked for'
  const hasMoved = airlinePrice.amount !== quotedPrice.amount || airlinePrice.currency !== quotedPrice.currency
  if (priceChanged !== hasMoved) return 'it does not say whether its price changed'
  const isParty =
    perPassenger.length > 0 && perPassenger.every(({ passengerId }, index) => passengerId === `p${index + 1}`)
  return isParty ? null : 'it is for passengers that nobody named'
}

/** Holds seat maps to their airline's currency and to themselves. Throws AirlineError malformed. */
export function checkSeatMaps(airline: Airline, maps: SeatMap[]): SeatMap[] {
  for (const { segmentId, cabins } of maps) {
    const seen = new Set<string>()
    for (const seat of cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats))) {
      if (seat === null) continue
      if (seen.has(seat.designator)) throw malformed(airline, `${segmentId} has two seats ${seat.designator}`)
      seen.add(seat.designator)
      if (seat.price !== null) checkPrice(airline, seat.price)
    }
  }
  return maps
}

/** Holds baggage to its airline's currency and to itself. Throws AirlineError malformed. */
export function checkBaggage(airline: Airline, options: BaggageOptions): BaggageOptions {
  const ids = new Set<string>()
  for (const { serviceId, price } of options.purchasable) {
    if (ids.has(serviceId)) throw malformed(airline, `it sells ${serviceId} twice`)
    ids.add(serviceId)
    checkPrice(airline, price)
  }
  return options
}

/** Holds what goes with an offer to the offer's flights. Throws AirlineError malformed. */
export function checkFlights(airline: string, segmentIds: readonly string[], { slice }: PricedOffer): void {
  const stray = segmentIds.find((id) => slice.segments.every((segment) => segment.id !== id))
  if (stray !== undefined) {
    throw new AirlineError(
      airline,
      'malformed',
      `The answer of ${airline} makes no sense: ${stray} is not in the offer`,
    )
  }
}

function checkPrice(airline: Airline, money: Money): void {
  if (!isPrice(money, airline.currency)) throw malformed(airline, `it asks ${money.amount} ${money.currency}`)
}

function malformed({ name }: Airline, what: string): AirlineError {
  return new AirlineError(name, 'malformed', `The answer of ${name} makes no sense: ${what}`)
}
