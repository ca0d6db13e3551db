import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSystem, type RunningAirline } from '../support/system.ts'

// What a whole airline's process makes of its settings, and what it remembers of them.
const system = createSystem()
afterAll(() => system.close())

const key = { 'x-api-key': 'fanfare' }
const search = async (airline: RunningAirline, headers: Record<string, string> = {}) => {
  const date = new Date((await airline.now()) + 30 * 86_400_000).toISOString().slice(0, 10)
  return searchOn(airline.url, date, headers)
}
const searchOn = (url: string, date: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v2/availability`, {
    method: 'POST',
    headers: { ...key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ origin: 'DEL', destination: 'BOM', departureDate: date, travellers: { adults: 1 } }),
  })

describe('the clock', () => {
  it('is after kill -9 where it was before: moved, standing still, and running on', async () => {
    const airline = await system.startAirline('saffron')
    const ahead = 3 * 86_400_000
    const target = (await airline.now()) + ahead
    await airline.setClock(target)
    await airline.kill()
    await airline.restart()
    expect(await airline.now()).toBeGreaterThanOrEqual(target)
    await airline.freezeClock(true)
    const stood = await airline.now()
    await airline.kill()
    await airline.restart()
    expect(await airline.now()).toBe(stood)
    expect((await search(airline)).status).toBe(200)
    await airline.reset()
    expect(await airline.now()).toBeLessThan(target - ahead / 2)
    await airline.kill()
    await airline.restart()
    expect(await airline.now()).toBeLessThan(target - ahead / 2)
  })
})

describe('reset', () => {
  let airline: RunningAirline
  beforeAll(async () => {
    airline = await system.startAirline('saffron')
  })

  it('gives the same bytes as at the start', async () => {
    // Both looks at the same moment: expiry is part of an answer.
    const moment = Math.ceil((await airline.now()) / 86_400_000) * 86_400_000 + 3_600_000
    const answer = async () => {
      await airline.setClock(moment)
      await airline.freezeClock(true)
      return (await search(airline)).text()
    }
    const first = await answer()
    await airline.setFaults([{ operation: 'search', kind: 'price_change' }])
    await search(airline)
    await airline.setFaults([{ operation: 'search', kind: 'sold_out' }])
    await search(airline)
    await airline.setFaults([])
    expect(await (await search(airline)).text()).not.toBe(first)
    await airline.reset()
    expect(await answer()).toBe(first)
    expect(await airline.requests()).toEqual(new Map([['search', 1]]))
    expect(await airline.audit()).toEqual([])
  })
})

describe('FANFARE_PROFILE', () => {
  it('makes answers slow without a control plane, and no fault can be asked for then', async () => {
    const airline = await system.startAirline('saffron', { FANFARE_SIM_TOKEN: '', FANFARE_PROFILE: 'realistic' })
    const dates = [30, 31, 32, 33].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
    const from = performance.now()
    const answers = await Promise.all(dates.map((date) => searchOn(airline.url, date, { 'fanfare-fault': 'error' })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    // The slowest of four is quicker than a third of the median once in many thousand runs.
    expect(performance.now() - from).toBeGreaterThan(120)
    expect((await fetch(`${airline.url}/_sim/clock`, { headers: { 'fanfare-sim-token': 'control' } })).status).toBe(404)
  })

  it('is named when there is no such profile', async () => {
    await expect(system.startAirline('saffron', { FANFARE_PROFILE: 'calm' })).rejects.toThrow(
      'saffron: FANFARE_PROFILE must be one of instant, realistic, chaos, not calm',
    )
  })
})
