import { describe, expect, it } from 'vitest'
import { Booking, BookingList, Refund } from './schemas/bookings.ts'
import { Extras, type SeatChart, SeatCharts } from './schemas/extras.ts'
import { FlightResults, Quote } from './schemas/flights.ts'
import { asha, bookingOf, minute, openMonsoon, search } from './testing.ts'

const inr = (amount_minor: number) => ({ amount_minor, currency: 'INR' })
const seatsOf = (chart: SeatChart | undefined) => chart?.rows.flatMap((row) => row.seats) ?? []

describe('the whole way', () => {
  it('from a search to a refund', async () => {
    const { callWith, cheapest, read, signIn, system } = await openMonsoon()
    const call = callWith(await signIn())
    const { journey, fare } = await cheapest(call)
    expect(journey).toMatchObject({ from: 'DEL', to: 'BOM' })
    const [leg] = journey.legs
    if (leg === undefined) throw new Error('no leg')
    expect(leg.flight_key).toBe(`${leg.flight_no}-${search.date}-DEL`)
    expect(Date.parse(leg.departs.utc)).toBe(Date.parse(`${leg.departs.local}+05:30`))
    expect(Date.parse(leg.arrives.utc) - Date.parse(leg.departs.utc)).toBe(leg.duration_min * minute)
    expect(fare.total.amount_minor).toBe(fare.base.amount_minor + fare.taxes.amount_minor)
    expect(fare.bags).toEqual([{ kind: 'CABIN', pieces: 1, kg: 7, pax_types: ['ADT', 'CHD'] }])

    const quote = read(Quote, 200, await call('POST', '/quotes', { fare_key: fare.fare_key }))
    expect(quote.fare).toEqual(fare)
    const { fares, ...sameJourney } = journey
    expect(fares).toHaveLength(2)
    expect(quote.journey).toEqual(sameJourney)
    expect(quote.tax_lines.reduce((sum, line) => sum + line.price.amount_minor, 0)).toBe(fare.taxes.amount_minor)

    const query = `fare_key=${fare.fare_key}`
    const [chart] = read(SeatCharts, 200, await call('GET', `/flights/seats?${query}`)).flights
    expect(chart).toMatchObject({ flight_key: leg.flight_key, aircraft: { code: leg.aircraft }, layout: 'ABC-DEF' })
    expect(seatsOf(chart)).toHaveLength(180)
    const seat = seatsOf(chart).find(({ state, position }) => state === 'FREE' && position === 'WINDOW')
    const seatPrice = chart?.zones.find(({ zone }) => zone === seat?.zone)?.price ?? inr(0)
    expect(seatPrice.amount_minor).toBeGreaterThan(0)

    const extras = read(Extras, 200, await call('GET', `/extras?${query}`))
    expect(extras).toMatchObject({ flight_keys: [leg.flight_key], pax: { adt: 1, chd: 0, inf: 0 }, bags: fare.bags })
    const bag = extras.extras.find(({ extra_code }) => extra_code === 'BAG23')
    expect(bag).toMatchObject({ kind: 'CHECKED', pieces: 1, kg: 23, pax_types: ['ADT', 'CHD'] })
    const bagPrice = bag?.price.amount_minor ?? 0

    const total = fare.total.amount_minor + seatPrice.amount_minor + 2 * bagPrice
    const request = {
      ...bookingOf(fare.fare_key),
      seats: [{ pax_ref: 'p1', flight_key: leg.flight_key, seat_no: seat?.seat_no }],
      extras: [{ pax_ref: 'p1', extra_code: 'BAG23', quantity: 2 }],
      agreed_total: inr(total),
    }
    const booked = await call('POST', '/bookings', request)
    const booking = read(Booking, 201, booked)
    expect(booked.headers.get('location')).toBe(`/api/v1/bookings/${booking.pnr}`)
    expect(booking).toEqual({
      pnr: expect.stringMatching(/^[A-Z0-9]{6}$/),
      external_reference: 'TEST-1',
      status: 'CONFIRMED',
      booked_at: '2030-01-10T06:00:00Z',
      fare_code: 'GO',
      flight_keys: [leg.flight_key],
      legs: [{ ...leg, schedule_change_min: 0 }],
      pax: [asha],
      contact: request.contact,
      seats: [{ ...request.seats[0], price: seatPrice }],
      extras: [{ ...request.extras[0], price: inr(2 * bagPrice) }],
      charges: {
        base: fare.base,
        taxes: fare.taxes,
        seats: seatPrice,
        extras: inr(2 * bagPrice),
        total: inr(total),
      },
      refund: null,
    })

    const readBack = async () => read(Booking, 200, await call('GET', `/bookings/${booking.pnr}`))
    const find = async (reference: string) =>
      read(BookingList, 200, await call('GET', `/bookings?external_reference=${reference}`)).bookings
    expect(read(Booking, 201, await call('POST', '/bookings', request))).toEqual(booking)
    expect(await readBack()).toEqual(booking)
    expect(await find('TEST-1')).toEqual([booking])
    expect(await find('TEST-2')).toEqual([])
    const [after] = read(SeatCharts, 200, await call('GET', `/flights/seats?${query}`)).flights
    expect(seatsOf(after).find(({ seat_no }) => seat_no === seat?.seat_no)?.state).toBe('TAKEN')

    const quoted = read(Refund, 200, await call('GET', `/bookings/${booking.pnr}/refund_quote`))
    expect(quoted.refund.amount_minor + quoted.cancellation_fee.amount_minor).toBe(total)
    expect(quoted.cancellation_fee.amount_minor).toBeGreaterThanOrEqual(fare.cancel_fee?.amount_minor ?? Infinity)
    expect((await readBack()).status).toBe('CONFIRMED')

    const cancel = async () => read(Booking, 200, await call('POST', `/bookings/${booking.pnr}/cancel`))
    const cancelled = await cancel()
    expect(cancelled).toEqual({ ...booking, status: 'CANCELLED', refund: quoted })
    system.clock.advance(minute)
    expect(await cancel()).toEqual(cancelled)
    const [free] = read(SeatCharts, 200, await call('GET', `/flights/seats?${query}`)).flights
    expect(free).toEqual(chart)
  })

  it('survives a restart, where old tokens do not', async () => {
    const { callWith, cheapest, read, restart, signIn, ...monsoon } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    const booking = read(Booking, 201, await call('POST', '/bookings', bookingOf(fare.fare_key)))
    await restart()
    expect(monsoon.refusal(await call('GET', `/bookings/${booking.pnr}`))).toEqual([401, 'TOKEN_INVALID'])
    const renewed = callWith(await signIn())
    expect(read(Booking, 200, await renewed('GET', `/bookings/${booking.pnr}`))).toEqual(booking)
    expect(read(Booking, 201, await renewed('POST', '/bookings', bookingOf(fare.fare_key)))).toEqual(booking)
  })

  it('prices children and infants apart, and adds them up', async () => {
    const { callWith, read, signIn } = await openMonsoon()
    const party = { ...search, pax: { adt: 2, chd: 1, inf: 1 } }
    const answer = await callWith(await signIn())('POST', '/flights/search', party)
    const fares = read(FlightResults, 200, answer).journeys.flatMap((journey) => journey.fares)
    expect(fares.length).toBeGreaterThan(0)
    for (const { per_pax, base, taxes, total } of fares) {
      expect(per_pax.map(({ pax_type, count }) => [pax_type, count])).toEqual([
        ['ADT', 2],
        ['CHD', 1],
        ['INF', 1],
      ])
      const sum = (field: 'base' | 'taxes' | 'total') =>
        per_pax.reduce((all, pax) => all + pax.count * pax[field].amount_minor, 0)
      expect([inr(sum('base')), inr(sum('taxes')), inr(sum('total'))]).toEqual([base, taxes, total])
    }
  })
})

describe('two hundred at once', () => {
  it('get one seat between them: exactly one has it, the others are told', async () => {
    const { callWith, cheapest, read, refusal, signIn, system } = await openMonsoon()
    const call = callWith(await signIn())
    const { fare } = await cheapest(call)
    const [chart] = read(SeatCharts, 200, await call('GET', `/flights/seats?fare_key=${fare.fare_key}`)).flights
    const free = seatsOf(chart).find(({ state }) => state === 'FREE')
    const seats = [{ pax_ref: 'p1', flight_key: chart?.flight_key, seat_no: free?.seat_no }]
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        call('POST', '/bookings', { ...bookingOf(fare.fare_key, `RACE-${index}`), seats }),
      ),
    )
    const winners = answers.filter(({ status }) => status === 201).map((answer) => read(Booking, 201, answer))
    expect(winners).toHaveLength(1)
    const losers = answers.filter(({ status }) => status !== 201).map(refusal)
    expect(losers).toEqual(Array.from({ length: 199 }, () => [409, 'SEAT_GONE']))
    const orders = answers.map((_, index) => system.findByClientReference(`RACE-${index}`)).filter(Boolean)
    expect(orders.map((order) => order?.locator)).toEqual(winners.map(({ pnr }) => pnr))
  })
})
