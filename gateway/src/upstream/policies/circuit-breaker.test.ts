import { expect, test, vi } from 'vitest'
import type { AirlineErrorKind } from '../airline-error.ts'
import { createCircuitBreaker } from './circuit-breaker.ts'
import { createAirline, failure, follow, never } from './testing.ts'

const figures = {
  windowSeconds: 30,
  minCalls: 10,
  failureShare: 0.7,
  inARow: 20,
  restMs: 2_000,
  mostRestMs: 5_000,
  probes: 2,
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

function breaker() {
  const clock = { time: 1_000_000 }
  const onChange = vi.fn()
  const { policy, state } = createCircuitBreaker({
    ...figures,
    airline: 'alpha',
    what: 'search',
    onChange,
    now: () => clock.time,
  })
  const airline = createAirline()
  const begin = (signal = never) => follow(policy(airline.send, signal))
  /** One call that ends as told. */
  async function call(end: 'ok' | AirlineErrorKind | 'fault') {
    const followed = begin()
    const sent = airline.calls.at(-1)
    if (end === 'ok') sent?.answer('ok')
    else sent?.fail(end === 'fault' ? new TypeError('no such key') : failure(end))
    await turn()
    return followed.result
  }
  async function calls(end: 'ok' | AirlineErrorKind | 'fault', times: number) {
    for (let n = 0; n < times; n++) await call(end)
  }
  return { clock, onChange, state, airline, begin, call, calls }
}

test('opens when the share of failures is reached over enough calls, and then sends nothing', async () => {
  const { airline, begin, call, calls, onChange, state } = breaker()
  await calls('ok', 3)
  await calls('timeout', 6)
  expect(state()).toBe('closed')
  await call('unavailable')
  expect([state(), onChange.mock.calls]).toEqual(['open', [['open']]])
  const refused = begin()
  await turn()
  expect(airline.calls).toHaveLength(10)
  expect(refused.result).toMatchObject({
    kind: 'circuit_open',
    airline: 'alpha',
    isRetryable: false,
    retryAfterMs: 2_000,
    message: expect.stringContaining('2 s'),
  })
})

test('opens when so many calls in a row failed, however many succeeded before', async () => {
  const { calls, call, state } = breaker()
  await calls('ok', 100)
  await calls('timeout', 19)
  await call('ok')
  await calls('timeout', 19)
  expect(state()).toBe('closed')
  await call('timeout')
  expect(state()).toBe('open')
})

test('stays closed below the share, however long it goes on', async () => {
  const { calls, state } = breaker()
  for (let n = 0; n < 50; n++) {
    await calls('ok', 2)
    await calls('unavailable', 4)
  }
  expect(state()).toBe('closed')
})

test.for(['timeout', 'unavailable', 'malformed', 'unknown_outcome', 'fault'] as const)('counts %s', async (kind) => {
  const { calls, state } = breaker()
  await calls(kind, 10)
  expect(state()).toBe('open')
})

test.for(['rejected', 'rate_limited', 'busy', 'circuit_open'] as const)('does not count %s', async (kind) => {
  const { calls, state } = breaker()
  await calls(kind, 50)
  expect(state()).toBe('closed')
})

test('a refusal is a good answer, a rate limit is none at all', async () => {
  const refused = breaker()
  await refused.calls('rejected', 10)
  await refused.calls('timeout', 10)
  expect(refused.state()).toBe('closed')
  const limited = breaker()
  await limited.calls('rate_limited', 10)
  await limited.calls('timeout', 10)
  expect(limited.state()).toBe('open')
})

test('does not count who left', async () => {
  const { begin, state } = breaker()
  for (let n = 0; n < 50; n++) {
    const leaving = new AbortController()
    begin(leaving.signal)
    leaving.abort()
  }
  await turn()
  expect(state()).toBe('closed')
})

test('forgets what is long past', async () => {
  const { calls, clock, state } = breaker()
  await calls('timeout', 9)
  clock.time += 31_000
  await calls('timeout', 9)
  expect(state()).toBe('closed')
  await calls('timeout', 1)
  expect(state()).toBe('open')
})

test('half open, it lets a few through, and closes after as many good answers', async () => {
  const { airline, begin, calls, clock, onChange, state } = breaker()
  await calls('timeout', 10)
  clock.time += 2_000
  expect(state()).toBe('half_open')
  begin()
  begin()
  const third = begin()
  await turn()
  expect([airline.calls.length, third.result]).toMatchObject([12, { kind: 'circuit_open' }])
  airline.calls[10]?.answer('back')
  await turn()
  expect(state()).toBe('half_open')
  airline.calls[11]?.fail(failure('rejected', { reason: 'sold_out' }))
  await turn()
  expect([state(), onChange.mock.calls.flat()]).toEqual(['closed', ['open', 'half_open', 'closed']])
  // What was counted before it opened is forgotten.
  await calls('timeout', 9)
  expect(state()).toBe('closed')
})

test('opens again on the first failure of a probe, each time for longer, up to a limit', async () => {
  const { call, calls, clock, state } = breaker()
  await calls('timeout', 10)
  for (const rest of [2_000, 4_000, 5_000, 5_000]) {
    clock.time += rest - 1
    expect(await call('ok')).toMatchObject({ kind: 'circuit_open', retryAfterMs: 1 })
    clock.time += 1
    await call('timeout')
    expect(state()).toBe('open')
  }
  clock.time += 5_000
  await calls('ok', 2)
  expect(state()).toBe('closed')
  await calls('timeout', 10)
  clock.time += 2_000
  expect(state()).toBe('half_open')
})

test('a probe whose caller leaves proves nothing and makes room for another', async () => {
  const { airline, begin, calls, clock, state } = breaker()
  await calls('timeout', 10)
  clock.time += 2_000
  for (let n = 0; n < 5; n++) {
    const leaving = new AbortController()
    begin(leaving.signal)
    leaving.abort()
    await turn()
  }
  expect([state(), airline.calls.length]).toEqual(['half_open', 15])
})

test('calls from before it opened change nothing when they end at last', async () => {
  const { airline, begin, calls, clock, state } = breaker()
  for (let n = 0; n < 20; n++) begin()
  await calls('timeout', 10)
  clock.time += 2_000
  expect(state()).toBe('half_open')
  begin()
  for (const late of airline.calls.slice(0, 10)) late.fail(failure('timeout'))
  for (const late of airline.calls.slice(10, 15)) late.answer('late')
  await turn()
  expect(state()).toBe('half_open')
  await calls('ok', 2)
  expect(state()).toBe('closed')
  for (const late of airline.calls.slice(15, 20)) late.fail(failure('timeout'))
  await calls('timeout', 9)
  expect(state()).toBe('closed')
})
