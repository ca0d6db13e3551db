import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyCodes, fromMinor, multiply, sum } from './money.ts'
import { splitIn, totalsOf } from './totals.ts'

const currency = fc.constantFrom(...currencyCodes)
const minor = fc.integer({ min: 0, max: 50_000_000 })
const offer = fc.tuple(minor, minor, currency).map(([base, taxes, code]) => ({
  price: fromMinor(base + taxes, code),
  basePrice: fromMinor(base, code),
  taxes: fromMinor(taxes, code),
}))
const seat = fc.tuple(minor, currency).map(([price, code]) => ({ price: fromMinor(price, code) }))
const bag = fc
  .tuple(minor, currency, fc.integer({ min: 1, max: 9 }))
  .map(([price, code, quantity]) => ({ price: fromMinor(price, code), quantity }))

test('a split adds up to the converted price in every currency', () => {
  fc.assert(
    fc.property(offer, currency, (split, code) => {
      const { price, basePrice, taxes } = splitIn(split, code)
      expect(sum([basePrice, taxes], code)).toEqual(price)
    }),
  )
})

test('a price that is all taxes does not get a negative base by rounding', () => {
  const split = { price: fromMinor(5, 'KWD'), basePrice: fromMinor(0, 'KWD'), taxes: fromMinor(5, 'KWD') }
  expect(splitIn(split, 'JPY')).toEqual({
    price: splitIn(split, 'JPY').taxes,
    basePrice: fromMinor(0, 'JPY'),
    taxes: splitIn(split, 'JPY').price,
  })
})

test('whoever adds up the shown prices gets the total, and so do the parts', () => {
  fc.assert(
    fc.property(
      fc.array(offer, { minLength: 1, maxLength: 4 }),
      fc.array(seat, { maxLength: 6 }),
      fc.array(bag, { maxLength: 4 }),
      currency,
      (offers, seats, baggage, code) => {
        const totals = totalsOf({ offers, seats, baggage }, code)
        const itineraryTotal = totalsOf({ offers, seats: [], baggage: [] }, code).total
        const shownSeats = seats.map((one) => sum([one.price], code))
        const shownBags = baggage.map((one) => multiply(sum([one.price], code), one.quantity))
        expect(totals.total).toEqual(sum([itineraryTotal, ...shownSeats, ...shownBags], code))
        expect(totals.total).toEqual(sum([totals.base, totals.taxes, totals.seats, totals.baggage], code))
        expect(itineraryTotal).toEqual(
          sum(
            offers.map((one) => splitIn(one, code).price),
            code,
          ),
        )
      },
    ),
  )
})
