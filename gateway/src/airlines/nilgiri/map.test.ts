import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import type { OrderDraft } from '../connector.ts'
import {
  cabinCode,
  fareSearch,
  mapBaggage,
  mapCode,
  mapFareSearch,
  mapPnr,
  mapQuote,
  mapRefund,
  mapSeatMaps,
  mapServices,
  namesEntry,
  servicesEntry,
} from './map.ts'
import {
  type Answer,
  readBaggage,
  readFareSearch,
  readPnr,
  readQuote,
  readRefund,
  readSeatMaps,
  readServices,
} from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false, allErrors: true })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

function expectToBe(component: string, value: unknown) {
  expect(ajv.validate(`${component}#`, value) ? [] : ajv.errors).toEqual([])
}

function done<T>(answer: Answer<T>): T {
  if ('refusal' in answer) throw new Error(answer.refusal.text)
  return answer.value
}

const fils = ({ amount }: { amount: string }) => Number(amount.replace('.', ''))
const quote = done(readQuote(fixture('quote')))
const ref = {
  airline: 'nilgiri',
  quotedPrice: { amount: quote.fare.total, currency: 'AED' },
  ref: quote.fare.quote,
}

describe('offers', () => {
  const offers = mapFareSearch(done(readFareSearch(fixture('fares'))))

  it('are one per line and class, in the order of the display', () => {
    expect(offers.length).toBeGreaterThan(5)
    for (const offer of offers) expectToBe('Offer', offer)
    expect(offers.slice(0, 3).map(({ fareBrand }) => fareBrand)).toEqual(['Saver', 'Value', 'Full Fare'])
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length)
  })

  it('say flights, times with their offsets, and what is left', () => {
    expect(offers[1]).toMatchObject({
      airline: 'nilgiri',
      slice: {
        origin: 'DEL',
        destination: 'BOM',
        departingAt: '2030-01-15T05:55:00+05:30',
        arrivingAt: '2030-01-15T07:55:00+05:30',
        duration: 'PT2H',
        stops: 0,
        segments: [
          {
            id: '0N761-2030-01-15-DEL',
            flightNumber: '0N761',
            originTimeZone: 'Asia/Kolkata',
            cabin: 'economy',
            bookingClass: 'M',
            fareBasisCode: 'MOWIN',
          },
        ],
      },
      conditions: {
        change: { allowed: true, fee: { amount: '80.00', currency: 'AED' } },
        cancel: { allowed: true, fee: { amount: '150.00', currency: 'AED' } },
      },
      seatsLeft: 9,
      expiresAt: '2030-01-01T03:35:00Z',
    })
    expect(offers[0]?.conditions.cancel).toEqual({ allowed: false, fee: null })
  })

  it('split the price over the family, adults first', () => {
    for (const { price, basePrice, taxes, perPassenger } of offers) {
      expect(perPassenger.map(({ passengerId, type }) => [passengerId, type])).toEqual([
        ['p1', 'adult'],
        ['p2', 'adult'],
        ['p3', 'child'],
        ['p4', 'infant'],
      ])
      expect(perPassenger.reduce((sum, one) => sum + fils(one.price), 0)).toBe(fils(price))
      expect(perPassenger.reduce((sum, one) => sum + fils(one.taxes), 0)).toBe(fils(taxes))
      expect(fils(basePrice) + fils(taxes)).toBe(fils(price))
    }
  })

  it('include baggage by weight and by piece', () => {
    const segmentIds = ['0N761-2030-01-15-DEL']
    expect(offers[1]?.baggage).toEqual([
      { segmentIds, passengerIds: ['p1', 'p2', 'p3'], kind: 'carry_on', pieces: null, weightKg: 7 },
      { segmentIds, passengerIds: ['p1', 'p2', 'p3'], kind: 'checked', pieces: null, weightKg: 23 },
      { segmentIds, passengerIds: ['p4'], kind: 'checked', pieces: null, weightKg: 10 },
    ])
    const [business] = mapFareSearch(done(readFareSearch(fixture('fares-connection'))))
    expect(business?.baggage[1]).toMatchObject({ kind: 'checked', pieces: 2, weightKg: null })
  })

  it('connect across time zones, and take the fullest flight for what is left', () => {
    const search = done(readFareSearch(fixture('fares-connection')))
    const [line] = search.lines
    const [first, second] = line?.segments ?? []
    if (!line || !first || !second) throw new Error('the fixture holds a connection')
    for (const offer of mapFareSearch(search)) expectToBe('Offer', offer)
    const segments: [typeof first, typeof first] = [
      { ...first, status: 'C9 D7' },
      { ...second, status: 'C4 D0' },
    ]
    const [inC, inD] = ['C', 'D'].map((rbd) => {
      const fares = line.fares.filter((fare) => fare.rbd === rbd)
      return mapFareSearch({ lines: [{ segments, fares }] })[0]
    })
    expect([inC?.seatsLeft, inD?.seatsLeft]).toEqual([4, 0])
    expect(inC?.slice).toMatchObject({ stops: 1, origin: 'TRV', destination: 'LHR' })
    expect(inC?.slice.departingAt).toMatch(/\+05:30$/)
    expect(inC?.slice.arrivingAt).toMatch(/\+00:00$/)
    const unsaid: [typeof first, typeof first] = [first, { ...second, status: '' }]
    expect(mapFareSearch({ lines: [{ segments: unsaid, fares: line.fares }] })[0]?.seatsLeft).toBeNull()
  })

  it('are none where nothing flies', () => {
    expect(mapFareSearch(done(readFareSearch(fixture('fares-none'))))).toEqual([])
  })

  it('keep their id when they are priced, and say whether the price moved', () => {
    const priced = mapQuote(quote, ref)
    expectToBe('PricedOffer', priced)
    const { quotedPrice: _, priceChanged, ...offer } = priced
    expect(priceChanged).toBe(false)
    expect({ ...offer, sameFlight: [] }).toEqual(offers[1])
    const quotedPrice = { amount: '1.00', currency: 'AED' }
    const moved = mapQuote(quote, { ...ref, quotedPrice })
    expect(moved).toMatchObject({ id: `nilgiri~1.00AED~${ref.ref}`, quotedPrice, priceChanged: true })
  })
})

