import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import type { Money } from '../../schemas/money.ts'
import type { Offer } from '../../schemas/offer.ts'
import { parseOfferId } from '../offer-id.ts'
import {
  duration,
  mapBaggage,
  mapOffer,
  mapOrder,
  mapPricedOffer,
  mapRefund,
  mapRejection,
  mapSeatMaps,
  travellers,
} from './map.ts'
import {
  readAvailability,
  readError,
  readOffer,
  readOfferBaggage,
  readOrder,
  readOrderList,
  readRefund,
  readSeatMaps,
} from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

function expectToBe(component: string, value: unknown): void {
  const valid = ajv.validate(`${component}#`, value)
  expect(valid ? [] : ajv.errors).toEqual([])
}

const paise = ({ amount }: Money) => Number(amount.replace('.', ''))
const sum = (moneys: Money[]) => moneys.reduce((total, money) => total + paise(money), 0)
const minutesOf = (text: string) => {
  const [, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? []
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes)
}

const family = readAvailability(fixture('availability')).map(mapOffer)
const connecting = readAvailability(fixture('availability-connection')).map(mapOffer)

describe('offers', () => {
  it('are as many as the answer holds, each a whole offer with its own id', () => {
    const sent: { journeys: { offers: { offerId: string }[] }[] } = JSON.parse(fixture('availability').toString())
    const ids = sent.journeys.flatMap(({ offers }) => offers.map(({ offerId }) => offerId))
    expect(ids.length).toBeGreaterThan(9)
    expect(family.map((offer) => parseOfferId(offer.id)?.ref)).toEqual(ids)
    expect(readAvailability(fixture('availability-none'))).toEqual([])
    for (const offer of [...family, ...connecting]) {
      expectToBe('Offer', offer)
      expect(parseOfferId(offer.id)).toMatchObject({ airline: 'saffron', quotedPrice: offer.airlinePrice })
      expect(offer.price).toEqual(offer.airlinePrice)
      expect(offer.sameFlight).toEqual([])
    }
  })

  it('say what the airline says of one of them', () => {
    const offer = mapOffer(readOffer(fixture('offer')))
    const inr = (amount: string) => ({ amount, currency: 'INR' })
    const sent = JSON.parse(fixture('offer').toString())
    const [flight] = sent.journey.flights
    expect(offer).toMatchObject({
      airline: 'saffron',
      fareBrand: 'Classic',
      price: inr(sent.pricing.total),
      basePrice: inr(sent.pricing.base),
      taxes: inr(sent.pricing.taxTotal),
      conditions: {
        change: { allowed: true, fee: inr('2500.00') },
        cancel: { allowed: true, fee: inr('3500.00') },
      },
      seatsLeft: sent.seatsRemaining,
      expiresAt: sent.validUntil,
      slice: { origin: 'DEL', destination: 'BOM', stops: 0, duration: 'PT2H' },
    })
    expect(offer.slice.segments).toEqual([
      {
        id: flight.flightId,
        flightNumber: `0S${flight.marketing.number}`,
        marketingCarrier: '0S',
        operatingCarrier: '0S',
        origin: 'DEL',
        destination: 'BOM',
        departingAt: `${flight.departure.localTime}+05:30`,
        arrivingAt: `${flight.arrival.localTime}+05:30`,
        originTimeZone: 'Asia/Kolkata',
        destinationTimeZone: 'Asia/Kolkata',
        duration: 'PT2H',
        aircraft: '32N',
        cabin: 'economy',
        bookingClass: 'M',
        fareBasisCode: sent.fareBasis,
      },
    ])
  })

  it('name every passenger, adults first, and share the price among them', () => {
    for (const offer of family) {
      expect(offer.perPassenger.map(({ passengerId, type }) => `${passengerId} ${type}`)).toEqual([
        'p1 adult',
        'p2 adult',
        'p3 child',
        'p4 infant',
      ])
      expect(sum(offer.perPassenger.map(({ price }) => price))).toBe(paise(offer.price))
      expect(sum(offer.perPassenger.map(({ taxes }) => taxes))).toBe(paise(offer.taxes))
      expect(sum([offer.basePrice, offer.taxes])).toBe(paise(offer.price))
    }
  })

  it('include baggage by weight, less for an infant', () => {
    const saver = family.find((offer) => offer.fareBrand === 'Saver')
    expect(saver?.baggage).toEqual(
      [
        { passengerIds: ['p1', 'p2', 'p3'], kind: 'carry_on', weightKg: 7 },
        { passengerIds: ['p1', 'p2', 'p3'], kind: 'checked', weightKg: 15 },
        { passengerIds: ['p4'], kind: 'checked', weightKg: 10 },
      ].map((bag) => ({ ...bag, pieces: null, segmentIds: saver?.slice.segments.map(({ id }) => id) })),
    )
    expect(connecting[0]?.baggage.map(({ passengerIds }) => passengerIds)).toEqual([['p1'], ['p1']])
  })

  it('say what a fare does not allow', () => {
    const saver = family.find((offer) => offer.fareBrand === 'Saver')
    expect(saver?.conditions.cancel).toEqual({ allowed: false, fee: null })
  })

  it('tell a codeshare by who flies it', () => {
    const codeshare = family.find(({ slice }) => slice.segments[0]?.operatingCarrier === '0Z')
    expect(codeshare?.slice.segments[0]).toMatchObject({
      marketingCarrier: '0S',
      flightNumber: expect.stringMatching(/^0S7\d+$/),
    })
  })

  it('keep the flights of a connection apart, each in its own time', () => {
    const connection = connecting.find(({ slice }) => slice.stops === 1)
    expect(connection?.slice.segments).toMatchObject([
      { origin: 'JAI', destinationTimeZone: 'Asia/Kolkata', cabin: 'business' },
      { destination: 'LHR', originTimeZone: 'Asia/Kolkata', destinationTimeZone: 'Europe/London' },
    ])
    for (const { slice } of connecting) {
      const minutes = (Date.parse(slice.arrivingAt) - Date.parse(slice.departingAt)) / 60_000
      expect(minutesOf(slice.duration)).toBe(minutes)
      for (const segment of slice.segments) {
        expect(minutesOf(segment.duration)).toBe(
          (Date.parse(segment.arrivingAt) - Date.parse(segment.departingAt)) / 60_000,
        )
      }
    }
  })
})

