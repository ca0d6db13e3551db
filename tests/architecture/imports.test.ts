import { describe, expect, it } from 'vitest'
import { codeOf, foldersOf, isTest, type Source, sourcesOf } from './sources.ts'

const gateway = sourcesOf('gateway/src')
const services = sourcesOf('services')
const airlineFolders = foldersOf('gateway/src/airlines')

/** What each part of the gateway may import besides itself and packages. */
const mayImport: Record<string, string[]> = {
  schemas: [],
  errors: [],
  clock: [],
  money: ['schemas', 'errors'],
  places: ['schemas'],
  upstream: ['schemas'],
  connector: ['schemas', 'upstream'],
  registry: ['connector', 'airline', 'config', 'upstream', 'schemas'],
  airline: ['connector', 'upstream', 'schemas', 'money', 'places'],
  redis: [],
  shopping: ['redis', 'connector', 'upstream', 'schemas', 'money', 'places', 'errors'],
  booking: ['connector', 'upstream', 'schemas', 'money', 'places', 'errors'],
  simulation: ['upstream', 'schemas', 'errors', 'clock'],
  config: ['connector', 'registry'],
  edge: ['errors', 'redis'],
  metrics: ['shopping', 'booking', 'edge', 'upstream', 'schemas'],
  http: ['errors', 'schemas', 'upstream', 'edge'],
  openapi: ['errors', 'schemas', 'http', 'money', 'places', 'connector'],
  routes: [
    'simulation',
    'shopping',
    'booking',
    'edge',
    'metrics',
    'http',
    'openapi',
    'connector',
    'upstream',
    'schemas',
    'money',
    'places',
    'errors',
  ],
}

/** The part of the gateway that a file belongs to; `root` may import everything; null: none that is known. */
function partOf(path: string): string | null {
  const [, , first = '', second = ''] = path.replace(/(\.test)?\.ts$/, '.ts').split('/')
  if (first === 'app.ts' || first === 'main.ts') return 'root'
  const part = first.replace(/\.ts$/, '')
  if (part !== 'airlines') return part in mayImport ? part : null
  if (second === 'index.ts' || second === 'open-connectors.ts') return 'registry'
  return second.endsWith('.ts') ? 'connector' : 'airline'
}

function inRepository(name: string): boolean {
  return name.startsWith('gateway/') || name.startsWith('services/') || name.startsWith('tests/')
}

function offending(sources: Source[], isWrong: (source: Source, imported: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.filter((imported) => isWrong(source, imported)).map((imported) => `${source.path} → ${imported}`),
  )
}

describe('imports', () => {
  it('are found: every file of the gateway but its program and its tests is imported by another', () => {
    const imported = new Set(gateway.flatMap(({ imports }) => imports))
    const orphans = gateway.filter((source) => !isTest(source) && !imported.has(source.path)).map(({ path }) => path)
    expect(orphans).toEqual(['gateway/src/main.ts'])
  })

  it('name no part of the gateway that has no line here', () => {
    expect(gateway.filter(({ path }) => partOf(path) === null).map(({ path }) => path)).toEqual([])
  })

  it('run one way in the gateway: routes, then shopping or booking, then the connector contract, then schemas', () => {
    const wrong = offending(gateway, (source, imported) => {
      const from = partOf(source.path)
      const to = imported.startsWith('gateway/src/') ? partOf(imported) : null
      if (from === null || to === null || from === 'root' || from === to) return false
      // A test may build the whole app, or stand on the parts that its subject is handed.
      if (isTest(source)) return false
      return !mayImport[from]?.includes(to)
    })
    expect(wrong).toEqual([])
  })

  it('reach an airline’s folder only from the registry and from that folder', () => {
    const wrong = offending(gateway, ({ path }, imported) => {
      const folder = airlineFolders.find((name) => imported.startsWith(`gateway/src/airlines/${name}/`))
      if (folder === undefined) return false
      return path !== 'gateway/src/airlines/index.ts' && !path.startsWith(`gateway/src/airlines/${folder}/`)
    })
    expect(wrong).toEqual([])
  })

  it('never join the gateway and the services: only HTTP does', () => {
    const ofServices = (name: string) => name.startsWith('services/') || name.startsWith('@fanfare/')
    expect(offending(gateway, (_, imported) => ofServices(imported))).toEqual([])
    expect(offending(services, (_, imported) => imported.startsWith('gateway/'))).toEqual([])
  })

  it('take an airline’s service to its own files and the kit alone, the kit to itself', () => {
    const wrong = offending(services, ({ path }, imported) => {
      const own = path.split('/').slice(0, 2).join('/')
      if (inRepository(imported)) return !imported.startsWith(`${own}/`)
      return imported.startsWith('@fanfare/') && (imported !== '@fanfare/kit' || own === 'services/kit')
    })
    expect(wrong).toEqual([])
  })
})

describe('the environment', () => {
  it('is read in one place of the gateway', () => {
    const readers = gateway.filter((source) => !isTest(source) && codeOf(source).includes('process.env'))
    expect(readers.map(({ path }) => path)).toEqual(['gateway/src/config.ts'])
  })

  it('is read by the kit’s server alone among the services', () => {
    const readers = services.filter((source) => !isTest(source) && codeOf(source).includes('process.env'))
    expect(readers.map(({ path }) => path)).toEqual(['services/kit/src/server/run.ts'])
  })
})

describe('the gateway’s core', () => {
  it('names no airline outside examples and comments', () => {
    const names = new RegExp(`\\b(${airlineFolders.join('|')})\\b`, 'i')
    const naming = gateway
      .filter((source) => !isTest(source) && !source.path.startsWith('gateway/src/airlines/'))
      .filter((source) => names.test(codeOf(source).replace(/examples: \[[^\]]*\]/g, '')))
      .map(({ path }) => path)
    expect(naming).toEqual([])
  })
})
