import type { Cabin, PlannedCabin, PlannedRow, PlannedSeat, SeatPlan, SeatZone } from './types.ts'

/** How one cabin is laid out. Rows that an aircraft leaves out (13) are skipped by number. */
interface CabinLayout {
  cabin: Cabin
  /** Letters with a hyphen for each aisle: `ABC-DEF`. */
  columns: string
  from: number
  to: number
  /** Rows beside an emergency exit. */
  exits?: number[]
  /** Seats built in but never sold: crew rest, weight and balance. */
  blocked?: string[]
  /** Seats left out, where the cabin narrows or a galley stands. */
  missing?: string[]
}

interface Layout {
  aircraft: string
  title: string
  /** First and last row over a wing. */
  wing: [number, number]
  /** Rows next to a galley. */
  galleys: number[]
  cabins: CabinLayout[]
}

/** Every layout flown, by name. Row counts follow usual configurations of the types. */
const layouts = {
  'AT7-Y68': {
    aircraft: 'AT7',
    title: 'ATR 72-600',
    wing: [8, 12],
    galleys: [18],
    cabins: [{ cabin: 'economy', columns: 'AC-DF', from: 1, to: 18, exits: [1], blocked: ['18D', '18F'] }],
  },
  '32N-Y180': {
    aircraft: '32N',
    title: 'Airbus A320neo',
    wing: [10, 20],
    galleys: [1, 31],
    cabins: [
      { cabin: 'economy', columns: 'ABC-DEF', from: 1, to: 31, exits: [12, 14], blocked: ['31A', '31B', '31C'] },
    ],
  },
  '32N-J12Y138': {
    aircraft: '32N',
    title: 'Airbus A320neo',
    wing: [10, 18],
    galleys: [1, 27],
    cabins: [
      { cabin: 'business', columns: 'AC-DF', from: 1, to: 3 },
      { cabin: 'economy', columns: 'ABC-DEF', from: 4, to: 27, exits: [11, 12], blocked: ['27D', '27E', '27F'] },
    ],
  },
  '32N-J12W18Y132': {
    aircraft: '32N',
    title: 'Airbus A320neo',
    wing: [10, 18],
    galleys: [1, 29],
    cabins: [
      { cabin: 'business', columns: 'AC-DF', from: 1, to: 3 },
      { cabin: 'premium_economy', columns: 'ABC-DEF', from: 4, to: 6 },
      { cabin: 'economy', columns: 'ABC-DEF', from: 7, to: 29, exits: [11, 12], blocked: ['29D', '29E', '29F'] },
    ],
  },
  '32Q-J16Y172': {
    aircraft: '32Q',
    title: 'Airbus A321neo',
    wing: [12, 23],
    galleys: [1, 34],
    cabins: [
      { cabin: 'business', columns: 'AC-DF', from: 1, to: 4 },
      {
        cabin: 'economy',
        columns: 'ABC-DEF',
        from: 5,
        to: 34,
        exits: [10, 24],
        blocked: ['34D', '34E', '34F'],
        missing: ['10A', '10F'],
      },
    ],
  },
  '333-J30Y260': {
    aircraft: '333',
    title: 'Airbus A330-300',
    wing: [22, 34],
    galleys: [1, 10, 43],
    cabins: [
      { cabin: 'business', columns: 'AC-DG-HK', from: 1, to: 5 },
      {
        cabin: 'economy',
        columns: 'AC-DEFG-HK',
        from: 10,
        to: 43,
        exits: [10, 28],
        blocked: ['43D', '43E', '43F', '43G'],
        missing: ['43A', '43C', '43H', '43K'],
      },
    ],
  },
  '789-J30W21Y241': {
    aircraft: '789',
    title: 'Boeing 787-9',
    wing: [33, 44],
    galleys: [1, 20, 30, 56],
    cabins: [
      { cabin: 'business', columns: 'A-DG-K', from: 1, to: 8, missing: ['1A', '1K'] },
      { cabin: 'premium_economy', columns: 'AC-DEF-HK', from: 20, to: 22 },
      {
        cabin: 'economy',
        columns: 'ABC-DEF-HJK',
        from: 30,
        to: 56,
        exits: [30, 43],
        blocked: ['56D', '56E', '56F'],
        missing: ['56A', '56K'],
      },
    ],
  },
  '359-J36Y293': {
    aircraft: '359',
    title: 'Airbus A350-900',
    wing: [24, 36],
    galleys: [1, 20, 52],
    cabins: [
      { cabin: 'business', columns: 'A-DG-K', from: 1, to: 9 },
      {
        cabin: 'economy',
        columns: 'ABC-DEG-HJK',
        from: 20,
        to: 52,
        exits: [20, 37],
        blocked: ['52D', '52E', '52G'],
        missing: ['52A', '52K', '51A', '51K'],
      },
    ],
  },
  '77W-J40W24Y276': {
    aircraft: '77W',
    title: 'Boeing 777-300ER',
    wing: [33, 44],
    galleys: [1, 20, 30, 57],
    cabins: [
      { cabin: 'business', columns: 'A-DG-K', from: 1, to: 10 },
      { cabin: 'premium_economy', columns: 'AC-DEFG-HK', from: 20, to: 22 },
      {
        cabin: 'economy',
        columns: 'ABC-DEFG-HJK',
        from: 30,
        to: 57,
        exits: [30, 41],
        blocked: ['57D', '57E', '57F', '57G'],
        missing: ['57A', '57K', '56A', '56K'],
      },
    ],
  },
} satisfies Record<string, Layout>

