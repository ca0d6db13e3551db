import type { Connector, OfferRef } from '../airlines/connector.ts'
import { parseOfferId } from '../airlines/offer-id.ts'
import { FanfareError } from '../errors.ts'
import { isKnownCurrency } from '../money/money.ts'
import type { BookingRequest } from '../schemas/booking.ts'
import type { PassengerType } from '../schemas/passenger.ts'

/** An offer of the request, with the connector that it is bought through. */
export interface NamedOffer {
  offerId: string
  ref: OfferRef
  connector: Connector
}

/**
 * Everything that can be held against a request before any airline is asked. Throws invalid_offer, invalid_passengers,
 * invalid_extras, hold_not_supported, unknown_currency.
 */
export function checkRequest(request: BookingRequest, connectors: ReadonlyMap<string, Connector>): NamedOffer[] {
  const offers = request.offerIds.map((offerId, index) => readOffer(offerId, `/offerIds/${index}`, connectors))
  if (!isKnownCurrency(request.expectedTotal.currency)) {
    throw new FanfareError('unknown_currency', `There is no exchange rate for ${request.expectedTotal.currency}`)
  }
  checkPassengers(request)
  checkExtras(request, offers)
  const seller = offers.find(({ connector }) => connector.hold === undefined || !connector.airline.capabilities.hold)
  if (request.payment === 'hold' && seller) {
    throw new FanfareError(
      'hold_not_supported',
      `${seller.connector.airline.title} sells at once and holds nothing. Book with "payment": "now".`,
    )
  }
  return offers
}

function readOffer(offerId: string, path: string, connectors: ReadonlyMap<string, Connector>): NamedOffer {
  const ref = parseOfferId(offerId)
  const connector = ref === null ? undefined : connectors.get(ref.airline)
  if (ref === null || connector === undefined) {
    const message = ref === null ? 'is not an offer id' : `names no airline that is connected: ${ref.airline}`
    throw new FanfareError('invalid_offer', `${path} ${message}. Take offer ids from a search as they are.`, {
      errors: [{ path, message }],
    })
  }
  return { offerId, ref, connector }
}

const typeOrder: Record<PassengerType, number> = { adult: 0, child: 1, infant: 2 }

function checkPassengers({ passengers }: BookingRequest) {
  const refuse = (path: string, message: string) => {
    throw new FanfareError('invalid_passengers', `${path} ${message}`, { errors: [{ path, message }] })
  }
  for (const [index, { id, type }] of passengers.entries()) {
    if (id !== `p${index + 1}`)
      refuse(`/passengers/${index}/id`, `must be p${index + 1}: passengers are p1…pn in order`)
    const previous = passengers[index - 1]
    if (previous && typeOrder[previous.type] > typeOrder[type]) {
      refuse(`/passengers/${index}/type`, 'is out of order: adults first, then children, then infants')
    }
  }
  const count = (type: PassengerType) => passengers.filter((passenger) => passenger.type === type).length
  if (count('adult') === 0) refuse('/passengers', 'must name at least one adult')
  if (count('infant') > count('adult')) refuse('/passengers', 'has more infants than adults to hold them')
}

function checkExtras({ passengers, seats, baggage }: BookingRequest, offers: readonly NamedOffer[]) {
  const types = new Map(passengers.map(({ id, type }) => [id, type]))
  const airlines = new Set(offers.map(({ ref }) => ref.airline))
  const seen = new Set<string>()
  const isRepeated = (...words: string[]) => {
    const key = words.join(' ')
    const repeated = seen.has(key)
    seen.add(key)
    return repeated
  }
  for (const [index, { segmentId, passengerId, designator }] of seats.entries()) {
    const path = `/seats/${index}`
    const type = types.get(passengerId)
    if (type === undefined) throw invalidExtra(path, `is for ${passengerId}, who does not travel`)
    if (type === 'infant') throw invalidExtra(path, `is for ${passengerId}, an infant, who travels on a lap`)
    if (isRepeated('passenger', segmentId, passengerId)) {
      throw invalidExtra(path, `is a second seat for ${passengerId} on ${segmentId}`)
    }
    if (isRepeated('seat', segmentId, designator)) {
      throw invalidExtra(path, `gives ${designator} on ${segmentId} to a second passenger`)
    }
  }
  for (const [index, { serviceId, passengerId }] of baggage.entries()) {
    const path = `/baggage/${index}`
    if (!types.has(passengerId)) throw invalidExtra(path, `is for ${passengerId}, who does not travel`)
    if (!airlines.has(airlineOf(serviceId))) throw invalidExtra(path, `is not sold with these offers: ${serviceId}`)
    if (isRepeated('baggage', serviceId, passengerId)) {
      throw invalidExtra(path, `names ${serviceId} for ${passengerId} a second time; use quantity`)
    }
  }
}

/** The airline that a service id names; whether there is such a service is for the airline to say. */
export function airlineOf(serviceId: string): string {
  return serviceId.split('~', 1)[0] ?? ''
}

/** An error that names the seat or baggage that cannot be as the request has it. */
export function invalidExtra(path: string, message: string): FanfareError {
  return new FanfareError('invalid_extras', `${path} ${message}`, { errors: [{ path, message }] })
}
