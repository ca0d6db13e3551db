import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, convert } from '../../money/money.ts'
import type { Offer } from '../../schemas/offer.ts'
import type { Sort } from '../../schemas/search.ts'
import { offerIn } from '../offer-currency.ts'
import { makeOffer, mergeListed, noon } from '../testing.ts'
import type { Position } from './cursor.ts'
import { type MergeOptions, mergeOffers } from './merge.ts'
import { journeyOf, listOffers, readOfferList } from './offer-list.ts'
import { writeOffers } from './write-result.ts'

const everything: MergeOptions = {
  currency: 'INR',
  sort: 'price',
  maxStops: null,
  maxPrice: null,
  limit: 1_000,
  after: null,
  now: noon,
}
/** Lists as airlines give them: each in one currency. */
const listed = (offers: readonly Offer[]) =>
  [...Map.groupBy(offers, ({ airline, price }) => `${airline} ${price.currency}`).values()].flatMap(
    (own) => listOffers(own).offers,
  )
const merge = (offers: readonly Offer[], options: Partial<MergeOptions> = {}) =>
  mergeListed(listed(offers), { ...everything, ...options })
const idsOf = (offers: readonly Offer[]) => offers.map(({ id }) => id)

/** Text that could be taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"offers":[]', '\\"price":{', '","price":{', '\u2028', '\ud800', '$&', "$'", '\\', '\n', 'กรุงเทพ'),
)

/** Offers of few journeys, so that many are on the same flights; every id once. */
const someOffers = fc
  .array(
    fc.record({
      airline: fc.constantFrom('alpha', 'beta', 'gamma'),
      amount: fc.integer({ min: 100, max: 400 }).map((units) => `${units}.00`),
      currency: fc.constantFrom('INR', 'USD', 'JPY'),
      departingAt: fc.constantFrom('2030-01-15T06:00:00+05:30', '2030-01-15T07:30:00+05:30', '2030-01-15T00:30:00Z'),
      arrivingAt: fc.constantFrom('2030-01-15T09:00:00+05:30', '2030-01-15T10:15:00+05:30'),
      operatingCarrier: fc.constantFrom('0A', '0B'),
      cabin: fc.constantFrom('economy', 'business'),
      fareBrand: text,
      // A moment to Date.parse, too, and yet no text to be copied as it is.
      expiresAt: fc.constantFrom('2030-01-10T13:00:00Z', 'Thu, 10 Jan 2030 13:00:00 GMT ("one")'),
      stops: fc.nat({ max: 2 }),
    }),
    { maxLength: 60 },
  )
  .map((traits) => traits.map((one, index) => makeOffer({ ...one, ref: `R${index}` })))
const sort = fc.constantFrom<Sort>('price', 'duration', 'departure')

