import { describe, expect, test } from 'vitest'
import { type LayoutName, seatPlan } from './aircraft.ts'
import { banyan, carriers, saffron } from './carriers.ts'
import { cabinOfSeat, sellableSeats } from './seats.ts'
import { createTimetable } from './timetable.ts'

const layouts = [...new Set([...carriers.values()].flatMap(({ fleet }) => fleet.map(({ layout }) => layout)))]

describe('seat plans', () => {
  test.each(layouts)('%s holds the seats its name says', (layout: LayoutName) => {
    const letters = { business: 'J', premium_economy: 'W', economy: 'Y', first: 'F' }
    const counts = seatPlan(layout).cabins.map(
      ({ cabin, rows }) => `${letters[cabin]}${rows.flatMap(({ seats }) => seats).filter(Boolean).length}`,
    )
    expect(layout).toBe(`${seatPlan(layout).aircraft}-${counts.join('')}`)
  })

  test.each(layouts)('%s has windows, aisles, exits and unique designators', (layout: LayoutName) => {
    const { cabins } = seatPlan(layout)
    const seats = cabins.flatMap(({ rows }) => rows.flatMap((row) => row.seats)).filter((seat) => seat !== null)
    expect(new Set(seats.map(({ designator }) => designator)).size).toBe(seats.length)
    expect(seats.some(({ traits }) => traits.includes('exit_row'))).toBe(true)
    expect(seats.some(({ traits }) => traits.includes('over_wing'))).toBe(true)
    for (const { columns, rows } of cabins) {
      const letters = columns.filter((column) => column !== null)
      for (const row of rows) {
        expect(row.seats).toHaveLength(letters.length)
        expect(row.number).not.toBe(13)
        for (const [index, seat] of row.seats.entries()) {
          if (seat) expect(seat.designator).toBe(`${row.number}${letters[index]}`)
          if (seat && (index === 0 || index === letters.length - 1)) expect(seat.kind).toBe('window')
        }
      }
    }
  })

  test('a codeshare block belongs to one seller alone', () => {
    const ours = createTimetable(saffron, 'fanfare').journeys('DEL', 'BOM', '2026-12-22')
    const theirs = createTimetable(banyan, 'fanfare')
    const shared = ours.flatMap(({ flights }) => flights).filter(({ block }) => block?.isOurs)
    expect(shared.length).toBeGreaterThan(0)
    for (const flight of shared) {
      const twin = theirs.flight(`0Z${flight.operating.number}-${flight.date}-${flight.origin}`)
      if (!twin) throw new Error('the partner flies no such flight')
      const block = sellableSeats(flight, 'economy')
      const rest = sellableSeats(twin, 'economy')
      expect(block.size).toBeGreaterThan(10)
      expect([...block.keys()].filter((designator) => rest.has(designator))).toEqual([])
      expect(sellableSeats(flight, 'business').size).toBe(0)
      for (const designator of block.keys()) {
        expect(cabinOfSeat(flight, designator)).toBe('economy')
        expect(cabinOfSeat(twin, designator)).toBeNull()
      }
    }
  })
})
