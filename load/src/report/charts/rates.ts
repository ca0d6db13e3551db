import type { Markup } from '../markup.ts'
import type { Results } from '../results.ts'
import { whole } from '../words.ts'
import { boxOf, frame, hints, line, type Point } from './frame.ts'
import { linear, time } from './scale.ts'

/** Requests due, answered and in error per second, over time. */
export function rateChart({ intervals, intervalMs }: Results): Markup | null {
  const last = intervals.at(-1)
  if (!last) return null
  const box = boxOf('half')
  const perSecond = (count: number) => (count * 1000) / intervalMs
  const x = time(0, last.atMs + intervalMs, [box.left, box.right])
  const y = linear(
    perSecond(Math.max(...intervals.flatMap(({ due, answered }) => [due, answered]))),
    [box.bottom, box.top],
    (value) => `${value}`,
  )
  const series = (of: (one: (typeof intervals)[number]) => number | null): Point[] =>
    intervals.map((one) => {
      const count = of(one)
      return [x(one.atMs + intervalMs / 2), count === null ? null : y(perSecond(count))]
    })
  return frame({
    id: 'rates',
    title: 'Rate offered and achieved',
    what: 'Requests per second: due by the plan, answered, and in error.',
    box,
    x,
    y,
    legend: [
      { label: 'offered', swatch: 'c-offered' },
      { label: 'answered', swatch: 'c-median' },
      { label: 'errors', swatch: 'c-bad' },
    ],
    body: [
      line(
        series((one) => one.due),
        's-offered',
      ),
      line(
        series((one) => one.answered),
        's-median',
      ),
      line(
        series(({ errors }) => (errors === 0 ? null : errors)),
        's-bad',
      ),
      hints(
        box,
        intervals.map((one) => ({
          from: x(one.atMs),
          to: x(one.atMs + intervalMs),
          text: `at ${one.atMs / 1000} s\n${whole(one.due)} due\n${whole(one.answered)} answered\n${whole(one.errors)} errors`,
        })),
      ),
    ],
  })
}
