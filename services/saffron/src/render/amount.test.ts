import fc from 'fast-check'
import { expect, it } from 'vitest'
import { amount, minorUnits } from './amount.ts'

it('writes two decimals, whatever the size', () => {
  expect([0, 7, 50, 100, 425_000].map(amount)).toEqual(['0.00', '0.07', '0.50', '1.00', '4250.00'])
})

it('loses nothing on the way there and back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99_999_999_999_999 }), (minor) => {
      const text = amount(minor)
      return /^\d+\.\d{2}$/.test(text) && minorUnits(text) === minor
    }),
  )
})
