import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SearchResult } from '../../schemas/search.ts'
import { makeOffer } from '../testing.ts'
import type { Bytes } from './bytes.ts'
import { writeResult } from './write-result.ts'

/** Text that could be taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"offers":[]', '\\"offers":[]', 'offers', '","offers":[],"', '\u2028', '\ud800', '$&', "$'", '\\'),
)
const place = fc.constantFrom('DEL', 'BOM', 'GOI')
const slice = fc.record({
  origin: place,
  destination: place,
  departureDate: fc.constantFrom('2030-01-15', '2030-02-28'),
  offers: fc.array(
    text.map((fareBrand) => ({ ...makeOffer(), fareBrand })),
    { maxLength: 4 },
  ),
  nextCursor: fc.option(fc.constant('bmV4dA')),
})

test('is to the letter what JSON.stringify gives', () => {
  fc.assert(
    fc.property(fc.array(slice, { maxLength: 3 }), fc.boolean(), text, (slices, complete, detail) => {
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
          currency: 'INR',
          sort: 'price',
          maxStops: null,
          airlines: null,
          maxPrice: null,
          limit: 50,
        },
        complete,
        slices,
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
      const merged = slices.map(({ offers, ...rest }) => {
        const written = offers.map((offer) => JSON.stringify(offer)).join(',')
        return { ...rest, offers: { write: (bytes: Bytes) => bytes.text(written) } }
      })
      expect(writeResult({ ...result, slices: merged }).toString()).toBe(JSON.stringify(result))
    }),
  )
})
