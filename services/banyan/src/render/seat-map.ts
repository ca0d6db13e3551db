import type { PlannedCabin, PlannedRow, PlannedSeat, SeatPlan, SeatState } from '@fanfare/kit'
import { cabinTypes } from '../codes.ts'
import type { Tree } from '../xml-writer.ts'

/** The cabins that have a seat in `seats`; `itemOf` names the offer item of a price. */
export function renderCabins(
  plan: SeatPlan,
  seats: ReadonlyMap<string, SeatState>,
  itemOf: (price: number) => string,
): Tree[] {
  return plan.cabins
    .filter(({ rows }) => rows.some((row) => row.seats.some((seat) => seat !== null && seats.has(seat.designator))))
    .map((cabin) => renderCabin(cabin, seats, itemOf))
}

function renderCabin(
  { cabin, columns, rows }: PlannedCabin,
  seats: ReadonlyMap<string, SeatState>,
  itemOf: (price: number) => string,
): Tree {
  const { code, name } = cabinTypes[cabin]
  return {
    CabinType: { CabinTypeCode: code, CabinTypeName: name },
    DeckCode: 'Main',
    FirstRowNumber: rows[0]?.number,
    LastRowNumber: rows.at(-1)?.number,
    SeatColumn: renderColumns(columns),
    SeatRow: rows
      .filter((row) => row.seats.some((seat) => seat !== null && seats.has(seat.designator)))
      .map((row) => renderRow(row, seats, itemOf)),
  }
}

/** Each column says which side of the aisles it is on: left (LS), centre (CC) or right (RS). */
function renderColumns(columns: PlannedCabin['columns']): Tree[] {
  const aisles = columns.filter((column) => column === null).length
  let passed = 0
  return columns.flatMap((column) => {
    if (column === null) {
      passed++
      return []
    }
    const section = passed === 0 ? 'LS' : passed === aisles ? 'RS' : 'CC'
    return [{ ColumnID: column, SeatCharacteristicCode: section }]
  })
}

function renderRow(row: PlannedRow, seats: ReadonlyMap<string, SeatState>, itemOf: (price: number) => string): Tree {
  return {
    // PADIS 9864: E exit row, K over the wing.
    RowCharacteristicCode: [...(row.exit ? ['E'] : []), ...(row.wing ? ['K'] : [])],
    RowNumber: row.number,
    Seat: row.seats.flatMap((planned) => {
      const state = planned && seats.get(planned.designator)
      return state ? [renderSeat(row.number, state, itemOf)] : []
    }),
  }
}

function renderSeat(row: number, { seat, available, price }: SeatState, itemOf: (price: number) => string): Tree {
  const isBlocked = seat.traits.includes('blocked')
  return {
    ColumnID: seat.column,
    // PADIS 9865: F free, Z blocked, O occupied.
    OccupationStatusCode: available ? 'F' : isBlocked ? 'Z' : 'O',
    OfferItemRefID: available ? itemOf(price) : undefined,
    RowNumber: row,
    SeatCharacteristicCode: [kindCode(seat.kind), ...seat.traits.flatMap((trait) => traitCode(trait) ?? [])],
  }
}

/** PADIS 9825. */
function kindCode(kind: PlannedSeat['kind']): string {
  switch (kind) {
    case 'window':
      return 'W'
    case 'aisle':
      return 'A'
    case 'middle':
      return '9'
  }
}

/** PADIS 9825; null for what the occupation status says. */
function traitCode(trait: PlannedSeat['traits'][number]): string | null {
  switch (trait) {
    case 'exit_row':
      return 'E'
    case 'extra_legroom':
      return 'L'
    case 'bulkhead':
      return 'K'
    case 'over_wing':
      return 'OW'
    case 'near_galley':
      return 'AG'
    case 'limited_recline':
      return '1D'
    case 'no_infant':
      return '1A'
    case 'blocked':
      return null
  }
}
