import { afterAll, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { createTestAirline, noon, requestFor } from '../booking/testing.ts'

let now = noon
const alpha = createTestAirline({ name: 'alpha', canHold: true, now: () => now })
const app = await buildTestApp({
  connectors: new Map([['alpha', alpha.connector]]),
  now: () => now,
  // Nothing is taken up again while it is counted.
  environment: { BOOKING_POLL_MS: '600000' },
})
afterAll(() => app.close())

/** The value of each series, by its name and labels. */
async function series(): Promise<Map<string, number>> {
  const reply = await app.inject({ url: '/metrics' })
  expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const lines = reply.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

const book = (key: string) =>
  app.inject({
    method: 'POST',
    url: '/v1/bookings',
    headers: { 'idempotency-key': key },
    payload: requestFor([[alpha]]),
  })

test('bookings, the work on them and the process are counted', async () => {
  const before = await series()
  expect(before.get('fanfare_booking_store_up')).toBe(1)
  expect(before.get('fanfare_bookings{status="confirmed"}')).toBe(0)
  expect(before.get('fanfare_booking_oldest_pending_seconds')).toBe(0)
  expect(before.get('process_cpu_seconds_total')).toBeGreaterThan(0)

  await book('key-00001')
  alpha.faults = [{ refuses: 'sold_out' }]
  await book('key-00002')
  alpha.faults = ['lost before']
  await book('key-00003')
  now += 90_000
  const after = await series()
  for (const [name, value] of [
    ['fanfare_bookings{status="confirmed"}', 1],
    ['fanfare_bookings{status="failed"}', 1],
    ['fanfare_bookings{status="pending"}', 1],
    ['fanfare_bookings{status="held"}', 0],
    ['fanfare_booking_oldest_pending_seconds', 90],
    ['fanfare_booking_jobs{state="in_hand"}', 0],
    ['fanfare_booking_jobs{state="due"}', 1],
    ['fanfare_booking_steps_total{step="check",result="done"}', 3],
    ['fanfare_booking_steps_total{step="purchase",result="done"}', 1],
    ['fanfare_booking_steps_total{step="purchase",result="refused"}', 1],
    ['fanfare_booking_steps_total{step="purchase",result="unanswered"}', 1],
    ['fanfare_booking_steps_total{step="look_up",result="absent"}', 1],
  ] as const) {
    expect([name, after.get(name)]).toEqual([name, value])
  }
  expect(after.get('fanfare_booking_job_overdue_seconds')).toBeGreaterThan(88)
  // No series comes into being by what happens: none can grow without bound.
  const own = (all: Map<string, number>) => [...all.keys()].filter((name) => name.startsWith('fanfare_'))
  expect(own(after)).toEqual(own(before))
})
