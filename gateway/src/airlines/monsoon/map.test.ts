import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import type { Money } from '../../schemas/money.ts'
import type { Rejection } from '../../upstream/airline-error.ts'
import type { OrderDraft } from '../connector.ts'
import { parseOfferId } from '../offer-id.ts'
import {
  mapBaggage,
  mapDraft,
  mapErrorCode,
  mapOffers,
  mapOrder,
  mapPaxCount,
  mapQuote,
  mapRefund,
  mapSeatMaps,
  mapServiceId,
} from './map.ts'
import {
  readBooking,
  readCancelledBooking,
  readExtras,
  readFlightResults,
  readQuote,
  readRefund,
  readSeatCharts,
  type WireFlightResults,
} from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

function expectToBe(component: string, value: unknown): void {
  const valid = ajv.validate(`${component}#`, value)
  expect(valid ? [] : ajv.errors).toEqual([])
}

const inr = (amount: string): Money => ({ amount, currency: 'INR' })
const paise = ({ amount }: Money) => Number(amount.replace('.', ''))
const sum = (moneys: Money[]) => moneys.reduce((total, money) => total + paise(money), 0)

const search = readFlightResults(fixture('search'))
const quote = readQuote(fixture('quote'))

describe('offers', () => {
  const offers = mapOffers(search)

  it('are one per fare, each with an id that leads back to it', () => {
    const fares = search.journeys.flatMap((journey) => journey.fares)
    expect(fares.length).toBeGreaterThan(4)
    expect(offers.map(({ id }) => parseOfferId(id))).toEqual(
      offers.map(({ price }, index) => ({ airline: 'monsoon', quotedPrice: price, ref: fares[index]?.fare_key })),
    )
    for (const offer of offers) expectToBe('Offer', offer)
    expect(mapOffers(readFlightResults(fixture('search-empty')))).toEqual([])
  })

  it('say the same as the reply', () => {
    expect(offers[1]).toEqual({
      id: 'monsoon~28400.70INR~0U2941-20300212-BOM.GOEASY.211.vbbs7c.1g5o2x2m',
      airline: 'monsoon',
      slice: {
        origin: 'BOM',
        destination: 'DXB',
        departingAt: '2030-02-12T20:05:00+05:30',
        arrivingAt: '2030-02-12T21:35:00+04:00',
        duration: 'PT3H',
        stops: 0,
        segments: [
          {
            id: '0U2941-2030-02-12-BOM',
            flightNumber: '0U2941',
            marketingCarrier: '0U',
            operatingCarrier: '0U',
            origin: 'BOM',
            destination: 'DXB',
            departingAt: '2030-02-12T20:05:00+05:30',
            arrivingAt: '2030-02-12T21:35:00+04:00',
            originTimeZone: 'Asia/Kolkata',
            destinationTimeZone: 'Asia/Dubai',
            duration: 'PT3H',
            aircraft: '32N',
            cabin: 'economy',
            bookingClass: 'S',
            fareBasisCode: 'SOWINT',
          },
        ],
      },
      fareBrand: 'Go Easy',
      price: inr('28400.70'),
      basePrice: inr('17054.00'),
      taxes: inr('11346.70'),
      airlinePrice: inr('28400.70'),
      perPassenger: [
        { passengerId: 'p1', type: 'adult', basePrice: inr('5414.00'), taxes: inr('3768.70'), price: inr('9182.70') },
        { passengerId: 'p2', type: 'adult', basePrice: inr('5414.00'), taxes: inr('3768.70'), price: inr('9182.70') },
        { passengerId: 'p3', type: 'child', basePrice: inr('5414.00'), taxes: inr('3768.70'), price: inr('9182.70') },
        { passengerId: 'p4', type: 'infant', basePrice: inr('812.00'), taxes: inr('40.60'), price: inr('852.60') },
      ],
      conditions: { change: { allowed: true, fee: inr('0.00') }, cancel: { allowed: true, fee: inr('999.00') } },
      baggage: [
        {
          segmentIds: ['0U2941-2030-02-12-BOM'],
          passengerIds: ['p1', 'p2', 'p3'],
          kind: 'carry_on',
          pieces: 1,
          weightKg: 7,
        },
      ],
      seatsLeft: 9,
      expiresAt: '2030-01-01T05:50:00Z',
      sameFlight: [],
    })
  })

  it('add up', () => {
    for (const { price, basePrice, taxes, perPassenger } of offers) {
      expect(sum([basePrice, taxes])).toBe(paise(price))
      expect(sum(perPassenger.map((passenger) => passenger.price))).toBe(paise(price))
      expect(sum(perPassenger.map((passenger) => passenger.taxes))).toBe(paise(taxes))
    }
  })

  it('number passengers adults first, whatever order the reply has', () => {
    const turned = structuredClone(search)
    for (const { fares } of turned.journeys) for (const fare of fares) fare.per_pax.reverse()
    expect(mapOffers(turned)).toEqual(offers)
  })

  it('say what is not allowed', () => {
    const [journey] = structuredClone(search).journeys
    const [fare] = journey?.fares ?? []
    if (!journey || !fare) throw new Error('the fixture has no fare')
    const strict = { ...fare, change_fee: null, cancel_fee: null }
    const [offer] = mapOffers({ journeys: [{ ...journey, fares: [strict] }] })
    expect(offer?.conditions).toEqual({ change: { allowed: false, fee: null }, cancel: { allowed: false, fee: null } })
  })

  it('keep the moment of every time in whichever zone', () => {
    const leg = search.journeys[0]?.legs[0]
    const fare = search.journeys[0]?.fares[0]
    if (!leg || !fare) throw new Error('the fixture has no leg')
    const quarters = fc.integer({ min: -48, max: 56 })
    const instants = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2040, 0) })
    fc.assert(
      fc.property(instants, quarters, (epochMs, quarter) => {
        const second = (ms: number) => new Date(ms).toISOString().slice(0, 19)
        const departs = { utc: `${second(epochMs)}Z`, local: second(epochMs + quarter * 900_000), zone: 'Zone' }
        const results: WireFlightResults = {
          journeys: [{ from: 'BOM', to: 'DXB', duration_min: 60, legs: [{ ...leg, departs }], fares: [fare] }],
        }
        const [offer] = mapOffers(readFlightResults(Buffer.from(JSON.stringify(results))))
        expectToBe('Offer', offer)
        expect(offer?.slice.departingAt.slice(0, 19)).toBe(departs.local)
        expect(Date.parse(offer?.slice.departingAt ?? '')).toBe(Date.parse(departs.utc))
      }),
    )
  })

  it('say durations in hours and minutes', () => {
    const [journey] = search.journeys
    if (!journey) throw new Error('the fixture has no journey')
    const durationOf = (duration_min: number) =>
      mapOffers({ journeys: [{ ...journey, duration_min }] })[0]?.slice.duration
    expect([0, 45, 60, 125, 1500].map(durationOf)).toEqual(['PT0M', 'PT45M', 'PT1H', 'PT2H5M', 'PT25H'])
  })
})

