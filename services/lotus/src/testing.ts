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

  return {
    system,
    url,
    async call(method, path, body, signing = {}) {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const sent = {
        key: signing.key === undefined ? 'right-key' : signing.key,
        timestamp: signing.timestamp === undefined ? `${system.clock.now()}` : signing.timestamp,
        nonce: signing.nonce === undefined ? `nonce-of-the-test-${++nonces}` : signing.nonce,
      }
      const made = signatureOf(
        {
          key: sent.key ?? '',
          timestamp: sent.timestamp ?? '',
          nonce: sent.nonce ?? '',
          method,
          target: path,
          body: text,
          ...signing.signed,
        },
        signing.secret ?? 'right-secret',
      )
      const headers = {
        'x-lotus-key': sent.key,
        'x-lotus-timestamp': sent.timestamp,
        'x-lotus-nonce': sent.nonce,
        'x-lotus-signature': signing.signature === undefined ? made.toString('hex') : signing.signature,
        'content-type': body === undefined ? null : (signing.contentType ?? 'application/json'),
      }
      const shown = Object.entries(headers).filter((header): header is [string, string] => header[1] !== null)
      return replyOf(
        await fetch(`${url}${path}`, { method, headers: shown, ...(body !== undefined && { body: text }) }),
      )
    },
    plain: async (path) => replyOf(await fetch(`${url}${path}`)),
    async close() {
      await app.close()
      system.close()
      rmSync(folder, { recursive: true })
    },
  }
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
