import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { answersIn, openRawClient } from '../../../tests/support/raw-client.ts'
import { readSeries } from '../../../tests/support/series.ts'
import { until } from '../../../tests/support/until.ts'
import { createStanding } from '../edge/standing.ts'
import { readSearch } from '../shopping/search/query.ts'
import { delhiMumbaiSearch, makeConnector, makeOffer, noon } from '../shopping/testing.ts'
import { createShortcut } from './shortcut.ts'

const path = '/v1/search?origin=DEL&destination=BOM&departureDate=2030-01-15'
const offers = Array.from({ length: 20 }, (_, minute) =>
  makeOffer({
    ref: `R${minute}`,
    departingAt: `2030-01-15T06:${String(minute).padStart(2, '0')}:00+05:30`,
    expiresAt: '2030-01-20T00:00:00Z',
  }),
)

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A gateway whose answer to `path` lies ready, whole and as gzip. */
async function open(environment: Record<string, string> = {}) {
  const clock = { time: noon }
  const standing = createStanding()
  const search = vi.fn(async () => offers)
  const connectors = new Map([['alpha', makeConnector('alpha', { search })]])
  const app = await buildTestApp({ environment, connectors, standing, now: () => clock.time })
  closing.push(() => app.close())
  let byFastify = 0
  // A refusal may pass the one, a stream the other.
  for (const hook of ['onRequest', 'onSend'] as const) app.addHook(hook, async () => void byFastify++)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })

  const get = async (headers: Record<string, string> = {}, to = path, method = 'GET') => {
    const before = byFastify
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof read>>>()
    const read = async (answer: IncomingMessage) => ({
      status: answer.statusCode,
      headers: answer.headers,
      body: await buffer(answer),
    })
    request(`${url}${to}`, { method, headers }, (answer) => read(answer).then(resolve, reject))
      .on('error', reject)
      .end()
    const answer = await promise
    return { ...answer, isByShortcut: byFastify === before }
  }
  /** The same request to Fastify alone. */
  const inject = async (headers: Record<string, string>) => {
    const { statusCode, headers: sent, rawPayload } = await app.inject({ url: path, headers })
    return { status: statusCode, headers: sent, body: rawPayload }
  }
  const first = await get({ 'accept-encoding': 'gzip' })
  expect(first).toMatchObject({ status: 200, isByShortcut: false })
  search.mockClear()
  return { app, port: Number(new URL(url).port), clock, standing, search, get, inject }
}

/** What differs between any two answers, and what belongs to the connection. */
function lasting({ date: _, connection: __, 'keep-alive': ___, ...headers }: Record<string, unknown>) {
  return headers
}

describe('a search whose answer lies ready', () => {
  test('is answered without Fastify as Fastify answers it, whatever the client takes and holds', async () => {
    const { get, inject, clock, search } = await open()
    const { etag = '' } = (await get()).headers
    const zipped = `${etag.slice(0, -1)}-gzip"`
    clock.time += 7_900
    for (const encoding of [undefined, 'gzip', 'gzip, deflate, br', 'identity', 'gzip;q=0', '*', 'identity;q=0']) {
      for (const tag of [undefined, etag, zipped, `W/${etag}`, `"a", ${zipped}`, '*', '"other"', '']) {
        const headers = {
          'x-request-id': 'mine',
          ...(encoding !== undefined && { 'accept-encoding': encoding }),
          ...(tag !== undefined && { 'if-none-match': tag }),
        }
        const { isByShortcut, ...ready } = await get(headers)
        const usual = await inject(headers)
        expect({ ...ready, headers: lasting(ready.headers) }).toEqual({ ...usual, headers: lasting(usual.headers) })
        expect(isByShortcut).toBe(true)
      }
    }
    expect((await get()).headers).toMatchObject({ age: '7', 'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/) })
    expect(search).not.toHaveBeenCalled()
  })

  test('is counted and timed as any other', async () => {
    const { app, get } = await open()
    const { etag = '' } = (await get()).headers
    await get({ 'if-none-match': etag })
    const series = async (name: string) => readSeries((await app.inject('/metrics')).body).get(name)
    const labels = 'route="/v1/search",method="GET"'
    expect(await series(`fanfare_http_requests_total{${labels},status="200"}`)).toBe(2)
    expect(await series(`fanfare_http_requests_total{${labels},status="304"}`)).toBe(1)
    expect(await series(`fanfare_http_request_duration_seconds_count{${labels},status="2xx"}`)).toBe(2)
    expect(await series('fanfare_search_answers_total{from="memory"}')).toBe(2)
  })

  test('is answered before those that are asked for behind it on one connection, in their order', async () => {
    const { port } = await open()
    const client = await openRawClient(port)
    const ask = `GET ${path} HTTP/1.1\r\nHost: x\r\n`
    client.send(
      `${ask}X-Request-Id: one\r\n\r\n${ask}X-Request-Id: two\r\n\r\nGET /v1/none HTTP/1.1\r\nHost: x\r\n\r\n`,
    )
    await until('all are answered', () => answersIn(client.received()).length === 3)
    const answers = answersIn(client.received())
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404])
    expect(answers.map(({ headers }) => /x-request-id: (\w+)\r/i.exec(headers)?.[1]).slice(0, 2)).toEqual([
      'one',
      'two',
    ])
    client.close()
  })
})

