import { describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { loadConfig, settings } from '../../gateway/src/config.ts'
import { readAirlineConfig } from '../../services/kit/src/server/config.ts'
import { codeOf, isTest, sourcesOf, textOf } from './sources.ts'

const names = airlines.map(({ airline }) => airline.name)
const prefixes = names.map((name) => name.toUpperCase())

/** The README's table of settings: default as written, null for none, by variable; <AIRLINE> stands for each of them. */
function documented(): Map<string, string | null> {
  const [, section = ''] = textOf('README.md').split('\n## Configuration\n')
  const [table = ''] = section.split('\n## ')
  const rows = [...table.matchAll(/^\| (`.+?) \| (.+?) \| .+ \|$/gm)]
  return new Map(
    rows.flatMap(([, variables = '', defaults = '']) => {
      const values = defaults.split(', ').map((text) => /^`([^`]*)`$/.exec(text)?.[1] ?? null)
      return [...variables.matchAll(/`([^`]+)`/g)].flatMap(([, name = ''], index): [string, string | null][] => {
        const value = values[index] ?? null
        if (!name.startsWith('<AIRLINE>')) return [[name, value]]
        return prefixes.map((prefix) => [name.replace('<AIRLINE>', prefix), value])
      })
    }),
  )
}

/** What an airline's program asks its environment for: in the kit, and by `setting('…')` in its own code. */
function readBy(name: string): Set<string> {
  const asked = new Set<string>()
  const environment = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_, variable) {
        if (typeof variable === 'string') asked.add(variable)
        return undefined
      },
    },
  )
  readAirlineConfig(name, environment)
  for (const source of sourcesOf(`services/${name}/src`).filter((source) => !isTest(source))) {
    for (const [, setting] of codeOf(source).matchAll(/\bsetting\('([A-Z_]+)'\)/g)) {
      asked.add(`${name.toUpperCase()}_${setting}`)
    }
  }
  return asked
}

describe('the README’s table of settings', () => {
  const table = documented()
  const read = new Set(names.flatMap((name) => [...readBy(name)]))

  it('has every setting of the gateway, with its default', () => {
    expect(settings.size).toBeGreaterThan(10)
    const found = [...settings.keys()].map((name) => [name, table.has(name) ? table.get(name) : 'not there'])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(settings))
  })

  it('has where each airline is and how to sign in, with the defaults', () => {
    const config = loadConfig({})
    for (const [name, { key, secret }] of config.airlines) {
      const prefix = name.toUpperCase()
      expect(table.has(`${prefix}_URL`)).toBe(true)
      expect([table.get(`${prefix}_KEY`), table.get(`${prefix}_SECRET`)]).toEqual([key, secret])
    }
  })

  it('has every setting of the airlines', () => {
    expect(read.size).toBeGreaterThan(10)
    expect([...read].filter((name) => !table.has(name))).toEqual([])
    const { seed, profile } = readAirlineConfig('saffron', {})
    expect([table.get('FANFARE_SEED'), table.get('FANFARE_PROFILE')]).toEqual([seed, profile])
  })

  it('has nothing that no program reads', () => {
    const urls = prefixes.map((prefix) => `${prefix}_URL`)
    const secrets = prefixes.flatMap((prefix) => [`${prefix}_KEY`, `${prefix}_SECRET`])
    const known = new Set([...settings.keys(), ...read, ...urls, ...secrets])
    expect([...table.keys()].filter((name) => !known.has(name))).toEqual([])
  })
})
