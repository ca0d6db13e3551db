import { afterAll, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { readSeries } from '../../../tests/support/series.ts'
import { until } from '../../../tests/support/until.ts'

const apps: { close(): Promise<unknown> }[] = []
afterAll(() => Promise.all(apps.map((app) => app.close())))

/** A gateway whose event loop can be kept busy. */
async function openGateway(delayMs: number) {
  const app = await buildTestApp({ environment: { EVENT_LOOP_DELAY_MS: `${delayMs}` } })
  apps.push(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  let isBusy = false
  const block = () => {
    const until = performance.now() + 100
    while (performance.now() < until);
    if (isBusy) setTimeout(block, 1)
  }
  return {
    app,
    url,
    beBusy() {
      isBusy = true
      block()
    },
    rest() {
      isBusy = false
    },
  }
}

test('while the event loop lags, work is refused early and those who run the gateway are answered; then all goes on', async () => {
  const { url, beBusy, rest } = await openGateway(30)
  const places = () => fetch(`${url}/v1/places?query=del`)
  expect((await places()).status).toBe(200)
  beBusy()
  const refused = await until('a request is refused', async () => {
    const response = await places()
    return response.status === 503 ? response : null
  })
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('x-request-id')).toBeTruthy()
  expect(await refused.json()).toMatchObject({ code: 'overloaded', status: 503 })
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200])
  }
  expect((await fetch(`${url}/health/nothing`)).status).toBe(503)
  const series = readSeries(await (await fetch(`${url}/metrics`)).text())
  expect(series.get('fanfare_requests_refused_total{reason="event_loop"}')).toBeGreaterThanOrEqual(2)
  rest()
  await until('requests are taken again', async () => (await places()).ok)
})

test('0 refuses nothing for it', async () => {
  const { app, url, beBusy, rest } = await openGateway(0)
  expect(app.hasDecorator('isUnderPressure')).toBe(false)
  beBusy()
  expect((await fetch(`${url}/v1/places?query=del`)).status).toBe(200)
  rest()
})
