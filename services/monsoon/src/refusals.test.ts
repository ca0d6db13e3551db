import { describe, expect, it } from 'vitest'
import { Booking, BookingList } from './schemas/bookings.ts'
import { ErrorReply } from './schemas/errors.ts'
import { SeatCharts } from './schemas/extras.ts'
import { type Answer, asha, bookingOf, minute, openMonsoon, search, start } from './testing.ts'

describe('refusals', () => {
  it('have a code each, and change nothing', async () => {
    const { callWith, cheapest, read, refusal, signIn } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    const [chart] = read(SeatCharts, 200, await call('GET', `/flights/seats?fare_key=${fare.fare_key}`)).flights
    const seat = chart?.rows.flatMap((row) => row.seats).find(({ state }) => state === 'FREE')
    const choose = (seat_no: string | undefined) => [{ pax_ref: 'p1', flight_key: chart?.flight_key, seat_no }]
    const buy = (extra_code: string, quantity = 1) => [{ pax_ref: 'p1', extra_code, quantity }]
    const taken = { ...bookingOf(fare.fare_key, 'TAKEN'), seats: choose(seat?.seat_no) }
    const standing = read(Booking, 201, await call('POST', '/bookings', taken))

    const forged = `${fare.fare_key.slice(0, -1)}${fare.fare_key.endsWith('0') ? '1' : '0'}`
    const book = (changes: Record<string, unknown>) =>
      call('POST', '/bookings', { ...bookingOf(fare.fare_key), ...changes })
    const find = (changes: Record<string, unknown>) => call('POST', '/flights/search', { ...search, ...changes })
    const usd = { amount_minor: fare.total.amount_minor, currency: 'USD' }
    const cases: [string, Promise<Answer>, number, string][] = [
      ['unknown airport', find({ to: 'QQQ' }), 422, 'AIRPORT_UNKNOWN'],
      ['infants without laps', find({ pax: { adt: 1, inf: 2 } }), 422, 'PAX_INVALID'],
      ['ten travellers', find({ pax: { adt: 5, chd: 5 } }), 422, 'PAX_INVALID'],
      ['forged quote', call('POST', '/quotes', { fare_key: forged }), 404, 'FARE_UNKNOWN'],
      ['forged seats', call('GET', `/flights/seats?fare_key=${forged}`), 404, 'FARE_UNKNOWN'],
      ['forged extras', call('GET', `/extras?fare_key=${forged}`), 404, 'FARE_UNKNOWN'],
      ['forged booking', book({ fare_key: forged }), 404, 'FARE_UNKNOWN'],
      ['another party', book({ pax: [{ ...asha, pax_type: 'CHD' }] }), 422, 'PAX_MISMATCH'],
      ['no such seat', book({ seats: choose('99A') }), 422, 'SEAT_UNKNOWN'],
      ['a seat that is sold', book({ seats: choose(seat?.seat_no) }), 409, 'SEAT_GONE'],
      ['no such extra', book({ extras: buy('XBAG5') }), 422, 'EXTRA_UNKNOWN'],
      ['too many of an extra', book({ extras: buy('BAG15', 9) }), 422, 'EXTRA_UNKNOWN'],
      ['another currency', book({ agreed_total: usd }), 422, 'CURRENCY_UNKNOWN'],
      ['a reference used again', book({ external_reference: 'TAKEN' }), 409, 'REFERENCE_IN_USE'],
      ['no such booking', call('GET', '/bookings/ZZZZZZ'), 404, 'PNR_UNKNOWN'],
      ['no refund of none', call('GET', '/bookings/ZZZZZZ/refund_quote'), 404, 'PNR_UNKNOWN'],
      ['no cancelling of none', call('POST', '/bookings/ZZZZZZ/cancel'), 404, 'PNR_UNKNOWN'],
      ['no such path', call('GET', '/nowhere'), 404, 'NO_SUCH_PATH'],
    ]
    for (const [name, answer, status, code] of cases) {
      expect([name, ...refusal(await answer)]).toEqual([name, status, code])
    }
    const stored = await call('GET', '/bookings?external_reference=TEST-1')
    expect(read(BookingList, 200, stored).bookings).toEqual([])
    expect(read(Booking, 200, await call('GET', `/bookings/${standing.pnr}`))).toEqual(standing)
  })

  it('names the price that is not the one agreed on', async () => {
    const { callWith, cheapest, read, signIn, system } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    for (const difference of [-1, 1]) {
      const agreed_total = { amount_minor: fare.total.amount_minor + difference, currency: 'INR' }
      const answer = await call('POST', '/bookings', { ...bookingOf(fare.fare_key), agreed_total })
      expect(read(ErrorReply, 409, answer)).toMatchObject({ error_code: 'PRICE_MOVED', current_total: fare.total })
    }
    expect(system.findByClientReference('TEST-1')).toBeNull()
  })

  it('come with time: fares expire, and no booking is taken back once it has flown', async () => {
    const { callWith, cheapest, read, refusal, signIn, system } = await openMonsoon()
    const early = callWith(await signIn())
    const { journey, fare } = await cheapest(early)
    const booking = read(Booking, 201, await early('POST', '/bookings', bookingOf(fare.fare_key)))

    system.clock.advance(Date.parse(fare.valid_until) - start)
    const late = callWith(await signIn())
    expect(refusal(await late('POST', '/quotes', { fare_key: fare.fare_key }))).toEqual([410, 'FARE_EXPIRED'])
    expect(refusal(await late('POST', '/bookings', bookingOf(fare.fare_key, 'L')))).toEqual([410, 'FARE_EXPIRED'])

    system.clock.advance(Date.parse(journey.legs[0]?.departs.utc ?? '') - system.clock.now())
    const afterwards = callWith(await signIn())
    for (const answer of [
      await afterwards('GET', `/bookings/${booking.pnr}/refund_quote`),
      await afterwards('POST', `/bookings/${booking.pnr}/cancel`),
    ]) {
      expect(refusal(answer)).toEqual([409, 'NOT_CANCELLABLE'])
    }
  })

  it('sells no more seats than there are', async () => {
    const { callWith, cheapest, refusal, signIn, system } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    let sold = 0
    let last: Answer
    do {
      last = await call('POST', '/bookings', bookingOf(fare.fare_key, `FILL-${sold}`))
      sold += 1
    } while (last.status === 201 && sold <= 180)
    expect(refusal(last)).toEqual([409, 'FLIGHT_FULL'])
    system.clock.advance(minute)
    expect(refusal(await call('POST', '/quotes', { fare_key: fare.fare_key }))).toEqual([409, 'FLIGHT_FULL'])
  })
})