describe('seats', () => {
  it('are those of the flight, at prices in dirhams', () => {
    const maps = mapSeatMaps(done(readSeatMaps(fixture('seat-maps'))))
    for (const map of maps) expectToBe('SeatMap', map)
    expect(maps).toMatchObject([{ segmentId: '0N761-2030-01-15-DEL', aircraft: '32N', cabins: [{ cabin: 'economy' }] }])
    const [cabin] = maps[0]?.cabins ?? []
    expect(cabin?.columns).toEqual(['A', 'B', 'C', null, 'D', 'E', 'F'])
    const seats = cabin?.rows.flatMap((row) => row.seats.flatMap((seat) => seat ?? [])) ?? []
    expect(seats.find(({ designator }) => designator === '12A')).toMatchObject({
      kind: 'window',
      price: { amount: '40.00', currency: 'AED' },
      traits: ['exit_row', 'extra_legroom', 'no_infant', 'over_wing'],
    })
    expect(cabin?.rows.find(({ number }) => number === 12)).toMatchObject({ exit: true, wing: true })
    expect(seats.find(({ designator }) => designator === '27D')).toMatchObject({
      available: false,
      price: null,
      traits: expect.arrayContaining(['blocked']),
    })
    expect(seats.filter(({ available }) => available).length).toBeGreaterThan(10)
  })

  it('with marks and states that we do not know are not free, and lose the mark', () => {
    const seat = { seat: '1A', state: '?', marks: 'W ZZ K', amount: '1.00' }
    const [map] = mapSeatMaps({
      maps: [
        {
          carrier: '0N',
          number: '1',
          date: '15JAN30',
          from: 'DEL',
          equipment: '333',
          cabin: 'C',
          columns: 'AC DG',
          rows: [{ row: 1, seats: [seat, { ...seat, seat: '1G', state: 'F', amount: null }] }],
        },
      ],
    })
    expect(map?.cabins).toMatchObject([
      {
        cabin: 'business',
        columns: ['A', 'C', null, 'D', 'G'],
        rows: [
          {
            exit: false,
            seats: [{ available: false, traits: ['bulkhead'] }, null, null, { available: false, price: null }],
          },
        ],
      },
    ])
  })
})

describe('baggage', () => {
  it('is for sale by weight and by piece to everyone who has a seat', () => {
    const options = mapBaggage(done(readBaggage(fixture('baggage'))))
    expectToBe('BaggageOptions', options)
    expect(options.included).toEqual(mapQuote(quote, ref).baggage)
    expect(options.purchasable.map(({ pieces, weightKg }) => [pieces, weightKg])).toEqual([
      [null, 5],
      [null, 10],
      [null, 15],
      [null, 20],
      [1, null],
    ])
    expect(options.purchasable[1]).toEqual({
      serviceId: 'nilgiri~0N761-2030-01-15-DEL~XBAG10K',
      kind: 'checked',
      pieces: null,
      weightKg: 10,
      segmentIds: ['0N761-2030-01-15-DEL'],
      passengerIds: ['p1', 'p2', 'p3'],
      price: { amount: '50.00', currency: 'AED' },
      maxQuantity: 1,
    })
  })

  it('of no size that we can read is left out', () => {
    const sent = done(readBaggage(fixture('baggage')))
    const excess = ['PET', '0K'].map((text) => ({ text, amount: '1.00', most: 1 }))
    const bags = { cabin: 'NIL', checked: 'NIL', infant: 'NIL' }
    expect(mapBaggage({ ...sent, excess, bags })).toEqual({ included: [], purchasable: [] })
  })
})

