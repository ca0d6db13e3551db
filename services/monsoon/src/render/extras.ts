import type { AirlineSystem, Carrier, FlightSeats, Offer, PlannedCabin, SeatState } from '@fanfare/kit'
import type { PaxType } from '../schemas/common.ts'
import type { Extras, Seat, SeatChart, SeatCharts, SeatZone } from '../schemas/extras.ts'
import { renderBags, renderPaxCount } from './flights.ts'
import { bagKinds, features, positions, seatZones } from './words.ts'

/** The seats of every flight of a fare. */
export function renderSeatCharts(carrier: Carrier, flights: readonly FlightSeats[]): SeatCharts {
  return { flights: flights.map((flight) => renderSeatChart(carrier, flight)) }
}

/** What baggage comes with a fare and what can be bought. */
export function renderExtras(carrier: Carrier, offer: Offer, forSale: ReturnType<AirlineSystem['baggage']>): Extras {
  return {
    flight_keys: offer.journey.flights.map((flight) => flight.key),
    pax: renderPaxCount(offer.passengers),
    bags: renderBags(offer.brand),
    extras: forSale.flatMap(({ code, price, maxQuantity }) => {
      const product = carrier.baggage.find((candidate) => candidate.code === code)
      if (product === undefined) return []
      const { kind, pieces, weightKg } = product.allowance
      return {
        extra_code: code,
        kind: bagKinds[kind],
        pieces,
        kg: weightKg,
        price: { amount_minor: price, currency: carrier.currency },
        max_per_pax: maxQuantity,
        pax_types: ['ADT', 'CHD'] satisfies PaxType[],
      }
    }),
  }
}

function renderSeatChart({ currency }: Carrier, { flight, plan, seats }: FlightSeats): SeatChart {
  const cabins = plan.cabins.filter((cabin) => cabin.rows.some((row) => seatsOf(row, seats).length > 0))
  const zones = new Map<SeatZone, number>()
  for (const { seat, price } of seats.values()) zones.set(seatZones[seat.zone], price)
  return {
    flight_key: flight.key,
    aircraft: { code: plan.aircraft, name: plan.title },
    zones: Array.from(zones, ([zone, price]) => ({ zone, price: { amount_minor: price, currency } })),
    layout: cabins[0]?.columns.map((column) => column ?? '-').join('') ?? '',
    rows: cabins.flatMap((cabin) =>
      cabin.rows.map((row) => ({
        row: row.number,
        exit: row.exit,
        over_wing: row.wing,
        seats: seatsOf(row, seats).map(renderSeat),
      })),
    ),
  }
}

function seatsOf(row: PlannedCabin['rows'][number], states: FlightSeats['seats']): SeatState[] {
  return row.seats.flatMap((planned) => {
    const state = planned === null ? undefined : states.get(planned.designator)
    return state === undefined ? [] : [state]
  })
}

function renderSeat({ seat, available }: SeatState): Seat {
  const blocked = seat.traits.includes('blocked')
  return {
    seat_no: seat.designator,
    zone: seatZones[seat.zone],
    position: positions[seat.kind],
    state: blocked ? 'BLOCKED' : available ? 'FREE' : 'TAKEN',
    features: seat.traits.flatMap((trait) => (trait === 'blocked' ? [] : [features[trait]])),
  }
}
