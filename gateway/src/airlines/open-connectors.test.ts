import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AirlineError } from '../upstream/airline-error.ts'
import { noUpstreamMeter, type UpstreamMeter } from '../upstream/meter.ts'
import { usualLanes } from '../upstream/policies/index.ts'
import type { Connector, ConnectorFactory, Order, SliceQuery } from './connector.ts'
import { openConnectors } from './open-connectors.ts'

const never = new AbortController().signal

/** What an airline does to a request. */
type Deed = 'answer' | 'error' | 'reset' | 'hang' | 'html' | { retryAfter: number }

const query: SliceQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'economy',
  passengers: [],
}
const nothing = { amount: '0.00', currency: 'INR' }
const order: Order = {
  airline: 'alpha',
  clientReference: 'FNTEST01-1',
  airlineReference: 'ABC123',
  status: 'confirmed',
  price: { base: nothing, taxes: nothing, seats: nothing, baggage: nothing, total: nothing },
  payBy: null,
  flights: [],
}

/** An airline that does to each request as told, and what it saw. */
async function openAirline(deed: (path: string, nth: number) => Deed = () => 'answer') {
  const seen: { path: string; isGone: () => boolean }[] = []
  const scene = { deed, seen, open: 0, url: '' }

  function serve({ url = '' }: IncomingMessage, response: ServerResponse) {
    let isGone = false
    response.on('close', () => {
      isGone = !response.writableFinished
    })
    seen.push({ path: url, isGone: () => isGone })
    const deed = scene.deed(url, seen.length)
    if (deed === 'answer') response.end('[]')
    else if (deed === 'error') response.writeHead(500).end()
    else if (deed === 'reset') response.destroy()
    else if (deed === 'html') response.end('<html>Sorry</html>')
    else if (deed !== 'hang') response.writeHead(429, { 'retry-after': `${deed.retryAfter}` }).end()
  }

  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  scene.url = `http://127.0.0.1:${address.port}`
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return scene
}

/** An airline's dialect that has but one answer to everything: an empty list. */
function factory(name: string): ConnectorFactory {
  const airline = {
    name,
    designator: '0A',
    title: name,
    currency: 'INR',
    dialect: 'none',
    capabilities: { hold: false, seatSelection: false, baggage: 'piece' as const, connections: false },
  }
  return {
    airline,
    create({ http }) {
      async function ask(path: string, signal: AbortSignal, changes = false): Promise<[]> {
        const { body } = await http.request({ method: 'GET', path, headers: {}, signal, changes })
        if (body.toString() === '[]') return []
        throw new AirlineError(name, changes ? 'unknown_outcome' : 'malformed', `${name} sent what cannot be read`)
      }
      return {
        airline,
        search: (_query, signal) => ask('/search', signal),
        seatMaps: (_ref, signal) => ask('/seats', signal),
        price: () => Promise.reject(new Error('not asked')),
        baggage: () => Promise.reject(new Error('not asked')),
        purchase: async (_order, signal) => {
          await ask('/purchase', signal, true)
          return order
        },
        findOrder: async (_reference, signal) => {
          await ask('/find', signal)
          return null
        },
        quoteCancellation: () => Promise.reject(new Error('not asked')),
        cancel: async (_order, signal) => {
          await ask('/cancel', signal, true)
          return { refund: nothing, fee: nothing }
        },
      }
    },
  }
}

interface Opened {
  policies?: 'on' | 'off'
  meter?: UpstreamMeter
  log?: { warn: () => void }
  isStaged?: () => boolean
}

function open(
  urls: Record<string, string>,
  { policies = 'on', meter = noUpstreamMeter, log = { warn() {} }, isStaged = () => false }: Opened = {},
) {
  const access = new Map(Object.entries(urls).map(([name, url]) => [name, { url, key: '', secret: '' }]))
  const opened = openConnectors(Object.keys(urls).map(factory), {
    access,
    policies,
    meter,
    log,
    isStaged,
    now: Date.now,
  })
  onTestFinished(() => opened.close())
  function of(name: string): Connector {
    const connector = opened.connectors.get(name)
    if (!connector) throw new Error(name)
    return connector
  }
  return { ...opened, of }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

async function kindOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof AirlineError ? error.kind : String(error)),
  )
}

