import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OfferCabins } from './schemas/extras.ts'
import type { Reservation, ReservationRequest } from './schemas/reservations.ts'
import type { Bundle, PricedOffer } from './schemas/searches.ts'
import { find, problems, type Reply, startOfTime, startService, type TestService } from './testing.ts'

let service: TestService

beforeEach(async () => {
  service = await startService()
})
afterEach(async () => {
  expect(service.system.audit().filter(({ holds }) => !holds)).toEqual([])
  await service.close()
})

const minute = 60_000
const satang = (baht: number) => Math.round(baht * 100)
const refusal = (status: number, code: string) => ({ status, json: { errors: [{ code }] } })
const get = (path: string) => service.call('GET', path)
const post = (path: string, body?: unknown): Promise<Reply> => service.call('POST', path, body)

interface Choice {
  bundle: Bundle
  flightKey: string
  open: { seat: string; price: number | null }[]
}

async function cabinsOf(offerToken: string) {
  const { text } = await get(`/v1/offers/${offerToken}/cabins`)
  const { flights }: OfferCabins = JSON.parse(text)
  return flights.flatMap(({ cabins }) => cabins.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats)))
}

/** A bundle without a stop at its price of now. */
async function choose(code = 'YVALUE'): Promise<Choice> {
  const found = (await find(service))
    .filter(({ sectors }) => sectors.length === 1)
    .flatMap(({ sectors, bundles }) => bundles.map((bundle) => ({ flightKey: sectors[0]?.flightKey ?? '', bundle })))
  for (const { flightKey, bundle } of found) {
    if (bundle.code !== code) continue
    const { bundle: now }: PricedOffer = JSON.parse((await get(`/v1/offers/${bundle.offerToken}`)).text)
    const seats = await cabinsOf(bundle.offerToken)
    return { bundle: now, flightKey, open: seats.filter(({ state }) => state === 'open') }
  }
  throw new Error(`no offer in ${code}`)
}

/** A hold for one adult, with nothing besides. */
const plain: Omit<ReservationRequest, 'offerToken'> = {
  idempotencyKey: 'SHOP-1',
  guests: [
    {
      guestRef: 'p1',
      guestType: 'adult',
      honorific: 'ms',
      given: 'Zoë',
      family: "D'Souza",
      birthDate: '1990-04-12',
      sex: 'undisclosed',
    },
  ],
  reach: { email: 'zoe@example.com', mobile: '+919810012345' },
  seats: [],
  bags: [],
  settle: 'later',
}

function request({ bundle, flightKey, open }: Choice, changes: Partial<ReservationRequest> = {}): ReservationRequest {
  return {
    ...plain,
    offerToken: bundle.offerToken,
    seats: [{ guestRef: 'p1', flightKey, seat: open[0]?.seat ?? '' }],
    bags: [{ guestRef: 'p1', bagCode: 'BAG23', units: 1 }],
    ...changes,
  }
}

async function reserved(body: unknown): Promise<Reservation> {
  const { status, text } = await post('/v1/reservations', body)
  if (status !== 201) throw new Error(`the reservation was refused: ${text}`)
  const reservation: Reservation = JSON.parse(text)
  expect(problems('Reservation', reservation)).toEqual([])
  return reservation
}

const stateOf = async ({ bundle }: Choice, seat: string | undefined) =>
  (await cabinsOf(bundle.offerToken)).find((candidate) => candidate.seat === seat)?.state

