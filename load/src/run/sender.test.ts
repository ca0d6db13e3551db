import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../../../tests/support/until.ts'
import type { Call } from '../journey/journey.ts'
import { createMeter } from './meter.ts'
import { createSender, type Sender } from './sender.ts'
import { serve, type TestServer } from './testing.ts'

const closing: (Pick<TestServer, 'close'> | Sender)[] = []
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close()
})

const search = (path = '/v1/search?a'): Call => ({
  step: 'search',
  thinkMs: 0,
  method: 'GET',
  path,
  body: null,
  headers: {},
})

/** A sender under a clock that the test moves, and a server whose answers wait until the test gives them. */
async function open({ inFlight = 10, timeoutMs = 60_000 } = {}) {
  const waiting: ServerResponse[] = []
  const server = await serve((_request, response) => waiting.push(response))
  const clock = { ms: 0 }
  const meter = createMeter(1000)
  const sender = createSender({ url: server.url, inFlight, timeoutMs, meter, now: () => clock.ms })
  closing.push(server, sender)
  const answer = async (body = '{}', headers: Record<string, string> = {}) => {
    const response = await until('a request has come', () => waiting.shift())
    response.writeHead(200, headers).end(body)
  }
  return { clock, meter, sender, waiting, answer }
}

describe('the sender', () => {
  it('counts latency from when a request was due, not from when it was sent', async () => {
    const { clock, meter, sender, answer } = await open()
    clock.ms = 50
    const sent = sender.send(search(), 10)
    await answer()
    await until('it is under way', () => sender.underWay() === 1)
    clock.ms = 500
    await sent
    const { latency, serviceTime, lag } = meter.figures()
    expect(latency.max).toBeCloseTo(490, 0)
    expect(serviceTime.max).toBeCloseTo(450, 0)
    expect(lag.max).toBeCloseTo(40, 0)
  })

  it('keeps sending while the server stalls: what is due then waits in the figures', async () => {
    const { clock, meter, sender, waiting } = await open()
    const sent = [0, 100, 200, 300].map((at) => {
      clock.ms = at
      return sender.send(search(), at)
    })
    await until('all have been sent', () => waiting.length === 4)
    clock.ms = 1000
    for (const response of waiting) response.end('{}')
    await Promise.all(sent)
    const { p50, max } = meter.figures().latency
    expect(max).toBeCloseTo(1000, -1)
    expect(p50).toBeCloseTo(800, -1)
  })

  it('does not send what is over its bound, and counts it as an error with the whole time-out', async () => {
    const { meter, sender, answer } = await open({ inFlight: 1, timeoutMs: 5000 })
    const first = sender.send(search(), 0)
    expect(await sender.send(search(), 1)).toBeNull()
    await answer()
    expect(await first).toEqual({ status: 200, body: {} })
    const { totals, latency, codes } = meter.figures()
    expect(totals).toMatchObject({ requests: 2, answered: 1, notSent: 1, errorShare: 0.5 })
    expect(codes).toEqual(new Map([['search not_sent', 1]]))
    expect(latency.max).toBeCloseTo(5000, -2)
  })

  it('gives up on an answer that does not come, and on a connection that breaks', async () => {
    const { meter, sender, waiting } = await open({ timeoutMs: 50 })
    expect(await sender.send(search(), 0)).toBeNull()
    const broken = sender.send(search(), 0)
    const response = await until('the second has come', () => waiting[1])
    response.destroy()
    expect(await broken).toBeNull()
    const { totals, codes } = meter.figures()
    expect(totals).toMatchObject({ requests: 2, answered: 0, unanswered: 2, errorShare: 1 })
    expect([...codes.values()].reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(codes.get('search timeout')).toBeGreaterThan(0)
  })

  it('waits longer for bookings, whose gateway waits for airlines', async () => {
    const { sender, answer } = await open({ timeoutMs: 1 })
    const booked = sender.send({ ...search('/v1/bookings'), step: 'book', method: 'POST', body: '{}' }, 0)
    const asked = sender.send(search(), 0)
    expect(await asked).toBeNull()
    await answer('{"reference":"X"}')
    expect(await booked).toEqual({ status: 200, body: { reference: 'X' } })
  })

  it('ends what is under way as unfinished, which is no error, and sends nothing more', async () => {
    const { meter, sender, waiting } = await open()
    const sent = sender.send(search(), 0)
    await until('it has been sent', () => waiting.length === 1)
    await sender.close()
    expect(await sent).toBeNull()
    expect(await sender.send(search(), 0)).toBeNull()
    expect(meter.figures().totals).toMatchObject({ requests: 0, unfinished: 2, unanswered: 0, errorShare: null })
  })

  it('gives the same object for the same bytes to the same question, and no other', async () => {
    const { sender, answer } = await open()
    const ask = async (path: string, body: string) => {
      const sent = sender.send(search(path), 0)
      await answer(body)
      return (await sent)?.body
    }
    const first = await ask('/a', '{"n":1}')
    expect(await ask('/a', '{"n":1}')).toBe(first)
    expect(await ask('/b', '{"n":1}')).not.toBe(first)
    expect(await ask('/a', '{"n":2}')).toEqual({ n: 2 })
    expect(await ask('/a', '{"n":')).toBeUndefined()
  })

  it('counts where the cache says that an answer came from', async () => {
    const { meter, sender, answer } = await open()
    const headers: Record<string, string>[] = [
      { 'cache-status': 'fanfare; hit; detail=memory' },
      { 'cache-status': 'fanfare; hit; detail=memory' },
      { 'cache-status': 'fanfare; hit; detail=redis' },
      { 'cache-status': 'fanfare; fwd=miss' },
      { 'cache-status': 'fanfare; fwd=miss; collapsed' },
      {},
    ]
    for (const header of headers) {
      const sent = sender.send(search(), 0)
      await answer('{}', header)
      await sent
    }
    const { intervals, totals } = meter.figures()
    expect(intervals[0]?.cache).toEqual({ memory: 2, redis: 1, miss: 1, shared: 1, unknown: 1 })
    expect(totals.cacheHitShare).toBe(0.5)
  })
})
