import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { airlines } from '../../gateway/src/airlines/index.ts'
import { settings } from '../../gateway/src/config.ts'
import { readCompose, readVariables } from '../support/compose-file.ts'
import { foldersOf, root, textOf } from './sources.ts'

const names = airlines.map(({ airline }) => airline.name)
const services = readCompose()
const service = (name: string) => {
  const found = services.get(name)
  if (!found) throw new Error(`docker-compose.yml has no ${name}`)
  return found
}

describe('docker-compose.yml', () => {
  it('runs every airline of the registry, one gateway, its databases and a balancer', () => {
    const always = [...services].filter(([, { profiles }]) => profiles.length === 0).map(([name]) => name)
    expect(always.sort()).toEqual([...names, 'gateway', 'redis', 'postgres', 'balancer'].sort())
  })

  it('runs programs that there are', () => {
    for (const [name, { command }] of services) {
      const [program, file = ''] = command
      if (program === 'node') expect([name, existsSync(join(root, file))]).toEqual([name, true])
    }
    for (const name of names) expect(service(name).command).toEqual(['node', `services/${name}/src/main.ts`])
  })

  it('tells the gateway where every airline is, and starts it after them', () => {
    const { environment, dependsOn } = service('gateway')
    for (const name of names) expect(environment[`${name.toUpperCase()}_URL`]).toBe(`http://${name}:8080`)
    expect(dependsOn.sort()).toEqual([...names, 'redis', 'postgres'].sort())
  })

  it('names settings of the gateway and none that it does not read', () => {
    const urls = names.map((name) => `${name.toUpperCase()}_URL`)
    const known = new Set([...settings.keys(), ...urls])
    expect(Object.keys(service('gateway').environment).filter((name) => !known.has(name))).toEqual([])
  })

  it('opens the control plane of every program by one variable of the shell or of .env', () => {
    for (const name of [...names, 'gateway', 'chaos', 'load']) {
      expect([name, service(name).environment.FANFARE_SIM_TOKEN]).toEqual([name, `\${FANFARE_SIM_TOKEN:-}`])
    }
  })

  it('has no secret in it: each is in .env.example, to be changed', () => {
    const example = readVariables(textOf('.env.example'))
    const secrets = Object.keys(example).filter((name) => /_(KEY|SECRET|PASSWORD)$|DATABASE_URL/.test(name))
    expect(secrets.length).toBeGreaterThan(5)
    const given = [...services.values()].flatMap(({ environment }) => Object.entries(environment))
    expect(given.filter(([name, value]) => secrets.includes(name) && value !== '')).toEqual([])
    expect(textOf('.gitignore').split('\n')).toContain('.env')
  })
})

describe('the Dockerfile', () => {
  const dockerfile = textOf('Dockerfile')

  it('installs what each program of the workspaces needs', () => {
    for (const folder of ['gateway', ...foldersOf('services').map((name) => `services/${name}`)]) {
      expect(dockerfile).toContain(`COPY ${folder}/package.json ${folder}/`)
    }
  })

  it('starts without a shell, checks its health, and runs as a number that is not root’s', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toMatch(/^CMD \["node", "gateway\/src\/main\.ts"\]$/m)
    expect(last).toMatch(/^ {2}CMD \["node", "deploy\/docker\/healthy\.mjs"/m)
    expect(last).toMatch(/^USER 1000:1000$/m)
  })

  it('copies nothing that .dockerignore keeps out', () => {
    const kept = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    )
    const missing = sources.filter(
      (path) =>
        !kept.some((one) => one.startsWith(path) || path.startsWith(one.replace('*', path.split('/')[1] ?? ''))),
    )
    expect(missing).toEqual([])
  })
})

it('the scenarios that Compose offers are there', () => {
  const files = readdirSync(join(root, 'scenarios'))
  const [, standard] = /SCENARIO:-([\w-]+)\}/.exec(service('chaos').command.join(' ')) ?? []
  expect(files).toContain(`${standard}.yaml`)
})
