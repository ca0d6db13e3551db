import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { readSeries } from '../../../tests/support/series.ts'
import { createUpstreamMeter } from './upstream.ts'

/** A meter, and what it has counted that is not 0. */
function setUp() {
  const registry = new Registry()
  const meter = createUpstreamMeter(registry, ['alpha', 'beta'])
  const all = async () => readSeries(await registry.metrics())
  const counted = async () =>
    Object.fromEntries([...(await all())].filter(([name, value]) => value !== 0 && !name.includes('_bucket')))
  return { meter, all, counted }
}

test('nothing is counted at first, and each thing that happens once', async () => {
  const { meter, counted } = setUp()
  expect(await counted()).toEqual({})
  meter.callStarted('alpha', 'search')
  meter.callStarted('alpha', 'price')
  meter.callEnded('alpha', 'search', 'malformed', 1500)
  meter.refused('beta', 'hold', 'busy')
  meter.retried('alpha', 'search')
  meter.hedged('beta', 'price')
  meter.hedgeWon('beta', 'price')
  expect(await counted()).toEqual({
    'fanfare_airline_calls_in_progress{airline="alpha"}': 1,
    'fanfare_airline_calls_total{airline="alpha",operation="search",outcome="malformed"}': 1,
    'fanfare_airline_call_duration_seconds_count{airline="alpha",operation="search"}': 1,
    'fanfare_airline_call_duration_seconds_sum{airline="alpha",operation="search"}': 1.5,
    'fanfare_airline_calls_not_sent_total{airline="beta",operation="hold",reason="busy"}': 1,
    'fanfare_airline_retries_total{airline="alpha",operation="search"}': 1,
    'fanfare_airline_hedges_total{airline="beta",operation="price"}': 1,
    'fanfare_airline_hedges_won_total{airline="beta",operation="price"}': 1,
  })
})

test('a duration is in every bucket that it does not exceed', async () => {
  const { meter, all } = setUp()
  meter.callStarted('alpha', 'search')
  meter.callEnded('alpha', 'search', 'ok', 100)
  const bucket = async (le: string) =>
    (await all()).get(`fanfare_airline_call_duration_seconds_bucket{le="${le}",airline="alpha",operation="search"}`)
  expect([await bucket('0.05'), await bucket('0.1'), await bucket('30'), await bucket('+Inf')]).toEqual([0, 1, 1, 1])
})

test('a breaker is shown as it is now, and how often it opened', async () => {
  const { meter, all } = setUp()
  const labels = '{airline="alpha",operation="search"}'
  const seen = []
  for (const state of ['closed', 'open', 'half_open', 'open', 'half_open', 'closed'] as const) {
    meter.breakerChanged('alpha', 'search', state)
    seen.push((await all()).get(`fanfare_airline_breaker_state${labels}`))
  }
  expect(seen).toEqual([0, 2, 1, 2, 1, 0])
  expect((await all()).get(`fanfare_airline_breaker_opened_total${labels}`)).toBe(2)
})

test('no series comes into being by what happens', async () => {
  const { meter, all } = setUp()
  meter.breakerChanged('alpha', 'search', 'closed')
  const before = [...(await all()).keys()]
  meter.callStarted('beta', 'cancel')
  meter.callEnded('beta', 'cancel', 'fault', 1)
  meter.breakerChanged('alpha', 'search', 'open')
  expect([...(await all()).keys()]).toEqual(before)
})
