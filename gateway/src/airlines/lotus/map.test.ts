import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../../schemas/index.ts'
import type { Money } from '../../schemas/money.ts'
import { parseOfferId } from '../offer-id.ts'
import {
  duration,
  mapBags,
  mapCabins,
  mapGivenBack,
  mapPage,
  mapPricedOffer,
  mapRejection,
  mapReservation,
  travelParty,
} from './map.ts'
import {
  beginSearchPage,
  readFaults,
  readGivenBack,
  readOfferBags,
  readOfferCabins,
  readPricedOffer,
  readReservation,
  readReservationList,
  readSearchAccepted,
  zonedParts,
} from './wire.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`))

const ajv = new Ajv({ strict: false })
formats.default(ajv)
for (const component of components) ajv.addSchema(component)

function problemsOf(component: string, value: unknown): unknown {
  return ajv.validate(`${component}#`, value) ? [] : ajv.errors
}

const satang = ({ amount }: Money) => Number(amount.replace('.', ''))
const sum = (moneys: Money[]) => moneys.reduce((total, money) => total + satang(money), 0)
const thb = (amount: string) => ({ amount, currency: 'THB' })

const readPage = (bytes: Buffer) => beginSearchPage(bytes).read()
const family = ['search-1', 'search-2'].flatMap((name) => mapPage(readPage(fixture(name))))
const late = mapPage(readPage(fixture('search-late-2')))

describe('the state of a page', () => {
  const page = { pageCount: 2, page: 1, ready: true, pollAfterMs: null }
  const rest = { currency: 'THB', solutions: [] }
  const begin = (text: string) => beginSearchPage(Buffer.from(text))

  it('is read without what comes after it, which nobody may want', () => {
    const begun = begin(JSON.stringify({ ...page, ...rest }).replace('[]', '[{"cut off'))
    expect(begun.state).toMatchObject(page)
    expect(() => begun.read()).toThrow()
  })

  it.each([
    ['stands after the solutions', JSON.stringify({ ...rest, ...page })],
    ['stands around the solutions', JSON.stringify({ pageCount: 2, page: 1, ...rest, ready: true, pollAfterMs: null })],
    ['is set with blanks', JSON.stringify({ ...page, ...rest }, null, 2)],
    ['follows other solutions', JSON.stringify({ like: { currency: 'INR', solutions: [] }, ...page, ...rest })],
  ])('is found where it %s', (_, text) => {
    expect(begin(text).state).toMatchObject(page)
    expect(begin(text).read()).toMatchObject({ ...page, ...rest })
  })

  it('may not be told twice in two ways', () => {
    const text = JSON.stringify({ ...page, ...rest })
    expect(() => begin(text.replace(/}$/, ',"ready":false}')).read()).toThrow('told twice')
  })
})

