import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  duration,
  hostBirthDate,
  hostDate,
  hostName,
  isoDate,
  isoInstant,
  isoLocal,
  minutesBetween,
} from './formats.ts'

it('every day of the century is written so that it reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 36_524 }), (days) => {
      const day = Temporal.PlainDate.from('2000-01-01').add({ days }).toString()
      return isoDate(hostDate(day)) === day
    }),
  )
})

it('moments are read to the minute', () => {
  expect(isoLocal('28FEB30', '2350', 1)).toBe('2030-03-01T23:50:00')
  expect(isoInstant('31DEC30 2359Z')).toBe('2030-12-31T23:59:00Z')
  expect(hostBirthDate('1990-04-12')).toBe('12APR1990')
})

it.each([
  () => isoDate('31FEB30'),
  () => isoDate('15JAM30'),
  () => isoDate(''),
  () => isoLocal('15JAN30', '2460'),
  () => isoInstant('15JAN30 9999Z'),
  () => minutesBetween('2030-01-15T06:10:00+05:30', '2030-01-15T06:10:00+05:30'),
  () => minutesBetween('2030-01-15T06:10:00+05:30', 'soon'),
])('what no calendar has is not read: %s', (read) => {
  expect(read).toThrow(RangeError)
})

it('durations are written as ISO 8601 has them', () => {
  expect([130, 60, 59, 1440, 1500, 2885].map(duration)).toEqual(['PT2H10M', 'PT1H', 'PT59M', 'P1D', 'P1DT1H', 'P2DT5M'])
})

describe('names', () => {
  it.each([
    ['Asha', 'ASHA'],
    ['de la Cruz-Núñez', 'DE LA CRUZ NUNEZ'],
    ['O’Brien', 'OBRIEN'],
    ["D'Souza Jr.", 'DSOUZA JR'],
    ['Straße', 'STRASSE'],
    ['Łukasz Ørsted', 'LUKASZ OERSTED'],
    ['Æsir Þór', 'AESIR THOR'],
    ['आशा', null],
    ['Иван', null],
    ["'", null],
  ])('%s is written %s', (name, written) => {
    expect(hostName(name)).toBe(written)
  })

  it('are written in capitals A to Z, or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const written = hostName(name)
        return written === null || /^[A-Z]+( [A-Z]+)*$/.test(written)
      }),
    )
  })
})