test('one airline of five that fails one call in five is made good, within a tenth of extra calls', async () => {
  const good = await openAirline()
  const bad = await openAirline((_path, nth) => (nth % 5 === 0 ? (nth % 2 === 0 ? 'error' : 'reset') : 'answer'))
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']
  const { of, healthOf } = open(Object.fromEntries(names.map((name) => [name, name === 'alpha' ? bad.url : good.url])))
  const kinds: string[] = []
  const searches = 400
  for (let n = 0; n < searches; n += 10) {
    const calls = Array.from({ length: 10 }, () => names.map((name) => kindOf(of(name).search(query, never)))).flat()
    kinds.push(...(await Promise.all(calls)))
  }
  expect(kinds.filter((kind) => kind !== 'ok').length).toBeLessThanOrEqual(0.005 * searches)
  const first = searches * names.length
  expect(bad.seen.length + good.seen.length - first).toBeLessThanOrEqual(first / 10 + 10)
  expect(bad.seen.length).toBeGreaterThan(searches)
  expect([healthOf('alpha').status, healthOf('beta').status]).toEqual(['degraded', 'up'])
})

test('one that fails for good is spared after a few calls, operation by operation, and its health says so', async () => {
  const airline = await openAirline((path) => (path === '/search' ? 'error' : 'answer'))
  const { of, healthOf } = open({ alpha: airline.url })
  const alpha = of('alpha')
  let last = ''
  for (let n = 0; n < 20; n++) last = await kindOf(alpha.search(query, never))
  expect(last).toBe('circuit_open')
  expect(airline.seen).toHaveLength(12)
  expect(healthOf('alpha')).toMatchObject({
    status: 'down',
    lastSuccessAt: null,
    operations: [{ operation: 'search', breaker: 'open', calls: 12, failures: 12 }],
  })
  expect(await kindOf(alpha.findOrder('FNTEST01-1', never))).toBe('ok')
  expect(healthOf('alpha').status).toBe('degraded')
})

test('what settles bookings is sent however often it fails', async () => {
  const airline = await openAirline(() => 'error')
  const { of } = open({ alpha: airline.url })
  const alpha = of('alpha')
  for (let n = 0; n < 30; n++) expect(await kindOf(alpha.cancel(order, never))).toBe('unknown_outcome')
  const before = airline.seen.length
  for (let n = 0; n < 30; n++) expect(await kindOf(alpha.findOrder('FNTEST01-1', never))).toBe('unavailable')
  expect(airline.seen.length).toBeGreaterThanOrEqual(before + 30)
  airline.deed = () => 'answer'
  expect(await kindOf(alpha.cancel(order, never))).toBe('ok')
})

test('what changes something is sent once, whatever becomes of it', async () => {
  const airline = await openAirline((_path, nth) => (['error', 'reset', 'html'] as const)[nth - 1] ?? 'answer')
  const { of } = open({ alpha: airline.url })
  const held = { ...order, status: 'held' as const, payBy: '2030-01-01T00:00:00Z' }
  for (let n = 1; n <= 3; n++) {
    expect(await kindOf(of('alpha').purchase(held, never))).toBe('unknown_outcome')
    expect(airline.seen).toHaveLength(n)
  }
})

test('searches that hang take nothing from bookings, nor from what is asked of an offer', async () => {
  const airline = await openAirline((path) => (path === '/search' ? 'hang' : 'answer'))
  const { of } = open({ alpha: airline.url })
  const alpha = of('alpha')
  const { atOnce, waiting } = usualLanes.search
  const leaving = new AbortController()
  const searches = Array.from({ length: atOnce + waiting }, () => kindOf(alpha.search(query, leaving.signal)))
  await until(() => airline.seen.length === atOnce)
  expect(await kindOf(alpha.search(query, never))).toBe('busy')
  expect(await kindOf(alpha.cancel(order, never))).toBe('ok')
  const ref = { airline: 'alpha', quotedPrice: nothing, ref: 'x' }
  expect(await kindOf(alpha.seatMaps(ref, never))).toBe('ok')
  expect(airline.seen.filter(({ path }) => path === '/search')).toHaveLength(atOnce)
  leaving.abort()
  const kinds = await Promise.all(searches)
  expect([kinds.filter((kind) => kind === 'timeout').length, kinds.filter((kind) => kind === 'busy').length]).toEqual([
    atOnce,
    waiting,
  ])
  await until(() => airline.seen.every(({ path, isGone }) => path !== '/search' || isGone()))
  airline.deed = () => 'answer'
  expect(await kindOf(alpha.search(query, never))).toBe('ok')
})

