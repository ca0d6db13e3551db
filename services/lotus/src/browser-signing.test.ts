import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type BrowserRequest, signInBrowser } from './browser-signing.ts'
import { question, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())
afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, 'lotusAccess')
})

/** What Swagger UI is given: the source text, run where nothing around it is known. */
async function served(): Promise<(request: BrowserRequest) => Promise<BrowserRequest>> {
  const script = await (await fetch(`${service.url}/docs/static/swagger-initializer.js`)).text()
  expect(script).toContain(signInBrowser.toString())
  return new Function(`return (${signInBrowser.toString()})`)()
}

async function send({ url = '', method = 'GET', headers = {}, body }: BrowserRequest): Promise<number> {
  const response = await fetch(url, { method, headers, ...(typeof body === 'string' && { body }) })
  await response.arrayBuffer()
  return response.status
}

it('signs what a reader tries, after asking once for key and secret', async () => {
  const prompt = vi.fn(() => 'right-key:right-secret')
  vi.stubGlobal('prompt', prompt)
  const sign = await served()
  const body = JSON.stringify(question)
  const headers = { 'Content-Type': 'application/json' }
  const post = () => sign({ url: `${service.url}/v1/searches`, method: 'POST', headers, body })
  expect(await send(await post())).toBe(202)
  const get = await sign({ url: `${service.url}/v1/reservations?idempotencyKey=A%2DB`, headers: {} })
  expect(await send(get)).toBe(200)
  expect(prompt).toHaveBeenCalledTimes(1)
})

it('judges time by the airline’s clock', async () => {
  vi.stubGlobal('prompt', () => 'right-key:right-secret')
  service.system.clock.advance(86_400_000)
  const sign = await served()
  expect(await send(await sign({ url: `${service.url}/v1/reservations?idempotencyKey=A` }))).toBe(200)
})

it('never sends the secret, and sends nothing signed when none is given', async () => {
  const sign = await served()
  const url = `${service.url}/v1/reservations?idempotencyKey=A`
  vi.stubGlobal('prompt', () => 'right-key:right-secret')
  expect(JSON.stringify(await sign({ url }))).not.toContain('right-secret')
  Reflect.deleteProperty(globalThis, 'lotusAccess')
  vi.stubGlobal('prompt', () => null)
  expect(await sign({ url })).toEqual({ url })
})

it('leaves the description, the clock and every other page alone', async () => {
  const prompt = vi.fn(() => 'right-key:right-secret')
  vi.stubGlobal('prompt', prompt)
  const sign = await served()
  for (const request of [
    { url: `${service.url}/docs/json`, loadSpec: true },
    { url: `${service.url}/v1/time` },
    { url: `${service.url}/health` },
  ]) {
    expect(await sign({ ...request })).toEqual(request)
  }
  expect(prompt).not.toHaveBeenCalled()
})
