import { afterAll, expect, test } from 'vitest'
import { buildTestApp } from '../../../tests/support/gateway-app.ts'
import { readSeries } from '../../../tests/support/series.ts'
import { until } from '../../../tests/support/until.ts'
import { makeConnector, makeOffer, noon } from '../shopping/testing.ts'
import { AirlineError } from '../upstream/airline-error.ts'

let now = noon
let answer: () => Promise<ReturnType<typeof makeOffer>[]> = async () => [makeOffer()]
const app = await buildTestApp({
  environment: { SEARCH_DEADLINE_MS: '200' },
  now: () => now,
  connectors: new Map([['alpha', makeConnector('alpha', { search: () => answer() })]]),
})
afterAll(() => app.close())

/** A search of its own for each number, all of the same offers. */
const search = (maxPrice: number, departureDate = '2030-01-15') =>
  app.inject(`/v1/search?origin=DEL&destination=BOM&departureDate=${departureDate}&maxPrice=${maxPrice}`)

const series = async () => readSeries((await app.inject('/metrics')).body)

/** By how much what the action changed has grown. */
async function counted(action: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await series()
  await action()
  const after = await series()
  const grown = [...after].flatMap(([name, value]): [string, number][] => {
    const by = value - (before.get(name) ?? Number.NaN)
    const short = /^fanfare_search_(answers|parts|late_answers)_total\{(?:airline="alpha",)?(?:from=)?"?(\w*)/.exec(
      name,
    )
    return by === 0 || !short ? [] : [[`${short[1]} ${short[2]}`, by]]
  })
  return Object.fromEntries(grown)
}

test('answers and their parts are counted by where they come from', async () => {
  expect(await counted(() => search(90_001))).toEqual({ 'answers miss': 1, 'parts miss': 1 })
  expect(await counted(() => search(90_001))).toEqual({ 'answers memory': 1 })
  expect(await counted(() => search(90_002))).toEqual({ 'answers miss': 1, 'parts memory': 1 })

  const gate = Promise.withResolvers<ReturnType<typeof makeOffer>[]>()
  let calls = 0
  answer = () => {
    calls++
    return gate.promise
  }
  const together = async () => {
    const searches = [search(90_001, '2030-01-16'), search(90_001, '2030-01-16'), search(90_003, '2030-01-16')]
    await until('the airline is asked', () => calls > 0)
    gate.resolve([makeOffer({ departingAt: '2030-01-16T06:00:00+05:30' })])
    await Promise.all(searches)
  }
  expect(await counted(together)).toEqual({
    'answers miss': 2,
    'answers collapsed': 1,
    'parts miss': 1,
    'parts collapsed': 1,
  })

  answer = async () => [makeOffer()]
  now += 120_000
  expect(await counted(() => search(90_001))).toEqual({ 'answers miss': 1, 'parts stale': 1 })
})

test('a failure that is remembered is told from a call', async () => {
  answer = async () => {
    throw new AirlineError('alpha', 'unavailable', 'no connection')
  }
  expect(await counted(() => search(90_001, '2030-01-17'))).toEqual({ 'answers miss': 1, 'parts miss': 1 })
  expect(await counted(() => search(90_002, '2030-01-17'))).toEqual({ 'answers miss': 1, 'parts failed': 1 })
})

test('an answer that comes too late is counted once it is in the cache', async () => {
  const gate = Promise.withResolvers<ReturnType<typeof makeOffer>[]>()
  answer = () => gate.promise
  const late = async () => (await series()).get('fanfare_search_late_answers_total{airline="alpha"}')
  expect((await search(90_001, '2030-01-18')).json()).toMatchObject({ complete: false })
  expect(await late()).toBe(0)
  gate.resolve([makeOffer({ departingAt: '2030-01-18T06:00:00+05:30' })])
  await until('it is counted', async () => (await late()) === 1)
  expect(await counted(() => search(90_002, '2030-01-18'))).toEqual({ 'answers miss': 1, 'parts memory': 1 })
})
