import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { checkScenario, loadScenario, scenarioNames } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'fanfare-scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('a scenario', () => {
  it.each(scenarioNames())('%s comes along and is sound', (name) => {
    expect(checkScenario(loadScenario(name)).title.length).toBeGreaterThan(3)
  })

  it('is steady where nothing is said', () => {
    expect(checkScenario({})).toEqual(checkScenario(loadScenario('steady')))
  })

  it('is read from YAML and from JSON alike, defaults filled in', () => {
    const yaml = fileOf('a.yaml', 'lookToBook: 7\nroutes: { only: [DEL-BOM] }\nparties: [{ adults: 2, weight: 1 }]\n')
    const json = fileOf('a.json', '{"lookToBook":7,"routes":{"only":["DEL-BOM"]},"parties":[{"adults":2,"weight":1}]}')
    const read = checkScenario(loadScenario(yaml))
    expect(read).toEqual(checkScenario(loadScenario(json)))
    expect(read).toMatchObject({
      lookToBook: 7,
      routes: { only: ['DEL-BOM'], popularity: 'zipf', exponent: 1 },
      parties: [{ adults: 2, children: 0, infants: 0 }],
      seed: 'fanfare',
    })
  })

  it.each([
    [{ stages: [{ rate: 5, seconds: 0 }] }, '/stages/0/seconds'],
    [{ stages: [{ rat: 5, seconds: 1 }] }, 'rat'],
    [{ lookToBook: 0.5 }, '/lookToBook'],
    [{ loookToBook: 5 }, 'loookToBook'],
    [{ routes: { only: ['DELBOM'] } }, '/routes/only/0'],
    [{ routes: { popularity: 'gauss' } }, '/routes/popularity'],
    [{ book: { pay: 1.5 } }, '/book/pay'],
    [{ parties: [{ adults: 1, infants: 2, weight: 1 }] }, '/parties/0'],
    [{ parties: [{ adults: 9, children: 1, weight: 1 }] }, '/parties/0'],
    [{ daysAhead: { least: 50, most: 40 } }, '/daysAhead/least'],
    [{ slo: ['p99=fast'] }, 'p99=fast'],
    ['steady', '/'],
  ])('%j is refused, naming %s', (value, field) => {
    expect(() => checkScenario(value)).toThrow(UsageError)
    expect(() => checkScenario(value)).toThrow(field)
  })

  it('that is not there, or no YAML, is refused by name', () => {
    expect(() => loadScenario('nowhere')).toThrow(/no scenario nowhere.*steady/)
    const broken = fileOf('broken.yaml', 'stages: [{ rate: 5')
    expect(() => loadScenario(broken)).toThrow(UsageError)
    expect(() => loadScenario(broken)).toThrow('broken.yaml')
  })
})
