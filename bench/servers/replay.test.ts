import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { fields } from '../control.ts'
import { freePort, type Server, startServer } from '../processes.ts'

/** What the airline was asked. */
let asked: string[] = []
let airline: HttpServer
let replay: Server
let url = ''

beforeAll(async () => {
  // Answers something else every time, as an airline whose offers were renewed.
  airline = createServer(async (request, response) => {
    const question = `${request.method} ${request.url} ${await text(request)}`
    asked.push(question)
    if (question.includes('refused')) response.statusCode = 503
    response.end(JSON.stringify({ number: asked.length, ready: !question.includes('slow') }))
  }).listen(0, '127.0.0.1')
  await once(airline, 'listening')
  const address = airline.address()
  if (address === null || typeof address === 'string') throw new Error('the airline has no port')
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const stands = [{ url: `http://127.0.0.1:${address.port}`, port, delayMs: 20 }]
  replay = await startServer('replay', 'bench/servers/replay.ts', 1, '/', { BENCH_REPLAY: JSON.stringify(stands) })
})

afterAll(async () => {
  await replay?.stop()
  airline.closeAllConnections()
  airline.close()
})

beforeEach(() => {
  asked = []
})

const ask = async (path: string, body: string) => (await fetch(url + path, { method: 'POST', body })).text()
const shopping = (to: string) => `<Rq><TrxID xmlns="c">${randomUUID()}</TrxID><To>${to}</To></Rq>`

it('answers a question again with the same bytes, whatever the request is called', async () => {
  const first = await ask('/AirShopping', shopping('BOM'))
  expect(await ask('/AirShopping', shopping('BOM'))).toBe(first)
  expect(asked).toHaveLength(1)
})

it('asks the airline what was not asked yet, and tells how often', async () => {
  const count = async () => fields(await (await fetch(replay.url)).json()).asked
  const before = Number(await count())
  await ask('/AirShopping', shopping('GOI'))
  await ask('/AirShopping', shopping('CCU'))
  await ask('/AirShopping', shopping('CCU'))
  await ask('/elsewhere', shopping('CCU'))
  expect(asked.map((question) => question.replace(/^POST (\S+) .*<To>(.*)<.To>.*$/, '$1 $2'))).toEqual([
    '/AirShopping GOI',
    '/AirShopping CCU',
    '/elsewhere CCU',
  ])
  expect(await count()).toBe(before + 3)
})

it.each(['refused', 'slow'])('keeps no answer that is %s', async (what) => {
  const first = await ask('/searches', what)
  expect(await ask('/searches', what)).not.toBe(first)
})

it('holds every answer back, a known one too', async () => {
  await ask('/held', '')
  const startedAt = performance.now()
  await ask('/held', '')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19)
})