describe('a priced offer', () => {
  const offer = readOffer(fixture('offer'))
  const ref = { airline: 'saffron', quotedPrice: { amount: offer.pricing.total, currency: 'INR' }, ref: offer.offerId }

  it('is unchanged at the price that the search quoted', () => {
    const priced = mapPricedOffer(offer, ref)
    expectToBe('PricedOffer', priced)
    expect(priced).toMatchObject({ quotedPrice: ref.quotedPrice, priceChanged: false, airlinePrice: ref.quotedPrice })
  })

  it('keeps what was quoted beside the new price, under the id that was asked for', () => {
    const quotedPrice = { amount: '1.00', currency: 'INR' }
    const priced = mapPricedOffer(offer, { ...ref, quotedPrice })
    expect(priced).toMatchObject({ quotedPrice, priceChanged: true, airlinePrice: ref.quotedPrice })
    expect(parseOfferId(priced.id)).toEqual({ ...ref, quotedPrice })
    expect(mapPricedOffer(offer, { ...ref, quotedPrice: { ...ref.quotedPrice, currency: 'USD' } }).priceChanged).toBe(
      true,
    )
  })
})

describe('seat maps', () => {
  const sent = readSeatMaps(fixture('seat-maps'))
  const maps = mapSeatMaps(sent)

  it('have a place for every column of every row', () => {
    expect(maps).toHaveLength(1)
    for (const map of maps) expectToBe('SeatMap', map)
    const [cabin] = maps[0]?.cabins ?? []
    expect(cabin?.columns).toEqual(['A', 'B', 'C', null, 'D', 'E', 'F'])
    for (const row of cabin?.rows ?? []) {
      expect(row.seats.map((seat) => seat?.designator)).toEqual(
        ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `${row.number}${letter}`),
      )
    }
  })

  it('offer exactly the free seats', () => {
    const free = sent.seatMaps.flatMap(({ cabins }) =>
      cabins.flatMap(({ rows }) =>
        rows.flatMap(({ seats }) =>
          seats.filter(({ status }) => status === 'FREE').map(({ seatNumber }) => seatNumber),
        ),
      ),
    )
    const available = maps.flatMap(({ cabins }) =>
      cabins.flatMap(({ rows }) =>
        rows.flatMap(({ seats }) => seats.flatMap((seat) => (seat?.available ? seat.designator : []))),
      ),
    )
    expect(free.length).toBeGreaterThan(0)
    expect(available).toEqual(free)
  })

  it('leave a gap where there is no seat, pass over unknown words and mark what is blocked', () => {
    const seat = (seatNumber: string, status: string, characteristics: string[], price: string | null = '10.00') => ({
      seatNumber,
      position: 'WINDOW' as const,
      status,
      price,
      characteristics,
    })
    const [map] = mapSeatMaps({
      currency: 'INR',
      seatMaps: [
        {
          flightId: '0S1-2030-01-15-DEL',
          equipment: { code: '32N' },
          cabins: [
            {
              cabin: 'FIRST',
              layout: 'A=CF',
              rows: [
                {
                  rowNumber: 1,
                  exitRow: true,
                  overWing: false,
                  seats: [seat('1F', 'BLOCKED', ['HOT_TUB', 'BULKHEAD'], null), seat('1A', 'SOMEHOW', [])],
                },
              ],
            },
          ],
        },
      ],
    })
    expect(map?.cabins).toEqual([
      {
        cabin: 'first',
        columns: ['A', null, 'C', 'F'],
        rows: [
          {
            number: 1,
            exit: true,
            wing: false,
            seats: [
              {
                designator: '1A',
                kind: 'window',
                available: false,
                price: { amount: '10.00', currency: 'INR' },
                traits: [],
              },
              null,
              { designator: '1F', kind: 'window', available: false, price: null, traits: ['bulkhead', 'blocked'] },
            ],
          },
        ],
      },
    ])
  })
})

