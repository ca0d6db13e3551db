import type { Markup } from '../markup.ts'
import type { Results, Tier } from '../results.ts'
import { percent } from '../words.ts'
import { band, boxOf, frame, hints, type Point } from './frame.ts'
import { linear, time } from './scale.ts'

const tiers: readonly { tier: Tier; label: string }[] = [
  { tier: 'memory', label: 'memory' },
  { tier: 'redis', label: 'Redis' },
  { tier: 'shared', label: 'shared with another' },
  { tier: 'miss', label: 'airlines asked' },
  { tier: 'unknown', label: 'not said' },
]

/** Where searches' answers came from, as shares over time; null where no search was answered. */
export function cacheChart({ intervals, intervalMs }: Results): Markup | null {
  const sumOf = (cache: Record<Tier, number>) => tiers.reduce((sum, { tier }) => sum + cache[tier], 0)
  const answered = intervals.filter(({ cache }) => sumOf(cache) > 0)
  const last = answered.at(-1)
  if (!last) return null
  const box = boxOf('half')
  const x = time(0, last.atMs + intervalMs, [box.left, box.right])
  const y = linear(1, [box.bottom, box.top], (share) => `${share * 100} %`)
  // A point at each end of an interval: shares are steps, and one interval alone is seen.
  const upTo = (count: number): Point[] =>
    answered.flatMap(({ atMs, cache }): Point[] => {
      const share = tiers.slice(0, count).reduce((sum, { tier }) => sum + cache[tier], 0) / sumOf(cache)
      return [
        [x(atMs), y(share)],
        [x(atMs + intervalMs) - 0.01, y(share)],
      ]
    })
  const seen = tiers.filter(({ tier }) => answered.some(({ cache }) => cache[tier] > 0))
  return frame({
    id: 'cache-tiers',
    title: 'Where answers came from',
    what: 'Searches by the tier of the cache that answered, as their Cache-Status says.',
    box,
    x,
    y,
    legend: seen.map(({ tier, label }) => ({ label, swatch: `c-tier-${tier}` })),
    body: [
      ...tiers.map(({ tier }, index) =>
        seen.some((one) => one.tier === tier) ? band(upTo(index), upTo(index + 1), `area c-tier-${tier}`) : null,
      ),
      hints(
        box,
        answered.map(({ atMs, cache }) => ({
          from: x(atMs),
          to: x(atMs + intervalMs),
          text: [
            `at ${atMs / 1000} s`,
            ...seen.map(({ tier, label }) => `${label} ${percent(cache[tier] / sumOf(cache))}`),
          ].join('\n'),
        })),
      ),
    ],
  })
}
