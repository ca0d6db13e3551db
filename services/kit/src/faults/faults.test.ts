import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { Refusal } from '../orders/types.ts'
import { type AirlineApp, buildAirlineApp } from '../server/app.ts'
import { saffron } from '../world/carriers.ts'
import { createFaults, type Fault, type FaultKind } from './faults.ts'
import { withSimulation } from './faulty-system.ts'
import type { Operation } from './operations.ts'
import { createSimulation } from './simulation.ts'

const changes = ['hold', 'purchase', 'pay', 'cancel'] as const
const Params = Type.Object({ operation: Type.Enum([...changes]), key: Type.String() })
const token = 'sim-token'
const folder = mkdtempSync(join(tmpdir(), 'faults-'))
let system: AirlineSystem
let app: AirlineApp
let url: string
let references = 0

/** A dialect as small as can be: everything that changes something is one call. */
async function buildDialect(): Promise<AirlineApp> {
  const dialect = await buildAirlineApp({ system, title: 'T', description: 'D', simToken: token, logLevel: 'silent' })
  dialect.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof Refusal ? 409 : 500).send({ code: error instanceof Refusal ? error.code : 'oops' }),
  )
  dialect.post(
    '/changes/:operation/:key',
    { schema: { operationId: 'change', params: Params } },
    ({ params: { operation, key } }, reply) => {
      if (operation === 'pay') return reply.send({ locator: system.pay(key, null).locator })
      if (operation === 'cancel') return reply.send({ locator: system.cancel(key).order.locator })
      return reply.send({ locator: system.order(orderFor(key, operation === 'purchase')).locator })
    },
  )
  return dialect
}

function orderFor(clientReference: string, pay: boolean) {
  const request = { origin: 'DEL', destination: 'BOM', date: '2030-02-01', cabin: 'economy' as const }
  const [offer] = system.shop({ ...request, passengers: { adults: 1, children: 0, infants: 0 } })
  if (!offer) throw new Error('no offer')
  return {
    clientReference,
    offerId: offer.id,
    passengers: [
      {
        id: 'p1',
        type: 'adult' as const,
        title: 'ms',
        givenName: 'Asha',
        familyName: 'Verma',
        bornOn: '1990-04-12',
        gender: 'female' as const,
      },
    ],
    contact: { email: 'a@example.com', phone: '+919810012345' },
    seats: [],
    baggage: [],
    expectedTotal: null,
    pay,
  }
}

