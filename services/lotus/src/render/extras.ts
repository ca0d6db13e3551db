import type { AirlineSystem, Carrier, FlightSeats, Offer, PlannedCabin, SeatState } from '@fanfare/kit'
import type { CabinPlan, OfferBags, OfferCabins, SeatPlace } from '../schemas/extras.ts'
import { amount } from './amount.ts'
import { includedBags, renderBag } from './offers.ts'
import { cabins, notes } from './words.ts'

/** The seats of every flight of an offer, in the cabin it is for. */
export function renderCabins(flights: readonly FlightSeats[]): OfferCabins {
  return {
    currency: 'THB',
    flights: flights.map(({ flight, plan, seats }) => ({
      flightKey: flight.key,
      aircraft: { code: plan.aircraft, name: plan.title },
      cabins: plan.cabins.map((cabin) => renderCabin(cabin, seats)).filter(({ rows }) => rows.length > 0),
    })),
  }
}

function renderCabin({ cabin, columns, rows }: PlannedCabin, states: FlightSeats['seats']): CabinPlan {
  return {
    cabin: cabins[cabin],
    columns,
    rows: rows
      .map(({ number, exit, wing, seats }) => ({
        row: number,
        exit,
        overWing: wing,
        seats: seats.flatMap((planned) => {
          const state = planned === null ? undefined : states.get(planned.designator)
          return state === undefined ? [] : [renderSeat(state)]
        }),
      }))
      .filter(({ seats }) => seats.length > 0),
  }
}

function renderSeat({ seat, available, price }: SeatState): SeatPlace {
  const blocked = seat.traits.includes('blocked')
  return {
    seat: seat.designator,
    place: seat.kind,
    zone: seat.zone,
    state: blocked ? 'blocked' : available ? 'open' : 'taken',
    price: blocked ? null : amount(price),
    notes: seat.traits.flatMap((trait) => (trait === 'blocked' ? [] : [notes[trait]])),
  }
}

/** What an offer's bundle carries and what can be bought beside it. */
export function renderBags(carrier: Carrier, offer: Offer, forSale: ReturnType<AirlineSystem['baggage']>): OfferBags {
  return {
    currency: 'THB',
    flightKeys: offer.journey.flights.map((flight) => flight.key),
    travelParty: offer.passengers,
    included: includedBags(offer.brand),
    forSale: forSale.flatMap(({ code, price, maxQuantity }) => {
      const product = carrier.baggage.find((candidate) => candidate.code === code)
      if (product === undefined) return []
      return {
        bagCode: code,
        ...renderBag(product.allowance),
        price: amount(price),
        mostPerGuest: maxQuantity,
        guestTypes: ['adult', 'child'] satisfies OfferBags['forSale'][number]['guestTypes'],
      }
    }),
  }
}