describe('priced offers', () => {
  it('are the offer with what it was quoted at', () => {
    const { sameFlight, ...offer } = mapOffers(search)[1] ?? {}
    expect(sameFlight).toEqual([])
    const same = mapQuote(quote, inr('28400.70'))
    expect(same).toEqual({ ...offer, quotedPrice: inr('28400.70'), priceChanged: false })
    expectToBe('PricedOffer', same)
  })

  it('tell a changed price by its worth, not its spelling', () => {
    expect(mapQuote(quote, inr('28400.7')).priceChanged).toBe(false)
    for (const quoted of [inr('28400.71'), inr('28400'), { amount: '28400.70', currency: 'USD' }]) {
      expect(mapQuote(quote, quoted), JSON.stringify(quoted)).toMatchObject({
        quotedPrice: quoted,
        priceChanged: true,
        airlinePrice: inr('28400.70'),
      })
    }
  })

  it('do not fall over a currency that a client made up', () => {
    expect(mapQuote(quote, { amount: '1', currency: 'QQQ' }).priceChanged).toBe(true)
  })
})

describe('seat maps', () => {
  const charts = readSeatCharts(fixture('seats'))
  const [map] = mapSeatMaps(charts)
  const seats = map?.cabins[0]?.rows.flatMap((row) => row.seats) ?? []

  it('have every seat of the reply in its column', () => {
    expectToBe('SeatMap', map)
    expect(map).toMatchObject({ segmentId: '0U2941-2030-02-12-BOM', aircraft: '32N' })
    expect(map?.cabins).toHaveLength(1)
    expect(map?.cabins[0]?.columns).toEqual(['A', 'B', 'C', null, 'D', 'E', 'F'])
    expect(seats.filter((seat) => seat !== null)).toHaveLength(
      charts.flights[0]?.rows.flatMap((row) => row.seats).length ?? 0,
    )
    for (const row of map?.cabins[0]?.rows ?? []) {
      expect(row.seats.map((seat) => seat?.designator ?? null)).toEqual(
        ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `${row.number}${letter}`),
      )
    }
  })

  it('price seats by their zone and keep their states', () => {
    const find = (designator: string) => seats.find((seat) => seat?.designator === designator)
    expect(find('1A')).toEqual({
      designator: '1A',
      kind: 'window',
      available: true,
      price: inr('1299.00'),
      traits: ['bulkhead', 'near_galley'],
    })
    expect(find('1B')).toMatchObject({ kind: 'middle', available: false, price: inr('1299.00') })
    expect(find('4C')).toMatchObject({ kind: 'aisle', available: true, price: inr('799.00') })
  })

  it('leave holes where there is no seat, and sell no blocked seat or one without a price', () => {
    const [maimed] = mapSeatMaps({
      flights: [
        {
          flight_key: '0U1-2030-01-01-DEL',
          aircraft: { code: 'AT7' },
          zones: [{ zone: 'STANDARD', price: { amount_minor: 0, currency: 'INR' } }],
          layout: 'AC-DF',
          rows: [
            {
              row: 12,
              exit: true,
              over_wing: false,
              seats: [
                { seat_no: '12F', zone: 'STANDARD', position: 'WINDOW', state: 'BLOCKED', features: [] },
                { seat_no: '12C', zone: 'NEW', position: 'AISLE', state: 'FREE', features: ['WARM', 'EXIT_ROW'] },
                { seat_no: '12A', zone: 'STANDARD', position: 'WINDOW', state: 'FREE', features: [] },
              ],
            },
          ],
        },
      ],
    })
    expectToBe('SeatMap', maimed)
    expect(maimed?.cabins[0]).toEqual({
      cabin: 'economy',
      columns: ['A', 'C', null, 'D', 'F'],
      rows: [
        {
          number: 12,
          exit: true,
          wing: false,
          seats: [
            { designator: '12A', kind: 'window', available: true, price: inr('0.00'), traits: [] },
            { designator: '12C', kind: 'aisle', available: false, price: null, traits: ['exit_row'] },
            null,
            { designator: '12F', kind: 'window', available: false, price: null, traits: ['blocked'] },
          ],
        },
      ],
    })
  })
})

