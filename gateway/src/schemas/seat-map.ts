import { type Static, Type } from 'typebox'
import { Money } from './money.ts'
import { Cabin, SegmentId } from './offer.ts'
import { component, nullable, oneOf, ref } from './ref.ts'

export const Designator = Type.String({
  pattern: '^[1-9]\\d?[A-L]$',
  description: 'Row number and column letter',
  examples: ['14A'],
})

export const Seat = component(
  'Seat',
  {
    designator: Designator,
    kind: oneOf(['window', 'middle', 'aisle'], { description: 'Where in the row' }),
    available: Type.Boolean({ description: 'Free to be chosen now' }),
    price: nullable(
      ref(Money),
      'Per passenger; "0.00" where the fare includes it; null where the seat is not for sale',
    ),
    traits: Type.Array(
      oneOf([
        'exit_row',
        'extra_legroom',
        'bulkhead',
        'over_wing',
        'near_galley',
        'limited_recline',
        'blocked',
        'no_infant',
      ]),
      { description: 'What is special about the seat' },
    ),
  },
  'One seat',
)
export type Seat = Static<typeof Seat>

export const SeatRow = component(
  'SeatRow',
  {
    number: Type.Integer({ minimum: 1, maximum: 99 }),
    exit: Type.Boolean({ description: 'Beside an emergency exit' }),
    wing: Type.Boolean({ description: 'Over a wing' }),
    seats: Type.Array(nullable(ref(Seat)), {
      description: 'One entry per column of the cabin; null where there is no seat',
    }),
  },
  'One row',
)

export const CabinMap = component(
  'CabinMap',
  {
    cabin: Cabin,
    columns: Type.Array(nullable(Type.String({ pattern: '^[A-L]$' })), {
      description: 'Column letters from left to right; null is an aisle, and the seats of a row leave it out',
    }),
    rows: Type.Array(ref(SeatRow)),
  },
  'One cabin of an aircraft',
)

export const SeatMap = component(
  'SeatMap',
  { segmentId: SegmentId, aircraft: Type.String({ examples: ['32N'] }), cabins: Type.Array(ref(CabinMap)) },
  'The seats of one flight',
)
export type SeatMap = Static<typeof SeatMap>
