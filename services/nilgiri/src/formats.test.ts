import fc from 'fast-check'
import { expect, it } from 'vitest'
import { daysBetween, hostDate, hostDay, hostInstant, hostTime, isoDate } from './formats.ts'

const days = fc.integer({ min: 0, max: 36_524 }).map((day) => {
  return new Date(Date.UTC(2000, 0, 1) + day * 86_400_000).toISOString().slice(0, 10)
})

it('writes every day of the century so that it reads back', () => {
  fc.assert(
    fc.property(days, (day) => isoDate(hostDate(day)) === day && isoDate(hostDay(day) + day.slice(0, 4)) === day),
  )
})

it('writes days, times and moments as terminals do', () => {
  expect(hostDate('2030-01-05')).toBe('05JAN30')
  expect(hostTime('2030-01-05T06:10:00')).toBe('0610')
  expect(hostInstant(Date.UTC(2030, 11, 31, 23, 59, 59))).toBe('31DEC30 2359Z')
  expect(daysBetween('2030-02-28', '2030-03-01T00:10:00')).toBe(1)
})

it.each(['31FEB30', '00JAN30', '15JAM30', '15jan30', '1JAN30', '15JAN203', '29FEB2030', ''])(
  'reads no date in %j',
  (text) => {
    expect(isoDate(text)).toBeNull()
  },
)