describe('baggage', () => {
  it('is for sale by weight to everyone who has a seat', () => {
    const baggage = mapBaggage(readOfferBaggage(fixture('baggage')))
    expectToBe('BaggageOptions', baggage)
    const segmentIds = mapOffer(readOffer(fixture('offer'))).slice.segments.map(({ id }) => id)
    expect(baggage.purchasable.map(({ weightKg }) => weightKg)).toEqual([5, 10, 15, 20, 30])
    expect(baggage.purchasable[0]).toEqual({
      serviceId: `saffron~${segmentIds[0]}~XBAG5`,
      kind: 'checked',
      pieces: null,
      weightKg: 5,
      segmentIds,
      passengerIds: ['p1', 'p2', 'p3'],
      price: { amount: '550.00', currency: 'INR' },
      maxQuantity: 1,
    })
    expect(baggage.included.map(({ weightKg }) => weightKg)).toEqual([7, 25, 10])
  })

  it('of a kind that we do not know is left out', () => {
    const sent = readOfferBaggage(fixture('baggage'))
    const pets = <T extends { bagType: string }>(bags: T[]) => bags.map((bag) => ({ ...bag, bagType: 'PET_CARRIER' }))
    expect(mapBaggage({ ...sent, included: pets(sent.included), products: pets(sent.products) })).toEqual({
      included: [],
      purchasable: [],
    })
  })
})

