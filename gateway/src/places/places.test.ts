import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formerNames, largeAirports, metropolitanAreas } from './metropolitan.ts'
import { airport, searchPlaces, zoned } from './places.ts'

const found = (query: string, limit = 10) => searchPlaces(query, limit).map((place) => `${place.type} ${place.code}`)

describe('the tables', () => {
  test('name only airports that exist, none twice', () => {
    const codes = [...largeAirports, ...Object.keys(formerNames), ...metropolitanAreas.flatMap((area) => area.airports)]
    expect(codes.filter((code) => airport(code) === null)).toEqual([])
    expect(new Set(largeAirports).size).toBe(largeAirports.length)
    expect(new Set(metropolitanAreas.map((area) => area.code)).size).toBe(metropolitanAreas.length)
  })

  test('a metropolitan code that is also an airport is one of its own airports', () => {
    for (const { code, airports } of metropolitanAreas) {
      if (airport(code)) expect(airports).toContain(code)
    }
  })
})

describe('airport', () => {
  test('by code', () => {
    expect(airport('DEL')).toMatchObject({ type: 'airport', city: 'Delhi', country: 'IN', timeZone: 'Asia/Kolkata' })
  })

  test('neither a city code nor anything else is one', () => {
    for (const code of ['LON', 'del', 'XXX', '', 'constructor']) expect(airport(code), code).toBeNull()
  })
})

describe('searchPlaces', () => {
  test('an exact code comes before everything that begins so', () => {
    expect(found('del')[0]).toBe('airport DEL')
    expect(found('GOA').slice(0, 2)).toEqual(['airport GOA', 'city GOI'])
  })

  test('a city comes before its airports, the busiest first, and namesakes after them', () => {
    expect(found('london', 20).slice(0, 7)).toEqual([
      'city LON',
      'airport LHR',
      'airport LGW',
      'airport STN',
      'airport LTN',
      'airport LCY',
      'airport SEN',
    ])
    expect(found('london', 20)).toContain('airport YXU')
    expect(found('nyc')).toEqual(['city NYC'])
    expect(searchPlaces('lon', 1)[0]).toMatchObject({ city: 'London', country: 'GB', timeZone: null, latitude: null })
  })

  test('case and diacritics do not matter', () => {
    expect(found('ZURICH')).toEqual(found('zürich'))
    expect(found('sao paulo')).toEqual(found('São Paulo'))
    expect(found('Zürich')[0]).toBe('airport ZRH')
    expect(found("O'Hare")).toEqual(['airport ORD'])
  })

  test('words in any order, of code, city, name or country', () => {
    expect(found('heathrow')[0]).toBe('airport LHR')
    expect(found('airport mumbai')[0]).toBe('airport BOM')
    expect(found('Kempegowda')).toEqual(['airport BLR'])
    expect(found('india', 3)).toEqual(['airport DEL', 'airport BOM', 'airport BLR'])
  })

  test('former names still work', () => {
    expect(found('bombay')[0]).toBe('airport BOM')
    expect(found('bangal')[0]).toBe('airport BLR')
  })

  test('large airports first among equals, then those in India', () => {
    expect(found('hyderabad').slice(0, 3)).toEqual(['airport HYD', 'airport BPM', 'airport HDD'])
  })

  test('nothing fits', () => {
    for (const query of ['xyzzyq', '   ', '', '%%%', '.*']) expect(found(query), query).toEqual([])
  })

  test('whatever is typed, the answer keeps to the limit and has no place twice', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 4, unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (query, limit) => {
        const places = found(query, limit)
        expect(places.length).toBeLessThanOrEqual(limit)
        expect(new Set(places).size).toBe(places.length)
      }),
      { numRuns: 50 },
    )
  })
})

describe('zoned', () => {
  test('carries the offset of that day', () => {
    expect(zoned('2030-01-15T06:10', 'DEL')).toBe('2030-01-15T06:10:00+05:30')
    expect(zoned('2030-01-15T06:10:00', 'LHR')).toBe('2030-01-15T06:10:00+00:00')
    expect(zoned('2030-07-15T06:10:00', 'LHR')).toBe('2030-07-15T06:10:00+01:00')
    expect(zoned('2030-07-15T23:59:30', 'JFK')).toBe('2030-07-15T23:59:30-04:00')
  })

  test('a skipped time moves on, a repeated one is the first', () => {
    expect(zoned('2030-03-31T01:30', 'LHR')).toBe('2030-03-31T02:30:00+01:00')
    expect(zoned('2030-10-27T01:30', 'LHR')).toBe('2030-10-27T01:30:00+01:00')
  })

  test('is what the calendar of the zone says, on any day and at any time, asked first or again', () => {
    const day = fc.date({ min: new Date('2029-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
    const code = fc.constantFrom('DEL', 'LHR', 'JFK', 'SYD', 'KTM', 'GRU', 'CMN', 'LDH')
    fc.assert(
      fc.property(day, code, fc.boolean(), (date, at, hasSeconds) => {
        const local = date.toISOString().slice(0, hasSeconds ? 19 : 16)
        const zone = airport(at)?.timeZone ?? ''
        const time = Temporal.PlainDateTime.from(local).toZonedDateTime(zone)
        const wanted = time.toString({ timeZoneName: 'never', smallestUnit: 'second' })
        expect([zoned(local, at), zoned(local, at)]).toEqual([wanted, wanted])
      }),
      { numRuns: 1_000 },
    )
  })

  test('refuses what is no time and no airport', () => {
    expect(() => zoned('2030-02-30T10:00', 'DEL')).toThrow(RangeError)
    expect(() => zoned('soon', 'DEL')).toThrow(RangeError)
    expect(() => zoned('2030-02-20T10:00', 'XXX')).toThrow(RangeError)
  })
})
