import type { Carrier, FlightSeats, PlannedCabin, SeatState } from '@fanfare/kit'
import type { SeatMaps, SeatPlace } from '../schemas/offer.ts'
import { amount } from './amount.ts'
import { cabins, characteristics, positions } from './words.ts'

type SeatMap = SeatMaps['seatMaps'][number]

/** The seats of every flight of an offer, in the cabin it is for. */
export function renderSeatMaps(carrier: Carrier, flights: readonly FlightSeats[]): SeatMaps {
  return { currency: carrier.currency, seatMaps: flights.map(renderFlight) }
}

function renderFlight({ flight, plan, seats }: FlightSeats): SeatMap {
  return {
    flightId: flight.key,
    equipment: { code: plan.aircraft, name: plan.title },
    cabins: plan.cabins.map((cabin) => renderCabin(cabin, seats)).filter((cabin) => cabin.rows.length > 0),
  }
}

function renderCabin(
  { cabin, columns, rows }: PlannedCabin,
  states: Map<string, SeatState>,
): SeatMap['cabins'][number] {
  return {
    cabin: cabins[cabin],
    layout: columns.map((column) => column ?? '=').join(''),
    rows: rows
      .map((row) => ({
        rowNumber: row.number,
        exitRow: row.exit,
        overWing: row.wing,
        seats: row.seats.flatMap((planned) => {
          const state = planned === null ? undefined : states.get(planned.designator)
          return state === undefined ? [] : [renderSeat(state)]
        }),
      }))
      .filter((row) => row.seats.length > 0),
  }
}

function renderSeat({ seat, available, price }: SeatState): SeatPlace {
  const blocked = seat.traits.includes('blocked')
  return {
    seatNumber: seat.designator,
    position: positions[seat.kind],
    status: blocked ? 'BLOCKED' : available ? 'FREE' : 'TAKEN',
    price: blocked ? null : amount(price),
    characteristics: seat.traits.flatMap((trait) => (trait === 'blocked' ? [] : [characteristics[trait]])),
  }
}