describe('orders', () => {
  it('fly as their offer says, and 45 minutes later once Saffron has moved them', () => {
    const [held] = readOrderList(fixture('orders-found')).orders.map(mapOrder)
    const { slice } = mapOffer(readOffer(fixture('offer')))
    const sold = slice.segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
      segmentId: id,
      flightNumber,
      departingAt,
      arrivingAt,
    }))
    expect(held?.flights).toEqual(sold)
    const [moved] = readOrderList(fixture('orders-moved')).orders.map(mapOrder)
    expect(moved?.flights).toMatchObject(sold.map(({ segmentId, flightNumber }) => ({ segmentId, flightNumber })))
    const times = (flights = sold) => flights.flatMap((flight) => [flight.departingAt, flight.arrivingAt])
    expect(times(moved?.flights).map(Date.parse)).toEqual(times().map((time) => Date.parse(time) + 45 * 60_000))
  })

  it('are held until their deadline, then confirmed, then cancelled', () => {
    const held = mapOrder(readOrder(fixture('order-held')))
    expect(held).toMatchObject({
      airline: 'saffron',
      clientReference: 'FIXTURE-1',
      airlineReference: expect.stringMatching(/^[A-Z0-9]{6}$/),
      status: 'held',
      payBy: '2030-01-02T03:00:00Z',
      price: { baggage: { amount: '550.00', currency: 'INR' }, seats: { amount: '0.00', currency: 'INR' } },
    })
    const { base, taxes, seats, baggage, total } = held.price
    expect(sum([base, taxes, seats, baggage])).toBe(paise(total))
    expect(mapOrder(readOrder(fixture('order-confirmed')))).toEqual({ ...held, status: 'confirmed', payBy: null })
    expect(mapOrder(readOrder(fixture('order-cancelled')))).toEqual({ ...held, status: 'cancelled', payBy: null })
    expect(readOrderList(fixture('orders-found')).orders.map(mapOrder)).toEqual([held])
    expect(readOrderList(fixture('orders-none')).orders).toEqual([])
  })

  it('that lapsed are cancelled to us', () => {
    const order = readOrder(fixture('order-held'))
    expect(mapOrder({ ...order, status: 'LAPSED' })).toMatchObject({ status: 'cancelled', payBy: null })
  })

  it('give back what their cancellation says', () => {
    const refund = mapRefund(readRefund(fixture('cancellation')))
    expect(refund).toEqual(mapRefund(readRefund(fixture('cancellation-quote'))))
    const { price } = mapOrder(readOrder(fixture('order-confirmed')))
    expect(sum([refund.refund, refund.fee])).toBe(paise(price.total))
    expect(paise(refund.fee)).toBeGreaterThan(0)
  })
})

describe('refusals', () => {
  it.each([
    ['refused-offer', 'offer_not_found'],
    ['refused-price', 'price_changed'],
    ['refused-payment', 'invalid'],
    ['refused-key', 'invalid'],
  ])('%s means %s', (name, reason) => {
    expect(mapRejection(readError(fixture(name)).error.code)).toBe(reason)
  })

  it.each([
    ['OFFER_EXPIRED', 'offer_expired'],
    ['FARE_SOLD_OUT', 'sold_out'],
    ['SEAT_NOT_AVAILABLE', 'seat_taken'],
    ['BAGGAGE_PRODUCT_UNKNOWN', 'service_unavailable'],
    ['HOLD_LAPSED', 'hold_lapsed'],
    ['HOLD_NOT_OFFERED', 'not_supported'],
    ['ORDER_NOT_FOUND', 'order_not_found'],
    ['ORDER_NOT_CANCELLABLE', 'not_cancellable'],
    ['CLIENT_REFERENCE_REUSED', 'invalid'],
    ['A_CODE_OF_NEXT_YEAR', 'invalid'],
  ])('%s means %s', (code, reason) => {
    expect(mapRejection(code)).toBe(reason)
  })
})

describe('small words', () => {
  it('count travellers by type', () => {
    const passengers: { id: string; type: 'adult' | 'child' | 'infant' }[] = [
      { id: 'p1', type: 'adult' },
      { id: 'p2', type: 'adult' },
      { id: 'p3', type: 'infant' },
    ]
    expect(travellers(passengers)).toEqual({ adults: 2, children: 0, infants: 1 })
  })

  it('write every duration as the schema of an offer has it', () => {
    expect([130, 60, 59, 1440, 1500, 2885].map(duration)).toEqual([
      'PT2H10M',
      'PT1H',
      'PT59M',
      'P1D',
      'P1DT1H',
      'P2DT5M',
    ])
    const pattern = /^P(\d+D)?(T(\d+H)?(\d+M)?)?$/
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (minutes) => {
        const text: Offer['slice']['duration'] = duration(minutes)
        return pattern.test(text) && !text.endsWith('T') && minutesOf(text) === minutes
      }),
    )
  })
})
