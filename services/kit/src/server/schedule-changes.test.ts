import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { saffron } from '../world/carriers.ts'
import { type AirlineApp, buildAirlineApp } from './app.ts'

const noon = Date.UTC(2030, 0, 5, 12)
const headers = { 'fanfare-sim-token': 'token' }
let system: AirlineSystem
let app: AirlineApp

beforeEach(async () => {
  system = openAirlineSystem({ carrier: saffron, seed: 'fanfare', clock: createClock(noon), database: ':memory:' })
  app = await buildAirlineApp({ system, title: 'T', description: 'D', simToken: 'token', logLevel: 'silent' })
})
afterEach(async () => {
  await app.close()
  system.close()
})

const url = '/_sim/schedule-changes'
const post = (payload: object) => app.inject({ method: 'POST', url, headers, payload })

function someFlight() {
  const [offer] = system.shop({
    origin: 'DEL',
    destination: 'BOM',
    date: '2030-02-01',
    cabin: null,
    passengers: { adults: 1, children: 0, infants: 0 },
  })
  const flight = offer?.journey.flights[0]
  if (!flight) throw new Error('no flight')
  return { flight, flightNumber: flight.marketing + flight.number, date: flight.date }
}

test('moves a flight by its number and day, and lists what was moved', async () => {
  const { flight, flightNumber, date } = someFlight()
  const response = await post({ flightNumber, date, minutes: -20 })
  expect(response.statusCode).toBe(201)
  const { flightKey, departingAt } = response.json()
  expect(flightKey).toBe(flight.key)
  expect(Date.parse(departingAt)).toBe(flight.departure.epochMs - 20 * 60_000)
  expect((await app.inject({ url, headers })).json()).toEqual({ scheduleChanges: [response.json()] })
})

test('says what is wrong with a move that cannot be made, and moves nothing', async () => {
  const { flightNumber, date } = someFlight()
  const statuses = []
  for (const body of [
    { flightNumber, date, minutes: 0 },
    { flightNumber, date, minutes: 1.5 },
    { flightNumber, date: '2030-02-30', minutes: 10 },
    { flightNumber: 'x', date, minutes: 10 },
    { flightNumber, date },
    { flightNumber, date, minutes: 10, more: 1 },
    { flightNumber: '0S9999', date, minutes: 10 },
    { flightNumber, date, minutes: 1440 },
  ]) {
    const response = await post(body)
    expect(response.json()).toEqual({ error: expect.stringMatching(/\w/) })
    statuses.push(response.statusCode)
  }
  expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 404, 409])
  expect((await app.inject({ method: 'POST', url, payload: { flightNumber, date, minutes: 10 } })).statusCode).toBe(401)
  expect(system.scheduleChanges()).toEqual([])
})
