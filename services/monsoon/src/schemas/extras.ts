import { type Static, Type } from 'typebox'
import { BagKind, ExtraCode, FareKey, FlightKey, PaxType, Price, SeatNo } from './common.ts'
import { Bag, PaxCount } from './flights.ts'
import { component, nullable, ref } from './ref.ts'

/** The query of what is asked about a fare, with an example that can be asked about. */
export const fareKeyQuery = (example: string) =>
  Type.Object({ fare_key: Type.String({ ...FareKey, examples: [example] }) }, { additionalProperties: false })

export const SeatZone = Type.Enum(['STANDARD', 'PREFERRED', 'FRONT', 'EXIT'], {
  description: 'Part of the cabin; all seats of a zone cost the same',
})
export type SeatZone = Static<typeof SeatZone>

export const Seat = component(
  'Seat',
  {
    seat_no: SeatNo,
    zone: SeatZone,
    position: Type.Enum(['WINDOW', 'MIDDLE', 'AISLE']),
    state: Type.Enum(['FREE', 'TAKEN', 'BLOCKED'], { description: 'BLOCKED seats are never sold' }),
    features: Type.Array(
      Type.Enum(['EXIT_ROW', 'EXTRA_LEGROOM', 'BULKHEAD', 'OVER_WING', 'NEAR_GALLEY', 'LIMITED_RECLINE', 'NO_INFANT']),
    ),
  },
  'One seat',
)
export type Seat = Static<typeof Seat>

export const SeatChart = component(
  'SeatChart',
  {
    flight_key: FlightKey,
    aircraft: Type.Object(
      {
        code: Type.String({ description: 'IATA aircraft type code', examples: ['32N'] }),
        name: Type.String({ examples: ['Airbus A320neo'] }),
      },
      { additionalProperties: false },
    ),
    zones: Type.Array(
      Type.Object(
        { zone: SeatZone, price: ref(Price, { description: 'For one passenger' }) },
        { additionalProperties: false },
      ),
      { description: 'What the seats of each zone cost' },
    ),
    layout: Type.String({
      pattern: '^[A-L]+(-[A-L]+)*$',
      description: 'Columns from left to right; a hyphen is an aisle',
      examples: ['ABC-DEF'],
    }),
    rows: Type.Array(
      Type.Object(
        {
          row: Type.Integer({ minimum: 1, maximum: 99 }),
          exit: Type.Boolean({ description: 'Beside an emergency exit' }),
          over_wing: Type.Boolean(),
          seats: Type.Array(ref(Seat), { description: 'Only where there is a seat' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  'The seats of one flight',
)
export type SeatChart = Static<typeof SeatChart>

export const SeatCharts = component(
  'SeatCharts',
  { flights: Type.Array(ref(SeatChart), { description: 'One per flight of the fare' }) },
  'The seats that go with a fare',
)
export type SeatCharts = Static<typeof SeatCharts>

export const Extra = component(
  'Extra',
  {
    extra_code: ExtraCode,
    kind: BagKind,
    pieces: nullable(Type.Integer({ minimum: 0 }), 'Pieces one unit adds; null: weight alone counts'),
    kg: nullable(Type.Integer({ minimum: 1 }), 'Per piece, or in all where pieces is null; null: no limit is set'),
    price: ref(Price, { description: 'Of one unit, for all flights of the fare together' }),
    max_per_pax: Type.Integer({ minimum: 1, description: 'Units one passenger may have' }),
    pax_types: Type.Array(PaxType, { description: 'Who may buy it' }),
  },
  'Baggage for sale',
)
export type Extra = Static<typeof Extra>

export const Extras = component(
  'Extras',
  {
    flight_keys: Type.Array(FlightKey, { description: 'The flights that bags and extras hold for' }),
    pax: ref(PaxCount, { description: 'Whom the fare is for' }),
    bags: Type.Array(ref(Bag), { description: 'What comes with the fare' }),
    extras: Type.Array(ref(Extra), { description: 'What can be bought' }),
  },
  'Baggage that goes with a fare',
)
export type Extras = Static<typeof Extras>
