import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AirlineSystem, createClock, openAirlineSystem, saffron } from '@fanfare/kit'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { buildApp } from './app.ts'
import type { Availability } from './schemas/availability.ts'
import { components } from './schemas/index.ts'

/** An answer of the service, as it came over HTTP. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The text as JSON. */
  json: unknown
}

/** A service that listens, on a database of its own. */
export interface TestService {
  system: AirlineSystem
  url: string
  /** Shows the right key unless told another; null shows none. */
  call(method: 'GET' | 'POST', path: string, body?: unknown, key?: string | null): Promise<Reply>
  close(): Promise<void>
}

/** Where the clock of every test service stands at first. */
export const startOfTime = Date.UTC(2030, 0, 1, 3, 0, 0)

/** Starts Saffron on a fresh SQLite file with a clock that stands still until it is moved. */
export async function startService(): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), 'saffron-'))
  const system = openAirlineSystem({
    carrier: saffron,
    seed: 'fanfare',
    clock: createClock(startOfTime),
    database: join(folder, 'saffron.sqlite'),
  })
  const app = await buildApp({ system, key: 'right-key', secret: '', simToken: undefined, logLevel: 'silent' })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  return {
    system,
    url,
    async call(method, path, body, key = 'right-key') {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(key !== null && { 'x-api-key': key }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
    },
    async close() {
      await app.close()
      system.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
for (const component of components) ajv.addSchema(component)

/** What in `value` is not as the API description says of the component; [] when all is. */
export function problems(component: string, value: unknown): string[] {
  if (ajv.validate(`${component}#`, value)) return []
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${component}${instancePath} ${message}`)
}

/** The service's offers for one way from Delhi to Mumbai two weeks after the start of time. */
export async function availability(service: TestService, asked: Record<string, unknown> = {}): Promise<Availability> {
  const question = { origin: 'DEL', destination: 'BOM', departureDate: '2030-01-15', cabin: 'ECONOMY' }
  const { status, text } = await service.call('POST', '/v2/availability', {
    ...question,
    travellers: { adults: 1 },
    ...asked,
  })
  if (status !== 200) throw new Error(`availability answered ${status}: ${text}`)
  return JSON.parse(text)
}
