import { expect, test } from 'vitest'
import { AirlineError } from './airline-error.ts'
import { observeHealth } from './health.ts'
import type { HttpClient, UpstreamRequest } from './http-client.ts'

const request: UpstreamRequest = { method: 'GET', path: '/', headers: {}, signal: new AbortController().signal }

function observed() {
  let fails = false
  let time = Date.UTC(2030, 0, 1)
  const client: HttpClient = {
    airline: 'alpha',
    async request() {
      if (fails) throw new AirlineError('alpha', 'unavailable', 'alpha cannot be reached')
      return { status: 404, headers: {}, body: Buffer.alloc(0) }
    },
    close: async () => {},
  }
  const watched = observeHealth(client, () => time)
  return {
    watched,
    async call(succeeds: boolean, times = 1) {
      fails = !succeeds
      for (let n = 0; n < times; n++) {
        time += 1000
        await watched.request(request).catch(() => {})
      }
    },
  }
}

test('unknown before the first call', () => {
  expect(observed().watched.health()).toEqual({
    status: 'unknown',
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
  })
})

test('up, degraded, down and up again, by the last ten calls', async () => {
  const { watched, call } = observed()
  await call(true)
  expect(watched.health()).toMatchObject({ status: 'up', lastSuccessAt: '2030-01-01T00:00:01.000Z', lastFailure: null })
  await call(false)
  expect(watched.health()).toMatchObject({ status: 'degraded', lastFailureAt: '2030-01-01T00:00:02.000Z' })
  await call(false, 8)
  expect(watched.health().status).toBe('degraded')
  await call(false)
  expect(watched.health()).toMatchObject({ status: 'down', lastFailure: 'alpha cannot be reached' })
  await call(true)
  expect(watched.health().status).toBe('degraded')
  await call(true, 9)
  expect(watched.health()).toMatchObject({ status: 'up', lastFailure: 'alpha cannot be reached' })
})

test('a failure still reaches the caller', async () => {
  const { watched, call } = observed()
  await call(false)
  await expect(watched.request(request)).rejects.toMatchObject({ kind: 'unavailable' })
})