describe('orders', () => {
  it('fly as their quote says, and 45 minutes later once the host shows them as TK', () => {
    const [segment] = mapQuote(quote, ref).slice.segments
    const held = mapPnr(done(readPnr(fixture('pnr-held'))))
    const moved = mapPnr(done(readPnr(fixture('pnr-moved'))))
    expect(JSON.parse(fixture('pnr-moved').toString()).segments).toMatchObject([{ status: 'TK' }])
    const { id: segmentId, flightNumber, departingAt, arrivingAt } = segment ?? {}
    expect(held.flights).toEqual([{ segmentId, flightNumber, departingAt, arrivingAt }])
    expect(moved.flights).toMatchObject([{ segmentId, flightNumber }])
    const times = ({ flights }: typeof held) => flights.flatMap((flight) => [flight.departingAt, flight.arrivingAt])
    expect(times(moved).map(Date.parse)).toEqual(times(held).map((time) => Date.parse(time) + 45 * 60_000))
  })

  it('are held until their time limit, then confirmed, then cancelled', () => {
    const held = mapPnr(done(readPnr(fixture('pnr-held'))))
    expect(held).toMatchObject({
      airline: 'nilgiri',
      clientReference: 'FIXTURE-1',
      airlineReference: expect.stringMatching(/^[A-Z0-9]{6}$/),
      status: 'held',
      payBy: '2030-01-01T09:00:00Z',
      price: { baggage: { amount: '50.00', currency: 'AED' }, seats: { amount: '0.00', currency: 'AED' } },
    })
    const { base, taxes, seats, baggage, total } = held.price
    expect([base, taxes, seats, baggage].reduce((sum, part) => sum + fils(part), 0)).toBe(fils(total))
    expect(mapPnr(done(readPnr(fixture('pnr-ticketed'))))).toEqual({ ...held, status: 'confirmed', payBy: null })
    expect(mapPnr(done(readPnr(fixture('pnr-cancelled'))))).toEqual({ ...held, status: 'cancelled', payBy: null })
    expect(mapPnr(done(readPnr(fixture('pnr-lapsed'))))).toMatchObject({ status: 'cancelled', payBy: null })
  })

  it('give back what their cancellation says', () => {
    const refund = mapRefund(done(readRefund(fixture('cancelled'))))
    expect(refund).toEqual(mapRefund(done(readRefund(fixture('refund-quote')))))
    expect(fils(refund.refund) + fils(refund.fee)).toBe(
      fils(mapPnr(done(readPnr(fixture('pnr-ticketed')))).price.total),
    )
    expect(fils(refund.fee)).toBeGreaterThan(0)
  })
})