/** The status, or `cut` where the connection ended without an answer. */
async function act(operation: Operation, key: string): Promise<number | 'cut'> {
  try {
    // With a body, as orders have: a request that was read to its end is cut by other means than one that was not.
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/changes/${operation}/${key}`, {
      method: 'POST',
      headers,
      body: '{"some":"content"}',
    })
    await response.text()
    return response.status
  } catch {
    return 'cut'
  }
}

async function control(method: 'GET' | 'PUT', body?: unknown): Promise<{ status: number; json: unknown }> {
  const headers = { 'fanfare-sim-token': token, 'content-type': 'application/json' }
  const response = await fetch(`${url}/_sim/faults`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, json: await response.json() }
}

const newReference = () => `reference-${references++}`

beforeAll(async () => {
  const plain = openAirlineSystem({
    carrier: saffron,
    seed: 'fanfare',
    clock: createClock(Date.UTC(2030, 0, 1)),
    database: join(folder, 'saffron.sqlite'),
  })
  system = withSimulation(plain, createSimulation({ seed: 'fanfare', airline: 'saffron', profile: 'instant' }))
  app = await buildDialect()
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

beforeEach(() => system.simulation?.setFaults([]))

afterAll(async () => {
  await app.close()
  system.close()
  rmSync(folder, { recursive: true })
})

describe('faults', () => {
  test.each([
    ['reset', 'cut', false],
    ['lost_answer', 'cut', true],
    ['error', 500, false],
    ['error_after', 500, true],
    ['late', 200, true],
  ] as const)('%s: the caller sees %s, and its being done is %s', async (kind: FaultKind, seen, isDone) => {
    for (const operation of ['hold', 'purchase'] as const) {
      const key = newReference()
      expect((await control('PUT', { faults: [{ operation, kind, delayMs: 1 }] })).status).toBe(200)
      expect(await act(operation, key)).toBe(seen)
      expect(system.findByClientReference(key) !== null).toBe(isDone)
    }
  })

  test('done_later: the connection is cut at once, and the deed is done after a while', async () => {
    const key = newReference()
    await control('PUT', { faults: [{ operation: 'hold', kind: 'done_later', delayMs: 150, next: 1 }] })
    expect(await act('hold', key)).toBe('cut')
    expect(system.findByClientReference(key)).toBeNull()
    await vi.waitFor(() => expect(system.findByClientReference(key)?.status).toBe('held'))
  })

  test('done_later: what is asked again meanwhile is done once, and what cannot be done any more is not', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const key = newReference()
      const later = (operation: Operation): Fault => ({ operation, kind: 'done_later', share: 1, next: 1, delayMs: 50 })
      system.simulation?.setFaults([later('purchase')])
      expect(() => system.order(orderFor(key, true))).toThrow('done_later')
      const { locator } = system.order(orderFor(key, true))
      vi.advanceTimersByTime(50)
      expect(system.orders().filter(({ clientReference }) => clientReference === key)).toHaveLength(1)
      system.simulation?.setFaults([later('pay')])
      expect(() => system.pay(locator, null)).toThrow('done_later')
      system.cancel(locator)
      vi.advanceTimersByTime(50)
      expect(system.retrieve(locator).status).toBe('cancelled')
      expect(system.audit().every(({ holds }) => holds)).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  test('pay and cancel can be lost after they are done', async () => {
    const key = newReference()
    expect(await act('hold', key)).toBe(200)
    const locator = system.findByClientReference(key)?.locator ?? ''
    await control('PUT', {
      faults: [
        { operation: 'pay', kind: 'lost_answer' },
        { operation: 'cancel', kind: 'error_after' },
      ],
    })
    expect(await act('pay', locator)).toBe('cut')
    expect(system.retrieve(locator).status).toBe('confirmed')
    expect(await act('cancel', locator)).toBe(500)
    expect(system.retrieve(locator).status).toBe('cancelled')
    expect(system.audit().every(({ holds }) => holds)).toBe(true)
  })

  test('strikes the next N and no more, and says how often it struck', async () => {
    await control('PUT', { faults: [{ operation: 'purchase', kind: 'error', next: 2 }] })
    const seen = []
    for (let i = 0; i < 4; i++) seen.push(await act('purchase', newReference()))
    expect(seen).toEqual([500, 500, 200, 200])
    const { json } = await control('GET')
    expect(json).toMatchObject({ faults: [{ next: 0 }], struck: { 'purchase/error': expect.any(Number) } })
  })

  test('the same seed and keys are struck alike, in whatever order they come', () => {
    const fault: Fault = { operation: 'hold', kind: 'late', share: 0.3, next: null, delayMs: 0 }
    const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`)
    const struckOf = (order: string[], seed = 'one') => {
      const faults = createFaults(seed)
      faults.set([fault])
      return new Set(order.filter((key) => faults.strike('hold', key, 1) !== null))
    }
    const struck = struckOf(keys)
    expect(struckOf(keys.toReversed())).toEqual(struck)
    expect(struck.size).toBeGreaterThan(100)
    expect(struck.size).toBeLessThan(200)
    expect(struckOf(keys, 'two')).not.toEqual(struck)
  })

  test('switches that mean nothing are refused, and other operations are left alone', async () => {
    expect((await control('PUT', { faults: [{ operation: 'fly', kind: 'late' }] })).status).toBe(400)
    expect((await control('PUT', { faults: [{ operation: 'hold', kind: 'late', share: 2 }] })).status).toBe(400)
    await control('PUT', { faults: [{ operation: 'hold', kind: 'lost_answer' }] })
    expect(await act('purchase', newReference())).toBe(200)
  })
})
