import { describe, expect, test } from 'vitest'
import type { Offer } from '../../schemas/offer.ts'
import { delhiMumbai, makeConnector, makeOffer, noon } from '../testing.ts'
import { checkOffers, checkTimes } from './offer-sense.ts'

const { airline } = makeConnector('alpha')
const offer = makeOffer({ expiresAt: '2030-01-10T18:00:00Z' })
const [segment] = offer.slice.segments
const [share] = offer.perPassenger
if (!segment || !share) throw new Error('an offer has a flight and a passenger')

const inr = (amount: string) => ({ amount, currency: 'INR' })
const check = (offers: readonly Offer[], query = delhiMumbai) => checkOffers(airline, query, offers)

/** The offer in another form, its price in its id. */
const priced = (amount: string, parts: Partial<Offer>): Offer => ({ ...makeOffer({ ...traits, amount }), ...parts })
const traits = { expiresAt: '2030-01-10T18:00:00Z' }
const flown = (parts: Partial<Offer['slice']>): Offer => ({ ...offer, slice: { ...offer.slice, ...parts } })
const connecting = (next: Partial<typeof segment>): Offer => {
  const onward = {
    ...segment,
    id: '0A2-2030-01-15-BOM',
    flightNumber: '0A2',
    origin: 'BOM',
    destination: 'GOI',
    departingAt: '2030-01-15T10:00:00+05:30',
    arrivingAt: '2030-01-15T11:00:00+05:30',
    ...next,
  }
  return flown({ segments: [segment, onward], destination: 'GOI', arrivingAt: onward.arrivingAt, stops: 1 })
}
const toGoa = { ...delhiMumbai, destination: 'GOI' }

describe('what makes sense', () => {
  test('is let through, as nothing at all is', () => {
    expect(() => check([offer])).not.toThrow()
    expect(() => check([])).not.toThrow()
    expect(() => check([connecting({})], toGoa)).not.toThrow()
  })

  test('is let through though it was over a moment ago by the airline’s clock, or in transit', () => {
    expect(() => check([makeOffer({ expiresAt: new Date(noon - 59_000).toISOString() })])).not.toThrow()
  })
})

describe('what makes none is malformed', () => {
  test.each<[string, Offer[]]>([
    ['an id twice', [offer, { ...offer }]],
    ['another airline’s', [makeOffer({ ...traits, airline: 'beta' })]],
    ['another airline’s id', [{ ...offer, id: offer.id.replace('alpha', 'beta') }]],
    ['another price in the id', [{ ...offer, id: offer.id.replace('1000', '100') }]],
    ['another currency', [makeOffer({ ...traits, currency: 'USD' })]],
    ['nothing to pay', [makeOffer({ ...traits, amount: '0.00' })]],
    ['less than nothing', [priced('100.00', { basePrice: inr('-80.00') })]],
    ['two prices', [priced('100.00', { price: inr('90.00') })]],
    ['parts that do not add up', [priced('100.00', { taxes: inr('20.01') })]],
    ['passengers that do not add up', [{ ...offer, perPassenger: [{ ...share, taxes: inr('0.00') }] }]],
    [
      'a fee in another currency',
      [
        {
          ...offer,
          conditions: { ...offer.conditions, change: { allowed: true, fee: { amount: '5.00', currency: 'USD' } } },
        },
      ],
    ],
    ['another route', [makeOffer({ ...traits, destination: 'BLR' })]],
    ['another day', [makeOffer({ ...traits, departingAt: '2030-01-16T06:00:00+05:30' })]],
    ['another cabin', [makeOffer({ ...traits, cabin: 'business' })]],
    ['another party', [makeOffer({ ...traits, passengers: [{ id: 'p1', type: 'child' }] })]],
    [
      'a passenger too many',
      [
        makeOffer({
          ...traits,
          passengers: [
            { id: 'p1', type: 'adult' },
            { id: 'p2', type: 'adult' },
          ],
        }),
      ],
    ],
    ['arrival before departure', [makeOffer({ ...traits, arrivingAt: '2030-01-15T05:59:00+05:30' })]],
    ['a flight of weeks', [makeOffer({ ...traits, arrivingAt: '2030-02-15T05:59:00+05:30' })]],
    ['no flight', [flown({ segments: [] })]],
    ['a stop too many', [makeOffer({ ...traits, stops: 1 })]],
    ['a slice of other times', [flown({ departingAt: '2030-01-15T07:00:00+05:30' })]],
    ['a time that is none', [makeOffer({ ...traits, arrivingAt: 'soon' })]],
    ['a flight named after another', [flown({ segments: [{ ...segment, id: '0A9-2030-01-15-DEL' }] })]],
    ['seats that cannot be counted', [{ ...offer, seatsLeft: 1.5 }]],
    ['no time to expire', [{ ...offer, expiresAt: 'later' }]],
    ['absurdly many', Array.from({ length: 2001 }, (_, n) => makeOffer({ ...traits, ref: `A${n}` }))],
  ])('%s', (_, offers) => {
    expect(() => check(offers)).toThrow(expect.objectContaining({ kind: 'malformed', airline: 'alpha' }))
  })

  test.each([
    ['flights that do not join', { origin: 'BLR', id: '0A2-2030-01-15-BLR' }],
    ['a flight that leaves before the one before arrives', { departingAt: '2030-01-15T08:00:00+05:30' }],
    ['the same flight again', { ...segment, destination: 'GOI' }],
  ])('%s', (_, next) => {
    expect(() => check([connecting(next)], toGoa)).toThrow(expect.objectContaining({ kind: 'malformed' }))
  })
})

test('an offer that was over when it was asked for is no answer, save where the airline’s clock may be behind', () => {
  const expiresAt = Date.parse('2030-01-10T18:00:00Z')
  const checkAt = (askedAt: number) => () => checkTimes(airline, [{ expiresAt: askedAt }, { expiresAt }], askedAt)
  expect(checkAt(expiresAt + 60_001)).toThrow('over before')
  expect(checkAt(expiresAt + 60_000)).not.toThrow()
})