describe('entries', () => {
  const passenger = { title: 'ms', familyName: 'Verma', bornOn: '1990-04-12', gender: 'female' } as const
  const draft: OrderDraft = {
    clientReference: 'FN-1',
    offer: mapQuote(quote, ref),
    passengers: [
      {
        ...passenger,
        id: 'p1',
        type: 'adult',
        givenName: 'Asha',
        document: { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' },
      },
      { ...passenger, id: 'p2', type: 'adult', givenName: 'Inés', title: 'dr' },
      { ...passenger, id: 'p3', type: 'child', givenName: 'Meera', bornOn: '2022-06-14', gender: 'unspecified' },
      { ...passenger, id: 'p4', type: 'infant', givenName: 'Kabir', bornOn: '2029-07-15', gender: 'male' },
    ],
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats: [
      {
        segmentId: '0N761-2030-01-15-DEL',
        passengerId: 'p3',
        designator: '14A',
        price: { amount: '12.00', currency: 'AED' },
      },
    ],
    baggage: [
      {
        serviceId: 'nilgiri~0N761-2030-01-15-DEL~XBAG10K',
        passengerId: 'p2',
        quantity: 2,
        price: { amount: '50.00', currency: 'AED' },
      },
    ],
    total: { amount: '851.75', currency: 'AED' },
  }

  it('ask for a search in the host’s words', () => {
    const query = {
      origin: 'DEL',
      destination: 'BOM',
      departureDate: '2030-01-05',
      cabin: 'economy',
      passengers: draft.passengers.map(({ id, type }) => ({ id, type })),
    } as const
    expect(fareSearch({ ...query, passengers: [...query.passengers] }, 'Y')).toEqual({
      origin: 'DEL',
      destination: 'BOM',
      date: '05JAN30',
      party: { ADT: 2, CHD: 1, INF: 1 },
      cabin: 'Y',
    })
    expect((['economy', 'premium_economy', 'business', 'first'] as const).map(cabinCode)).toEqual([
      'Y',
      null,
      'C',
      null,
    ])
  })

  it('name the passengers in capitals, and whose they are', () => {
    expect(namesEntry(draft)).toEqual({
      names: [
        { surname: 'VERMA', given: 'ASHA', title: 'MS', ptc: 'ADT' },
        { surname: 'VERMA', given: 'INES', title: 'DR', ptc: 'ADT' },
        { surname: 'VERMA', given: 'MEERA', title: 'MS', ptc: 'CHD' },
        { surname: 'VERMA', given: 'KABIR', title: 'MS', ptc: 'INF' },
      ],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      reference: 'FN-1',
    })
    const [first, ...others] = draft.passengers
    if (!first) throw new Error('the draft has passengers')
    expect(namesEntry({ ...draft, passengers: [{ ...first, givenName: 'आशा' }, ...others] })).toBeNull()
  })

  it('ask for every service', () => {
    expect(servicesEntry(draft)).toEqual({
      requests: [
        {
          ssr: 'DOCS',
          passenger: 1,
          born: '12APR1990',
          gender: 'F',
          document: { type: 'P', number: 'Z1234567', country: 'IN', expires: '31JAN33' },
        },
        { ssr: 'DOCS', passenger: 2, born: '12APR1990', gender: 'F' },
        { ssr: 'DOCS', passenger: 3, born: '14JUN2022', gender: 'X' },
        { ssr: 'DOCS', passenger: 4, born: '15JUL2029', gender: 'M' },
        { ssr: 'CHLD', passenger: 3 },
        { ssr: 'INFT', passenger: 4, adult: 1 },
        { ssr: 'RQST', passenger: 3, segment: 1, seat: '14A' },
        { ssr: 'XBAG', passenger: 2, text: '10K', units: 2 },
      ],
    })
  })

  it('ask for nothing that is not of the offer', () => {
    const [bag] = draft.baggage
    const [seat] = draft.seats
    if (!bag || !seat) throw new Error('the draft has a bag and a seat')
    for (const serviceId of [
      'nilgiri~0N999-2030-01-15-DEL~XBAG10K',
      'saffron~0N761-2030-01-15-DEL~XBAG10K',
      'XBAG10K',
    ]) {
      expect(servicesEntry({ ...draft, baggage: [{ ...bag, serviceId }] })).toBeNull()
    }
    expect(servicesEntry({ ...draft, seats: [{ ...seat, segmentId: '0N999-2030-01-15-DEL' }] })).toBeNull()
  })
})

describe('refusals', () => {
  it.each([
    ['refused-quote', 'offer_not_found'],
    ['refused-pnr', 'order_not_found'],
    ['refused-total', 'price_changed'],
    ['logon-refused', 'invalid'],
  ])('%s means %s', (name, reason) => {
    const answer = readPnr(fixture(name))
    expect('refusal' in answer && mapCode(answer.refusal.code)).toBe(reason)
  })

  it.each([
    ['QUOTE EXPIRED', 'offer_expired'],
    ['CLASS CLOSED', 'sold_out'],
    ['SEAT NOT AVAILABLE', 'seat_taken'],
    ['CHECK XBAG', 'service_unavailable'],
    ['TIME LIMIT EXPIRED', 'hold_lapsed'],
    ['INSTANT TICKETING ONLY', 'not_supported'],
    ['ALREADY FLOWN', 'not_cancellable'],
    ['REFERENCE IN USE', 'invalid'],
    ['A CODE OF NEXT YEAR', 'invalid'],
  ])('%s means %s', (code, reason) => {
    expect(mapCode(code)).toBe(reason)
  })

  it('of services say which', () => {
    expect(mapServices(done(readServices(fixture('services'))))).toBeNull()
    expect(mapServices(done(readServices(fixture('services-seat-taken'))))).toEqual({
      reason: 'seat_taken',
      request: 'RQST 22C UC',
    })
    const one = (ssr: string, state: string) => mapServices({ requests: [{ ssr, state, text: '' }] })?.reason
    expect([one('RQST', 'NO'), one('XBAG', 'NO'), one('XBAG', 'UC'), one('DOCS', 'NO')]).toEqual([
      'invalid',
      'service_unavailable',
      'service_unavailable',
      'invalid',
    ])
  })
})
