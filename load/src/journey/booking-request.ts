import type { BookingRequest } from '../../../gateway/src/schemas/booking.ts'
import type { Itinerary } from '../../../gateway/src/schemas/itinerary.ts'
import type { Money } from '../../../gateway/src/schemas/money.ts'
import type { Passenger, PassengerType } from '../../../gateway/src/schemas/passenger.ts'
import { minor, moneyLike } from '../../../tests/support/money.ts'
import type { BookingPlan, Question } from '../plan/journey-plan.ts'
import { passengersOf } from './check-offer.ts'

const givenNames = ['Asha', 'Ravi', 'Meera', 'Kabir', 'Tara', 'Arjun', 'Leela', 'Dev', 'Nila'] as const

/**
 * Days before departure at which somebody of this type was born: an infant longer ago than anybody searches ahead, and still
 * under two on the way back.
 */
const ages: Record<PassengerType, number> = { adult: 12_500, child: 2_600, infant: 400 }

/**
 * The booking of an itinerary as planned, with the seats and bags that are to be had, and what it all costs together. `holding`:
 * names of the airlines that keep seats without payment.
 */
export function requestOf(
  question: Question,
  plan: BookingPlan,
  itinerary: Itinerary,
  holding: ReadonlySet<string>,
): BookingRequest {
  const picks = plan.picks.values()
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor((picks.next().value ?? 0) * items.length)]
  const seats = plan.wantsSeats ? chooseSeats(question, itinerary, pick) : []
  const bags = plan.wantsBags ? chooseBags(itinerary, pick) : []
  const { offers, total } = itinerary
  const units = [total, ...[...seats, ...bags].map(({ price }) => price)].reduce((sum, price) => sum + minor(price), 0)
  return {
    offerIds: offers.map(({ id }) => id),
    passengers: passengersOf(question).map(({ id, type }, index) => traveller(id, type, index, question.departureDate)),
    contact: { email: 'load@example.com', phone: '+919810012345' },
    seats: seats.map(({ choice }) => choice),
    baggage: bags.map(({ choice }) => choice),
    expectedTotal: moneyLike(total, units),
    payment: plan.wantsHold && offers.every(({ airline }) => holding.has(airline)) ? 'hold' : 'now',
  }
}

type Pick = <T>(items: readonly T[]) => T | undefined

/** A free seat for everyone but infants on each flight whose seats are shown; none at an exit, where not everybody may sit. */
function chooseSeats(question: Question, { offers, seatMaps }: Itinerary, pick: Pick) {
  const travellers = passengersOf(question).filter(({ type }) => type !== 'infant')
  const unfit = new Set(['exit_row', 'blocked', ...(question.infants > 0 ? ['no_infant'] : [])])
  const segments = offers.flatMap(({ slice }) => slice.segments)
  return segments.flatMap(({ id: segmentId, cabin }) => {
    const free = (seatMaps ?? [])
      .filter((map) => map.segmentId === segmentId)
      .flatMap(({ cabins }) => cabins.filter((one) => one.cabin === cabin))
      .flatMap(({ rows }) => rows.flatMap(({ seats }) => seats))
      .flatMap((seat) =>
        seat?.available && seat.price && !seat.traits.some((trait) => unfit.has(trait))
          ? [{ ...seat, price: seat.price }]
          : [],
      )
    return travellers.flatMap(({ id: passengerId }) => {
      const seat = pick(free)
      if (!seat) return []
      free.splice(free.indexOf(seat), 1)
      return [{ choice: { segmentId, passengerId, designator: seat.designator }, price: seat.price }]
    })
  })
}

/** One unit of one thing for one passenger, of each airline that sells any. */
function chooseBags({ offers, baggage }: Itinerary, pick: Pick) {
  return offers.flatMap(({ airline, slice }) => {
    const service = `${airline}~${slice.segments[0]?.id}~`
    const bag = pick((baggage?.purchasable ?? []).filter(({ serviceId }) => serviceId.startsWith(service)))
    const passengerId = pick(bag?.passengerIds ?? [])
    if (!bag || passengerId === undefined) return []
    const price: Money = bag.price
    return [{ choice: { serviceId: bag.serviceId, passengerId, quantity: 1 }, price }]
  })
}

function traveller(id: string, type: PassengerType, index: number, departureDate: string): Passenger {
  return {
    id,
    type,
    title: type === 'adult' ? 'ms' : 'miss',
    givenName: givenNames[index] ?? 'Tara',
    familyName: 'Verma',
    bornOn: new Date(Date.parse(departureDate) - ages[type] * 86_400_000).toISOString().slice(0, 10),
    gender: 'female',
  }
}
