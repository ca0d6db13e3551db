import { afterAll, afterEach, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { answersIn, openRawClient, type RawClient } from '../../../tests/support/raw-client.ts'
import { readSeries } from '../../../tests/support/series.ts'
import { until } from '../../../tests/support/until.ts'
import type { HttpLimits } from './limits.ts'

const apps: { close(): Promise<unknown> }[] = []
const clients: RawClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})
afterAll(() => Promise.all(apps.map((app) => app.close())))

/** A gateway with a route that answers when told to, and one with a large answer. */
async function openGateway(limits: Partial<HttpLimits>) {
  const app = await buildTestApp({ limits: { checkEveryMs: 20, lingerMs: 0, ...limits } })
  apps.push(app)
  const waiting: (() => void)[] = []
  app.get('/test/slow', { schema: { hide: true } }, async () => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return { slow: true }
  })
  app.get('/test/large', { schema: { hide: true } }, async (_, reply) => {
    reply.type('application/octet-stream')
    return Buffer.alloc(64 * 1024 * 1024, 'x')
  })
  app.post('/test/echo', { schema: { hide: true } }, async ({ body }) => body)
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const open = async () => {
    const client = await openRawClient(port)
    clients.push(client)
    return client
  }
  const seriesOf = async (name: string) => readSeries((await app.inject('/metrics')).body).get(name)
  const cuts = (reason: string) => seriesOf(`fanfare_connections_cut_total{reason="${reason}"}`)
  const isWell = async () => (await app.inject('/health/live')).statusCode === 200
  return { open, waiting, seriesOf, cuts, isWell }
}

const problemIn = (client: RawClient) => JSON.parse(answersIn(client.received()).at(-1)?.body ?? 'null')

test.each([
  ['says nothing', '', 'headersMs'],
  ['sends half its headers', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'headersMs'],
  [
    'sends half its body',
    'POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a"',
    'requestMs',
  ],
  [
    'sends half a chunked body',
    'POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n',
    'requestMs',
  ],
] as const)('a client that %s is told 408 and cut off', async (_, text, limit) => {
  const { open, cuts, isWell } = await openGateway({ [limit]: 150 })
  const client = await open()
  client.send(text)
  await client.closed
  const [answer, ...more] = answersIn(client.received())
  expect(more).toEqual([])
  expect(answer).toMatchObject({ status: 408, headers: expect.stringMatching(/connection: close/i) })
  expect(problemIn(client)).toMatchObject({ code: 'request_timeout' })
  expect(await cuts('slow_request')).toBe(1)
  expect(await isWell()).toBe(true)
})

