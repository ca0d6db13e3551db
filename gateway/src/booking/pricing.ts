import type { DraftBaggage, DraftSeat, OfferRef, OrderDraft } from '../airlines/connector.ts'
import { FanfareError } from '../errors.ts'
import { compare, convert, multiply, sum } from '../money/money.ts'
import { type Totals, totalsOf } from '../money/totals.ts'
import type { BaggageOptions, PurchasableBaggage } from '../schemas/baggage.ts'
import type { BaggageChoice, BookingRequest, SeatChoice } from '../schemas/booking.ts'
import type { Money } from '../schemas/money.ts'
import type { PricedOffer } from '../schemas/offer.ts'
import type { Seat, SeatMap } from '../schemas/seat-map.ts'
import { airlineOf, invalidExtra } from './request-checks.ts'
import type { Failure } from './state.ts'
import { checkTrip } from './trip-checks.ts'

/** What an airline says right now. Each throws AirlineError as the connector does. */
export interface LiveReads {
  price(ref: OfferRef, signal: AbortSignal): Promise<PricedOffer>
  seatMaps(ref: OfferRef, signal: AbortSignal): Promise<SeatMap[]>
  baggage(ref: OfferRef, signal: AbortSignal): Promise<BaggageOptions>
}

/** An order to be placed: what the airline is sent, and what the traveller is shown. */
export interface Plan {
  /** As the client named it. */
  offerId: string
  /** In the airline's currency. */
  draft: OrderDraft
  /** In the booking's currency. */
  price: Totals
  /** In the booking's currency. */
  seats: DraftSeat[]
  /** What the draft's baggage is. */
  services: PurchasableBaggage[]
}

/** One offer to be priced. */
export interface PricingOrder {
  clientReference: string
  offerId: string
  ref: OfferRef
}

/** What the airlines say of an offer. */
interface Facts {
  order: PricingOrder
  offer: PricedOffer
  seatMaps: SeatMap[]
  baggage: BaggageOptions
}

/**
 * Asks the airlines for prices, seats and baggage, all airlines at once, and makes one plan for each order. Throws what the reads
 * throw, what trip-checks.ts throws, invalid_extras, seat_taken and baggage_unavailable; the price is for the caller to judge.
 */
export async function planOrders(
  request: BookingRequest,
  orders: readonly PricingOrder[],
  reads: LiveReads,
  signal: AbortSignal,
): Promise<Plan[]> {
  const facts = await Promise.all(orders.map((order) => ask(request, order, reads, signal)))
  checkTrip(
    request.passengers,
    facts.map(({ offer }) => offer),
  )
  const seats = findSeats(request.seats, facts)
  const services = findServices(request.baggage, facts)
  return facts.map((of) =>
    planOf(
      request,
      of,
      seats.filter((seat) => seat.facts === of),
      services.filter((service) => service.facts === of),
    ),
  )
}

async function ask(
  request: BookingRequest,
  order: PricingOrder,
  reads: LiveReads,
  signal: AbortSignal,
): Promise<Facts> {
  const { ref } = order
  const wantsBaggage = request.baggage.some(({ serviceId }) => airlineOf(serviceId) === ref.airline)
  // Seats after the price: where another's purchase moved the price and took the seat, it is the seat that is said to be gone.
  const priceThenSeats = async () => {
    const offer = await reads.price(ref, signal)
    return { offer, seatMaps: request.seats.length > 0 ? await reads.seatMaps(ref, signal) : [] }
  }
  const [{ offer, seatMaps }, baggage] = await Promise.all([
    priceThenSeats(),
    wantsBaggage ? reads.baggage(ref, signal) : { included: [], purchasable: [] },
  ])
  return { order, offer, seatMaps, baggage }
}

interface ChosenSeat {
  facts: Facts
  draft: DraftSeat
}

function findSeats(choices: readonly SeatChoice[], facts: readonly Facts[]): ChosenSeat[] {
  const taken: SeatChoice[] = []
  const chosen: ChosenSeat[] = []
  for (const [index, choice] of choices.entries()) {
    const path = `/seats/${index}`
    const of = facts.find(({ offer }) => offer.slice.segments.some(({ id }) => id === choice.segmentId))
    if (!of) throw invalidExtra(path, `is on ${choice.segmentId}, which is no flight of these offers`)
    const seat = seatOn(of.seatMaps, choice)
    if (!seat)
      throw invalidExtra(path, `is ${choice.designator}, which is no seat in this cabin of ${choice.segmentId}`)
    if (!seat.available || seat.price === null) taken.push(choice)
    else chosen.push({ facts: of, draft: { ...choice, price: seat.price } })
  }
  if (taken.length > 0) {
    const names = taken.map(({ designator, segmentId }) => `${designator} on ${segmentId}`).join(', ')
    throw new FanfareError('seat_taken', `No longer free: ${names}. Choose others, then book with a new key.`, {
      facts: { seats: taken },
    })
  }
  return chosen
}

