import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { figures, usualLanes } from './index.ts'

const page = readFileSync(new URL('../../../../docs/resilience.md', import.meta.url), 'utf8')

test('docs/resilience.md has the figures of every operation', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (\d+) ms \| (\d+) ms \| (yes|no) \| (yes|no) \|$/gm)]
  expect(
    rows.map(([, operation, lane, timeoutMs, patienceMs, isSafe, hasBreaker]) => [
      operation,
      {
        lane,
        timeoutMs: Number(timeoutMs),
        patienceMs: Number(patienceMs),
        isSafe: isSafe === 'yes',
        hasBreaker: hasBreaker === 'yes',
      },
    ]),
  ).toEqual(Object.entries(figures))
})

test('and of every lane', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \|$/gm)]
  expect(rows.map(([, lane, atOnce, waiting]) => [lane, { atOnce: Number(atOnce), waiting: Number(waiting) }])).toEqual(
    Object.entries(usualLanes),
  )
})

test('what changes something is never sent twice', () => {
  const sentTwice = Object.entries(figures).filter(([, { isSafe }]) => isSafe)
  expect(sentTwice.map(([operation]) => operation)).toEqual([
    'search',
    'price',
    'seat_maps',
    'baggage',
    'find_order',
    'quote_cancellation',
  ])
})
