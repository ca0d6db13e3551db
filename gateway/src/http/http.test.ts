import { once } from 'node:events'
import { connect } from 'node:net'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { type ErrorCode, errorTable, FanfareError } from '../errors.ts'
import type { Money } from '../schemas/money.ts'
import { AirlineError } from '../upstream/airline-error.ts'

const app = await buildTestApp()
const thrown = vi.fn<() => Error>()
const strictBody = Type.Object(
  { money: Type.Ref('Money#'), count: Type.Integer(), when: Type.Optional(Type.String({ format: 'date' })) },
  { additionalProperties: false },
)
app.post('/test/echo', { schema: { hide: true, body: strictBody } }, async (request) => request.body)
app.get('/test/failure', { schema: { hide: true } }, async () => {
  throw thrown()
})

let port = 0
beforeAll(async () => {
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
})
afterAll(() => app.close())

type Reply = Awaited<ReturnType<typeof app.inject>>

function expectProblem(reply: Pick<Reply, 'statusCode' | 'headers' | 'body'>, code: ErrorCode) {
  const { status, title } = errorTable[code]
  const problem = JSON.parse(reply.body)
  expect(problem).toMatchObject({ code, status, title, type: `/docs/errors#${code}` })
  expect(reply.statusCode).toBe(status)
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(reply.headers['x-request-id']).toBe(problem.requestId)
  return problem
}

const post = (payload: string | Buffer | object, contentType: string | null = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/test/echo',
    payload,
    headers: contentType === null ? {} : { 'content-type': contentType },
  })
const money: Money = { amount: '1.00', currency: 'INR' }