describe('requests that are not as described', () => {
  it('are refused with 400 and never with 500', async () => {
    const { callWith, cheapest, refusal, signIn } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    const book = bookingOf(fare.fare_key)
    const bad: [string, unknown][] = [
      ['/flights/search', '{"from": "DEL"'],
      ['/flights/search', { ...search, cabin: 'economy' }],
      ['/flights/search', { ...search, pax: { adt: 1, pets: 1 } }],
      ['/flights/search', { ...search, date: '2030-02-30' }],
      ['/flights/search', { ...search, from: 'del' }],
      ['/flights/search', { ...search, pax: { adt: '1' } }],
      ['/flights/search', { ...search, pax: { adt: 0 } }],
      ['/flights/search', null],
      ['/flights/search', []],
      ['/quotes', { fare_key: '../etc' }],
      ['/quotes', {}],
      ['/bookings', { ...book, pax: [] }],
      ['/bookings', { ...book, pax: [{ ...asha, nickname: 'A' }] }],
      ['/bookings', { ...book, pax: [{ ...asha, dob: '1990-13-01' }] }],
      ['/bookings', { ...book, contact: { ...book.contact, mobile: '12345' } }],
      ['/bookings', { ...book, external_reference: 'x'.repeat(65) }],
      ['/bookings', { ...book, agreed_total: { amount_minor: 1.5, currency: 'INR' } }],
    ]
    for (const [path, body] of bad) {
      expect(refusal(await call('POST', path, body)), JSON.stringify(body)).toEqual([400, 'BAD_REQUEST'])
    }
    for (const path of [
      '/extras',
      '/extras?fare_key=x&more=1',
      '/bookings',
      '/bookings?external_reference=',
      '/bookings/abc',
    ]) {
      expect(refusal(await call('GET', path)), path).toEqual([400, 'BAD_REQUEST'])
    }
  })

  it('are refused when they are of another kind or too large', async () => {
    const { callWith, refusal, signIn, url } = await openMonsoon()
    const token = await signIn()
    const asText = await fetch(`${url}/api/v1/quotes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: 'a,b',
    })
    expect([asText.status, await asText.json()]).toEqual([
      415,
      expect.objectContaining({ error_code: 'MEDIA_TYPE_UNKNOWN' }),
    ])
    const large = await callWith(token)('POST', '/quotes', { fare_key: 'x'.repeat(300_000) })
    expect(refusal(large)).toEqual([413, 'BODY_TOO_LARGE'])
  })
})
