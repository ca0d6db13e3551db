import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amount, minorUnits } from './amount.ts'

test('every amount is written as its own decimal and read back to the satang', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (minor) => {
      const text = JSON.stringify(amount(minor))
      const digits = `${minor}`.padStart(3, '0')
      const decimal = `${digits.slice(0, -2)}.${digits.slice(-2)}`
      expect(text).toBe(decimal.replace(/\.?0{1,2}$/, ''))
      expect(minorUnits(JSON.parse(text))).toBe(minor)
    }),
    { numRuns: 2_000 },
  )
})

test('what has more than two decimals is no amount', () => {
  for (const text of ['0.001', '12450.505', '0.30000000000000004', '1e-7', '-1', '1e300']) {
    expect(minorUnits(JSON.parse(text))).toBeNull()
  }
})
