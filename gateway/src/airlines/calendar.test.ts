import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDay, isMoment } from './calendar.ts'

test('every day and second that a date has is one', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const text = date.toISOString()
      expect([isDay(text.slice(0, 10)), isMoment(text.slice(0, 19))]).toEqual([true, true])
    }),
  )
})

test.each(['2030-02-29', '2030-04-31', '2030-13-01', '2030-00-10', '2030-01-00', '30-01-01', '2030-1-1', ''])(
  '%s is no day, however often it is asked',
  (text) => {
    expect([isDay(text), isDay(text), isMoment(`${text}T06:10:00`)]).toEqual([false, false, false])
  },
)

test.each(['24:00:00', '23:60:00', '23:59:60', '6:10:00', '06:10', '06:10:00Z', ''])('%s is no time of day', (time) => {
  expect(isMoment(`2030-01-15T${time}`)).toBe(false)
  expect(isMoment(`2030-01-15 ${time}`)).toBe(false)
})