describe('a reservation', () => {
  it('is put on hold for half an hour, paid, read and cancelled', async () => {
    const choice = await choose()
    const [seat] = choice.open
    const total = (satang(choice.bundle.price.total) + satang(seat?.price ?? 0) + 210_000) / 100
    const held = await reserved(request(choice, { expectedTotal: total }))
    expect(held).toMatchObject({
      state: 'on-hold',
      idempotencyKey: 'SHOP-1',
      madeAt: '2030-01-01T03:00:00Z',
      payBefore: '2030-01-01T03:30:00Z',
      bundle: 'YVALUE',
      sectors: [{ flightKey: choice.flightKey }],
      guests: request(choice).guests,
      reach: request(choice).reach,
      seats: [{ guestRef: 'p1', seat: seat?.seat, price: seat?.price }],
      bags: [{ guestRef: 'p1', bagCode: 'BAG23', units: 1, price: 2100 }],
      charges: { currency: 'THB', total, bags: 2100 },
      givenBack: null,
    })
    expect(await stateOf(choice, seat?.seat)).toBe('taken')
    const path = `/v1/reservations/${held.reservationCode}`
    expect((await get(path)).json).toEqual(held)
    expect((await get('/v1/reservations?idempotencyKey=SHOP-1')).json).toEqual({ reservations: [held] })
    expect((await get('/v1/reservations?idempotencyKey=SHOP-2')).json).toEqual({ reservations: [] })

    expect(await post(`${path}/payment`, { expectedTotal: 1 })).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'price-moved', currentTotal: total }] },
    })
    service.system.clock.advance(20 * minute)
    const paid = await post(`${path}/payment`, { expectedTotal: total })
    expect(paid).toMatchObject({ status: 200, json: { ...held, state: 'ticketed', payBefore: null } })
    expect((await post(`${path}/payment`, {})).json).toEqual(paid.json)

    service.system.clock.advance(240 * minute)
    const quote = await get(`${path}/cancellation`)
    expect(problems('CancellationQuote', quote.json)).toEqual([])
    const refund = (satang(choice.bundle.price.total) - 240_000) / 100
    expect(quote.json).toMatchObject({ refund, fee: (satang(total) - satang(refund)) / 100 })
    const cancelled = await post(`${path}/cancellation`)
    expect(problems('Cancellation', cancelled.json)).toEqual([])
    expect(cancelled.json).toEqual({ ...Object(quote.json), state: 'cancelled' })
    expect((await post(`${path}/cancellation`)).json).toEqual(cancelled.json)
    expect((await get(path)).json).toMatchObject({ state: 'cancelled', givenBack: { refund } })
    expect(await stateOf(choice, seat?.seat)).toBe('open')
    expect(await post(`${path}/payment`, {})).toMatchObject(refusal(409, 'not-on-hold'))
  })

  it('is bought at once, with nothing left to pay', async () => {
    const reply = await post('/v1/reservations', request(await choose(), { settle: 'now' }))
    expect(reply).toMatchObject({ status: 201, json: { state: 'ticketed', payBefore: null } })
    expect(reply.headers.get('location')).toMatch(/^\/v1\/reservations\/[A-Z0-9]{6}$/)
  })

  it('is the same for the same request, and refused for another under its key', async () => {
    const choice = await choose()
    const all = await Promise.all(Array.from({ length: 5 }, () => reserved(request(choice))))
    expect(new Set(all.map(({ reservationCode }) => reservationCode)).size).toBe(1)
    const other = request(choice, { bags: [] })
    expect(await post('/v1/reservations', other)).toMatchObject(refusal(409, 'idempotency-key-reused'))
  })

  it('lapses when it is not paid in time, and gives its seat back', async () => {
    const choice = await choose()
    const seat = choice.open[0]?.seat
    const { reservationCode } = await reserved(request(choice))
    const path = `/v1/reservations/${reservationCode}`
    service.system.clock.advance(30 * minute - 1)
    expect((await get(path)).json).toMatchObject({ state: 'on-hold' })
    service.system.clock.advance(1)
    expect((await get(path)).json).toMatchObject({ state: 'lapsed', payBefore: null })
    expect(await post(`${path}/payment`, {})).toMatchObject(refusal(409, 'hold-lapsed'))
    expect((await choose()).open.map((one) => one.seat)).toContain(seat)
  })
})

