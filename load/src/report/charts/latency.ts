import type { Markup } from '../markup.ts'
import type { Interval, Results } from '../results.ts'
import { milliseconds, whole } from '../words.ts'
import { band, boxOf, frame, hints, line, type Point } from './frame.ts'
import { logarithmic, type Scale, shortTime, time } from './scale.ts'

/** Latency over time as bands between percentiles; null where no request had a latency. */
export function latencyChart({ intervals, intervalMs }: Results): Markup | null {
  const measured = intervals.filter(({ latency }) => latency.count > 0)
  const lows = measured.map(({ latency }) => latency.p50 ?? 0)
  const highs = measured.map(({ latency }) => latency.max ?? 0)
  const last = measured.at(-1)
  if (!last) return null
  const box = boxOf('wide', 320)
  const x = time(0, last.atMs + intervalMs, [box.left, box.right])
  const y = logarithmic(
    Math.max(0.01, Math.min(...lows) / 1.6),
    Math.max(...highs) * 1.15,
    [box.bottom, box.top],
    shortTime,
  )
  const at = (mark: 'p50' | 'p90' | 'p99' | 'max') => pointsOf(intervals, intervalMs, x, y, mark)
  return frame({
    id: 'latency-over-time',
    title: 'Latency over time',
    what: 'From the moment a request was due until its answer was read, by when it was due; logarithmic. What was not sent or not answered counts with the whole time-out.',
    box,
    x,
    y,
    legend: [
      { label: 'median', swatch: 'c-median' },
      { label: 'to p90', swatch: 'c-band1' },
      { label: 'to p99', swatch: 'c-band2' },
      { label: 'to the slowest', swatch: 'c-band3' },
    ],
    body: [
      band(at('p99'), at('max'), 'area c-band3'),
      band(at('p90'), at('p99'), 'area c-band2'),
      band(at('p50'), at('p90'), 'area c-band1'),
      line(at('p99'), 's-p99'),
      line(at('p50'), 's-median'),
      hints(
        box,
        intervals.map((one) => ({ from: x(one.atMs), to: x(one.atMs + intervalMs), text: textOf(one) })),
      ),
    ],
  })
}

function pointsOf(
  intervals: readonly Interval[],
  intervalMs: number,
  x: Scale,
  y: Scale,
  mark: 'p50' | 'p90' | 'p99' | 'max',
): Point[] {
  return intervals.map(({ atMs, latency }) => {
    const value = latency[mark]
    return [x(atMs + intervalMs / 2), value === null ? null : y(value)]
  })
}

function textOf({ atMs, latency, due, errors }: Interval): string {
  const marks = (['p50', 'p90', 'p99', 'max'] as const).map((mark) => `${mark} ${milliseconds(latency[mark])}`)
  return [`at ${atMs / 1000} s`, `${whole(due)} requests, ${whole(errors)} errors`, ...marks].join('\n')
}