test('bytes that trickle in do not buy more time', async () => {
  const { open, cuts } = await openGateway({ headersMs: 300, requestMs: 300 })
  const drip = await open()
  drip.send('GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  const timer = setInterval(() => drip.send('x'), 10)
  await drip.closed
  clearInterval(timer)
  expect(problemIn(drip)).toMatchObject({ code: 'request_timeout' })
  expect(await cuts('slow_request')).toBe(1)
})

test('a request that waits for its answer is not slow, nor cut when its connection is quiet', async () => {
  const { open, waiting } = await openGateway({ headersMs: 100, requestMs: 100, unreadMs: 100 })
  const [patient, idle] = [await open(), await open()]
  patient.send('GET /test/slow HTTP/1.1\r\nHost: x\r\n\r\n')
  const [answer] = await until('it is being worked on', () => (waiting.length > 0 ? waiting : null))
  // By when the other is cut, all times have passed for this one too.
  await idle.closed
  expect(patient.isClosed()).toBe(false)
  answer?.()
  await until('it is answered', () => answersIn(patient.received()).length > 0)
  expect(answersIn(patient.received())).toMatchObject([{ status: 200, body: '{"slow":true}' }])
})

test('a slow request behind another does not get into the answer of that', async () => {
  const { open, waiting } = await openGateway({ headersMs: 100, requestMs: 100 })
  const client = await open()
  client.send('GET /test/slow HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\nX-Slow: ')
  await until('the first is being worked on', () => waiting.length > 0)
  await client.closed
  expect(client.received()).toBe('')
})

test('a client that does not read its answer is cut off, one that reads slowly is not', async () => {
  const { open, cuts } = await openGateway({ unreadMs: 1_000 })
  const [stuck, slow] = [await open(), await open()]
  for (const client of [stuck, slow]) {
    client.send('GET /test/large HTTP/1.1\r\nHost: x\r\n\r\n')
    await until('the answer begins', () => client.receivedBytes() > 0)
    client.stopReading()
  }
  const timer = setInterval(() => {
    slow.readOn()
    setImmediate(() => slow.stopReading())
  }, 10)
  await until('the one that reads nothing is cut', async () => (await cuts('unread_answer')) === 1)
  clearInterval(timer)
  slow.readOn()
  await until('the other has all', () => slow.receivedBytes() > 64 * 1024 * 1024)
  expect(await cuts('unread_answer')).toBe(1)
  stuck.readOn()
  await stuck.closed
  expect(stuck.receivedBytes()).toBeLessThan(64 * 1024 * 1024)
})

test('a connection that asks nothing more is closed', async () => {
  const { open, cuts } = await openGateway({ keepAliveMs: 50 })
  const client = await open()
  client.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  await client.closed
  expect(answersIn(client.received())).toMatchObject([{ status: 200 }])
  expect(await cuts('slow_request')).toBe(0)
})

test('further connections than may be open are closed as they come', async () => {
  const { open, cuts, seriesOf } = await openGateway({ connections: 2 })
  const [first, second] = [await open(), await open()]
  await until('both are open', async () => (await seriesOf('fanfare_connections_open')) === 2)
  const third = await open()
  await third.closed
  expect(await cuts('too_many')).toBe(1)
  first.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  await until('those that are open are served', () => answersIn(first.received()).length > 0)
  second.close()
  await until('one has gone', async () => (await seriesOf('fanfare_connections_open')) === 1)
  const fourth = await open()
  fourth.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  await until('there is room again', () => answersIn(fourth.received()).length > 0)
})

test('of requests that are sent without waiting, those too many are refused, in their turn', async () => {
  const { open, waiting, seriesOf } = await openGateway({ pipelined: 3 })
  const client = await open()
  client.send('GET /test/slow HTTP/1.1\r\nHost: x\r\n\r\n')
  client.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5))
  const refused = 'fanfare_requests_refused_total{reason="pipelining"}'
  await until('two are refused', async () => (await seriesOf(refused)) === 2)
  waiting[0]?.()
  await until('all are answered', () => answersIn(client.received()).length === 6)
  const answers = answersIn(client.received())
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 503, 503])
  expect(JSON.parse(answers[5]?.body ?? '')).toMatchObject({ code: 'overloaded' })
  expect(answers[5]?.headers).toMatch(/retry-after: 1/i)
  // What was answered waits no more.
  client.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3))
  await until('three more are answered', () => answersIn(client.received()).length === 9)
  expect(answersIn(client.received()).slice(6)).toMatchObject(Array(3).fill({ status: 200 }))
})

test('too many headers are refused, however small', async () => {
  const { open } = await openGateway({ headers: 10 })
  const client = await open()
  const headers = (count: number) => Array.from({ length: count }, (_, n) => `x${n}: 1\r\n`).join('')
  client.send(`GET /health/live HTTP/1.1\r\nHost: x\r\n${headers(9)}\r\n`)
  client.send(`GET /health/live HTTP/1.1\r\nHost: x\r\n${headers(10)}\r\n`)
  await until('both are answered', () => answersIn(client.received()).length === 2)
  expect(answersIn(client.received())).toMatchObject([{ status: 200 }, { status: 431 }])
  expect(problemIn(client)).toMatchObject({ code: 'headers_too_large' })
})
