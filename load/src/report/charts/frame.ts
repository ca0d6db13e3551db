import { el, type Markup } from '../markup.ts'
import type { Scale } from './scale.ts'

/** A chart's size and the room within its axes, in the units of its own coordinates. */
export interface Box {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

/** A chart's room; wide ones take the page's whole width. */
export function boxOf(kind: 'wide' | 'half', height = 260): Box {
  const width = kind === 'wide' ? 1120 : 540
  return { width, height, left: 58, right: width - 14, top: 14, bottom: height - 30 }
}

/** A swatch and what it stands for. */
export interface LegendEntry {
  label: string
  /** A class of the page's style sheet. */
  swatch: string
}

/** A chart with its title, legend, axes and grid. `what` says in words what the picture shows. */
export function frame(options: {
  id: string
  title: string
  what: string
  box: Box
  x: Scale
  y: Scale
  legend?: readonly LegendEntry[]
  body: readonly (Markup | null)[]
}): Markup {
  const { id, title, what, box, x, y, legend = [], body } = options
  const { width, height, left, right, bottom } = box
  const drawn = el(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': what },
    y.ticks.map(({ value, label }) => [
      el('line', { class: 'grid', x1: left, x2: right, y1: px(y(value)), y2: px(y(value)) }),
      el('text', { class: 'tick', x: left - 8, y: px(y(value)), 'text-anchor': 'end', dy: '0.32em' }, label),
    ]),
    x.ticks.map(({ value, label }) =>
      el('text', { class: 'tick', x: px(x(value)), y: bottom + 20, 'text-anchor': 'middle' }, label),
    ),
    [...body],
    el('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
  )
  return figure({ id, title, what, legend, drawn, isWide: width > 600 })
}

/** A picture with its title, what it shows, and its legend. */
export function figure(options: {
  id: string
  title: string
  what: string
  legend?: readonly LegendEntry[]
  drawn: Markup
  isWide: boolean
}): Markup {
  const { id, title, what, legend = [], drawn, isWide } = options
  const entries = legend.map(({ label, swatch }) => el('span', {}, el('i', { class: swatch }), label))
  return el(
    'figure',
    { id, class: isWide ? 'wide' : null },
    el('figcaption', {}, el('h3', {}, title), entries.length > 0 ? el('div', { class: 'legend' }, entries) : null),
    drawn,
    el('p', { class: 'note' }, what),
  )
}

/** A point; null: nothing was measured there, and the line is broken. */
export type Point = readonly [x: number, y: number | null]

/** A line through points, broken where there are none; null where there are no points at all. */
export function line(points: readonly Point[], className: string): Markup | null {
  const pieces = runsOf(points).map((run) =>
    run.length === 1 ? `M${at(run[0])}h0.01` : `M${run.map((point) => at(point)).join('L')}`,
  )
  return pieces.length === 0 ? null : el('path', { class: `line ${className}`, d: pieces.join('') })
}

/** The area between two lines over the same places; null where one of them has no points. */
export function band(lower: readonly Point[], upper: readonly Point[], className: string): Markup | null {
  const both = lower.map(([x, low], index): [number, number | null, number | null] => [
    x,
    low,
    upper[index]?.[1] ?? null,
  ])
  const runs = runsOf(both.map(([x, low, high]): Point => [x, low === null || high === null ? null : low]))
  const highAt = new Map(both.map(([x, , high]) => [x, high]))
  const pieces = runs.map((run) => {
    // An area over one place alone would have no width and not be seen.
    const widened =
      run.length === 1
        ? run.flatMap(([x, y]): [number, number][] => [
            [x - 1, y],
            [x + 1, y],
          ])
        : run
    const back = widened
      .toReversed()
      .map(([x]): [number, number] => [x, highAt.get(x) ?? highAt.get(run[0]?.[0] ?? 0) ?? 0])
    return `M${[...widened, ...back].map((point) => at(point)).join('L')}Z`
  })
  return pieces.length === 0 ? null : el('path', { class: className, d: pieces.join('') })
}

/** Columns that say in words, under the pointer, what is where. */
export function hints(box: Box, columns: readonly { from: number; to: number; text: string }[]): Markup {
  return el(
    'g',
    { class: 'hints' },
    columns.map(({ from, to, text }) =>
      el(
        'rect',
        { x: px(from), width: px(Math.max(0.5, to - from)), y: box.top, height: box.bottom - box.top },
        el('title', {}, text),
      ),
    ),
  )
}

/** A coordinate, to a tenth. */
export function px(value: number): string {
  return value.toFixed(1)
}

function at(point: readonly [number, number] | undefined): string {
  return point ? `${px(point[0])},${px(point[1])}` : ''
}

/** Stretches of points that follow each other without a gap. */
function runsOf(points: readonly Point[]): [number, number][][] {
  const runs: [number, number][][] = []
  let run: [number, number][] = []
  for (const [x, y] of points) {
    if (y !== null) {
      if (run.length === 0) runs.push(run)
      run.push([x, y])
    } else run = []
  }
  return runs
}
