import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'

const app = await buildTestApp({ connectors: undefined })
afterAll(() => app.close())
const text = (await app.inject('/metrics')).body
const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

/** Name, type, labels and meaning of each metric of ours that the gateway gives. */
function given() {
  return [...text.matchAll(/^# HELP (fanfare_\w+) (.+)\n# TYPE \w+ (\w+)\n(.+)$/gm)].map(
    ([, name, help, type, firstSeries = '']) => {
      const labels = [...firstSeries.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
      return { name, type, labels: labels.map((label) => `\`${label}\``).join(', '), help }
    },
  )
}

/** The same of each line of the table. */
function documented() {
  return [...page.matchAll(/^\| `(fanfare_\w+)` \| (\w+) \| (.*?) \| (.+?) \| (.+?) \|$/gm)].map(
    ([, name, type, labels, help]) => ({ name, type, labels, help }),
  )
}

const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
  `${a.name}`.localeCompare(`${b.name}`)

describe('docs/metrics.md', () => {
  test('has every metric of ours as /metrics gives it, and no other', () => {
    expect(documented().toSorted(byName)).toEqual(given().toSorted(byName))
  })

  test('names the metrics of the process that it says to watch', () => {
    const named = [...page.matchAll(/`((?:nodejs|process)_\w+)`/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(text).toContain(`# TYPE ${name} `)
  })
})

test('names end by what they are: counters in _total, times in _seconds', () => {
  for (const { name = '', type, help = '' } of given()) {
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    if (name.endsWith('_seconds')) expect(help).toMatch(/second|How long|Age/)
  }
})

test('every metric has its series from the start', () => {
  for (const { name = '', type } of given()) {
    expect(text).toMatch(new RegExp(`^${name}${type === 'histogram' ? '_count' : ''}[ {]`, 'm'))
  }
})