describe('every offer', () => {
  test('is in the list exactly once, as a row or as an alternative', () => {
    fc.assert(
      fc.property(someOffers, sort, (offers, by) => {
        const rows = merge(offers, { sort: by }).offers
        const shown = rows.flatMap(({ id, sameFlight }) => [id, ...sameFlight.map(({ offerId }) => offerId)])
        expect(shown.sort()).toEqual(idsOf(offers).sort())
      }),
    )
  })

  test('stands with those of the same journey, under the cheapest of them', () => {
    fc.assert(
      fc.property(someOffers, (offers) => {
        const byId = new Map(offers.map((offer) => [offer.id, offer]))
        const rows = merge(offers).offers
        expect(new Set(rows.map(journeyOf)).size).toBe(rows.length)
        for (const row of rows) {
          let last = row.price
          for (const { offerId, price, airline } of row.sameFlight) {
            const offer = byId.get(offerId)
            expect(offer?.airline).toBe(airline)
            expect(offer && journeyOf(offer)).toBe(journeyOf(row))
            expect(compare(price, last)).toBeGreaterThanOrEqual(0)
            last = price
          }
        }
      }),
    )
  })

  test('is shown the same whatever was asked of it before', () => {
    const question = fc.record({ currency: fc.constantFrom('INR', 'USD', 'KWD'), sort, limit: fc.nat({ max: 9 }) })
    fc.assert(
      fc.property(someOffers, fc.array(question, { minLength: 2, maxLength: 5 }), (offers, questions) => {
        const kept = listed(offers)
        for (const asked of questions) {
          const options = { ...everything, ...asked }
          expect(mergeListed(kept, options)).toEqual(mergeListed(listed(offers), options))
        }
      }),
    )
  })

  test('is written to the letter as JSON.stringify gives it', () => {
    fc.assert(
      fc.property(someOffers, fc.constantFrom('INR', 'USD', 'THB'), (offers, currency) => {
        const byId = new Map(offers.map((offer) => [offer.id, offerIn(offer, currency)]))
        const merged = mergeOffers(listed(offers), { ...everything, currency })
        const rows: Offer[] = JSON.parse(`[${writeOffers(merged)}]`)
        const expected = rows.map(({ id, sameFlight: others }) => {
          const sameFlight = others.map(({ offerId }) => {
            const { airline, fareBrand, price, conditions, baggage, seatsLeft } = byId.get(offerId) ?? makeOffer()
            return { offerId, airline, fareBrand, price, conditions, baggage, seatsLeft }
          })
          return { ...byId.get(id), sameFlight }
        })
        expect(`[${writeOffers(merged)}]`).toBe(JSON.stringify(expected))
      }),
    )
  })

  test('is the same once its list was kept and read again; a list that was cut off does not read', () => {
    fc.assert(
      fc.property(someOffers, fc.nat(), (all, at) => {
        const offers = all.filter(({ price, airline }) => price.currency === 'USD' && airline === 'alpha')
        const { offers: kept, body } = listOffers(offers)
        expect(readOfferList(body)?.offers).toEqual(kept)
        expect(readOfferList(body.subarray(0, at % body.length))).toBeNull()
      }),
    )
  })

  test('is priced in the currency asked for', () => {
    fc.assert(
      fc.property(someOffers, fc.constantFrom('INR', 'USD', 'THB'), (offers, currency) => {
        const quoted = new Map(offers.map((offer) => [offer.id, convert(offer.airlinePrice, currency)]))
        for (const { id, price, sameFlight } of merge(offers, { currency }).offers) {
          expect(price).toEqual(quoted.get(id))
          for (const other of sameFlight) expect(other.price).toEqual(quoted.get(other.offerId))
        }
      }),
    )
  })
})

describe('the journey', () => {
  const one = makeOffer()

  test('is the same under another flight number, seller, brand or way to write the instant', () => {
    const [segment] = one.slice.segments
    if (!segment) throw new Error('an offer has a segment')
    const codeshare = { ...segment, flightNumber: '0B9', marketingCarrier: '0B', departingAt: '2030-01-15T00:30:00Z' }
    expect(journeyOf({ ...one, slice: { ...one.slice, segments: [codeshare] } })).toBe(journeyOf(one))
  })

  test('is another with another operating carrier, time, cabin, airport or a further flight', () => {
    const [segment] = one.slice.segments
    if (!segment) throw new Error('an offer has a segment')
    const others = [
      [{ ...segment, operatingCarrier: '0B' }],
      [{ ...segment, departingAt: '2030-01-15T06:01:00+05:30' }],
      [{ ...segment, cabin: 'business' as const }],
      [{ ...segment, destination: 'BLR' }],
      [{ ...segment, origin: 'BLR' }],
      [segment, segment],
    ]
    const journeys = others.map((segments) => journeyOf({ ...one, slice: { ...one.slice, segments } }))
    expect(new Set([journeyOf(one), ...journeys]).size).toBe(others.length + 1)
  })
})