export type LayoutName = keyof typeof layouts

const plans = new Map<string, SeatPlan>()

/** The seat plan of a layout; built once. */
export function seatPlan(name: LayoutName): SeatPlan {
  let plan = plans.get(name)
  if (!plan) {
    plan = buildPlan(layouts[name])
    plans.set(name, plan)
  }
  return plan
}

function buildPlan(layout: Layout): SeatPlan {
  return {
    aircraft: layout.aircraft,
    title: layout.title,
    cabins: layout.cabins.map((cabin) => buildCabin(layout, cabin)),
  }
}

function buildCabin(layout: Layout, cabin: CabinLayout): PlannedCabin {
  const columns = [...cabin.columns].map((letter) => (letter === '-' ? null : letter))
  const rows: PlannedRow[] = []
  for (let number = cabin.from; number <= cabin.to; number++) {
    if (number === 13) continue
    const exit = cabin.exits?.includes(number) ?? false
    const wing = number >= layout.wing[0] && number <= layout.wing[1]
    const seats = columns.flatMap((column, at) => {
      if (column === null) return []
      const designator = `${number}${column}`
      return cabin.missing?.includes(designator) ? [null] : [buildSeat(layout, cabin, number, columns, at, column)]
    })
    rows.push({ number, exit, wing, seats })
  }
  return { cabin: cabin.cabin, columns, rows }
}

function buildSeat(
  layout: Layout,
  cabin: CabinLayout,
  row: number,
  columns: (string | null)[],
  at: number,
  column: string,
): PlannedSeat {
  const designator = `${row}${column}`
  const exit = cabin.exits?.includes(row) ?? false
  const isWindow = at === 0 || at === columns.length - 1
  const isAisle = columns[at - 1] === null || columns[at + 1] === null
  const traits: PlannedSeat['traits'] = []
  if (exit) traits.push('exit_row', 'extra_legroom', 'no_infant')
  if (row === cabin.from) traits.push('bulkhead')
  if (row >= layout.wing[0] && row <= layout.wing[1]) traits.push('over_wing')
  if (layout.galleys.includes(row)) traits.push('near_galley')
  if (row === cabin.to || cabin.exits?.includes(row + 1)) traits.push('limited_recline')
  if (cabin.blocked?.includes(designator)) traits.push('blocked')
  return {
    designator,
    column,
    kind: isWindow ? 'window' : isAisle ? 'aisle' : 'middle',
    zone: zoneOf(layout, cabin, row),
    traits,
  }
}

/** Exit rows; the first three rows; the rows ahead of the wing; the rest. Only economy has zones. */
function zoneOf(layout: Layout, cabin: CabinLayout, row: number): SeatZone {
  if (cabin.cabin !== 'economy') return 'standard'
  if (cabin.exits?.includes(row)) return 'exit'
  if (row < cabin.from + 3) return 'front'
  return row < layout.wing[0] ? 'preferred' : 'standard'
}
