import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { Pool } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { AnswerTooLarge, exchange } from './exchange.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server and a pool of one connection to it. */
async function open(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const pool = new Pool(`http://127.0.0.1:${address.port}`, { connections: 1 })
  closing.push(
    () => pool.destroy(),
    async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  )
  const ask = (signal: AbortSignal = new AbortController().signal, mostBytes = 1_000_000) =>
    exchange(pool, { method: 'POST', path: '/', body: 'question' }, signal, mostBytes)
  return { ask }
}

test('gives status, headers and every byte, in how many pieces they may come', async () => {
  const pieces = ['a', 'b'.repeat(100_000), 'c'.repeat(200_000)]
  const { ask } = await open(async (request, response) => {
    request.resume()
    response.writeHead(418, { 'x-pot': 'tea' })
    for (const piece of pieces) await new Promise((sent) => response.write(piece, sent))
    response.end()
  })
  const { status, headers, body } = await ask()
  expect([status, headers['x-pot']]).toEqual([418, 'tea'])
  expect(body.toString()).toBe(pieces.join(''))
})

test('an answer may have no bytes, and the connection is good for the next', async () => {
  let asked = 0
  const { ask } = await open((request, response) => {
    request.resume()
    response.end(asked++ === 0 ? '' : 'more')
  })
  expect((await ask()).body).toHaveLength(0)
  expect((await ask()).body.toString()).toBe('more')
})

test('more bytes than allowed are not read', async () => {
  const { ask } = await open((request, response) => {
    request.resume()
    response.on('error', () => {})
    response.end('x'.repeat(1_001))
  })
  await expect(ask(undefined, 1_000)).rejects.toThrow(AnswerTooLarge)
  expect((await ask(undefined, 1_001)).body).toHaveLength(1_001)
})

test('a connection that ends in the middle is an error', async () => {
  const { ask } = await open((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('x', () => response.destroy())
  })
  await expect(ask()).rejects.toThrow()
})

test('ends with the reason of the signal: before it is sent, before the answer and in the middle of it', async () => {
  let asked = 0
  const under = Promise.withResolvers<void>()
  const { ask } = await open((request, response) => {
    request.resume()
    asked++
    response.write('x')
    under.resolve()
  })
  const why = new Error('enough')
  await expect(ask(AbortSignal.abort(why))).rejects.toBe(why)
  const [first, second] = [new AbortController(), new AbortController()]
  const one = ask(first.signal)
  await under.promise
  const other = ask(second.signal)
  second.abort(why)
  await expect(other).rejects.toBe(why)
  first.abort(why)
  await expect(one).rejects.toBe(why)
  expect(asked).toBe(1)
})
