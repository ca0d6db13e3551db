import { el, type Markup } from '../markup.ts'
import type { Results } from '../results.ts'
import { percent, whole } from '../words.ts'
import { figure, px } from './frame.ts'

/** Every way of taking part in a search, the best first; the class of each is `c-<status>`. */
const statuses = ['ok', 'stale', 'rate_limited', 'timeout', 'circuit_open', 'error'] as const

/** Each airline's part in searches, as shares of a bar; null where no search was answered. */
export function airlineChart({ airlines }: Results): Markup | null {
  if (airlines.length === 0) return null
  const width = 540
  const [left, right, rowHeight] = [90, width - 70, 38]
  const rows = airlines.map(({ name, outcomes }, row) => {
    const sum = Object.values(outcomes).reduce((total, count) => total + count, 0)
    const known = [...statuses, ...Object.keys(outcomes).filter((one) => !statuses.some((status) => status === one))]
    let before = 0
    const bars = known.flatMap((status) => {
      const count = outcomes[status] ?? 0
      if (count === 0) return []
      const from = left + ((right - left) * before) / sum
      before += count
      const to = left + ((right - left) * before) / sum
      const title = el('title', {}, `${name}: ${status} ${whole(count)} (${percent(count / sum)})`)
      return [
        el(
          'rect',
          { class: `c-${status}`, x: px(from), width: px(Math.max(1, to - from)), y: row * rowHeight + 10, height: 20 },
          title,
        ),
      ]
    })
    const present = ((outcomes.ok ?? 0) + (outcomes.stale ?? 0)) / sum
    const middle = row * rowHeight + 24
    return [
      el('text', { class: 'name', x: left - 12, y: middle, 'text-anchor': 'end' }, name),
      ...bars,
      el('text', { class: 'tick', x: right + 10, y: middle }, percent(present)),
    ]
  })
  const seen = statuses.filter((status) => airlines.some(({ outcomes }) => (outcomes[status] ?? 0) > 0))
  return figure({
    id: 'airlines',
    title: 'Airlines in searches',
    what: 'How each airline took part in the searches’ answers; at the right, the share with its offers.',
    legend: seen.map((status) => ({ label: status.replaceAll('_', ' '), swatch: `c-${status}` })),
    drawn: el(
      'svg',
      { viewBox: `0 0 ${width} ${airlines.length * rowHeight + 8}`, role: 'img', 'aria-label': 'Outcomes by airline' },
      ...rows,
    ),
    isWide: false,
  })
}
