import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountNumber, exactAmount } from './amount.ts'

test('an amount is the decimal that was sent, with all its decimals, and goes back as the same number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999_999n }), (satang) => {
      const digits = `${satang}`.padStart(3, '0')
      const decimal = `${digits.slice(0, -2)}.${digits.slice(-2)}`
      const sent = decimal.replace(/\.?0+$/, '') || '0'
      for (const text of [decimal, decimal.includes('.') ? sent : decimal]) {
        expect(exactAmount(JSON.parse(text))).toBe(decimal)
      }
      expect(exactAmount(JSON.parse(JSON.stringify(amountNumber(decimal))))).toBe(decimal)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['more decimals than baht have', '12450.505'],
  ['a sum that was made of floats', '0.30000000000000004'],
  ['a hair above a whole number', '4250.000001'],
  ['less than nothing', '-1'],
  ['less than a satang', '1e-7'],
  ['a number without end', '1e300'],
  ['more digits than an amount may have', '1000000000000'],
])('%s is no amount: %s', (_, text) => {
  expect(exactAmount(JSON.parse(text))).toBeNull()
})

test('an amount in another notation is the same amount', () => {
  expect(exactAmount(JSON.parse('1.24505e4'))).toBe('12450.50')
  expect(exactAmount(JSON.parse('-0'))).toBe('0.00')
})

test('what is no finite number is no amount', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(exactAmount(value)).toBeNull()
})
