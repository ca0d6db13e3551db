import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { airportCodes, airports } from './airports.ts'
import { banyan, carriers, lotus, monsoon, saffron } from './carriers.ts'
import { dateOfDay, dayNumber } from './local-time.ts'
import { createTimetable } from './timetable.ts'
import type { Journey } from './types.ts'

const timetables = [saffron, monsoon, banyan].map((carrier) => createTimetable(carrier, 'fanfare'))
const anyDay = fc.integer({ min: dayNumber('2026-01-01'), max: dayNumber('2030-12-31') }).map(dateOfDay)
const anyAirport = fc.constantFrom(...airports.keys())

function isChained({ flights }: Journey): boolean {
  return flights.every((flight, index) => {
    const before = flights[index - 1]
    return (
      !before ||
      (before.destination === flight.origin && before.arrival.epochMs + 45 * 60_000 <= flight.departure.epochMs)
    )
  })
}

describe('the timetable', () => {
  test('serves at least 60 airports, most of its pairs far apart in kind', () => {
    expect(airports.size).toBeGreaterThanOrEqual(60)
    expect(airportCodes('IN').length).toBeGreaterThan(30)
    expect(airportCodes('!IN').length).toBeGreaterThan(30)
  })

  test('every pair of airports has a journey from at least two carriers', () => {
    for (const date of ['2026-12-23', '2027-03-28']) {
      const lonely: string[] = []
      for (const origin of airports.keys()) {
        for (const destination of airports.keys()) {
          if (origin === destination) continue
          const sellers = timetables.filter((timetable) => timetable.journeys(origin, destination, date).length > 0)
          if (sellers.length < 2) lonely.push(`${origin}-${destination}`)
        }
      }
      expect(lonely).toEqual([])
    }
  }, 60_000)

  test('journeys start and end where asked, on the day asked, and leave time to change planes', () => {
    fc.assert(
      fc.property(
        anyAirport,
        anyAirport,
        anyDay,
        fc.constantFrom(...timetables),
        (origin, destination, date, timetable) => {
          for (const journey of timetable.journeys(origin, destination, date)) {
            expect(journey.flights.length).toBeLessThanOrEqual(2)
            expect(journey.flights[0]?.origin).toBe(origin)
            expect(journey.flights.at(-1)?.destination).toBe(destination)
            expect(journey.flights[0]?.departure.local.slice(0, 10)).toBe(date)
            expect(isChained(journey)).toBe(true)
            const [first] = journey.flights
            const last = journey.flights.at(-1)
            expect(journey.minutes * 60_000).toBe((last?.arrival.epochMs ?? 0) - (first?.departure.epochMs ?? 0))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a flight is found again by its key, with its local times true to the instant', () => {
    fc.assert(
      fc.property(
        anyAirport,
        anyAirport,
        anyDay,
        fc.constantFrom(...timetables),
        (origin, destination, date, timetable) => {
          for (const { flights } of timetable.journeys(origin, destination, date)) {
            for (const flight of flights) {
              expect(timetable.flight(flight.key)).toBe(flight)
              for (const { local, offset, zone, epochMs } of [flight.departure, flight.arrival]) {
                expect(Date.parse(local + offset)).toBe(epochMs)
                expect(Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds).toBe(epochMs)
              }
            }
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('the same seed gives the same timetable, another seed another', () => {
    const again = createTimetable(saffron, 'fanfare').journeys('DEL', 'BOM', '2026-12-22')
    expect(again).toEqual(timetables[0]?.journeys('DEL', 'BOM', '2026-12-22'))
    expect(createTimetable(saffron, 'other').journeys('DEL', 'BOM', '2026-12-22')).not.toEqual(again)
  })

  test('no key names a flight that does not exist', () => {
    const [timetable] = timetables
    const [journey] = timetable?.journeys('DEL', 'BOM', '2026-12-22') ?? []
    const key = journey?.flights[0]?.key ?? ''
    expect(timetable?.flight(key)).not.toBeNull()
    for (const wrong of [
      key.replace('DEL', 'BOM'),
      key.replace('0S', '0Z'),
      key.replace('2026-12-22', '2026-02-30'),
      `${key} `,
      '',
    ]) {
      expect(timetable?.flight(wrong)).toBeNull()
    }
  })

  test('flight numbers are unique within a carrier and fit four digits, codeshares included', () => {
    for (const carrier of carriers.values()) {
      const timetable = createTimetable(carrier, 'fanfare')
      const seen = new Map<string, string>()
      for (const origin of carrier.airports) {
        for (const destination of carrier.airports) {
          for (const { flights } of timetable.journeys(origin, destination, '2026-12-22')) {
            for (const { number, origin: from, destination: to } of flights) {
              expect(number).toMatch(/^\d{3,4}$/)
              expect(seen.get(number) ?? from + to).toBe(from + to)
              seen.set(number, from + to)
            }
          }
        }
      }
    }
  }, 60_000)

  test('a carrier that shuns detours connects only where the way is not too long', () => {
    const timetable = createTimetable(lotus, 'fanfare')
    const over = (origin: string, destination: string) =>
      new Set(timetable.journeys(origin, destination, '2026-12-22').map(({ flights }) => flights[0]?.destination))
    expect(over('DEL', 'BOM')).toEqual(new Set(['BLR']))
    expect(over('CCU', 'SYD')).toContain('BKK')
    expect(over('LHR', 'JFK')).toEqual(new Set())
    expect(createTimetable({ ...lotus, longestDetour: 9 }, 'fanfare').journeys('LHR', 'JFK', '2026-12-22')).not.toEqual(
      [],
    )
  })

  test('a codeshare is the partner’s very flight under another number', () => {
    const shared = timetables[0]
      ?.journeys('DEL', 'BOM', '2026-12-22')
      .filter(({ flights }) => flights[0]?.operating.designator === '0Z')
    const partners = timetables[2]?.journeys('DEL', 'BOM', '2026-12-22') ?? []
    expect(shared?.length).toBeGreaterThan(0)
    for (const { flights } of shared ?? []) {
      const twin = partners.find((journey) => journey.flights[0]?.number === flights[0]?.operating.number)?.flights[0]
      expect(twin?.departure).toEqual(flights[0]?.departure)
      expect(twin?.arrival).toEqual(flights[0]?.arrival)
      expect(flights[0]?.block).toEqual({ rows: 4, isOurs: true })
      expect(twin?.block).toEqual({ rows: 4, isOurs: false })
    }
  })
})