describe('bodies', () => {
  test('a right one arrives as it is', async () => {
    expect((await post({ money, count: 1 })).json()).toEqual({ money, count: 1 })
  })

  test.each([
    ['cut off', '{"money":'],
    ['no JSON', 'money=1'],
    ['two values', '{} {}'],
    ['a forbidden key', '{"__proto__": {"x": 1}}'],
    ['empty', ''],
  ])('malformed: %s', async (_, body) => {
    expectProblem(await post(body), 'malformed_body')
  })

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense'])(
    'of type %s',
    async (type) => {
      expectProblem(await post('{}', type), 'unsupported_media_type')
    },
  )

  test('larger than allowed, whether said or not', async () => {
    const large = JSON.stringify({ padding: 'x'.repeat(256 * 1024) })
    expectProblem(await post(large), 'body_too_large')
    const reply = await fetch(`http://127.0.0.1:${port}/test/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    })
    expect(reply.status).toBe(413)
  })

  test('missing altogether', async () => {
    const problem = expectProblem(await app.inject({ method: 'POST', url: '/test/echo' }), 'invalid_request')
    expect(problem.errors).toEqual([{ path: '', message: 'must be object' }])
  })

  test('every wrong, missing and unknown field is named', async () => {
    const problem = expectProblem(
      await post({ money: { amount: '1,00', currency: 'INR', 'a/b': 1 }, when: '2030-02-30', extra: true }),
      'invalid_request',
    )
    expect(
      Object.fromEntries(problem.errors.map((e: { path: string; message: string }) => [e.path, e.message])),
    ).toEqual({
      '/count': 'is required',
      '/extra': 'is not known here',
      '/money/a~1b': 'is not known here',
      '/money/amount': expect.stringContaining('must match pattern'),
      '/when': 'must be a date that exists, YYYY-MM-DD',
    })
  })

  test('no value is bent to fit', async () => {
    for (const count of ['1', 1.5, true, null, [1]]) {
      const problem = expectProblem(await post({ money, count }), 'invalid_request')
      expect(problem.errors).toEqual([{ path: '/count', message: 'must be integer' }])
    }
  })

  test('a body with a thousand mistakes gets a short answer', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`f${n}`, n]))
    expect(expectProblem(await post({ money, count: 1, ...many }), 'invalid_request').errors).toHaveLength(50)
  })
})

describe('URLs', () => {
  test('a query parameter is read as its type', async () => {
    expect((await app.inject('/v1/places?query=delhi&limit=2')).statusCode).toBe(200)
  })

  test.each([
    ['/v1/places', '/query'],
    ['/v1/places?query=', '/query'],
    ['/v1/places?query=a&query=b', '/query'],
    ['/v1/places?query=a&limit=many', '/limit'],
    ['/v1/places?query=a&limit=1.5', '/limit'],
    ['/v1/places?query=a&limit=', '/limit'],
    ['/v1/places?query=a&limit=51', '/limit'],
    ['/v1/places?query=a&surprise=1', '/surprise'],
    ['/v1/places?query=a&__proto__=1', '/__proto__'],
    ['/v1/airlines?x', '/x'],
  ])('%s names %s', async (url, path) => {
    const problem = expectProblem(await app.inject(url), 'invalid_request')
    expect(problem.errors.map((error: { path: string }) => error.path)).toEqual([path])
  })

  test('percent signs that encode nothing', async () => {
    expectProblem(await app.inject('/v1/%E0%A4%A'), 'invalid_request')
    expect((await app.inject('/v1/places?query=%E0%A4%A')).statusCode).toBe(200)
  })

  test('too long', async () => {
    expectProblem(await app.inject(`/v1/places?query=${'x'.repeat(8192)}`), 'uri_too_long')
    expectProblem(await app.inject(`/${'x'.repeat(8192)}`), 'uri_too_long')
  })

  test('nothing there', async () => {
    for (const url of ['/', '/v1', '/v2/places', '/v1/places/', '/V1/places', '/docs/static/nothing.js']) {
      expectProblem(await app.inject(url), 'not_found')
    }
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'] as const)(
    'the method %s',
    async (method) => {
      const reply = await app.inject({
        method,
        url: '/v1/places',
        payload: 'x',
        headers: { 'content-type': 'text/plain' },
      })
      expectProblem(reply, 'method_not_allowed')
      expect(reply.headers.allow).toBe('GET, HEAD')
    },
  )

  test('HEAD answers as GET does, without a body', async () => {
    const [get, head] = [
      await app.inject('/v1/places?query=a'),
      await app.inject({ method: 'HEAD', url: '/v1/places?query=a' }),
    ]
    expect(head.statusCode).toBe(200)
    expect(head.body).toBe('')
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
  })
})

describe('request ids', () => {
  const idFor = async (given: string) =>
    (await app.inject({ url: '/health/live', headers: { 'x-request-id': given } })).headers['x-request-id']

  test('a client’s own is kept, an odd one replaced', async () => {
    expect(await idFor('trace-1.2_3')).toBe('trace-1.2_3')
    for (const odd of ['', 'a b', 'x'.repeat(101), '{}']) expect(await idFor(odd)).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('failures', () => {
  const failWith = (error: Error) => {
    thrown.mockReturnValueOnce(error)
    return app.inject('/test/failure')
  }

  test('what nobody foresaw gives nothing away', async () => {
    const reply = await failWith(new TypeError('secret of /etc/passwd'))
    expectProblem(reply, 'internal_error')
    expect(reply.body).not.toContain('secret')
    expectProblem(await failWith(Object.assign(new Error('secret'), { statusCode: 418 })), 'internal_error')
  })

  test('facts, field errors and Retry-After reach the client', async () => {
    const errors = [{ path: '/x', message: 'no' }]
    const reply = await failWith(
      new FanfareError('seat_taken', 'gone', { facts: { seats: ['1A'] }, errors, retryAfter: 3 }),
    )
    expect(expectProblem(reply, 'seat_taken')).toMatchObject({ detail: 'gone', facts: { seats: ['1A'] }, errors })
    expect(reply.headers['retry-after']).toBe('3')
  })

  test.each([
    [new AirlineError('a', 'timeout', 'late'), 'airline_timeout'],
    [new AirlineError('a', 'unavailable', 'down'), 'airline_unavailable'],
    [new AirlineError('a', 'rate_limited', 'enough'), 'airline_unavailable'],
    [new AirlineError('a', 'malformed', 'what?'), 'airline_error'],
    [new AirlineError('a', 'unknown_outcome', 'who knows'), 'airline_error'],
    [new AirlineError('a', 'rejected', 'no'), 'airline_error'],
    [new AirlineError('a', 'rejected', 'no', { reason: 'offer_expired' }), 'offer_expired'],
    [new AirlineError('a', 'rejected', 'no', { reason: 'sold_out' }), 'sold_out'],
    [new AirlineError('a', 'rejected', 'no', { reason: 'service_unavailable' }), 'baggage_unavailable'],
    [new AirlineError('a', 'rejected', 'no', { reason: 'invalid' }), 'booking_refused'],
  ] as const)('an airline’s failure: %o', async (error, code) => {
    expectProblem(await failWith(error), code)
  })

  test('an airline that asked for time gets it, in whole seconds', async () => {
    const retryAfter = async (retryAfterMs?: number) =>
      (
        await failWith(
          new AirlineError('a', 'rate_limited', 'x', { ...(retryAfterMs !== undefined && { retryAfterMs }) }),
        )
      ).headers['retry-after']
    expect([await retryAfter(1200), await retryAfter(0), await retryAfter()]).toEqual(['2', '1', '5'])
  })
})

describe('before there is a request', () => {
  async function raw(text: string) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    const [statusLine = '', ...lines] = head.split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]))
    return { statusCode: Number(statusLine.split(' ')[1]), headers, body }
  }

  test('headers that are too large', async () => {
    const reply = await raw(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`)
    expectProblem(reply, 'headers_too_large')
  })

  test('a URL that is longer than all headers may be', async () => {
    expectProblem(await raw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`), 'headers_too_large')
  })

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \u0001\r\n\r\n'],
    ['two lengths', 'POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    [
      'a bad chunk',
      'POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
  ])('%s', async (_, text) => {
    const reply = await raw(text)
    expect(reply.statusCode).toBe(400)
    expectProblem(reply, JSON.parse(reply.body).code)
  })
})