describe('left to Fastify', () => {
  test.each([
    ['a body that does not unpack', { etag: '"a"' }],
    ['a tag that is no header', { etag: '"a\r\nb"', body: Buffer.from('{}') }],
  ])('%s, which takes nobody else with it', async (_, forged) => {
    const entry = {
      get body(): Buffer {
        throw new Error('not what it says')
      },
      gzip: null,
      ...{ storedAt: noon, freshUntil: noon + 1, keepUntil: noon + 1 },
      ...forged,
    }
    const search = readSearch(delhiMumbaiSearch, ['alpha'])
    const count = vi.fn()
    const shortcut = createShortcut({
      shopping: { ready: ({ key }) => ({ key, entry, from: 'memory', ageMs: 0 }) },
      known: { find: () => search, learn() {} },
      meter: { answered: count },
      isCalm: () => true,
      headers: 100,
      count,
    })
    const server = createServer((asked, response) => {
      if (!shortcut(asked, response)) response.writeHead(500).end('told')
    }).listen(0, '127.0.0.1')
    closing.push(async () => server.close())
    await once(server, 'listening')
    const answer = await fetch(`http://127.0.0.1:${Object(server.address()).port}${path}`)
    expect([answer.status, await answer.text()]).toEqual([500, 'told'])
    expect(count).not.toHaveBeenCalled()
  })

  test.each([
    ['a HEAD request', {}, path, 'HEAD', 200],
    ['a deadline', { 'fanfare-deadline': '1500' }, path, 'GET', 200],
    ['a deadline that is none', { 'fanfare-deadline': 'soon' }, path, 'GET', 400],
    ['a fault that nobody may ask for', { 'fanfare-fault': 'alpha=timeout' }, path, 'GET', 403],
    ['a client that wants events', { accept: 'text/event-stream' }, path, 'GET', 200],
    ['more headers than are allowed', manyHeaders(101), path, 'GET', 431],
    ['a search that is not known', {}, `${path}&adults=2`, 'GET', 200],
    ['a query that is none', {}, `${path}&adults=none`, 'GET', 400],
    ['another path', {}, path.replace('search', 'searches'), 'GET', 404],
    ['another method', {}, path, 'DELETE', 405],
  ])('%s', async (_, headers, to, method, status) => {
    const { get } = await open()
    expect(await get(headers, to, method)).toMatchObject({ status, isByShortcut: false })
  })

  test('an answer that is no longer fresh, and a day that has passed', async () => {
    const { get, clock, search } = await open()
    clock.time += 61_000
    expect(await get()).toMatchObject({ status: 200, isByShortcut: false })
    expect(search).toHaveBeenCalledOnce()
    clock.time += 20 * 86_400_000
    const late = await get()
    expect(late).toMatchObject({ status: 400, isByShortcut: false })
    expect(JSON.parse(late.body.toString()).code).toBe('date_in_past')
  })

  test('a gzip that is not made yet', async () => {
    const { get } = await open()
    const other = `${path}&sort=duration`
    await get({}, other)
    expect(await get({}, other)).toMatchObject({ isByShortcut: true })
    const zipping = { 'accept-encoding': 'gzip' }
    expect(await get(zipping, other)).toMatchObject({ headers: { 'content-encoding': 'gzip' }, isByShortcut: false })
    expect(await get(zipping, other)).toMatchObject({ headers: { 'content-encoding': 'gzip' }, isByShortcut: true })
  })

  test('everything where clients have an allowance, and while the gateway stops', async () => {
    const limited = await open({ RATE_LIMIT_PER_MINUTE: '2' })
    expect(await limited.get()).toMatchObject({ headers: { 'ratelimit-remaining': '0' }, isByShortcut: false })
    expect(await limited.get()).toMatchObject({ status: 429 })
    const { get, standing } = await open()
    standing.stop()
    expect(await get()).toMatchObject({ headers: { connection: 'close' }, isByShortcut: false })
  })
})

function manyHeaders(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [`x-${number}`, '1']))
}
