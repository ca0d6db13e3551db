// Writes openapi/gateway.json and openapi/airlines/<name>.json from the code; with --check it writes nothing and ends
// with 1 when a file is not what the code says.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { airlines } from '../gateway/src/airlines/index.ts'
import { buildApp } from '../gateway/src/app.ts'
import { loadConfig } from '../gateway/src/config.ts'
import { examples } from '../gateway/src/openapi/examples.ts'
import { withExamples } from '../gateway/src/openapi/with-examples.ts'
import {
  type AirlineApp,
  type AirlineAppOptions,
  carriers,
  createClock,
  openAirlineSystem,
} from '../services/kit/src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The moment that the checked-in descriptions are written at, whenever they are. */
const frozenAt = Date.UTC(2030, 0, 1)

/** A key for an example that is only read; the gateway serves a new one with every trip. */
const idempotencyKey = '0f8fad5b-d9cb-469f-a165-70867728950e'

/** Every description by its file. */
export async function describeAll(): Promise<Map<string, string>> {
  const scratch = mkdtempSync(join(tmpdir(), 'fanfare-openapi-'))
  try {
    const described = new Map([['openapi/gateway.json', toText(await describeGateway(scratch))]])
    for (const name of airlineFolders()) {
      described.set(`openapi/airlines/${name}.json`, toText(await describeAirline(name, scratch)))
    }
    return described
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** With made-up examples: which offers airlines have today is for the description that the gateway serves. */
async function describeGateway(scratch: string): Promise<object> {
  const config = loadConfig({ LOG_LEVEL: 'silent', FANFARE_DATA: scratch })
  const app = await buildApp({ config, now: () => frozenAt })
  await app.ready()
  const sources = {
    airlines: airlines.map(({ airline }) => airline),
    now: frozenAt,
    trip: null,
    newest: null,
    held: null,
  }
  const document = withExamples(app.swagger(), examples({ ...sources, idempotencyKey }))
  await app.close()
  return document
}

function airlineFolders(): string[] {
  return readdirSync(join(root, 'services'))
    .filter((name) => existsSync(join(root, 'services', name, 'src/app.ts')))
    .sort()
}

async function describeAirline(name: string, scratch: string): Promise<object> {
  const carrier = carriers.get(name)
  if (!carrier) throw new Error(`services/${name} has no carrier of that name in the kit`)
  const dialect: { buildApp(options: AirlineAppOptions): Promise<AirlineApp> } = await import(
    join(root, 'services', name, 'src/app.ts')
  )
  const database = join(scratch, `${name}.sqlite`)
  const system = openAirlineSystem({ carrier, seed: 'fanfare', clock: createClock(frozenAt), database })
  try {
    const access = { key: 'fanfare', secret: 'fanfare-secret', simToken: undefined, logLevel: 'silent' }
    const app = await dialect.buildApp({ system, ...access })
    await app.ready()
    const document = app.swagger()
    await app.close()
    return document
  } finally {
    system.close()
  }
}

function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/** The files that are not as the code says. */
export function drifted(described: ReadonlyMap<string, string>): string[] {
  const wrong = [...described].filter(([file, text]) => {
    const path = join(root, file)
    return !existsSync(path) || readFileSync(path, 'utf8') !== text
  })
  const folder = join(root, 'openapi/airlines')
  const left = existsSync(folder) ? readdirSync(folder).map((file) => `openapi/airlines/${file}`) : []
  return [...wrong.map(([file]) => file), ...left.filter((file) => !described.has(file))]
}

if (import.meta.main) {
  const described = await describeAll()
  const wrong = drifted(described)
  if (process.argv.includes('--check')) {
    for (const file of wrong) console.error(`${file} is not what the code says: run npm run openapi`)
    process.exitCode = wrong.length === 0 ? 0 : 1
  } else {
    for (const file of wrong) {
      const text = described.get(file)
      if (text === undefined) {
        rmSync(join(root, file))
        console.log(`removed ${file}`)
      } else {
        mkdirSync(dirname(join(root, file)), { recursive: true })
        writeFileSync(join(root, file), text)
        console.log(`wrote ${file}`)
      }
    }
    console.log(wrong.length === 0 ? 'Every description is what the code says.' : '')
  }
}
