import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AirlineError } from '../../upstream/airline-error.ts'
import { mapBaggage, mapOffer, mapOrder, mapPricedOffer, mapRefund, mapRejection, mapSeatMap } from './map.ts'
import * as wire from './wire.ts'

const bytes = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.xml`))

function read<T>(reader: wire.Reader<T>, name: string): T {
  const answer = reader(bytes(name))
  if ('refusal' in answer) throw new Error(`${name} is a refusal`)
  return answer.value
}

const usd = (amount: string) => ({ amount, currency: 'USD' })
const ref = '0Z667-20300131-COK_0Z693-20300131-BLR.YBASIC.111.vbbuac.8vcfjv5v'

describe('an offer', () => {
  it('with a connection, for an adult, a child and an infant', () => {
    const offers = read(wire.readAirShopping, 'air-shopping-connection').map(mapOffer)
    expect(offers).toHaveLength(18)
    const offer = offers.find(({ id }) => id.endsWith(ref))
    expect(offer).toEqual({
      id: `banyan~169.59USD~${ref}`,
      airline: 'banyan',
      slice: {
        origin: 'COK',
        destination: 'GAU',
        departingAt: expect.stringMatching(/^2030-01-31T\d\d:\d\d:00\+05:30$/),
        arrivingAt: expect.stringMatching(/^2030-01-31T\d\d:\d\d:00\+05:30$/),
        duration: expect.stringMatching(/^PT\d+H(\d+M)?$/),
        stops: 1,
        segments: [
          expect.objectContaining({
            id: '0Z667-2030-01-31-COK',
            flightNumber: '0Z667',
            marketingCarrier: '0Z',
            operatingCarrier: '0Z',
            origin: 'COK',
            destination: 'BLR',
            originTimeZone: 'Asia/Kolkata',
            cabin: 'economy',
            bookingClass: 'T',
          }),
          expect.objectContaining({ id: '0Z693-2030-01-31-BLR', origin: 'BLR', destination: 'GAU' }),
        ],
      },
      fareBrand: 'Economy Basic',
      price: usd('169.59'),
      basePrice: expect.anything(),
      taxes: expect.anything(),
      airlinePrice: usd('169.59'),
      perPassenger: [
        expect.objectContaining({ passengerId: 'p1', type: 'adult' }),
        expect.objectContaining({ passengerId: 'p2', type: 'child' }),
        expect.objectContaining({ passengerId: 'p3', type: 'infant' }),
      ],
      conditions: { change: { allowed: false, fee: null }, cancel: { allowed: false, fee: null } },
      baggage: [
        {
          segmentIds: ['0Z667-2030-01-31-COK', '0Z693-2030-01-31-BLR'],
          passengerIds: ['p1', 'p2'],
          kind: 'carry_on',
          pieces: 1,
          weightKg: 8,
        },
        {
          segmentIds: ['0Z667-2030-01-31-COK', '0Z693-2030-01-31-BLR'],
          passengerIds: ['p3'],
          kind: 'checked',
          pieces: 1,
          weightKg: 10,
        },
      ],
      seatsLeft: null,
      expiresAt: '2030-01-01T06:35:00Z',
      sameFlight: [],
    })
  })

  it('says what changing and cancelling cost in each fare', () => {
    const offers = read(wire.readAirShopping, 'air-shopping').map(mapOffer)
    const conditions = new Map(offers.map((offer) => [offer.fareBrand, offer.conditions]))
    expect(conditions).toEqual(
      new Map([
        [
          'Business Value',
          { change: { allowed: true, fee: usd('60.00') }, cancel: { allowed: true, fee: usd('120.00') } },
        ],
        ['Business Full', { change: { allowed: true, fee: usd('0.00') }, cancel: { allowed: true, fee: usd('0.00') } }],
      ]),
    )
    expect(new Set(offers.flatMap(({ slice }) => slice.segments.map(({ cabin }) => cabin)))).toEqual(
      new Set(['business']),
    )
  })

  it('is none where Banyan has none', () => {
    expect(read(wire.readAirShopping, 'air-shopping-none')).toEqual([])
  })

  it('keeps the id that it was asked by, and says whether its price moved', () => {
    const offer = read(wire.readOfferPrice, 'offer-price')
    const quoted = (amount: string) => ({ airline: 'banyan', quotedPrice: usd(amount), ref })
    expect(mapPricedOffer(offer, quoted('169.59'))).toMatchObject({
      id: `banyan~169.59USD~${ref}`,
      quotedPrice: usd('169.59'),
      priceChanged: false,
    })
    expect(mapPricedOffer(offer, quoted('160.00'))).toMatchObject({
      id: `banyan~160.00USD~${ref}`,
      airlinePrice: usd('169.59'),
      priceChanged: true,
    })
  })
})

describe('seats', () => {
  const maps = read(wire.readSeatAvailability, 'seat-availability').map(mapSeatMap)

  it('are of each flight, in the offer’s cabin, with the aisle where it is', () => {
    expect(maps.map(({ segmentId }) => segmentId)).toEqual(['0Z667-2030-01-31-COK', '0Z693-2030-01-31-BLR'])
    expect(maps[0]?.aircraft).toMatch(/^32[NQ]$/)
    expect(maps[0]?.cabins.map(({ cabin, columns }) => [cabin, columns])).toEqual([
      ['economy', ['A', 'B', 'C', null, 'D', 'E', 'F']],
    ])
  })

  it('say what they are, what they cost, and what is special about them', () => {
    const seats = maps[0]?.cabins[0]?.rows.flatMap((row) => row.seats.flatMap((seat) => seat ?? [])) ?? []
    const at = (designator: string) => seats.find((seat) => seat.designator === designator)
    expect(at('4A')).toMatchObject({ kind: 'window', available: true, price: usd('9.00') })
    expect(at('4B')?.kind).toBe('middle')
    expect(at('4C')?.kind).toBe('aisle')
    expect(at('27D')).toMatchObject({ available: false, price: null, traits: expect.arrayContaining(['blocked']) })
    const exits = maps[0]?.cabins[0]?.rows.filter(({ exit }) => exit) ?? []
    expect(exits.map(({ number }) => number)).toEqual([11, 12])
    expect(exits[0]?.seats[0]?.traits).toContain('exit_row')
    expect(exits[0]?.wing).toBe(true)
    expect(seats.some(({ available, traits }) => !available && !traits.includes('blocked'))).toBe(true)
  })

  it('leave a place where there is no seat, and a middle block between two aisles', () => {
    const seat = { status: 'F', price: 1200, characteristics: ['9'] }
    const cabin = {
      cabin: '2',
      columns: ['A', 'D', 'G', 'K'].map((id, index) => ({ id, section: ['LS', 'CC', 'CC', 'RS'][index] ?? '' })),
      rows: [{ number: 1, characteristics: [], seats: [{ column: 'D', ...seat }] }],
    }
    const [flight] = read(wire.readOfferPrice, 'offer-price').journey.flights
    const [map] = mapSeatMap({ flight, cabins: [cabin] }).cabins
    expect(map?.columns).toEqual(['A', null, 'D', 'G', null, 'K'])
    expect(map?.rows[0]?.seats.map((place) => place?.designator ?? null)).toEqual([null, '1D', null, null])
  })
})

it('lists what baggage is included and what can be bought, by whom', () => {
  const options = mapBaggage(read(wire.readOfferPrice, 'offer-price'), read(wire.readServiceList, 'service-list'))
  expect(options.included.map(({ kind, passengerIds }) => [kind, passengerIds])).toEqual([
    ['carry_on', ['p1', 'p2']],
    ['checked', ['p3']],
  ])
  expect(options.purchasable[0]).toEqual({
    serviceId: 'banyan~0Z667-2030-01-31-COK~BG23',
    kind: 'checked',
    pieces: 1,
    weightKg: 23,
    segmentIds: ['0Z667-2030-01-31-COK', '0Z693-2030-01-31-BLR'],
    passengerIds: ['p1', 'p2'],
    price: usd('48.00'),
    maxQuantity: 3,
  })
})

it('takes an order’s price apart', () => {
  const held = mapOrder(read(wire.readOrderView, 'order-held'))
  expect(held).toMatchObject({
    airline: 'banyan',
    clientReference: 'FIXTURE-1',
    airlineReference: expect.stringMatching(/^[A-Z0-9]{6}$/),
    status: 'held',
    price: { seats: usd('9.00'), baggage: usd('96.00'), total: usd('274.59') },
    payBy: '2030-01-01T18:00:00Z',
  })
  expect(held.flights).toEqual([
    {
      segmentId: '0Z667-2030-01-31-COK',
      flightNumber: '0Z667',
      departingAt: '2030-01-31T11:20:00+05:30',
      arrivingAt: '2030-01-31T12:25:00+05:30',
    },
    {
      segmentId: '0Z693-2030-01-31-BLR',
      flightNumber: '0Z693',
      departingAt: '2030-01-31T13:45:00+05:30',
      arrivingAt: '2030-01-31T16:45:00+05:30',
    },
  ])
  const paid = mapOrder(read(wire.readOrderView, 'order-paid'))
  expect(paid).toEqual({ ...held, status: 'confirmed', payBy: null })
  expect(mapOrder(read(wire.readOrderView, 'order-cancelled'))).toEqual({ ...paid, status: 'cancelled' })
})

it('says what a cancellation gives back, before and after', () => {
  const { offerId, ...quote } = read(wire.readCancelQuote, 'cancel-quote')
  expect(offerId).toMatch(/^[A-Z0-9]{6}-X-\d+$/)
  const refund = mapRefund(quote)
  expect(Number(refund.refund.amount) + Number(refund.fee.amount)).toBeCloseTo(274.59, 2)
  expect(mapRefund(read(wire.readCancelled, 'order-cancelled'))).toEqual(refund)
})

it.each<[string, NonNullable<AirlineError['reason']>]>([
  ['913', 'offer_not_found'],
  ['0Z02', 'offer_expired'],
  ['0Z03', 'sold_out'],
  ['0Z04', 'price_changed'],
  ['2', 'seat_taken'],
  ['3', 'service_unavailable'],
  ['0Z05', 'service_unavailable'],
  ['0Z08', 'hold_lapsed'],
  ['129', 'order_not_found'],
  ['0Z10', 'not_cancellable'],
  ['915', 'not_supported'],
  ['0Z06', 'invalid'],
  ['whatever comes next', 'invalid'],
])('takes code %s for %s', (code, reason) => {
  expect(mapRejection(code)).toBe(reason)
})