describe('a price that moves between looks', () => {
  /** What the offers of a search cost by now, with what they cost when it was made. */
  async function looked() {
    const bundles = (await find(service)).flatMap(({ bundles }) => bundles)
    return Promise.all(
      bundles.map(async (searched) => {
        const { bundle }: PricedOffer = JSON.parse((await get(`/v1/offers/${searched.offerToken}`)).text)
        return { searched: searched.price.total, now: bundle.price.total, offerToken: searched.offerToken }
      }),
    )
  }

  const bare = (offerToken: string, expectedTotal: number): ReservationRequest => ({
    ...plain,
    offerToken,
    expectedTotal,
  })

  it('is the one that a reservation is made at, not the one that the search said', async () => {
    const moved = (await looked()).find(({ searched, now }) => searched !== now)
    if (moved === undefined) throw new Error('nothing has moved')
    expect(await post('/v1/reservations', bare(moved.offerToken, moved.searched))).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'price-moved', currentTotal: moved.now }] },
    })
    expect((await get('/v1/reservations?idempotencyKey=SHOP-1')).json).toEqual({ reservations: [] })
    const made = await reserved(bare(moved.offerToken, moved.now))
    expect(made.charges.total).toBe(moved.now)
  })

  it('moves on, and a hold keeps the price that it was put on hold at', async () => {
    const before = await looked()
    service.system.clock.advance(15 * minute)
    const after = new Map(
      await Promise.all(
        before.map(async ({ offerToken }) => {
          const { bundle }: PricedOffer = JSON.parse((await get(`/v1/offers/${offerToken}`)).text)
          return [offerToken, bundle.price.total] as const
        }),
      ),
    )
    const moved = before.find(({ offerToken, now }) => after.get(offerToken) !== now)
    if (moved === undefined) throw new Error('nothing has moved')
    expect(await post('/v1/reservations', bare(moved.offerToken, moved.now))).toMatchObject(refusal(409, 'price-moved'))
    const total = after.get(moved.offerToken) ?? 0
    const held = await reserved(bare(moved.offerToken, total))
    service.system.clock.advance(29 * minute)
    const path = `/v1/reservations/${held.reservationCode}/payment`
    expect(await post(path, { expectedTotal: total })).toMatchObject({ status: 200, json: { charges: { total } } })
  })
})

describe('a reservation is refused', () => {
  it.each<[string, (choice: Choice) => Partial<ReservationRequest>, number, string]>([
    ['at another total', () => ({ expectedTotal: 1 }), 409, 'price-moved'],
    ['at a total finer than a satang', () => ({ expectedTotal: 12450.505 }), 400, 'amount-inexact'],
    ['for an offer that was never made', () => ({ offerToken: 'nothing' }), 404, 'offer-not-found'],
    ['for nobody', () => ({ guests: [] }), 400, 'request-invalid'],
    [
      'for a child on an offer for an adult',
      (choice) => ({ guests: request(choice).guests.map((guest) => ({ ...guest, guestType: 'child' as const })) }),
      400,
      'guests-mismatch',
    ],
    [
      'with a seat that the aircraft does not have',
      ({ flightKey }) => ({ seats: [{ guestRef: 'p1', flightKey, seat: '99L' }] }),
      400,
      'seat-unknown',
    ],
    [
      'with a bag that is not sold',
      () => ({ bags: [{ guestRef: 'p1', bagCode: 'PIANO', units: 1 }] }),
      400,
      'bag-unknown',
    ],
  ])('%s', async (_, changes, status, code) => {
    const choice = await choose()
    expect(await post('/v1/reservations', request(choice, changes(choice)))).toMatchObject(refusal(status, code))
    expect((await get('/v1/reservations?idempotencyKey=SHOP-1')).json).toEqual({ reservations: [] })
    expect(await stateOf(choice, choice.open[0]?.seat)).toBe('open')
  })

  it('once its offer has expired', async () => {
    const choice = await choose()
    service.system.clock.advance(60 * minute)
    expect(await post('/v1/reservations', request(choice))).toMatchObject(refusal(410, 'offer-expired'))
  })

  it('where none is', async () => {
    const path = '/v1/reservations/ZZZZZZ'
    const replies = [get(path), get(`${path}/cancellation`), post(`${path}/cancellation`), post(`${path}/payment`, {})]
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject(refusal(404, 'reservation-not-found'))
  })

  it('to be cancelled after departure', async () => {
    const { reservationCode } = await reserved(request(await choose('YFLEX'), { settle: 'now' }))
    service.system.clock.advance(Date.parse('2030-01-17') - startOfTime)
    const path = `/v1/reservations/${reservationCode}/cancellation`
    for (const reply of [await get(path), await post(path)])
      expect(reply).toMatchObject(refusal(409, 'not-cancellable'))
  })

  it('to all but one of two hundred who want the same seat at once', async () => {
    const choice = await choose()
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        post('/v1/reservations', request(choice, { idempotencyKey: `SHOP-${index}`, settle: 'now' })),
      ),
    )
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    const losers = replies.filter(({ status }) => status !== 201)
    expect(losers).toHaveLength(199)
    for (const loser of losers) expect(loser).toMatchObject(refusal(409, 'seat-taken'))
  })
})
