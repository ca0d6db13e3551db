import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AirlineSystem, createClock, nilgiri, openAirlineSystem } from '@fanfare/kit'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { buildApp } from './app.ts'
import { components } from './schemas/index.ts'
import type { Fare, FareSearchAnswer } from './schemas/shopping.ts'

/** An answer of the host, as it came over HTTP. */
export interface Reply {
  status: number
  text: string
  /** The text as JSON. */
  json: { [name: string]: unknown }
}

/** One agent's conversation: each entry is a path under /host and its body. */
export type Agent = (entry: string, body?: unknown) => Promise<Reply>

/** A host that listens, on a database of its own. */
export interface TestHost {
  system: AirlineSystem
  url: string
  /** Shows this session; null shows none. */
  enter(session: string | null, entry: string, body?: unknown): Promise<Reply>
  /** Signs in. */
  signIn(dutyCode?: 'AS' | 'IN'): Promise<Agent>
  /** Stops the service and starts it again on the same file. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Where the clock of every test host stands at first. */
const startOfTime = Date.UTC(2030, 0, 1, 3, 0, 0)

export const credentials = { agentSign: 'agency', password: 'right-password' }

/** Starts Nilgiri on a fresh SQLite file with a clock that stands still until it is moved. */
export async function startHost(lieRate = 0): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'nilgiri-'))
  const clock = createClock(startOfTime)
  const open = async () => {
    const database = join(folder, 'nilgiri.sqlite')
    const system = openAirlineSystem({ carrier: nilgiri, seed: 'fanfare', clock, database })
    const access = { key: credentials.agentSign, secret: credentials.password, simToken: undefined, logLevel: 'silent' }
    const app = await buildApp({ system, ...access, lieRate })
    return { system, app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
  }
  let running = await open()
  const stop = async () => {
    await running.app.close()
    running.system.close()
  }

  const host: TestHost = {
    get system() {
      return running.system
    },
    get url() {
      return running.url
    },
    async enter(session, entry, body) {
      const response = await fetch(`${running.url}/host${entry}`, {
        method: 'POST',
        headers: {
          ...(session !== null && { 'nilgiri-session': session }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, text, json: JSON.parse(text) }
    },
    async signIn(dutyCode = 'AS') {
      const { json } = await host.enter(null, '/logon', { ...credentials, dutyCode })
      const { session } = json
      if (typeof session !== 'string') throw new Error(`no session: ${JSON.stringify(json)}`)
      return (entry, body) => host.enter(session, entry, body)
    },
    async restart() {
      await stop()
      running = await open()
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
  return host
}

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
for (const component of components) ajv.addSchema(component)

/** What in an answer is not as the API description says of the component; [] when all is. */
export function problems(component: string, { json }: Reply): string[] {
  if (ajv.validate(`${component}#`, json)) return []
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${component}${instancePath} ${message}`)
}

export const question = { origin: 'DEL', destination: 'BOM', date: '15JAN30' }
export const one = { ADT: 1, CHD: 0, INF: 0 }
export const family = { ADT: 2, CHD: 1, INF: 1 }

/** The priced lines of one way from Delhi to Mumbai two weeks after the start of time, unless asked otherwise. */
export async function fares(agent: Agent, asked: Record<string, unknown> = {}): Promise<FareSearchAnswer> {
  const { text } = await agent('/fares', { ...question, cabin: 'Y', ...asked })
  const answer: FareSearchAnswer = JSON.parse(text)
  if (answer.status !== 'OK') throw new Error(`no fares: ${text}`)
  return answer
}

/** The first fare of a booking class. */
export function fareIn({ lines }: FareSearchAnswer, rbd: string): Fare {
  const fare = lines.flatMap((line) => line.fares).find((candidate) => candidate.rbd === rbd)
  if (fare === undefined) throw new Error(`no fare in class ${rbd}`)
  return fare
}

const people = [
  { surname: 'VERMA', given: 'ASHA', title: 'MS', ptc: 'ADT' },
  { surname: 'VERMA', given: 'RAVI', title: 'MR', ptc: 'ADT' },
  { surname: 'VERMA', given: 'MEERA', title: 'MISS', ptc: 'CHD' },
  { surname: 'VERMA', given: 'KABIR', title: 'MSTR', ptc: 'INF' },
]

/** A names entry for the first traveller, or for the family. */
export function namesEntry(reference: string, party: typeof one = one) {
  const names = party.ADT === 1 ? people.slice(0, 1) : people
  return { names, contact: { email: 'asha@example.com', phone: '+919810012345' }, reference }
}

/** The services that the first traveller, or the family, cannot go without. */
export function identities(party: typeof one = one) {
  const adult = { ssr: 'DOCS', passenger: 1, born: '12APR1990', gender: 'F' }
  if (party.ADT === 1) return [adult]
  return [
    adult,
    { ssr: 'DOCS', passenger: 2, born: '13MAY1989', gender: 'M' },
    { ssr: 'DOCS', passenger: 3, born: '14JUN2022', gender: 'F' },
    { ssr: 'DOCS', passenger: 4, born: '15JUL2029', gender: 'X' },
    { ssr: 'CHLD', passenger: 3 },
    { ssr: 'INFT', passenger: 4, adult: 1 },
  ]
}

/** Sells, names, identifies and prices; `services` besides. The answers in that order. */
export async function fillCart(
  agent: Agent,
  quote: string,
  { reference = 'TEST-1', party = one, services = [] as unknown[] } = {},
): Promise<{ sold: Reply; named: Reply; serviced: Reply; priced: Reply }> {
  return {
    sold: await agent('/sell', { quote }),
    named: await agent('/names', namesEntry(reference, party)),
    serviced: await agent('/ssr', { requests: [...identities(party), ...services] }),
    priced: await agent('/price'),
  }
}
