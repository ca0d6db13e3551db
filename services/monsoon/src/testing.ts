import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AirlineApp, type AirlineSystem, createClock, monsoon, openAirlineSystem } from '@fanfare/kit'
import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { onTestFinished } from 'vitest'
import { buildApp, type MonsoonOptions } from './app.ts'
import type { BookingRequest } from './schemas/bookings.ts'
import { ErrorReply } from './schemas/errors.ts'
import { type Fare, FlightResults, type FlightSearch, type Journey } from './schemas/flights.ts'
import { components } from './schemas/index.ts'
import { ref } from './schemas/ref.ts'
import { Token } from './schemas/tokens.ts'

/** What Monsoon answered over HTTP. */
export interface Answer {
  status: number
  headers: Headers
  /** Parsed JSON; null for an empty body. */
  body: unknown
}

/** Calls under /api/v1 with a token; a string is sent as it is, anything else as JSON. */
type Call = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>

/** Monsoon on a real port, with a real database file and a clock that stands still. */
export interface TestMonsoon {
  system: AirlineSystem
  url: string
  /** POST /oauth/token with a form. */
  askToken(form: Record<string, string> | string, headers?: Record<string, string>): Promise<Answer>
  signIn(): Promise<string>
  callWith(token: string): Call
  /** Stops the process's part of it, and starts it again on the same file. */
  restart(): Promise<void>
  /** The body of an answer, which must have this status and be as the API description says. */
  read<T extends TSchema & { $id: string }>(component: T, status: number, answer: Answer): Static<T>
  /** Status and error code of a refusal. */
  refusal(answer: Answer): [number, string]
  /** The cheapest fare of `search` and the journey it is for. */
  cheapest(call: Call): Promise<{ journey: Journey; fare: Fare }>
}

/** Where the clock stands. */
export const start = Date.parse('2030-01-10T06:00:00Z')

export const minute = 60_000

/** A search that finds something. */
export const search: FlightSearch = { from: 'DEL', to: 'BOM', date: '2030-02-12', pax: { adt: 1 } }

/** The party of `search`. */
export const asha: BookingRequest['pax'][number] = {
  pax_ref: 'p1',
  pax_type: 'ADT',
  title: 'MS',
  first_name: 'Asha',
  last_name: 'Verma',
  dob: '1990-04-12',
  sex: 'F',
}

/** A booking for Asha without seats or extras. */
export function bookingOf(fareKey: string, reference = 'TEST-1'): BookingRequest {
  return {
    external_reference: reference,
    fare_key: fareKey,
    pax: [asha],
    contact: { email: 'asha@example.com', mobile: '+919810012345' },
  }
}

/** Components as `ref` points at them. */
const named = Object.fromEntries(components.map((component) => [`${component.$id}#`, component]))

/** Opens Monsoon for the running test, which ends with an audit and leaves nothing behind. */
export async function openMonsoon(rateLimit: MonsoonOptions['rateLimit'] = null): Promise<TestMonsoon> {
  const folder = mkdtempSync(join(tmpdir(), 'monsoon-'))
  let { system, app, url } = await open(folder, rateLimit)

  async function close() {
    await app.close()
    system.close()
  }
  onTestFinished(async () => {
    const broken = system.audit().filter((check) => !check.holds)
    await close()
    rmSync(folder, { recursive: true })
    if (broken.length > 0) throw new Error(`the audit failed: ${JSON.stringify(broken)}`)
  })

  const monsoon: TestMonsoon = {
    get system() {
      return system
    },
    get url() {
      return url
    },
    askToken: async (form, headers = {}) =>
      answerOf(await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form), headers })),
    async signIn() {
      const form = { grant_type: 'client_credentials', client_id: 'agency', client_secret: 's3cret+%' }
      return monsoon.read(Token, 200, await monsoon.askToken(form)).access_token
    },
    callWith: (token) => async (method, path, body) => {
      const headers = { authorization: `Bearer ${token}` }
      if (body === undefined) return answerOf(await fetch(`${url}/api/v1${path}`, { method, headers }))
      return answerOf(
        await fetch(`${url}/api/v1${path}`, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      )
    },
    async restart() {
      await close()
      ;({ system, app, url } = await open(folder, rateLimit))
    },
    read(component, status, answer) {
      const validator: Validator = Compile(named, ref(component))
      const isAsDescribed = (body: unknown): body is Static<typeof component> => validator.Check(body)
      if (answer.status === status && isAsDescribed(answer.body)) return answer.body
      throw new Error(`not a ${status} ${component.$id}: ${answer.status} ${JSON.stringify(answer.body)}`)
    },
    refusal: (answer) => [answer.status, monsoon.read(ErrorReply, answer.status, answer).error_code],
    async cheapest(call) {
      const { journeys } = monsoon.read(FlightResults, 200, await call('POST', '/flights/search', search))
      const [journey] = journeys
      const [fare] = journey?.fares ?? []
      if (!journey || !fare) throw new Error('nothing flies')
      return { journey, fare }
    },
  }
  return monsoon
}

async function open(folder: string, rateLimit: MonsoonOptions['rateLimit']) {
  const system = openAirlineSystem({
    carrier: monsoon,
    seed: 'monsoon-test',
    clock: createClock(start),
    database: join(folder, 'monsoon.sqlite'),
  })
  const app: AirlineApp = await buildApp({
    system,
    key: 'agency',
    secret: 's3cret+%',
    simToken: undefined,
    logLevel: 'silent',
    ...(rateLimit === undefined ? {} : { rateLimit }),
  })
  return { system, app, url: await app.listen({ port: 0, host: '127.0.0.1' }) }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}