describe('offers', () => {
  it('are one for each bundle of each journey, each with its own id', () => {
    const sent: { solutions: { bundles: { offerToken: string }[] }[] }[] = ['search-1', 'search-2'].map((name) =>
      JSON.parse(fixture(name).toString()),
    )
    const tokens = sent.flatMap(({ solutions }) =>
      solutions.flatMap(({ bundles }) => bundles.map(({ offerToken }) => offerToken)),
    )
    expect(tokens.length).toBeGreaterThan(20)
    expect(family.map(({ id }) => parseOfferId(id)?.ref)).toEqual(tokens)
    expect(mapPage(readPage(fixture('search-late-1')))).toEqual([])
    expect(mapPage(readPage(fixture('search-none-1')))).toEqual([])
    for (const offer of [...family, ...late]) {
      expect(problemsOf('Offer', offer)).toEqual([])
      expect(parseOfferId(offer.id)).toMatchObject({ airline: 'lotus', quotedPrice: offer.airlinePrice })
      expect(offer.price).toEqual(offer.airlinePrice)
      expect(offer.sameFlight).toEqual([])
    }
  })

  it('cost the very decimals that the airline’s numbers say', () => {
    const text = fixture('search-1').toString()
    const totals = [...text.matchAll(/"total":([\d.]+),"guests"/g)].map(([, digits = '']) => digits)
    expect(totals.some((digits) => /\.\d$/.test(digits))).toBe(true)
    const amounts = mapPage(readPage(fixture('search-1'))).map(({ price }) => price.amount)
    expect(amounts.every((amount) => /^\d+\.\d\d$/.test(amount))).toBe(true)
    expect(amounts.map((amount) => amount.replace(/\.?0+$/, ''))).toEqual(
      totals.map((digits) => (digits.includes('.') ? digits : digits.replace(/0+$/, ''))),
    )
  })

  it('say what the airline says of one of them', () => {
    const ref = { airline: 'lotus', quotedPrice: thb('1.00'), ref: 'x' }
    const offer = mapPricedOffer(readPricedOffer(fixture('offer')), ref)
    const sent = JSON.parse(fixture('offer').toString())
    const [sector] = sent.sectors
    expect(offer).toMatchObject({
      airline: 'lotus',
      fareBrand: 'Value',
      conditions: { change: { allowed: true, fee: thb('1200.00') }, cancel: { allowed: true, fee: thb('2400.00') } },
      seatsLeft: sent.bundle.seatsLeft,
      expiresAt: sent.bundle.goodUntil,
      slice: { origin: 'DEL', destination: 'BKK', stops: 0, duration: 'PT4H5M' },
    })
    expect(satang(offer.price)).toBe(Math.round(sent.bundle.price.total * 100))
    expect(offer.slice.segments).toEqual([
      {
        id: sector.flightKey,
        flightNumber: sector.flightNumber,
        marketingCarrier: '0L',
        operatingCarrier: '0L',
        origin: 'DEL',
        destination: 'BKK',
        departingAt: '2030-01-15T12:20:00+05:30',
        arrivingAt: '2030-01-15T17:55:00+07:00',
        originTimeZone: 'Asia/Kolkata',
        destinationTimeZone: 'Asia/Bangkok',
        duration: 'PT4H5M',
        aircraft: '32Q',
        cabin: 'economy',
        bookingClass: 'V',
        fareBasisCode: 'VOWINT',
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
      expect(sum(offer.perPassenger.map(({ price }) => price))).toBe(satang(offer.price))
      expect(sum(offer.perPassenger.map(({ taxes }) => taxes))).toBe(satang(offer.taxes))
      expect(sum([offer.basePrice, offer.taxes])).toBe(satang(offer.price))
    }
  })

  it('carry what their bundle carries, by the piece', () => {
    const bags = (brand: string) =>
      family
        .find(({ fareBrand }) => fareBrand === brand)
        ?.baggage.map(({ kind, pieces, weightKg, passengerIds }) => [kind, pieces, weightKg, passengerIds.join()])
    const cabin = ['carry_on', 1, 7, 'p1,p2,p3']
    const infant = ['checked', 1, 10, 'p4']
    expect(bags('Light')).toEqual([cabin, infant])
    expect(bags('Value')).toEqual([cabin, ['checked', 1, 23, 'p1,p2,p3'], infant])
    expect(bags('Flex')).toEqual([cabin, ['checked', 2, 23, 'p1,p2,p3'], infant])
  })

  it('say what a bundle does not allow', () => {
    const light = family.find(({ fareBrand }) => fareBrand === 'Light')
    expect(light?.conditions).toEqual({
      change: { allowed: true, fee: thb('2400.00') },
      cancel: { allowed: false, fee: null },
    })
  })

  it('keep the flights of a connection apart, each in its own time', () => {
    const connection = late.find(({ slice }) => slice.stops === 1)
    expect(connection?.slice.segments).toMatchObject([
      { origin: 'CCU', originTimeZone: 'Asia/Kolkata', cabin: 'business' },
      { destination: connection?.slice.destination, departingAt: expect.stringMatching(/[+-]\d\d:\d\d$/) },
    ])
    for (const { slice } of [...family, ...late]) {
      const minutes = (Date.parse(slice.arrivingAt) - Date.parse(slice.departingAt)) / 60_000
      expect(slice.duration).toBe(duration(minutes))
    }
  })
})

describe('a priced offer', () => {
  const moved = readPricedOffer(fixture('offer-moved'))
  const now = mapPricedOffer(moved, { airline: 'lotus', quotedPrice: thb('1.00'), ref: moved.bundle.offerToken })
  const ref = { airline: 'lotus', quotedPrice: now.airlinePrice, ref: moved.bundle.offerToken }

  it('is unchanged at the price that the search quoted', () => {
    const priced = mapPricedOffer(moved, ref)
    expect(problemsOf('PricedOffer', priced)).toEqual([])
    expect(priced).toMatchObject({ priceChanged: false, quotedPrice: ref.quotedPrice, airlinePrice: ref.quotedPrice })
  })

  it('keeps what was quoted beside the price that it has moved to, under the id that was asked for', () => {
    const satangLess = thb((satang(ref.quotedPrice) - 1).toString().replace(/(..)$/, '.$1'))
    const priced = mapPricedOffer(moved, { ...ref, quotedPrice: satangLess })
    expect(priced).toMatchObject({ priceChanged: true, quotedPrice: satangLess, airlinePrice: ref.quotedPrice })
    expect(parseOfferId(priced.id)).toEqual({ ...ref, quotedPrice: satangLess })
    const inRupees = { ...ref.quotedPrice, currency: 'INR' }
    expect(mapPricedOffer(moved, { ...ref, quotedPrice: inRupees }).priceChanged).toBe(true)
  })
})

describe('cabins', () => {
  const sent = readOfferCabins(fixture('cabins'))
  const maps = mapCabins(sent)
  const seatsSent = sent.flights.flatMap(({ cabins }) =>
    cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats)),
  )
  const seats = maps.flatMap(({ cabins }) => cabins.flatMap(({ rows }) => rows.flatMap((row) => row.seats)))

  it('have a place for every column of every row, empty where there is no seat', () => {
    expect(maps).toHaveLength(1)
    for (const map of maps) expect(problemsOf('SeatMap', map)).toEqual([])
    const [cabin] = maps[0]?.cabins ?? []
    expect(cabin?.columns).toEqual(['A', 'B', 'C', null, 'D', 'E', 'F'])
    for (const { seats, number } of cabin?.rows ?? []) {
      expect(seats).toHaveLength(6)
      expect(seats.map((seat) => seat?.designator ?? null).filter((name) => name !== null)).toEqual(
        seats.flatMap((seat, index) => (seat ? `${number}${'ABCDEF'[index]}` : [])),
      )
    }
    expect(seats.filter((seat) => seat === null)).toHaveLength(2)
  })

  it('offer exactly the open seats, at nothing where the bundle includes the zone', () => {
    const open = seatsSent.filter(({ state }) => state === 'open').map(({ seat }) => seat)
    expect(open.length).toBeGreaterThan(0)
    expect(seats.flatMap((seat) => (seat?.available ? seat.designator : []))).toEqual(open)
    const prices = new Set(seats.flatMap((seat) => seat?.price?.amount ?? []))
    expect(prices).toEqual(new Set(['0.00', '650.00', '990.00', '1450.00']))
  })

  it('mark what is blocked, and pass over states and notes that are new', () => {
    const blocked = seats.filter((seat) => seat?.traits.includes('blocked'))
    expect(blocked.length).toBeGreaterThan(0)
    for (const seat of blocked) expect(seat).toMatchObject({ available: false, price: null })
    const changed = structuredClone(sent)
    for (const { cabins } of changed.flights) {
      for (const { rows } of cabins) {
        for (const row of rows)
          for (const seat of row.seats) Object.assign(seat, { state: 'reserved-for-crew', notes: ['hot-tub'] })
      }
    }
    const strange = mapCabins(changed).flatMap(({ cabins }) =>
      cabins.flatMap(({ rows }) => rows.flatMap((row) => row.seats)),
    )
    expect(strange.some((seat) => seat?.available || (seat && seat.traits.length > 0))).toBe(false)
  })
})