function seatOn(maps: readonly SeatMap[], { segmentId, designator }: SeatChoice): Seat | null {
  for (const map of maps) {
    if (map.segmentId !== segmentId) continue
    for (const { rows } of map.cabins) {
      for (const { seats } of rows) {
        const seat = seats.find((one) => one?.designator === designator)
        if (seat) return seat
      }
    }
  }
  return null
}

interface ChosenService {
  facts: Facts
  service: PurchasableBaggage
  draft: DraftBaggage
}

function findServices(choices: readonly BaggageChoice[], facts: readonly Facts[]): ChosenService[] {
  const gone: BaggageChoice[] = []
  const chosen: ChosenService[] = []
  for (const [index, choice] of choices.entries()) {
    const path = `/baggage/${index}`
    const of = facts.find(({ offer }) => isSoldWith(choice.serviceId, offer))
    if (!of) throw invalidExtra(path, `is not sold with these offers: ${choice.serviceId}`)
    const service = of.baggage.purchasable.find(({ serviceId }) => serviceId === choice.serviceId)
    if (!service) {
      gone.push(choice)
      continue
    }
    if (!service.passengerIds.includes(choice.passengerId)) {
      throw invalidExtra(path, `cannot be bought for ${choice.passengerId}`)
    }
    if (choice.quantity > service.maxQuantity) {
      throw invalidExtra(path, `asks for ${choice.quantity} where a passenger may buy ${service.maxQuantity}`)
    }
    chosen.push({ facts: of, service, draft: { ...choice, price: service.price } })
  }
  if (gone.length > 0) {
    const names = gone.map(({ serviceId }) => serviceId).join(', ')
    throw new FanfareError('baggage_unavailable', `Not sold any more: ${names}. Look at the itinerary again.`, {
      facts: { baggage: gone },
    })
  }
  return chosen
}

/** A service id names its airline and the first flight of its offer. */
function isSoldWith(serviceId: string, offer: PricedOffer): boolean {
  return serviceId.startsWith(`${offer.airline}~${offer.slice.segments[0]?.id}~`)
}

function planOf(
  request: BookingRequest,
  { order, offer }: Facts,
  seats: readonly ChosenSeat[],
  services: readonly ChosenService[],
): Plan {
  const shown = request.expectedTotal.currency
  const parts = {
    offers: [offer],
    seats: seats.map(({ draft }) => draft),
    baggage: services.map(({ draft }) => draft),
  }
  return {
    offerId: order.offerId,
    draft: {
      clientReference: order.clientReference,
      offer,
      passengers: request.passengers,
      contact: request.contact,
      seats: parts.seats,
      baggage: parts.baggage,
      total: totalsOf(parts, offer.airlinePrice.currency).total,
    },
    price: totalsOf(parts, shown),
    seats: parts.seats.map((seat) => ({ ...seat, price: convert(seat.price, shown) })),
    services: [...new Set(services.map(({ service }) => service))],
  }
}

/** What all plans cost together, part by part. */
export function addTotals(totals: readonly Totals[], currency: string): Totals {
  const add = (part: (one: Totals) => Money) => sum(totals.map(part), currency)
  return {
    base: add((one) => one.base),
    taxes: add((one) => one.taxes),
    seats: add((one) => one.seats),
    baggage: add((one) => one.baggage),
    total: add((one) => one.total),
  }
}

/** What to say when the plans do not cost what the client expects; null when they do. */
export function priceFailure(expectedTotal: Money, plans: readonly Plan[]): Failure | null {
  const { total } = addTotals(
    plans.map(({ price }) => price),
    expectedTotal.currency,
  )
  if (compare(expectedTotal, total) === 0) return null
  return {
    code: 'price_changed',
    detail: `The total is ${total.amount} ${total.currency}, not ${expectedTotal.amount}. Look again, then book with a new key.`,
    facts: {
      expectedTotal,
      total,
      orders: plans.map(({ offerId, draft, price }) => ({
        airline: draft.offer.airline,
        offerId,
        price: price.total,
      })),
    },
  }
}

/** What giving the order back after buying it would cost, in the currency given: what the fare says, or all of it where it does not. */
export function undoCost({ draft }: Plan, currency: string): Money {
  const { allowed, fee } = draft.offer.conditions.cancel
  return allowed && fee ? convert(multiply(fee, draft.passengers.length), currency) : convert(draft.total, currency)
}
