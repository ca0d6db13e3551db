import { el, type Markup } from '../markup.ts'
import type { Results } from '../results.ts'
import { milliseconds, whole } from '../words.ts'
import { boxOf, frame, hints, px } from './frame.ts'
import { linear, logarithmic, shortTime } from './scale.ts'

/** How many requests took how long; null where none was measured. */
export function histogramChart({ histogram, latency }: Results): Markup | null {
  const first = histogram[0]
  const last = histogram.at(-1)
  if (!first || !last) return null
  const box = boxOf('half')
  const x = logarithmic(first.fromMs, last.toMs, [box.left, box.right], shortTime)
  const y = linear(Math.max(...histogram.map(({ count }) => count)), [box.bottom, box.top], whole)
  const columns = histogram.map(({ fromMs, toMs, count }) =>
    el('rect', {
      class: 'c-median',
      x: px(x(fromMs) + 0.5),
      width: px(Math.max(0.5, x(toMs) - x(fromMs) - 1)),
      y: px(y(count)),
      height: px(box.bottom - y(count)),
    }),
  )
  const marks = (['p50', 'p99', 'p99.9'] as const).flatMap((mark, index) => {
    const value = latency[mark]
    if (value === null) return []
    const place = px(x(value))
    const isNearEnd = x(value) > box.right - 110
    return [
      el('line', { class: 'mark', x1: place, x2: place, y1: box.top, y2: box.bottom }),
      el(
        'text',
        {
          class: 'mark-label',
          x: px(x(value) + (isNearEnd ? -4 : 4)),
          y: box.top + 10 + index * 14,
          'text-anchor': isNearEnd ? 'end' : 'start',
        },
        `${mark} ${milliseconds(value)}`,
      ),
    ]
  })
  return frame({
    id: 'latency-histogram',
    title: 'How long requests took',
    what: 'Requests by latency, on a logarithmic axis.',
    box,
    x,
    y,
    body: [
      ...columns,
      ...marks,
      hints(
        box,
        histogram.map(({ fromMs, toMs, count }) => ({
          from: x(fromMs),
          to: x(toMs),
          text: `${milliseconds(fromMs)} to ${milliseconds(toMs)}: ${whole(count)}`,
        })),
      ),
    ],
  })
}
