import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AirlineSystem, createClock, lotus, openAirlineSystem } from '@fanfare/kit'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { buildApp } from './app.ts'
import { components } from './schemas/index.ts'
import type { SearchAccepted, SearchPage, SearchRequest, Solution } from './schemas/searches.ts'
import { signatureOf } from './signature.ts'

/** An answer of the service, as it came over HTTP. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The text as JSON. */
  json: unknown
}

/** What a test says of a signature in place of what is right; null leaves the header out. */
export interface Signing {
  key?: string | null
  secret?: string
  timestamp?: string | null
  nonce?: string | null
  signature?: string | null
  /** What is signed in place of what is sent. */
  signed?: { method?: string; target?: string; body?: string }
  contentType?: string
}

/** A service that listens, on a database of its own. */
export interface TestService {
  system: AirlineSystem
  url: string
  /** Signs rightly unless told otherwise; a string body is sent as it is, anything else as JSON. */
  call(method: 'GET' | 'POST', path: string, body?: unknown, signing?: Signing): Promise<Reply>
  /** The headers that sign a call. */
  sign(method: string, path: string, body: string, signing?: Signing): Record<string, string>
  /** Sends without any signature. */
  plain(path: string): Promise<Reply>
  close(): Promise<void>
}

/** Where the clock of every test service stands at first. */
export const startOfTime = Date.UTC(2030, 0, 1, 3, 0, 0)

let nonces = 0

/** Starts Lotus Air on a fresh SQLite file with a clock that stands still until it is moved. */
export async function startService(): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-'))
  const system = openAirlineSystem({
    carrier: lotus,
    seed: 'fanfare',
    clock: createClock(startOfTime),
    database: join(folder, 'lotus.sqlite'),
  })
  const app = await buildApp({
    system,
    key: 'right-key',
    secret: 'right-secret',
    simToken: undefined,
    logLevel: 'silent',
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  function sign(method: string, path: string, body: string, signing: Signing = {}): Record<string, string> {
    const given = <T>(value: T | undefined, right: T) => (value === undefined ? right : value)
    const key = given<string | null>(signing.key, 'right-key')
    const timestamp = given<string | null>(signing.timestamp, `${system.clock.now()}`)
    const nonce = given<string | null>(signing.nonce, `nonce-of-the-test-${++nonces}`)
    const named = { key: key ?? '', timestamp: timestamp ?? '', nonce: nonce ?? '' }
    const made = signatureOf(
      { ...named, method, target: path, body, ...signing.signed },
      signing.secret ?? 'right-secret',
    )
    const signature = given<string | null>(signing.signature, made.toString('hex'))
    return Object.fromEntries(
      Object.entries({ key, timestamp, nonce, signature }).flatMap(([name, value]) =>
        value === null ? [] : [[`x-lotus-${name}`, value]],
      ),
    )
  }

  return {
    system,
    url,
    sign,
    async call(method, path, body, signing = {}) {
      const text = textOf(body)
      const headers = {
        ...sign(method, path, text, signing),
        ...(body !== undefined && { 'content-type': signing.contentType ?? 'application/json' }),
      }
      return replyOf(await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: text }) }))
    },
    plain: async (path) => replyOf(await fetch(`${url}${path}`)),
    async close() {
      await app.close()
      system.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function textOf(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : JSON.stringify(body)
}

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
}

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
for (const component of components) ajv.addSchema(component)

/** What in `value` is not as the API description says of the component; [] when all is. */
export function problems(component: string, value: unknown): string[] {
  if (ajv.validate(`${component}#`, value)) return []
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${component}${instancePath} ${message}`)
}

/** One way from Delhi to Bangkok two weeks after the start of time. */
export const question: SearchRequest = {
  from: 'DEL',
  to: 'BKK',
  departOn: '2030-01-15',
  cabin: 'economy',
  travelParty: { adults: 1, children: 0, infants: 0 },
}

/** Begins a search. */
export async function begin(service: TestService, asked: Record<string, unknown> = {}): Promise<SearchAccepted> {
  const { status, text } = await service.call('POST', '/v1/searches', { ...question, ...asked })
  if (status !== 202) throw new Error(`the search answered ${status}: ${text}`)
  return JSON.parse(text)
}

/** Looks at a page of a search. */
export async function look(service: TestService, searchId: string, page: number): Promise<SearchPage> {
  const { status, text } = await service.call('GET', `/v1/searches/${searchId}?page=${page}`)
  if (status !== 200) throw new Error(`page ${page} answered ${status}: ${text}`)
  return JSON.parse(text)
}

/** Everything that a search finds. */
export async function find(service: TestService, asked: Record<string, unknown> = {}): Promise<Solution[]> {
  const { searchId } = await begin(service, asked)
  const solutions: Solution[] = []
  for (let page = 1, pageCount = 1; page <= pageCount; ) {
    const seen = await look(service, searchId, page)
    pageCount = seen.pageCount
    if (!seen.ready) continue
    solutions.push(...seen.solutions)
    page++
  }
  return solutions
}
