import fc from 'fast-check'
import { expect, test } from 'vitest'
import { convert, fromMinor, sum } from '../money/money.ts'
import type { Offer } from '../schemas/offer.ts'
import { offerIn } from './offer-currency.ts'
import { makeOffer } from './testing.ts'

const minor = fc.nat({ max: 10_000_000 })
const currency = fc.constantFrom('INR', 'USD', 'JPY', 'KWD', 'THB', 'AED')

/** An offer that adds up in its airline's currency, for one to nine passengers. */
const offers = fc
  .tuple(fc.array(fc.tuple(minor, minor), { minLength: 1, maxLength: 9 }), currency)
  .map(([shares, code]): Offer => {
    const add = (amounts: number[]) =>
      fromMinor(
        amounts.reduce((total, amount) => total + amount, 0),
        code,
      )
    const price = add(shares.flat())
    return {
      ...makeOffer(),
      price,
      airlinePrice: price,
      basePrice: add(shares.map(([base]) => base)),
      taxes: add(shares.map(([, taxes]) => taxes)),
      perPassenger: shares.map(([base, taxes], index) => ({
        passengerId: `p${index + 1}`,
        type: 'adult',
        basePrice: add([base]),
        taxes: add([taxes]),
        price: add([base, taxes]),
      })),
    }
  })

test('what adds up in the airline’s currency adds up in any other', () => {
  fc.assert(
    fc.property(offers, currency, (offer, code) => {
      const shown = offerIn(offer, code)
      expect(shown.price).toEqual(convert(offer.airlinePrice, code))
      expect(sum([shown.basePrice, shown.taxes], code)).toEqual(shown.price)
      const add = (part: 'basePrice' | 'taxes' | 'price') =>
        sum(
          shown.perPassenger.map((passenger) => passenger[part]),
          code,
        )
      expect(add('price')).toEqual(shown.price)
      expect(add('taxes')).toEqual(shown.taxes)
      expect(add('basePrice')).toEqual(shown.basePrice)
      for (const one of shown.perPassenger) expect(sum([one.basePrice, one.taxes], code)).toEqual(one.price)
    }),
  )
})

test('what the airline quoted stays as it is, and so does the offer given', () => {
  const offer = makeOffer({ amount: '100.00', currency: 'USD' })
  const before = structuredClone(offer)
  const shown = offerIn(offer, 'INR')
  expect(shown.price).toEqual({ amount: '8872.40', currency: 'INR' })
  expect(shown.airlinePrice).toEqual({ amount: '100.00', currency: 'USD' })
  expect(offer).toEqual(before)
})
