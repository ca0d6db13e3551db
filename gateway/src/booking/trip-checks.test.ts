import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PricedOffer } from '../schemas/offer.ts'
import type { Passenger, PassengerType } from '../schemas/passenger.ts'
import { adult } from './testing.ts'
import { ageOn, checkTrip } from './trip-checks.ts'

function person(id: string, type: PassengerType, bornOn: string): Passenger {
  return { ...adult, id, type, bornOn }
}

/** As much of an offer as the checks read. */
function offer(departingAt: string, arrivingAt: string, party: PassengerType[] = ['adult']): PricedOffer {
  const money = { amount: '1.00', currency: 'INR' }
  const split = { price: money, basePrice: money, taxes: money }
  return {
    id: 'alpha~1.00INR~A1',
    airline: 'alpha',
    slice: { origin: 'DEL', destination: 'BOM', departingAt, arrivingAt, duration: 'PT2H', stops: 0, segments: [] },
    fareBrand: 'Basic',
    ...split,
    airlinePrice: money,
    perPassenger: party.map((type, index) => ({ passengerId: `p${index + 1}`, type, ...split })),
    conditions: { change: { allowed: false, fee: null }, cancel: { allowed: false, fee: null } },
    baggage: [],
    seatsLeft: null,
    expiresAt: '2030-01-10T13:00:00Z',
    quotedPrice: money,
    priceChanged: false,
  }
}

const out = (party?: PassengerType[]) => offer('2030-01-15T06:00:00+05:30', '2030-01-15T08:00:00+05:30', party)

describe('ages on the day of travel', () => {
  test.each([
    ['adult', '2018-01-15', true],
    ['adult', '2018-01-16', false],
    ['child', '2018-01-16', true],
    ['child', '2018-01-15', false],
    ['child', '2028-01-15', true],
    ['child', '2028-01-16', false],
    ['infant', '2028-01-16', true],
    ['infant', '2028-01-15', false],
    ['infant', '2030-01-15', true],
    ['infant', '2030-01-16', false],
  ] as const)('%s born on %s: %s', (type, bornOn, fits) => {
    const people = [adult, person('p2', type, bornOn)]
    const check = () => checkTrip(people, [out(['adult', type])])
    if (fits) expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code: 'invalid_passengers' }))
  })

  test('hold on every slice: an infant who turns two before the way back is none', () => {
    const back = offer('2030-02-15T06:00:00+05:30', '2030-02-15T08:00:00+05:30', ['adult', 'infant'])
    const people = [adult, person('p2', 'infant', '2028-02-01')]
    expect(() => checkTrip(people, [out(['adult', 'infant'])])).not.toThrow()
    expect(() => checkTrip(people, [out(['adult', 'infant']), back])).toThrow(/p2 2 years old on 2030-02-15/)
  })

  test('someone born on 29 February has a birthday on 1 March of other years', () => {
    expect(ageOn('2029-02-28', '2028-02-29')).toBe(0)
    expect(ageOn('2029-03-01', '2028-02-29')).toBe(1)
  })

  test('grow by one on each birthday', () => {
    const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 100 }), (date, years) => {
        const bornOn = date.toISOString().slice(0, 10)
        const birthday = `${Number(bornOn.slice(0, 4)) + years}${bornOn.slice(4)}`
        expect(ageOn(birthday, bornOn)).toBe(years)
      }),
    )
  })
})

describe('the offers', () => {
  test('are for these passengers', () => {
    expect(() => checkTrip([adult], [out(['adult', 'adult'])])).toThrow(
      expect.objectContaining({ code: 'invalid_passengers' }),
    )
  })

  test('are for the same passengers', () => {
    const back = offer('2030-01-20T06:00:00+05:30', '2030-01-20T08:00:00+05:30', ['adult', 'adult'])
    expect(() => checkTrip([adult], [out(), back])).toThrow(expect.objectContaining({ code: 'offers_conflict' }))
  })

  test('do not overlap, by the instant and not by the clock on the wall', () => {
    // Arrives at 08:00 in India, which is 06:30 in Dubai.
    const tooEarly = offer('2030-01-15T06:29:00+04:00', '2030-01-15T09:00:00+04:00')
    const inTime = offer('2030-01-15T06:30:00+04:00', '2030-01-15T09:00:00+04:00')
    for (const offers of [
      [out(), tooEarly],
      [tooEarly, out()],
    ]) {
      expect(() => checkTrip([adult], offers)).toThrow(expect.objectContaining({ code: 'offers_conflict' }))
    }
    expect(() => checkTrip([adult], [inTime, out()])).not.toThrow()
  })
})
