import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Offer } from '../../schemas/offer.ts'
import type { SearchResult } from '../../schemas/search.ts'
import { makeOffer, noon } from '../testing.ts'
import { mergeOffers } from './merge.ts'
import { writeResult } from './write-result.ts'

/** Text that could be taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"offers":[]', '\\"offers":[]', 'offers', '","offers":[],"', '\u2028', '\ud800', '$&', "$'", '\\'),
)
const someOffers = fc
  .array(
    fc.record({
      airline: fc.constantFrom('alpha', 'beta'),
      amount: fc.integer({ min: 100, max: 400 }).map((units) => `${units}.00`),
      currency: fc.constantFrom('INR', 'USD'),
      departingAt: fc.constantFrom('2030-01-15T06:00:00+05:30', '2030-01-15T07:30:00+05:30'),
      fareBrand: text,
    }),
    { maxLength: 12 },
  )
  .map((traits) =>
    traits.map(({ fareBrand, ...one }, index): Offer => ({ ...makeOffer({ ...one, ref: `R${index}` }), fareBrand })),
  )

const question = fc.record({
  currency: fc.constantFrom('INR', 'USD'),
  sort: fc.constantFrom('price' as const, 'duration' as const, 'departure' as const),
  limit: fc.integer({ min: 1, max: 4 }),
  left: fc.nat({ max: 12 }),
  sliceCount: fc.integer({ min: 1, max: 2 }),
  detail: text,
})

test('is to the letter what JSON.stringify gives, whatever was written of the same offers before', () => {
  fc.assert(
    fc.property(someOffers, fc.array(question, { minLength: 1, maxLength: 6 }), (offers, questions) => {
      for (const { currency, sort, limit, left, sliceCount, detail } of questions) {
        const options = { currency, sort, limit, maxStops: null, maxPrice: null, after: null, now: noon }
        // An airline's part may be missing or come anew, and with it one of the same flights.
        const merged = mergeOffers(offers.slice(0, left), options)
        const result: SearchResult = {
          query: {
            origin: 'DEL',
            destination: 'BOM',
            departureDate: '2030-01-15',
            returnDate: null,
            adults: 1,
            children: 0,
            infants: 0,
            cabin: 'economy',
            currency,
            sort,
            maxStops: null,
            airlines: null,
            maxPrice: null,
            limit,
          },
          complete: true,
          slices: Array.from({ length: sliceCount }, () => ({
            origin: 'DEL',
            destination: 'BOM',
            departureDate: '2030-01-15',
            offers: merged.offers,
            nextCursor: null,
          })),
          sources: [
            {
              airline: 'alpha',
              operation: 'search',
              status: 'error',
              cache: 'miss',
              ageMs: 0,
              durationMs: 1,
              offerCount: 0,
              reason: 'unavailable',
              detail,
            },
          ],
        }
        expect(writeResult(result)).toBe(JSON.stringify(result))
        const anew = mergeOffers(structuredClone(offers.slice(0, left)), options)
        expect(JSON.stringify(merged)).toBe(JSON.stringify(anew))
      }
    }),
  )
})