test('a call that hangs is hedged once it is slower than most, and then ended', async () => {
  const meter = { ...noUpstreamMeter, hedged: vi.fn(), hedgeWon: vi.fn() }
  const airline = await openAirline()
  const { of } = open({ alpha: airline.url }, { meter })
  const alpha = of('alpha')
  // Enough to know what is usual, and to earn an extra call beyond those that are kept for retries.
  for (let n = 0; n < 100; n++) await alpha.search(query, never)
  const before = airline.seen.length
  const hungAt = before + 1
  airline.deed = (_path, nth) => (nth === hungAt ? 'hang' : 'answer')
  expect(await kindOf(alpha.search(query, never))).toBe('ok')
  expect(airline.seen).toHaveLength(before + 2)
  await until(() => airline.seen[before]?.isGone() === true)
  expect(meter.hedged).toHaveBeenCalledWith('alpha', 'search')
  expect(meter.hedgeWon).toHaveBeenCalledOnce()
})

test('an airline that asks to be left alone is, by every operation', async () => {
  const airline = await openAirline(() => ({ retryAfter: 30 }))
  const { of } = open({ alpha: airline.url })
  const asked = of('alpha').search(query, never)
  await expect(asked).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 })
  airline.deed = () => 'answer'
  for (let n = 0; n < 5; n++) expect(await kindOf(of('alpha').search(query, never))).toBe('rate_limited')
  const error = await of('alpha')
    .cancel(order, never)
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'rate_limited' })
  expect(airline.seen).toHaveLength(1)
})

test('answers that cannot be read fail that airline alone, are counted and are said once', async () => {
  const ends: string[] = []
  const meter: UpstreamMeter = {
    ...noUpstreamMeter,
    callEnded: (airline, _operation, outcome) => ends.push(`${airline} ${outcome}`),
  }
  const log = { warn: vi.fn() }
  const bad = await openAirline(() => 'html')
  const good = await openAirline()
  const { of } = open({ alpha: bad.url, beta: good.url }, { meter, log })
  for (let n = 0; n < 5; n++) {
    expect(await kindOf(of('alpha').search(query, never))).toBe('malformed')
    expect(await kindOf(of('beta').search(query, never))).toBe('ok')
  }
  expect(bad.seen).toHaveLength(5)
  expect(ends.filter((end) => end === 'alpha malformed')).toHaveLength(5)
  expect(log.warn).toHaveBeenCalledOnce()
})

test('every call that was begun is ended, and what was not sent is counted as that', async () => {
  const counts = { started: 0, ended: 0, retried: 0, refused: 0 }
  const states: string[] = []
  const meter: UpstreamMeter = {
    ...noUpstreamMeter,
    callStarted: () => counts.started++,
    callEnded: () => counts.ended++,
    retried: () => counts.retried++,
    refused: (_airline, _operation, why) => {
      expect(why).toBe('circuit_open')
      counts.refused++
    },
    breakerChanged: (_airline, operation, state) => states.push(`${operation} ${state}`),
  }
  const airline = await openAirline(() => 'error')
  const { of } = open({ alpha: airline.url }, { meter })
  for (let n = 0; n < 20; n++) await kindOf(of('alpha').search(query, never))
  expect(counts.started).toBe(airline.seen.length)
  expect(counts.ended).toBe(counts.started)
  expect(counts.started + counts.refused).toBe(20 + counts.retried)
  expect(counts.refused).toBeGreaterThan(5)
  expect(states.filter((state) => state.startsWith('search'))).toEqual(['search closed', 'search open'])
})

test('switched off, each call is sent once, however often it fails', async () => {
  const airline = await openAirline(() => 'error')
  const { of, extraCallsLeft, healthOf } = open({ alpha: airline.url }, { policies: 'off' })
  for (let n = 0; n < 30; n++) expect(await kindOf(of('alpha').search(query, never))).toBe('unavailable')
  expect(airline.seen).toHaveLength(30)
  expect(extraCallsLeft()).toBeNull()
  expect(healthOf('alpha')).toMatchObject({ status: 'down', operations: [{ breaker: null, calls: 30 }] })
  airline.deed = () => ({ retryAfter: 30 })
  await kindOf(of('alpha').search(query, never))
  await kindOf(of('alpha').search(query, never))
  expect(airline.seen).toHaveLength(32)
})

test('nothing is learned from calls that are told to go wrong', async () => {
  let isStaged = true
  const airline = await openAirline(() => 'error')
  const { of, healthOf } = open({ alpha: airline.url }, { isStaged: () => isStaged })
  for (let n = 0; n < 30; n++) expect(await kindOf(of('alpha').search(query, never))).toBe('unavailable')
  airline.deed = () => ({ retryAfter: 30 })
  expect(await kindOf(of('alpha').search(query, never))).toBe('rate_limited')
  expect(airline.seen).toHaveLength(31)
  expect(healthOf('alpha').status).toBe('unknown')
  isStaged = false
  airline.deed = () => 'answer'
  expect(await kindOf(of('alpha').search(query, never))).toBe('ok')
})