describe('baggage', () => {
  it('says who has what and who may buy what', () => {
    const baggage = mapBaggage(readExtras(fixture('extras')))
    expectToBe('BaggageOptions', baggage)
    expect(baggage.included).toEqual(mapQuote(quote, inr('1.00')).baggage)
    const offered = { segmentIds: ['0U2941-2030-02-12-BOM'], passengerIds: ['p1', 'p2', 'p3'], pieces: 1 }
    const id = (code: string) => `monsoon~0U2941-2030-02-12-BOM~${code}`
    expect(baggage.purchasable).toEqual([
      { serviceId: id('BAG15'), ...offered, kind: 'checked', weightKg: 15, price: inr('3200.00'), maxQuantity: 3 },
      { serviceId: id('BAG23'), ...offered, kind: 'checked', weightKg: 23, price: inr('4900.00'), maxQuantity: 3 },
      { serviceId: id('CABIN10'), ...offered, kind: 'carry_on', weightKg: 10, price: inr('1299.00'), maxQuantity: 1 },
    ])
  })

  it('knows its own services and no others', () => {
    const segment = '0U2941-2030-02-12-BOM'
    expect(mapServiceId(`monsoon~${segment}~BAG23`, segment)).toBe('BAG23')
    for (const id of [
      `saffron~${segment}~BAG23`,
      'monsoon~0U1-2030-02-12-BOM~BAG23',
      `monsoon~${segment}~`,
      `monsoon~${segment}~bag23`,
      `monsoon~${segment}~A~B`,
      '',
    ]) {
      expect(mapServiceId(id, segment), id).toBeNull()
    }
  })
})

