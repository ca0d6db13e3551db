import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems, question, type Reply, type Signing, startOfTime, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

function expectRefusal(reply: Reply, code: string, status = 401): void {
  expect(problems('Faults', reply.json)).toEqual([])
  expect({ status: reply.status, json: reply.json }).toMatchObject({ status, json: { errors: [{ code }] } })
}

const post = (signing: Signing, body: unknown = question) => service.call('POST', '/v1/searches', body, signing)
const get = (signing: Signing) => service.call('GET', '/v1/reservations?idempotencyKey=A', undefined, signing)

describe('a signature', () => {
  it.each([
    ['POST', '/v1/searches'],
    ['GET', '/v1/searches/s-1-1?page=1'],
    ['GET', '/v1/offers/abc'],
    ['GET', '/v1/offers/abc/cabins'],
    ['GET', '/v1/offers/abc/bags'],
    ['POST', '/v1/reservations'],
    ['GET', '/v1/reservations?idempotencyKey=A'],
    ['GET', '/v1/reservations/ABCDEF'],
    ['POST', '/v1/reservations/ABCDEF/payment'],
    ['GET', '/v1/reservations/ABCDEF/cancellation'],
    ['POST', '/v1/reservations/ABCDEF/cancellation'],
  ] as const)('guards %s %s before anything else is looked at', async (method, path) => {
    const body = method === 'POST' ? '{"not even' : undefined
    const missing: Signing[] = [{ signature: null }, { timestamp: null }, { nonce: null }, { nonce: 'short' }]
    for (const signing of [
      ...missing,
      { signature: 'f'.repeat(63) },
      { timestamp: 'now' },
      { nonce: 'x'.repeat(65) },
    ]) {
      expectRefusal(await service.call(method, path, body, signing), 'signature-missing')
    }
    const wrong: Signing[] = [
      { key: null },
      { key: 'other-key' },
      { secret: 'right-secre' },
      { signature: '0'.repeat(64) },
    ]
    for (const signing of wrong) {
      expectRefusal(await service.call(method, path, body, signing), 'signature-rejected')
    }
  })

  it('lets what it is right for through', async () => {
    expect((await post({})).status).toBe(202)
    expect((await get({})).status).toBe(200)
  })

  it.each<[string, Signing]>([
    ['method', { signed: { method: 'GET' } }],
    ['path', { signed: { target: '/v1/reservations' } }],
    ['query', { signed: { target: '/v1/searches?page=2' } }],
    ['body', { signed: { body: JSON.stringify({ ...question, to: 'LHR' }) } }],
    ['body, however little it differs,', { signed: { body: `${JSON.stringify(question)} ` } }],
  ])('is over the %s', async (_, signing) => {
    expectRefusal(await post(signing), 'signature-rejected')
  })

  it('is over the query as it is sent, in its order and encoding', async () => {
    expectRefusal(await get({ signed: { target: '/v1/reservations?idempotencyKey=%41' } }), 'signature-rejected')
    const path = '/v1/reservations?idempotencyKey=%41'
    expect((await service.call('GET', path)).status).toBe(200)
  })

  it('is over timestamp and nonce, too', async () => {
    const { url } = service
    const path = '/v1/reservations?idempotencyKey=A'
    const shown = service.sign('GET', path, '')
    for (const change of [
      { 'x-lotus-nonce': 'nonce-of-somebody-else' },
      { 'x-lotus-timestamp': `${startOfTime + 1}` },
    ]) {
      const answer = await fetch(`${url}${path}`, { headers: { ...shown, ...change } })
      expect([answer.status, await answer.json()]).toMatchObject([401, { errors: [{ code: 'signature-rejected' }] }])
    }
    const answer = await fetch(`${url}${path}`, { headers: shown })
    expect(answer.status).toBe(200)
  })
})

describe('a timestamp', () => {
  it('is good within a minute of the airline’s clock, either way, and the refusal tells that clock', async () => {
    for (const off of [-60_000, -1, 0, 60_000]) {
      expect((await get({ timestamp: `${service.system.clock.now() + off}` })).status).toBe(200)
    }
    for (const off of [-60_001, 60_001, 3_600_000]) {
      const reply = await get({ timestamp: `${service.system.clock.now() + off}` })
      expectRefusal(reply, 'timestamp-outside-window')
      expect(reply.json).toMatchObject({ errors: [{ lotusTime: service.system.clock.now() }] })
    }
  })

  it('goes by the airline’s clock, wherever that is moved', async () => {
    const before = service.system.clock.now()
    service.system.clock.advance(3_600_000)
    expectRefusal(await get({ timestamp: `${before}` }), 'timestamp-outside-window')
    expect((await get({})).status).toBe(200)
    expect((await service.plain('/v1/time')).json).toEqual({ epochMs: before + 3_600_000, windowMs: 60_000 })
  })
})

describe('a nonce', () => {
  it('is good once, on whatever call', async () => {
    const nonce = 'nonce-used-but-once'
    expect((await get({ nonce })).status).toBe(200)
    expectRefusal(await get({ nonce }), 'nonce-replayed')
    expectRefusal(await post({ nonce }), 'nonce-replayed')
  })

  it('is not spent by a request that was signed wrongly', async () => {
    const nonce = 'nonce-of-a-stranger'
    expectRefusal(await get({ nonce, secret: 'wrong' }), 'signature-rejected')
    expect((await get({ nonce })).status).toBe(200)
  })

  it('is good once however many send it at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => post({ nonce: 'nonce-of-fifty-at-once' })))
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(1)
  })
})

describe('without a signature', () => {
  it('there are the clock, the description and the health, and nothing else', async () => {
    expect(problems('LotusTime', (await service.plain('/v1/time')).json)).toEqual([])
    expect((await service.plain('/health')).json).toMatchObject({ status: 'ok' })
    expect((await service.plain('/openapi.json')).json).toMatchObject({ openapi: '3.1.0' })
    expectRefusal(await service.plain('/v1/nothing'), 'not-found', 404)
  })
})
