import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { Refusal } from '../orders/types.ts'
import { type AirlineApp, buildAirlineApp } from '../server/app.ts'
import { saffron } from '../world/carriers.ts'
import { notice, unnoticed } from './exchange.ts'
import type { Fault, FaultKind } from './faults.ts'
import { withSimulation } from './faulty-system.ts'
import { createSimulation, type Verdict } from './simulation.ts'

const noon = Date.UTC(2030, 0, 5, 12)
const SearchQuery = Type.Object({ date: Type.String(), adults: Type.Integer() })
const Id = Type.Object({ id: Type.String() })

let system: AirlineSystem
let app: AirlineApp
let url: string
let judged: Map<string, Verdict>

/** A dialect as small as can be. */
async function open({ simToken }: { simToken: string | undefined }): Promise<void> {
  const plain = openAirlineSystem({ carrier: saffron, seed: 'fanfare', clock: createClock(noon), database: ':memory:' })
  const simulation = createSimulation({ seed: 'fanfare', airline: 'saffron', profile: 'instant' })
  judged = new Map()
  system = withSimulation(plain, {
    ...simulation,
    judge(asked) {
      const verdict = simulation.judge(asked)
      judged.set(verdict.words, verdict)
      return verdict
    },
  })
  const tooManyRequests = { type: 'application/json', body: '{"wait":true}' }
  const essentials = { search: ['ids'] }
  const words = { title: 'T', description: 'D', logLevel: 'silent', simToken, tooManyRequests, essentials }
  app = await buildAirlineApp({ system, ...words })
  app.setErrorHandler((error, _request, reply) => reply.code(error instanceof Refusal ? 409 : 500).send({ code: 'no' }))
  app.get('/search', { schema: { operationId: 'search', querystring: SearchQuery } }, ({ query: { date, adults } }) => {
    const passengers = { adults, children: 0, infants: 0 }
    const offers = system.shop({ origin: 'DEL', destination: 'BOM', date, cabin: 'economy', passengers })
    return { ids: offers.map(({ id }) => id) }
  })
  app.get('/seats/:id', { schema: { operationId: 'seats', params: Id } }, ({ params: { id } }) => {
    const { brand } = system.offer(id)
    return { brand: brand.code, flights: system.seatMaps(id).length }
  })
  app.get('/inner/:id', { schema: { operationId: 'inner', params: Id } }, ({ params: { id } }) =>
    unnoticed(() => ({ price: system.offer(id).total })),
  )
  app.get('/sign-in', { schema: { operationId: 'signIn' } }, () => {
    notice('sign_in', 'me', 0.5)
    return { token: 1 }
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

beforeEach(() => open({ simToken: 'token' }))
afterEach(async () => {
  await app.close()
  system.close()
})

const setFaults = (...faults: (Pick<Fault, 'operation' | 'kind'> & Partial<Fault>)[]) =>
  system.simulation?.setFaults(faults.map((one) => ({ share: 1, next: null, delayMs: 0, ...one })))
const dates = Array.from({ length: 100 }, (_, index) =>
  new Date(noon + (10 + index) * 86_400_000).toISOString().slice(0, 10),
)
const search = (date = dates[0], adults = 1) => `/search?date=${date}&adults=${adults}`

/** Status and body, or `cut` where the connection ended before all of it was there. */
async function get(path: string, headers: Record<string, string> = {}): Promise<[number | 'cut', string]> {
  try {
    const response = await fetch(url + path, { headers })
    return [response.status, await response.text()]
  } catch {
    return ['cut', '']
  }
}

describe('the same seed and requests', () => {
  const kinds: FaultKind[] = ['error', 'rate_limited', 'html', 'reset', 'truncated', 'missing_key']
  // Each search twice at least, so that attempts count.
  const paths = dates.flatMap((date) => [search(date, 1), search(date, 2)])

  /** What became of each request, and how long each was kept back, with so many under way at a time. */
  async function run(order: readonly string[], atATime: number) {
    system.simulation?.setLatency({ search: { medianMs: 3, p99Ms: 12, maxMs: 20 } })
    setFaults(...kinds.map((kind) => ({ operation: '*' as const, kind, share: 0.06 })))
    judged.clear()
    const outcomes = new Map<string, string>()
    const left = [...order]
    const work = async () => {
      for (let path = left.pop(); path !== undefined; path = left.pop()) {
        const [status, body] = await get(path)
        outcomes.set(path, `${status} ${body.slice(0, 30)}`)
      }
    }
    await Promise.all(Array.from({ length: atATime }, work))
    const latencies = new Map([...judged].map(([words, { latencyMs }]) => [words, latencyMs]))
    return { outcomes, latencies: new Map([...latencies].sort()) }
  }

  it('meet the same faults and latencies, at any concurrency and in any order', async () => {
    const alone = await run(paths, 1)
    const crowd = await run(paths.toReversed(), 50)
    expect(alone.latencies.size).toBe(paths.length)
    expect(new Set(alone.latencies.values()).size).toBeGreaterThan(5)
    expect(crowd.latencies).toEqual(alone.latencies)
    expect(new Map([...crowd.outcomes].sort())).toEqual(new Map([...alone.outcomes].sort()))
    const statuses = new Set([...alone.outcomes.values()].map((outcome) => outcome.split(' ')[0]))
    expect(statuses).toEqual(new Set(['200', '429', '500', 'cut']))
  })

  it('are drawn anew with each attempt, in the same sequence', async () => {
    const sequence = async () => {
      setFaults({ operation: 'search', kind: 'error', share: 0.5 })
      const seen = []
      for (let attempt = 0; attempt < 20; attempt++) seen.push((await get(search()))[0])
      return seen
    }
    const first = await sequence()
    expect(new Set(first)).toEqual(new Set([200, 500]))
    expect(await sequence()).toEqual(first)
  })
})

describe('an operation', () => {
  it('is the most telling one that a request does', async () => {
    const { ids } = JSON.parse((await get(search()))[1])
    await get(`/seats/${ids[0]}`)
    await get(`/inner/${ids[0]}`)
    await get('/sign-in')
    const { statistics } = system.simulation ?? {}
    const requests = Object.entries(statistics?.read() ?? {}).map(([operation, one]) => [operation, one.requests])
    expect(Object.fromEntries(requests)).toEqual({ search: 1, seat_maps: 1, sign_in: 1 })
  })

  it('is none where the service shows pages of its own', async () => {
    setFaults({ operation: '*', kind: 'error' })
    expect((await get('/health'))[0]).toBe(200)
    expect((await get('/openapi.json'))[0]).toBe(200)
    expect((await get(search()))[0]).toBe(500)
    expect((await get('/sign-in'))[0]).toBe(500)
  })

  it('takes the share of its latency that is its own', async () => {
    system.simulation?.setLatency({ '*': { fixedMs: 40 } })
    await get('/sign-in')
    await get(search())
    expect([...judged.values()].map(({ operation, latencyMs }) => [operation, latencyMs])).toEqual([
      ['sign_in', 20],
      ['search', 40],
    ])
  })
})

describe('an answer', () => {
  it('is kept back for its latency', async () => {
    system.simulation?.setLatency({ search: { fixedMs: 80 } })
    const from = performance.now()
    await get(search())
    expect(performance.now() - from).toBeGreaterThanOrEqual(79)
  })

  it('truncated: announces all of it, and is cut in the middle', async () => {
    const [, whole] = await get(search())
    setFaults({ operation: 'search', kind: 'truncated' })
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${search()} HTTP/1.1\r\nhost: x\r\n\r\n`)
    const answer = await text(socket)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toContain('HTTP/1.1 200')
    expect(head).toContain(`content-length: ${Buffer.byteLength(whole)}`)
    expect(body).toBe(whole.slice(0, Math.floor(whole.length / 2)))
  })

  it('drip: comes in pieces, and whole', async () => {
    const [, whole] = await get(search())
    setFaults({ operation: 'search', kind: 'drip', delayMs: 200 })
    const response = await fetch(url + search())
    const pieces: Uint8Array[] = []
    for await (const piece of response.body ?? []) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(3)
    expect(Buffer.concat(pieces).toString()).toBe(whole)
  })

  it('html, rate_limited and missing_key: says what it says', async () => {
    setFaults({ operation: 'search', kind: 'html' })
    const page = await fetch(url + search())
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<!DOCTYPE html>')
    setFaults({ operation: 'search', kind: 'rate_limited' })
    const refused = await fetch(url + search())
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await refused.json()).toEqual({ wait: true })
    setFaults({ operation: 'search', kind: 'missing_key' })
    expect(await get(search())).toEqual([200, '{}'])
  })

  it('timeout: never comes, and what waited is forgotten when the caller leaves', async () => {
    setFaults({ operation: 'search', kind: 'timeout' })
    const closed = vi.fn()
    app.server.on('connection', (socket) => socket.on('close', closed))
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${search()} HTTP/1.1\r\nhost: x\r\n\r\n`)
    await vi.waitFor(() => expect(judged.size).toBe(1))
    expect(closed).not.toHaveBeenCalled()
    socket.destroy()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    expect((await get('/health'))[0]).toBe(200)
  })

  it('timeout and late: are over as soon as the service is told to close', async () => {
    setFaults({ operation: 'search', kind: 'timeout', next: 1 }, { operation: 'search', kind: 'late', delayMs: 60_000 })
    const hanging = get(search())
    await vi.waitFor(() => expect(judged.size).toBe(1))
    const late = get(search(dates[1]))
    await vi.waitFor(() => expect(judged.size).toBe(2))
    await app.close()
    expect(await hanging).toEqual(['cut', ''])
    expect((await late)[0]).toBe(200)
  })
})

describe('Fanfare-Fault', () => {
  const fault = (kind: string) => ({ 'fanfare-fault': kind })

  it('is obeyed for its request alone', async () => {
    expect((await get(search(), fault('error')))[0]).toBe(500)
    expect((await get(search(), fault('rate_limited')))[0]).toBe(429)
    expect((await get(search(), fault('reset')))[0]).toBe('cut')
    expect((await get(search()))[0]).toBe(200)
  })

  it('is refused with what it may be where it is anything else', async () => {
    const [status, body] = await get(search(), fault('explode'))
    expect(status).toBe(400)
    expect(JSON.parse(body).error).toMatch(/^the header Fanfare-Fault must be one of reset, error, .*schedule_change$/)
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z_, =*]{1,20}$/), async (kind) => {
        fc.pre(kind.trim() !== '' && !['error', 'reset', 'late', 'drip', 'html', 'timeout'].includes(kind.trim()))
        expect((await get(search(), fault(kind)))[0]).toBe(400)
      }),
      { numRuns: 20 },
    )
  })

  it('means nothing where there is no control plane', async () => {
    await app.close()
    system.close()
    await open({ simToken: undefined })
    expect((await get(search(), fault('error')))[0]).toBe(200)
    expect((await get(search(), fault('explode')))[0]).toBe(200)
  })
})

it('is not there at all in a plain system', async () => {
  const plain = openAirlineSystem({ carrier: saffron, seed: 's', clock: createClock(noon), database: ':memory:' })
  const other = await buildAirlineApp({
    system: plain,
    title: 'T',
    description: 'D',
    logLevel: 'silent',
    simToken: 'token',
  })
  other.get('/x', { schema: { operationId: 'x' } }, () => ({ seen: true }))
  const answer = await other.inject({ url: '/x', headers: { 'fanfare-fault': 'error' } })
  expect(answer.json()).toEqual({ seen: true })
  await other.close()
  plain.close()
})
