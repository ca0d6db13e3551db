import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { foldersOf, root, textOf } from './sources.ts'

const names = airlines.map(({ airline }) => airline.name).sort()

describe('the registry', () => {
  it('holds several airlines, each once, with a designator of its own', () => {
    expect(names.length).toBeGreaterThanOrEqual(3)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(airlines.map(({ airline }) => airline.designator)).size).toBe(names.length)
  })

  it('is the gateway’s airline folders', () => {
    expect(foldersOf('gateway/src/airlines')).toEqual(names)
  })

  it('is the services beside the kit', () => {
    expect(foldersOf('services').filter((name) => name !== 'kit')).toEqual(names)
  })

  it('is the published descriptions of the airlines', () => {
    expect(readdirSync(join(root, 'openapi/airlines')).sort()).toEqual(names.map((name) => `${name}.json`))
  })

  it.each(names)('gives %s the same file roles as the others', (name) => {
    const folder = join(root, 'gateway/src/airlines', name)
    for (const role of ['connector.ts', 'wire.ts', 'map.ts', 'fixtures']) {
      expect(existsSync(join(folder, role)), `${name}/${role}`).toBe(true)
    }
    expect(readdirSync(folder).some((file) => file.endsWith('.test.ts'))).toBe(true)
    expect(existsSync(join(root, 'services', name, 'src/main.ts'))).toBe(true)
  })
})

describe('the documentation', () => {
  it.each(airlines.map(({ airline }) => airline))('introduces $title in the README', ({ name, title }) => {
    const readme = textOf('README.md')
    expect(readme).toContain(title)
    expect(readme).toContain(name)
  })
})