describe('orders', () => {
  it('say what was booked and paid', () => {
    expect(mapOrder(readBooking(fixture('booking')))).toEqual({
      airline: 'monsoon',
      flights: mapQuote(quote, inr('1.00')).slice.segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
        segmentId: id,
        flightNumber,
        departingAt,
        arrivingAt,
      })),
      clientReference: 'FNTEST01-1',
      airlineReference: 'PM2SDQ',
      status: 'confirmed',
      price: {
        base: inr('17054.00'),
        taxes: inr('11346.70'),
        seats: inr('799.00'),
        baggage: inr('11099.00'),
        total: inr('40298.70'),
      },
      payBy: null,
    })
    expect(mapOrder(readBooking(fixture('booking-cancelled'))).status).toBe('cancelled')
  })

  it('say what a cancellation gives back, the same in the quote and after it', () => {
    const refund = { refund: inr('25403.70'), fee: inr('14895.00') }
    expect(mapRefund(readRefund(fixture('refund-quote')))).toEqual(refund)
    expect(mapRefund(readCancelledBooking(fixture('booking-cancelled')).refund)).toEqual(refund)
  })

  it('are asked for in Monsoon’s words', () => {
    const draft: OrderDraft = {
      clientReference: 'FN-1',
      offer: mapQuote(quote, inr('28400.70')),
      passengers: [
        {
          id: 'p1',
          type: 'infant',
          title: 'mstr',
          givenName: 'Dev',
          familyName: 'Verma',
          bornOn: '2029-03-05',
          gender: 'unspecified',
          document: { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' },
        },
      ],
      contact: { email: 'asha@example.com', phone: '+919810012345' },
      seats: [{ segmentId: '0U2941-2030-02-12-BOM', passengerId: 'p1', designator: '4A', price: inr('799.00') }],
      baggage: [{ serviceId: 'a~b~BAG23', passengerId: 'p1', quantity: 2, price: inr('4900.00') }],
      total: inr('40298.7'),
    }
    expect(mapDraft(draft, 'fare-key', new Map([['a~b~BAG23', 'BAG23']]))).toEqual({
      external_reference: 'FN-1',
      fare_key: 'fare-key',
      pax: [
        {
          pax_ref: 'p1',
          pax_type: 'INF',
          title: 'MSTR',
          first_name: 'Dev',
          last_name: 'Verma',
          dob: '2029-03-05',
          sex: 'X',
        },
      ],
      contact: { email: 'asha@example.com', mobile: '+919810012345' },
      seats: [{ pax_ref: 'p1', flight_key: '0U2941-2030-02-12-BOM', seat_no: '4A' }],
      extras: [{ pax_ref: 'p1', extra_code: 'BAG23', quantity: 2 }],
      agreed_total: { amount_minor: 4029870, currency: 'INR' },
    })
  })

  it('count passengers by type', () => {
    expect(
      mapPaxCount([
        { id: 'p1', type: 'adult' },
        { id: 'p2', type: 'adult' },
        { id: 'p3', type: 'infant' },
      ]),
    ).toEqual({ adt: 2, chd: 0, inf: 1 })
  })
})

it('every error code has a reason, and one that is not known is invalid', () => {
  const reasons: [string, Rejection][] = [
    ['FARE_UNKNOWN', 'offer_not_found'],
    ['FARE_EXPIRED', 'offer_expired'],
    ['FLIGHT_FULL', 'sold_out'],
    ['PRICE_MOVED', 'price_changed'],
    ['SEAT_GONE', 'seat_taken'],
    ['SEAT_UNKNOWN', 'invalid'],
    ['EXTRA_UNKNOWN', 'service_unavailable'],
    ['HOLDS_NOT_SOLD', 'not_supported'],
    ['HOLD_LAPSED', 'hold_lapsed'],
    ['PNR_UNKNOWN', 'order_not_found'],
    ['NOT_CANCELLABLE', 'not_cancellable'],
    ['REFERENCE_IN_USE', 'invalid'],
    ['toString', 'invalid'],
  ]
  for (const [code, reason] of reasons) expect(mapErrorCode(code), code).toBe(reason)
})