describe('bags', () => {
  const sent = readOfferBags(fixture('bags'))

  it('are for sale by the piece to everyone who has a seat', () => {
    const bags = mapBags(sent)
    expect(problemsOf('BaggageOptions', bags)).toEqual([])
    const segmentIds = sent.flightKeys
    expect(bags.purchasable).toEqual(
      [
        { code: 'BAG23', weightKg: 23, amount: '2100.00', maxQuantity: 3 },
        { code: 'BAG32', weightKg: 32, amount: '3450.00', maxQuantity: 2 },
      ].map(({ code, weightKg, amount, maxQuantity }) => ({
        serviceId: `lotus~${segmentIds[0]}~${code}`,
        kind: 'checked',
        pieces: 1,
        weightKg,
        segmentIds,
        passengerIds: ['p1', 'p2', 'p3'],
        price: thb(amount),
        maxQuantity,
      })),
    )
    const value = family.find(
      ({ fareBrand, slice }) => fareBrand === 'Value' && slice.segments[0]?.id === segmentIds[0],
    )
    expect(bags.included).toEqual(value?.baggage)
  })

  it('of a kind that we do not know are left out', () => {
    const pets = <T extends { kind: string }>(bags: T[]) => bags.map((bag) => ({ ...bag, kind: 'pet-carrier' }))
    expect(mapBags({ ...sent, included: pets(sent.included), forSale: pets(sent.forSale) })).toEqual({
      included: [],
      purchasable: [],
    })
  })
})