describe('the order', () => {
  const early = makeOffer({
    ref: 'early',
    amount: '300.00',
    departingAt: '2030-01-15T05:00:00+05:30',
    arrivingAt: '2030-01-15T08:10:00+05:30',
  })
  const cheap = makeOffer({ ref: 'cheap', amount: '100.00', arrivingAt: '2030-01-15T09:00:00+05:30' })
  const quick = makeOffer({
    ref: 'quick',
    amount: '200.00',
    departingAt: '2030-01-15T07:00:00+05:30',
    arrivingAt: '2030-01-15T08:00:00+05:30',
  })

  test('by price, duration or departure', () => {
    const by = (sort: Sort) => idsOf(merge([quick, early, cheap], { sort }).offers)
    expect(by('price')).toEqual(idsOf([cheap, quick, early]))
    expect(by('duration')).toEqual(idsOf([quick, cheap, early]))
    expect(by('departure')).toEqual(idsOf([early, cheap, quick]))
  })

  test('9.00 comes before 10.00, and a price in another currency stands where its worth is', () => {
    const offers = [
      makeOffer({ ref: 'a', amount: '10.00', operatingCarrier: '0A' }),
      makeOffer({ ref: 'b', amount: '9.00', operatingCarrier: '0B' }),
      makeOffer({ ref: 'c', amount: '1.00', currency: 'USD', operatingCarrier: '0C' }),
    ]
    expect(merge(offers).offers.map(({ price }) => price.amount)).toEqual(['9.00', '10.00', '88.72'])
  })

  test('does not depend on who answered first', () => {
    fc.assert(
      fc.property(someOffers, sort, (offers, by) => {
        expect(merge([...offers].reverse(), { sort: by })).toEqual(merge(offers, { sort: by }))
      }),
    )
  })
})

describe('pages', () => {
  test('put together they are the whole list, whatever their size', () => {
    fc.assert(
      fc.property(someOffers, sort, fc.integer({ min: 1, max: 7 }), (offers, by, limit) => {
        const whole = merge(offers, { sort: by }).offers
        const pages: Offer[] = []
        let after: Position | null = null
        do {
          const page = merge(offers, { sort: by, limit, after })
          expect(page.offers.length).toBeLessThanOrEqual(limit)
          pages.push(...page.offers)
          after = page.next
        } while (after !== null)
        expect(pages).toEqual(whole)
      }),
    )
  })

  test('a row that vanished in between takes no other with it', () => {
    const offers = ['1', '2', '3', '4'].map((hour) =>
      makeOffer({ ref: `R${hour}`, amount: `${hour}.00`, departingAt: `2030-01-15T0${hour}:00:00+05:30` }),
    )
    const first = merge(offers, { limit: 2 })
    expect(idsOf(first.offers)).toEqual(idsOf(offers.slice(0, 2)))
    const left = offers.filter(({ id }) => id !== first.next?.id)
    expect(idsOf(merge(left, { limit: 2, after: first.next }).offers)).toEqual(idsOf(offers.slice(2)))
  })
})

describe('what is left out', () => {
  test('offers whose time has passed', () => {
    const offers = [
      makeOffer({ ref: 'over', expiresAt: '2030-01-10T12:00:00Z' }),
      makeOffer({ ref: 'good', expiresAt: '2030-01-10T12:00:00.001Z', amount: '2.00' }),
      makeOffer({ ref: 'better', expiresAt: '2030-01-10T19:00:00+05:30', amount: '1.00' }),
    ]
    const { offers: rows, expiresAt } = merge(offers)
    expect(rows.map(({ id }) => id)).toEqual([offers[2]?.id])
    expect(rows[0]?.sameFlight.map(({ offerId }) => offerId)).toEqual([offers[1]?.id])
    expect(expiresAt).toBe(noon + 1)
  })

  test('too many stops, too high a price', () => {
    const offers = [
      makeOffer({ ref: 'a', stops: 0, amount: '150.00', operatingCarrier: '0A' }),
      makeOffer({ ref: 'b', stops: 1, amount: '100.00', operatingCarrier: '0B' }),
      makeOffer({ ref: 'c', stops: 2, amount: '50.00', operatingCarrier: '0C' }),
    ]
    expect(idsOf(merge(offers, { maxStops: 1 }).offers)).toEqual(idsOf(offers.slice(0, 2).reverse()))
    expect(idsOf(merge(offers, { maxStops: 0 }).offers)).toEqual(idsOf(offers.slice(0, 1)))
    const maxPrice = { amount: '100.00', currency: 'INR' }
    expect(idsOf(merge(offers, { maxPrice }).offers)).toEqual(idsOf(offers.slice(1).reverse()))
  })

  test('nothing is asked of an empty list', () => {
    expect(merge([])).toEqual({ offers: [], next: null, expiresAt: Number.POSITIVE_INFINITY })
  })
})
