/** A cell of a table: text, or a number with so many decimals; null: not measured. */
export type Cell = string | { value: number; decimals: number } | null

/** Figures in rows; the first column says of what. */
export interface Table {
  /** What was done, in a few words. */
  title: string
  columns: string[]
  rows: Cell[][]
}

/** A line of a chart. */
export interface Series {
  name: string
  points: { x: number; y: number }[]
}

/** A chart; log axes only take numbers above 0. */
export interface Chart {
  /** Name of its file, without `.svg`. */
  file: string
  title: string
  x: { label: string; log: boolean; ticks?: { at: number; label: string }[] }
  y: { label: string; log: boolean }
  series: Series[]
}

/** What one part of the benchmark found. */
export interface PartResult {
  tables: Table[]
  charts: Chart[]
  /** What a reader must know: what was left out and why. */
  notes: string[]
}

/** A number for a table. */
export function figure(value: number | null, decimals = 0): Cell {
  return value === null || !Number.isFinite(value) ? null : { value, decimals }
}

/** A cell as text; columns of figures are aligned at the right by who prints them. */
export function cellText(cell: Cell): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  const { value, decimals } = cell
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}
