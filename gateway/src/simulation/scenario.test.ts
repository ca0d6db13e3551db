import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { airlines } from '../airlines/index.ts'
import { parseFaults } from './fault-header.ts'
import { durationMs, readScenario, ScenarioError } from './scenario.ts'

const names = airlines.map(({ airline }) => airline.name)
const folder = fileURLToPath(new URL('../../../scenarios', import.meta.url))
const files = readdirSync(folder)

test.each(files)('%s can be played', (file) => {
  const { name, description, steps } = readScenario(readFileSync(`${folder}/${file}`, 'utf8'), names)
  expect([name, description]).not.toContain(undefined)
  expect(steps.length).toBeGreaterThan(1)
})

test('three are ready', () => expect(files.length).toBeGreaterThanOrEqual(3))

test('what is left out of a switch is filled in', () => {
  const text = 'name: x\nsteps: [{ at: 1.5s, airline: a, faults: [{ operation: "*", kind: html }] }]'
  expect(readScenario(text, ['a']).steps[0]?.faults).toEqual([
    { operation: '*', kind: 'html', share: 1, next: null, delayMs: 5000 },
  ])
})

test('all that is wrong is named with its line', () => {
  const text = `name: x
steps:
  - at: 1s
    airline: b
    brownOut: { everyMs: 1, forMs: 2, factor: 1, errorShare: 0 }
  - at: 1s
    airline: a
    latency: { search: { medianMs: 9, p99Ms: 1, maxMs: 10 } }
`
  const error = (() => {
    try {
      return readScenario(text, ['a'])
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(ScenarioError)
  expect(error).toHaveProperty(
    'message',
    [
      'line 4: /steps/0/airline must be one of a, or * for all of them',
      'line 5: /steps/0/brownOut/forMs must not be more than everyMs',
      'line 8: /steps/1/latency/search/p99Ms must not be less than medianMs',
    ].join('\n'),
  )
})

test('whatever is read, it is a scenario or an error that says why', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => `name: x\nsteps: ${text}`),
  )
  fc.assert(
    fc.property(texts, (text) => {
      try {
        expect(readScenario(text, names).steps.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(ScenarioError)
        expect(error).not.toHaveProperty('message', '')
      }
    }),
  )
})

test('durations', () => {
  expect(['500ms', '1.5s', '2m', '1h', '0s'].map(durationMs)).toEqual([500, 1500, 120_000, 3_600_000, 0])
  for (const text of ['', '1', 's', '-1s', '1 s', '1d']) expect(() => durationMs(text)).toThrow(RangeError)
})

test('a header of faults reads as it was written, or is refused', () => {
  const pairs = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 })
  const kinds = fc.constantFrom('timeout', 'error', 'price_change')
  fc.assert(
    fc.property(pairs, kinds, (chosen, kind) => {
      const read = parseFaults(chosen.map((name) => `${name}=${kind}`).join(' , '), names)
      expect([...read]).toEqual(chosen.map((name) => [name, kind]))
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseFaults(`${text}=`, names)).toThrow(/Fanfare-Fault/)
    }),
  )
})