describe('reservations', () => {
  it('are held for half an hour, then ticketed, then cancelled', () => {
    const held = mapReservation(readReservation(fixture('reservation-held')))
    const { slice } = mapPricedOffer(readPricedOffer(fixture('offer')), {
      airline: 'lotus',
      quotedPrice: thb('1.00'),
      ref: 'x',
    })
    expect(held.flights).toEqual(
      slice.segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
        segmentId: id,
        flightNumber,
        departingAt,
        arrivingAt,
      })),
    )
    const [moved] = readReservationList(fixture('reservations-moved')).reservations.map(mapReservation)
    const leaves = ({ departingAt, arrivingAt }: (typeof held.flights)[number], minutes: number) =>
      [departingAt, arrivingAt].map((time) => Date.parse(time) + minutes * 60_000)
    expect(moved?.flights.map((flight) => leaves(flight, 0))).toEqual(
      held.flights.map((flight, place) => leaves(flight, place === 0 ? 45 : 0)),
    )
    expect(held).toMatchObject({
      airline: 'lotus',
      clientReference: 'FIXTURE-1',
      airlineReference: expect.stringMatching(/^[A-Z0-9]{6}$/),
      status: 'held',
      payBy: '2030-01-01T03:30:00Z',
      price: { baggage: thb('2100.00'), seats: thb('0.00') },
    })
    const { base, taxes, seats, baggage, total } = held.price
    expect(sum([base, taxes, seats, baggage])).toBe(satang(total))
    expect(mapReservation(readReservation(fixture('reservation-ticketed')))).toEqual({
      ...held,
      status: 'confirmed',
      payBy: null,
    })
    expect(mapReservation(readReservation(fixture('reservation-cancelled')))).toEqual({
      ...held,
      status: 'cancelled',
      payBy: null,
    })
    expect(readReservationList(fixture('reservations-found')).reservations.map(mapReservation)).toEqual([held])
    expect(readReservationList(fixture('reservations-none')).reservations).toEqual([])
  })

  it('that lapsed are cancelled to us', () => {
    const reservation = readReservation(fixture('reservation-held'))
    expect(mapReservation({ ...reservation, state: 'lapsed' })).toMatchObject({ status: 'cancelled', payBy: null })
  })

  it('give back what their cancellation says', () => {
    const given = mapGivenBack(readGivenBack(fixture('cancellation')))
    expect(given).toEqual(mapGivenBack(readGivenBack(fixture('cancellation-quote'))))
    const { price } = mapReservation(readReservation(fixture('reservation-ticketed')))
    expect(sum([given.refund, given.fee])).toBe(satang(price.total))
    expect(satang(given.fee)).toBeGreaterThan(0)
  })
})

