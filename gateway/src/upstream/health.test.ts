import { expect, test } from 'vitest'
import { AirlineError, type AirlineErrorKind } from './airline-error.ts'
import { createDurations } from './durations.ts'
import { createHealthRecord } from './health.ts'
import type { BreakerState, CallOutcome } from './meter.ts'
import type { Operation } from './operation.ts'

function record() {
  const clock = { time: 0 }
  const durations = createDurations()
  const breakers = new Map<Operation, BreakerState>([['search', 'closed']])
  const { note, read } = createHealthRecord({
    durationsOf: () => durations,
    breakerOf: (operation) => breakers.get(operation) ?? null,
    now: () => Date.UTC(2030, 0, 1) + clock.time,
    monotonic: () => clock.time,
  })
  function call(outcome: CallOutcome, { operation = 'search' as Operation, times = 1 } = {}) {
    const isError = outcome !== 'ok' && outcome !== 'abandoned' && outcome !== 'fault'
    const kind: AirlineErrorKind = isError ? outcome : 'malformed'
    const error =
      outcome === 'fault' ? new TypeError('x is null') : new AirlineError('alpha', kind, `alpha: ${outcome}`)
    for (let n = 0; n < times; n++) note(operation, outcome, outcome === 'ok' ? null : error)
  }
  return { clock, durations, breakers, call, read, status: () => read().status }
}

test('unknown before the first call', () => {
  expect(record().read()).toEqual({
    status: 'unknown',
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
    operations: [],
  })
})

test('up, degraded and down by the share of the last minute that failed', () => {
  const { call, clock, status } = record()
  call('ok', { times: 39 })
  call('unavailable', { times: 2 })
  expect(status()).toBe('up')
  call('unavailable')
  expect(status()).toBe('degraded')
  clock.time = 59_000
  expect(status()).toBe('degraded')
  clock.time = 60_000
  call('timeout')
  expect(status()).toBe('down')
  call('ok', { times: 20 })
  expect(status()).toBe('up')
})

test('after a quiet minute it is what it was last', () => {
  const { call, clock, status } = record()
  call('timeout')
  call('ok')
  clock.time += 120_000
  expect(status()).toBe('up')
  call('timeout')
  clock.time += 120_000
  expect(status()).toBe('down')
})

test('a refusal is an answer; what nobody waited for says nothing', () => {
  const { call, read } = record()
  call('abandoned')
  expect(read().status).toBe('unknown')
  call('rejected')
  call('abandoned', { times: 10 })
  expect(read()).toMatchObject({ status: 'up', lastFailure: null, operations: [{ calls: 1, failures: 0 }] })
})

test('an open breaker alone brings it down while nothing else is asked, and degrades it otherwise', () => {
  const { breakers, call, clock, status } = record()
  call('ok', { times: 50 })
  breakers.set('search', 'open')
  expect(status()).toBe('down')
  clock.time += 120_000
  expect(status()).toBe('down')
  call('ok', { operation: 'price' })
  expect(status()).toBe('degraded')
  breakers.set('search', 'half_open')
  expect(status()).toBe('degraded')
})

test('each operation has its own calls, times and breaker', () => {
  const { call, clock, durations, read } = record()
  for (let n = 1; n <= 100; n++) durations.add(n + 0.04)
  call('ok', { times: 3 })
  clock.time = 1_000
  call('malformed')
  clock.time = 2_000
  call('ok', { operation: 'cancel' })
  expect(read()).toEqual({
    status: 'degraded',
    lastSuccessAt: '2030-01-01T00:00:02.000Z',
    lastFailureAt: '2030-01-01T00:00:01.000Z',
    lastFailure: 'alpha: malformed',
    operations: [
      {
        operation: 'search',
        breaker: 'closed',
        calls: 4,
        failures: 1,
        p50Ms: 51,
        p95Ms: 96,
        lastSuccessAt: '2030-01-01T00:00:00.000Z',
        lastFailureAt: '2030-01-01T00:00:01.000Z',
      },
      expect.objectContaining({ operation: 'cancel', breaker: null, calls: 1, failures: 0, lastFailureAt: null }),
    ],
  })
})

test('what a fault of ours said stays with us', () => {
  const { call, read } = record()
  call('fault')
  expect(read()).toMatchObject({ status: 'down', lastFailure: 'its answer could not be processed' })
})
