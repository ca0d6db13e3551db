import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AirlineSystem, openAirlineSystem } from '../airline-system.ts'
import { createClock } from '../clock.ts'
import { passenger } from '../orders/testing/tiny-airline.ts'
import { saffron } from '../world/carriers.ts'
import { withSimulation } from './faulty-system.ts'
import { changeSchedule } from './schedule-change.ts'
import { createSimulation } from './simulation.ts'

const noon = Date.UTC(2030, 0, 5, 12)
const opened: AirlineSystem[] = []
let system: AirlineSystem
function open(): AirlineSystem {
  const plain = openAirlineSystem({ carrier: saffron, seed: 'fanfare', clock: createClock(noon), database: ':memory:' })
  const simulation = createSimulation({ seed: 'fanfare', airline: 'saffron', profile: 'instant' })
  const one = withSimulation(plain, simulation)
  opened.push(one)
  return one
}

beforeEach(() => {
  system = open()
})
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

const offersOn = (date: string) =>
  system.shop({
    origin: 'DEL',
    destination: 'BOM',
    date,
    cabin: 'economy',
    passengers: { adults: 1, children: 0, infants: 0 },
  })

function orderOf(clientReference: string, offerId: string, pay: boolean) {
  return {
    clientReference,
    offerId,
    passengers: [passenger('p1', 'adult')],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [],
    baggage: [],
    expectedTotal: null,
    pay,
  }
}

test.each(['hold', 'purchase', 'pay'] as const)('struck, a %s is done, and then its flight is moved', (operation) => {
  const [offer] = offersOn('2030-02-01')
  if (!offer) throw new Error('no offer')
  const held = operation === 'pay' ? system.order(orderOf('ref-0', offer.id, false)) : null
  system.simulation?.setFaults([{ operation, kind: 'schedule_change', share: 1, next: 1, delayMs: 0 }])
  const order = held
    ? system.pay(held.locator, null)
    : system.order(orderOf('ref-1', offer.id, operation === 'purchase'))
  expect(order.status).toBe(operation === 'hold' ? 'held' : 'confirmed')
  const [change, ...others] = system.scheduleChanges()
  expect(others).toEqual([])
  expect(order.offer.flights).toContain(change?.flightKey)
  expect(Math.abs(change?.minutes ?? 0)).toBeGreaterThanOrEqual(15)
  expect(Math.abs(change?.minutes ?? 0)).toBeLessThanOrEqual(180)
  expect(system.audit().filter(({ holds }) => !holds)).toEqual([])
})

test('flights move alike in whatever order they are struck, once each, by many different lengths, and stay on their day', () => {
  const dates = Array.from({ length: 20 }, (_, day) => `2030-02-${String(day + 1).padStart(2, '0')}`)
  const keys = [
    ...new Set(dates.flatMap((date) => offersOn(date).flatMap(({ journey }) => journey.flights.map(({ key }) => key)))),
  ]
  const movesOf = (one: AirlineSystem, order: readonly string[]) => {
    for (const key of [...order, ...order]) changeSchedule(one, key)
    return new Map(one.scheduleChanges().map(({ flightKey, minutes }) => [flightKey, minutes]))
  }
  const moves = movesOf(system, keys)
  expect(movesOf(open(), keys.toReversed())).toEqual(moves)
  expect(moves.size).toBe(keys.length)
  expect(system.scheduleChanges()).toHaveLength(keys.length)
  expect(new Set(moves.values()).size).toBeGreaterThan(20)
  for (const minutes of moves.values()) expect(Math.abs(minutes) >= 15 && Math.abs(minutes) <= 180).toBe(true)
  expect([...moves.values()].some((minutes) => minutes < 0)).toBe(true)
})

test('a reset puts every flight back where it was', () => {
  const [offer] = offersOn('2030-02-01')
  const key = offer?.journey.flights[0]?.key ?? ''
  const before = system.flight(key)
  changeSchedule(system, key)
  expect(system.flight(key)).not.toEqual(before)
  system.reset()
  expect(system.flight(key)).toEqual(before)
  expect(system.scheduleChanges()).toEqual([])
})

test('a flight that cannot be moved, or is none, is left alone', () => {
  const [offer] = offersOn('2030-01-07')
  const key = offer?.journey.flights[0]?.key ?? ''
  system.clock.advance(4 * 86_400_000)
  changeSchedule(system, key)
  changeSchedule(system, '0S9999-2030-02-01-DEL')
  expect(system.scheduleChanges()).toEqual([])
})