describe('refusals', () => {
  it.each([
    ['refused-offer', 'offer_not_found'],
    ['refused-price', 'price_changed'],
    ['refused-payment', 'invalid'],
    ['refused-signature', 'invalid'],
  ])('%s means %s', (name, reason) => {
    expect(mapRejection(readFaults(fixture(name)).errors[0].code)).toBe(reason)
  })

  it.each([
    ['offer-expired', 'offer_expired'],
    ['sold-out', 'sold_out'],
    ['seat-taken', 'seat_taken'],
    ['bag-unknown', 'service_unavailable'],
    ['hold-lapsed', 'hold_lapsed'],
    ['hold-not-offered', 'not_supported'],
    ['reservation-not-found', 'order_not_found'],
    ['not-cancellable', 'not_cancellable'],
    ['idempotency-key-reused', 'invalid'],
    ['a-code-of-next-year', 'invalid'],
  ])('%s means %s', (code, reason) => {
    expect(mapRejection(code)).toBe(reason)
  })
})

describe('small words', () => {
  it('count the party by type', () => {
    expect(
      travelParty([
        { id: 'p1', type: 'adult' },
        { id: 'p2', type: 'adult' },
        { id: 'p3', type: 'infant' },
      ]),
    ).toEqual({ adults: 2, children: 0, infants: 1 })
  })

  it.each([
    ['a day that does not exist', '2030-02-30T06:10:00+05:30[Asia/Kolkata]'],
    ['an hour that does not exist', '2030-01-15T24:10:00+05:30[Asia/Kolkata]'],
    ['an offset that no zone has', '2030-01-15T06:10:00+25:00[Asia/Kolkata]'],
    ['no zone', '2030-01-15T06:10:00+05:30'],
    ['no offset', '2030-01-15T06:10:00[Asia/Kolkata]'],
  ])('make no moment of %s', (_, text) => {
    expect(zonedParts(text)).toBeNull()
  })
})

/** Every path to a value inside a JSON document, objects and arrays included. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...Object(value) }
  Object.assign(copy, { [key]: replaced(Object(value)[key], rest, by) })
  return copy
}

describe.each<[string, (bytes: Buffer) => unknown, string | null]>([
  ['search-accepted', (bytes) => readSearchAccepted(bytes).searchId, null],
  ['search-1', (bytes) => mapPage(readPage(bytes)), 'Offer'],
  [
    'offer',
    (bytes) => [mapPricedOffer(readPricedOffer(bytes), { airline: 'lotus', quotedPrice: thb('1.00'), ref: 'x' })],
    'PricedOffer',
  ],
  ['cabins', (bytes) => mapCabins(readOfferCabins(bytes)), 'SeatMap'],
  ['bags', (bytes) => [mapBags(readOfferBags(bytes))], 'BaggageOptions'],
  ['reservation-held', (bytes) => [mapReservation(readReservation(bytes)).price.total], 'Money'],
  ['cancellation', (bytes) => [mapGivenBack(readGivenBack(bytes)).refund], 'Money'],
])('whatever stands in for a value of %s', (name, read, component) => {
  const document: unknown = JSON.parse(fixture(name).toString())
  const unreadable = Symbol('unreadable')
  const tryRead = (value: unknown) => {
    try {
      return read(Buffer.from(JSON.stringify(value)))
    } catch (error) {
      // A fault of ours would be of another kind.
      if (error instanceof Error && error.constructor === Error) return unreadable
      throw error
    }
  }

  it('the answer is refused, or becomes what our own API allows', () => {
    const strange = fc.oneof(
      fc.constantFrom(null, '', -1, 0.005, 1e300, 1e12, 12, [], {}, 'x', '2030-02-30T09:00:00Z'),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths(document)), strange, (path, by) => {
        const answer = tryRead(replaced(document, path, by))
        if (answer === unreadable || component === null) return
        for (const one of Array.isArray(answer) ? answer : [answer]) expect(problemsOf(component, one)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('fields that nobody uses pass', () => {
    expect(tryRead({ ...Object(document), newField: [1, { two: 3 }] })).toEqual(read(fixture(name)))
  })
})
