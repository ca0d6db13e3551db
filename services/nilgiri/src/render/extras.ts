import type { AirlineSystem, FlightSeats, Offer, PlannedCabin, SeatState } from '@fanfare/kit'
import type { BaggageAnswer, Seat, SeatMapAnswer } from '../schemas/shopping.ts'
import { amount } from './amount.ts'
import { column } from './screen.ts'
import { bagsOf, bagText, cabinCode, hostParty, renderFlightName, seatMarks } from './words.ts'

type SeatMap = SeatMapAnswer['maps'][number]

/** The seats of every flight of a quote, in its cabin. */
export function renderSeatMaps(flights: readonly FlightSeats[]): SeatMapAnswer {
  const maps = flights.flatMap(renderFlightSeats)
  return { status: 'OK', screen: ['** NILGIRI - SEATS **', ...maps.flatMap(mapLines)], maps }
}

function renderFlightSeats({ flight, plan, seats }: FlightSeats): SeatMap[] {
  return plan.cabins.flatMap((cabin) => {
    const rows = renderRows(cabin, seats)
    if (rows.length === 0) return []
    return {
      ...renderFlightName(flight),
      equipment: flight.aircraft,
      cabin: cabinCode(cabin.cabin),
      columns: cabin.columns.map((letter) => letter ?? ' ').join(''),
      rows,
    }
  })
}

function renderRows({ rows }: PlannedCabin, states: Map<string, SeatState>): SeatMap['rows'] {
  return rows
    .map(({ number, seats }) => ({
      row: number,
      seats: seats.flatMap((planned) => {
        const state = planned === null ? undefined : states.get(planned.designator)
        return state === undefined ? [] : [renderSeat(state)]
      }),
    }))
    .filter(({ seats }) => seats.length > 0)
}

function renderSeat({ seat, available, price }: SeatState): Seat {
  const blocked = seat.traits.includes('blocked')
  const traits = seat.traits.flatMap((trait) => (trait === 'blocked' ? [] : [seatMarks[trait]]))
  return {
    seat: seat.designator,
    state: blocked ? 'Z' : available ? 'F' : 'O',
    marks: [seatMarks[seat.kind], ...traits].join(' '),
    amount: blocked ? null : amount(price),
  }
}

/** `14  ..X ./.`: a point is a free seat, an X a taken one, a slash a blocked one, E marks exit rows. */
function mapLines({ carrier, number, date, from, to, equipment, cabin, columns, rows }: SeatMap): string[] {
  const signs = { F: '.', O: 'X', Z: '/' }
  return [
    `${carrier} ${number} ${date} ${from}${to} ${equipment} ${cabin}`,
    `     ${columns}`,
    ...rows.map(({ row, seats }) => {
      const byColumn = new Map(seats.map((seat) => [seat.seat.slice(-1), seat]))
      const exit = seats.some(({ marks }) => marks.split(' ').includes('E'))
      const line = Array.from(columns, (letter) => {
        const seat = byColumn.get(letter)
        return seat ? signs[seat.state] : ' '
      })
      return `${String(row).padStart(3)}${exit ? 'E' : ' '} ${line.join('')}`.trimEnd()
    }),
  ]
}

/** What a quote includes, and what SSR XBAG can add. */
export function renderBaggage(
  { carrier }: AirlineSystem,
  { brand, journey, passengers }: Offer,
  forSale: ReturnType<AirlineSystem['baggage']>,
): BaggageAnswer {
  const bags = bagsOf(brand)
  const excess = forSale.map(({ code, price, maxQuantity }) => ({
    text: bagText(code),
    amount: amount(price),
    most: maxQuantity,
  }))
  return {
    status: 'OK',
    screen: [
      `** NILGIRI - BAGGAGE - ${carrier.currency} **`,
      `CABIN ${bags.cabin}  CHECKED ${bags.checked}  INFANT ${bags.infant}`,
      ...excess.map(({ text, amount, most }) => `XBAG ${text.padEnd(4)} AED${column(amount)}  MAX ${most}`),
    ],
    flights: journey.flights.map(renderFlightName),
    party: hostParty(passengers),
    bags,
    excess,
  }
}
