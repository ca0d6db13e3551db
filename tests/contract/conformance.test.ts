import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connector, Order, OrderDraft } from '../../gateway/src/airlines/connector.ts'
import { airlines } from '../../gateway/src/airlines/index.ts'
import type { Cabin, Offer, PricedOffer } from '../../gateway/src/schemas/offer.ts'
import type { AirlineError } from '../../gateway/src/upstream/airline-error.ts'
import { minor, moneyLike } from '../support/money.ts'
import { createSystem } from '../support/system.ts'
import {
  type AirlineUnderTest,
  adult,
  calm,
  choose,
  daysAhead,
  draftOf,
  family,
  findOffers,
  freeSeatsOf,
  openAirline,
  refOf,
  refusalOf,
  seatFor,
} from './airline-under-test.ts'
import { type Loss, type LossyProxy, openLossyProxy } from './lossy-proxy.ts'
import { baggageProblems, pricedProblems, searchProblems, seatMapProblems } from './offer-checks.ts'

// What every connector keeps to, on its airline's real process. Nothing here names an airline: a new one is held to it
// by its line in the registry.
const cabins: Cabin[] = ['economy', 'premium_economy', 'business', 'first']
const hourMs = 3_600_000
const system = createSystem()
afterAll(() => system.close())

describe.each(airlines.map((factory) => ({ name: factory.airline.name, factory })))('$name', ({ factory }) => {
  const { hold: canHold, connections: sellsConnections } = factory.airline.capabilities
  let under: AirlineUnderTest
  let connector: Connector

  beforeAll(async () => {
    under = await openAirline(system, factory)
    connector = under.connector
  })
  afterAll(async () => {
    await under?.close()
  })

  const orderOf = (clientReference: string) => connector.findOrder(clientReference, calm())
  const hold = (draft: OrderDraft) => {
    if (connector.hold === undefined) throw new Error('it says that it holds, and cannot')
    return connector.hold(draft, calm())
  }
  const seatIsFree = async ({ offer, seats }: OrderDraft) => {
    const maps = await connector.seatMaps(refOf(offer), calm())
    const [seat] = seats
    return maps
      .flatMap(freeSeatsOf)
      .some(({ segmentId, designator }) => segmentId === seat?.segmentId && designator === seat.designator)
  }

  describe('search', () => {
    it.each(cabins)('answers with offers that hold together in %s, for one and for a family', async (cabin) => {
      for (const passengers of [adult, family]) {
        const { query } = await findOffers(connector, 30, { passengers })
        const asked = { ...query, cabin }
        const offers = await connector.search(asked, calm())
        expect(searchProblems(connector, asked, offers, await under.process.now())).toEqual([])
        if (cabin === 'economy') expect(offers.length).toBeGreaterThan(0)
      }
    })

    it('answers the same when asked again', async () => {
      const { query, offers } = await findOffers(connector, 33)
      const again = await connector.search(query, calm())
      const facts = ({ slice, fareBrand, price }: (typeof offers)[number]) => ({ slice, fareBrand, price })
      expect(again.map(facts)).toEqual(offers.map(facts))
    })

    it('charges a family more than one adult', async () => {
      const { query, offers } = await findOffers(connector, 34, { passengers: family })
      const alone = await connector.search({ ...query, passengers: adult }, calm())
      const sameFare = alone.find(
        ({ fareBrand, slice }) =>
          fareBrand === offers[0].fareBrand && slice.departingAt === offers[0].slice.departingAt,
      )
      expect(sameFare && minor(sameFare.price)).toBeLessThan(minor(offers[0].price))
    })

    it.each([
      ['an airport that does not exist', { origin: 'QQQ' }],
      ['a place that it does not fly to', { destination: 'GKA' }],
      ['a day that has passed', { departureDate: '2020-01-15' }],
      ['a day that is not on sale yet', { departureDate: daysAhead(500) }],
    ])('answers nothing for %s', async (_, change) => {
      const { query } = await findOffers(connector, 30)
      expect(await connector.search({ ...query, ...change }, calm())).toEqual([])
    })
  })

  describe('price', () => {
    it('gives the offer as quoted, or says that its price has moved', async () => {
      for (const passengers of [adult, family]) {
        const { query, offers } = await findOffers(connector, 35, { passengers })
        const asked = offers.slice(0, 12)
        let standing = 0
        for (const offer of asked) {
          const priced = await connector.price(refOf(offer), calm())
          expect(pricedProblems(priced, offer, query, await under.process.now())).toEqual([])
          if (!priced.priceChanged) standing++
        }
        expect(standing).toBeGreaterThan(0)
      }
    })

    it('says that the price changed when the quote was another', async () => {
      const { offers } = await findOffers(connector, 35)
      const { airlinePrice } = await connector.price(refOf(offers[0]), calm())
      const quotedPrice = moneyLike(airlinePrice, minor(airlinePrice) - 100)
      const priced = await connector.price({ ...refOf(offers[0]), quotedPrice }, calm())
      expect(priced).toMatchObject({ quotedPrice, airlinePrice, priceChanged: true })
    })

    it('refuses every reference that it did not make with offer_not_found', async () => {
      const { offers } = await findOffers(connector, 36, { passengers: family })
      const ref = refOf(offers[0])
      await fc.assert(
        fc.asyncProperty(forged(ref.ref), async (forgery) => {
          for (const call of [connector.price, connector.seatMaps, connector.baggage]) {
            const { kind, reason } = await refusalOf(call({ ...ref, ref: forgery }, calm()))
            expect({ kind, reason }).toEqual({ kind: 'rejected', reason: 'offer_not_found' })
          }
        }),
        { numRuns: 40 },
      )
    })
  })

  it('shows the seats of each flight, and the windows among them', async () => {
    for (const passengers of [adult, family]) {
      const { offers } = await findOffers(connector, 37, { passengers })
      const priced = await connector.price(refOf(offers[0]), calm())
      const maps = await connector.seatMaps(refOf(offers[0]), calm())
      expect(seatMapProblems(maps, priced)).toEqual([])
      expect(maps.every((map) => freeSeatsOf(map).length > 0)).toBe(true)
    }
  })

  it('says what baggage is included and what can be bought', async () => {
    for (const passengers of [adult, family]) {
      const { offers } = await findOffers(connector, 37, { passengers })
      const priced = await connector.price(refOf(offers[0]), calm())
      expect(baggageProblems(await connector.baggage(refOf(offers[0]), calm()), priced)).toEqual([])
    }
  })

  describe('purchase', () => {
    it('sells seats and bags at the exact total, keeps the order, and gives it back', async () => {
      const choice = await choose(connector, 40, { passengers: family })
      const { purchasable } = await connector.baggage(refOf(choice.offer), calm())
      const bag = purchasable[0]
      if (bag === undefined) throw new Error('no baggage is for sale')
      const draft = draftOf(choice, {
        seats: ['p1', 'p2', 'p3'].flatMap((id, index) => choice.freeSeats.map((free) => seatFor(id, free[index]))),
        baggage: [{ serviceId: bag.serviceId, passengerId: 'p1', quantity: bag.maxQuantity, price: bag.price }],
      })
      expect(await orderOf(draft.clientReference)).toBeNull()

      const order = await connector.purchase(draft, calm())
      expect(orderProblems(order, draft)).toEqual([])
      expect(order).toMatchObject({ status: 'confirmed', payBy: null })
      expect(minor(order.price.baggage)).toBe(minor(bag.price) * bag.maxQuantity)
      expect(await orderOf(draft.clientReference)).toEqual(order)
      expect(await seatIsFree(draft)).toBe(false)

      const quote = await connector.quoteCancellation(order, calm())
      expect(minor(quote.refund) + minor(quote.fee)).toBe(minor(order.price.total))
      expect(await orderOf(draft.clientReference)).toEqual(order)

      expect(await connector.cancel(order, calm())).toEqual(quote)
      expect(await connector.cancel(order, calm())).toEqual(quote)
      expect(await orderOf(draft.clientReference)).toMatchObject({
        status: 'cancelled',
        airlineReference: order.airlineReference,
      })
      expect(await seatIsFree(draft)).toBe(true)
    })

    it('keeps no more of the price than the fare says', async () => {
      const isCheap = ({ conditions: { cancel }, price }: PricedOffer | Offer) =>
        cancel.fee !== null && minor(cancel.fee) < minor(price) / 2
      const choice = await choose(connector, 40, { fits: isCheap })
      const order = await connector.purchase(draftOf(choice), calm())
      const { refund, fee } = await connector.cancel(order, calm())
      const stated = choice.offer.conditions.cancel.fee
      expect(minor(fee)).toBeLessThanOrEqual(stated ? minor(stated) : 0)
      expect(minor(refund)).toBe(minor(order.price.total) - minor(fee))
    })

    if (sellsConnections) {
      it('sells a journey of several flights with a seat on each', async () => {
        const choice = await choose(connector, 41, { fits: ({ slice }) => slice.stops > 0 })
        const draft = draftOf(choice, { seats: choice.freeSeats.map(([seat]) => seatFor('p1', seat)) })
        expect(draft.seats.length).toBeGreaterThan(1)
        const order = await connector.purchase(draft, calm())
        expect(orderProblems(order, draft)).toEqual([])
      })
    }

    it.each([
      ['less', -100],
      ['more', 100],
    ])('refuses a total of %s with price_changed, and sells nothing', async (_, difference) => {
      const choice = await choose(connector, 42)
      const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
      const wrong = { ...draft, total: moneyLike(draft.total, minor(draft.total) + difference) }
      expect(await refusalOf(connector.purchase(wrong, calm()))).toMatchObject({
        kind: 'rejected',
        reason: 'price_changed',
      })
      expect(await orderOf(draft.clientReference)).toBeNull()
      expect(await seatIsFree(draft)).toBe(true)
    })

    it('gives the same order for the same client reference', async () => {
      const choice = await choose(connector, 43)
      const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
      const orders = await Promise.all([1, 2, 3].map(() => connector.purchase(draft, calm())))
      orders.push(await connector.purchase(draft, calm()))
      expect(new Set(orders.map(({ airlineReference }) => airlineReference)).size).toBe(1)
    })

    it('refuses a seat that another has bought', async () => {
      const choice = await choose(connector, 44)
      const seats = [seatFor('p1', choice.freeSeats[0]?.[0])]
      await connector.purchase(draftOf(choice, { seats }), calm())
      const late = draftOf(choice, { seats })
      expect(await refusalOf(connector.purchase(late, calm()))).toMatchObject({
        kind: 'rejected',
        reason: 'seat_taken',
      })
      expect(await orderOf(late.clientReference)).toBeNull()
    })

    it('sells one seat once to sixty who want it at the same time', async () => {
      const choice = await choose(connector, 45)
      const seats = [seatFor('p1', choice.freeSeats[0]?.[0])]
      const answers = await Promise.allSettled(
        Array.from({ length: 60 }, () => connector.purchase(draftOf(choice, { seats }), calm())),
      )
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.reason] : []))
      expect(new Set(reasons)).toEqual(new Set(['seat_taken']))
      expect(await under.process.audit()).toEqual([])
    })
  })

  describe('a flight that is moved', () => {
    const minutesBy = 20
    const timesOf = (flights: readonly { departingAt: string; arrivingAt: string }[]) =>
      flights.map(({ departingAt, arrivingAt }) => [departingAt, arrivingAt])
    const later = (times: string[]) => times.map((time) => Date.parse(time) + minutesBy * 60_000)

    it('shows its new times in orders and offers, under the same segment, which can be priced, paid and given back', async () => {
      // Nonstop, so that no connection is missed, and early enough to stay on its day.
      const fits = ({ slice }: Offer) => slice.stops === 0 && slice.departingAt.slice(11) < '23:00'
      const choice = await choose(connector, 46, { fits })
      const draft = draftOf(choice)
      const order = canHold ? await hold(draft) : await connector.purchase(draft, calm())
      const { segments } = choice.offer.slice
      expect(order.flights).toEqual(
        segments.map(({ id, flightNumber, departingAt, arrivingAt }) => ({
          segmentId: id,
          flightNumber,
          departingAt,
          arrivingAt,
        })),
      )
      const [first] = order.flights
      if (!first) throw new Error('an order of no flights')
      await under.process.moveFlight(first.flightNumber, first.segmentId.slice(-14, -4), minutesBy)

      const found = await orderOf(draft.clientReference)
      expect(found?.flights.map(({ segmentId }) => segmentId)).toEqual(segments.map(({ id }) => id))
      const [moved = []] = timesOf(found?.flights ?? [])
      expect(moved.map((time) => Date.parse(time))).toEqual(later(timesOf([first])[0] ?? []))
      expect(found).toMatchObject({ status: order.status, price: order.price, payBy: order.payBy })

      const priced = await connector.price(refOf(choice.offer), calm())
      expect(priced.slice.segments.map(({ id }) => id)).toEqual(segments.map(({ id }) => id))
      expect(timesOf(priced.slice.segments)).toEqual(timesOf(found?.flights ?? []))
      expect(priced.slice.departingAt).toBe(moved[0])
      if (order.status === 'held' && order.payBy !== null) {
        const { payBy } = order
        const paid = await connector.purchase({ ...order, status: 'held', payBy }, calm())
        expect(timesOf(paid.flights)).toEqual(timesOf(found?.flights ?? []))
      }
      const { refund, fee } = await connector.cancel(order, calm())
      expect(minor(refund) + minor(fee)).toBe(minor(order.price.total))
      expect(await under.process.audit()).toEqual([])
    })
  })

  it('says so when it knows no order', async () => {
    const choice = await choose(connector, 46)
    const order = await connector.purchase(draftOf(choice), calm())
    const unknown: Order = { ...order, airlineReference: order.airlineReference === 'QQQQQQ' ? 'XXXXXX' : 'QQQQQQ' }
    for (const call of [connector.quoteCancellation, connector.cancel]) {
      expect(await refusalOf(call(unknown, calm()))).toMatchObject({ kind: 'rejected', reason: 'order_not_found' })
    }
  })

  describe('hold', () => {
    it('is there exactly when the airline says so', () => {
      expect(connector.hold !== undefined).toBe(canHold)
    })

    if (canHold) {
      it('takes the seats until it is paid', async () => {
        const choice = await choose(connector, 47)
        const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
        const held = await hold(draft)
        expect(orderProblems(held, draft)).toEqual([])
        expect(held.status).toBe('held')
        expect(Date.parse(held.payBy)).toBeGreaterThan(await under.process.now())
        expect(await orderOf(draft.clientReference)).toEqual(held)
        expect(await seatIsFree(draft)).toBe(false)
        expect(await hold(draft)).toEqual(held)

        const paid = await connector.purchase(held, calm())
        expect(paid).toEqual({ ...held, status: 'confirmed', payBy: null })
        expect(await connector.purchase(held, calm())).toEqual(paid)
        expect(await orderOf(draft.clientReference)).toEqual(paid)
      })

      it('costs nothing to give back', async () => {
        const choice = await choose(connector, 48)
        const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
        const held = await hold(draft)
        const { refund, fee } = await connector.cancel(held, calm())
        expect([minor(refund), minor(fee)]).toEqual([0, 0])
        expect(await orderOf(draft.clientReference)).toMatchObject({ status: 'cancelled' })
        expect(await seatIsFree(draft)).toBe(true)
      })
    }
  })

  describe('an answer that is lost on its way', () => {
    let proxy: LossyProxy
    let lossy: Connector

    beforeAll(async () => {
      proxy = await openLossyProxy(under.process.url)
      lossy = under.connect(proxy.url)
      // Signs in where the dialect has that, so that what is lost is the answer to the call itself.
      await findOffers(lossy, 30)
    })
    afterAll(async () => {
      await proxy?.close()
    })

    /** The error that a call ends with while answers are lost; silence ends with the caller's patience. */
    const losing = async (loss: Loss, call: (signal: AbortSignal) => Promise<unknown>): Promise<AirlineError> => {
      proxy.lose(loss)
      try {
        return await refusalOf(call(loss === 'silence' ? AbortSignal.timeout(300) : calm()))
      } finally {
        proxy.lose('pass')
      }
    }

    it.each<[Loss, AirlineError['kind']]>([
      ['html', 'malformed'],
      ['missing', 'malformed'],
      ['half', 'malformed'],
      ['empty', 'malformed'],
      ['cut', 'unavailable'],
      ['failure', 'unavailable'],
      ['silence', 'timeout'],
      ['tooMany', 'rate_limited'],
    ])('%s: a call that changes nothing says %s', async (loss, kind) => {
      const choice = await choose(connector, 49)
      const order = await connector.purchase(draftOf(choice), calm())
      const ref = refOf(choice.offer)
      const reads: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
        search: (signal) => lossy.search(choice.query, signal),
        price: (signal) => lossy.price(ref, signal),
        seatMaps: (signal) => lossy.seatMaps(ref, signal),
        baggage: (signal) => lossy.baggage(ref, signal),
        findOrder: (signal) => lossy.findOrder(order.clientReference, signal),
        quoteCancellation: (signal) => lossy.quoteCancellation(order, signal),
      }
      const kinds: Record<string, string> = {}
      for (const [name, call] of Object.entries(reads)) {
        const error = await losing(loss, call)
        kinds[name] = error.kind
        expect(error.airline).toBe(factory.airline.name)
        if (loss === 'tooMany') expect(error.retryAfterMs).toBe(7_000)
      }
      expect(kinds).toEqual(Object.fromEntries(Object.keys(reads).map((name) => [name, kind])))
    })

    it.each<Loss>(['html', 'missing', 'half', 'empty', 'cut', 'failure', 'silence', 'tooMany'])(
      '%s: a call that changes something never says that nothing was done when it was',
      async (loss) => {
        // Chosen afresh for each: the price moves with every seat that is sold.
        const newDraft = async () => draftOf(await choose(connector, 50))
        const bought = await newDraft()
        const isKnown = async (error: AirlineError, isDone: boolean) => {
          expect(isDone && error.kind !== 'unknown_outcome', `${error.kind} after it was done`).toBe(false)
          if (loss === 'tooMany') expect(error.kind).toBe('rate_limited')
        }
        const purchase = await losing(loss, (signal) => lossy.purchase(bought, signal))
        await isKnown(purchase, (await orderOf(bought.clientReference)) !== null)

        const { hold: lossyHold } = lossy
        if (lossyHold !== undefined) {
          const kept = await newDraft()
          const error = await losing(loss, (signal) => lossyHold(kept, signal))
          await isKnown(error, (await orderOf(kept.clientReference)) !== null)

          const held = await hold(await newDraft())
          const payment = await losing(loss, (signal) => lossy.purchase(held, signal))
          await isKnown(payment, (await orderOf(held.clientReference))?.status === 'confirmed')
        }

        const order = await connector.purchase(await newDraft(), calm())
        const cancellation = await losing(loss, (signal) => lossy.cancel(order, signal))
        await isKnown(cancellation, (await orderOf(order.clientReference))?.status === 'cancelled')
        expect(await under.process.audit()).toEqual([])
      },
    )
  })

  describe('an airline that does not answer', () => {
    it('is left as soon as the caller gives up', async () => {
      const choice = await choose(connector, 51)
      const draft = draftOf(choice)
      under.process.pause()
      try {
        for (const [call, kind] of [
          [(signal: AbortSignal) => connector.search(choice.query, signal), 'timeout'],
          [(signal: AbortSignal) => connector.findOrder(draft.clientReference, signal), 'timeout'],
          [(signal: AbortSignal) => connector.purchase(draft, signal), 'unknown_outcome'],
        ] as const) {
          const leaving = new AbortController()
          const answer = refusalOf(call(leaving.signal))
          leaving.abort()
          const leftAt = performance.now()
          expect((await answer).kind).toBe(kind)
          expect(performance.now() - leftAt).toBeLessThan(500)
        }
      } finally {
        under.process.resume()
      }
    })

    it('keeps the orders that it answered for across a kill, and audits well', async () => {
      const choice = await choose(connector, 52)
      const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
      const order = await connector.purchase(draft, calm())
      const underway: OrderDraft[] = []
      for (let day = 60; day < 80; day++) underway.push(draftOf(await choose(connector, day)))
      const purchases = underway.map((one) => connector.purchase(one, calm()))
      const answers = Promise.allSettled(purchases)
      await Promise.race(purchases)
      await under.process.kill()

      const dead = under.connect()
      for (const call of [
        dead.search(choice.query, calm()),
        dead.price(refOf(choice.offer), calm()),
        dead.findOrder(draft.clientReference, calm()),
        dead.quoteCancellation(order, calm()),
      ]) {
        expect((await refusalOf(call)).kind).toBe('unavailable')
      }
      expect(['unavailable', 'unknown_outcome']).toContain((await refusalOf(dead.purchase(draft, calm()))).kind)
      expect(['unavailable', 'unknown_outcome']).toContain((await refusalOf(dead.cancel(order, calm()))).kind)

      await under.process.restart()
      expect(await orderOf(draft.clientReference)).toEqual(order)
      expect(await seatIsFree(draft)).toBe(false)
      for (const [index, answer] of (await answers).entries()) {
        const found = await orderOf(underway[index]?.clientReference ?? '')
        if (answer.status === 'fulfilled') expect(found).toEqual(answer.value)
        else expect(['unavailable', 'unknown_outcome']).toContain(answer.reason.kind)
        if (answer.status === 'rejected' && answer.reason.kind === 'unavailable') expect(found).toBeNull()
      }
      expect(await under.process.audit()).toEqual([])
    })
  })

  // Last, since time only moves forward: what the suite found before has expired by then.
  describe('as time passes', () => {
    it('refuses an offer that has expired', async () => {
      const choice = await choose(connector, 53)
      const draft = draftOf(choice)
      await under.process.advanceClock(Date.parse(choice.offer.expiresAt) - (await under.process.now()) + 1_000)
      for (const call of [
        () => connector.price(refOf(choice.offer), calm()),
        () => connector.purchase(draft, calm()),
      ]) {
        expect(await refusalOf(call())).toMatchObject({ kind: 'rejected', reason: 'offer_expired' })
      }
      expect(await orderOf(draft.clientReference)).toBeNull()
    })

    if (canHold) {
      it('lets a hold lapse and gives its seat to others', async () => {
        const choice = await choose(connector, 54)
        const draft = draftOf(choice, { seats: [seatFor('p1', choice.freeSeats[0]?.[0])] })
        const held = await hold(draft)
        await under.process.advanceClock(Date.parse(held.payBy) - (await under.process.now()) + 60_000)
        expect(await refusalOf(connector.purchase(held, calm()))).toMatchObject({
          kind: 'rejected',
          reason: 'hold_lapsed',
        })
        expect(await orderOf(draft.clientReference)).toMatchObject({ status: 'cancelled' })

        const again = await connector.search(choice.query, calm())
        const [offer] = again
        if (offer === undefined) throw new Error('the flight is still on sale')
        expect(await seatIsFree({ ...draft, offer: await connector.price(refOf(offer), calm()) })).toBe(true)
      })
    }

    it('takes no order back after departure', async () => {
      const choice = await choose(connector, 5)
      const order = await connector.purchase(draftOf(choice), calm())
      const departure = Date.parse(choice.offer.slice.departingAt)
      await under.process.advanceClock(departure - (await under.process.now()) + hourMs)
      for (const call of [connector.quoteCancellation, connector.cancel]) {
        expect(await refusalOf(call(order, calm()))).toMatchObject({ kind: 'rejected', reason: 'not_cancellable' })
      }
      expect(await orderOf(order.clientReference)).toEqual(order)
    })

    it('audits well in the end', async () => {
      expect(await under.process.audit()).toEqual([])
    })
  })
})

/** What is wrong with an order that was made from this draft. */
function orderProblems({ airline, clientReference, airlineReference, price }: Order, draft: OrderDraft): string[] {
  const parts = minor(price.base) + minor(price.taxes) + minor(price.seats) + minor(price.baggage)
  const seats = draft.seats.reduce((sum, seat) => sum + minor(seat.price), 0)
  const claims: [string, boolean][] = [
    ['it is this airline’s', airline === draft.offer.airline],
    ['it carries our reference', clientReference === draft.clientReference],
    ['it has a record locator', /^[A-Z0-9]{5,8}$/.test(airlineReference)],
    ['the total is the draft’s', price.total.amount === draft.total.amount],
    ['the currency is the draft’s', price.total.currency === draft.total.currency],
    ['the parts make the total', parts === minor(price.total)],
    ['base is the offer’s', minor(price.base) === minor(draft.offer.basePrice)],
    ['taxes are the offer’s', minor(price.taxes) === minor(draft.offer.taxes)],
    ['seats are the draft’s', minor(price.seats) === seats],
  ]
  return claims.filter(([, holds]) => !holds).map(([what]) => `not true that ${what}`)
}

/** References that an airline did not make: its own with a change, or anything that an offer id can carry. */
function forged(ref: string): fc.Arbitrary<string> {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-'
  const letter = fc.constantFrom(...alphabet)
  const place = fc.nat(ref.length - 1)
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.tuple(place, letter).map(([at, to]) => ref.slice(0, at) + to + ref.slice(at + 1)) },
      place.map((at) => ref.slice(0, at) + ref.slice(at + 1)),
      fc.tuple(place, letter).map(([at, more]) => ref.slice(0, at) + more + ref.slice(at)),
      fc.constant(`${ref}${ref}`),
      fc.string({ unit: letter, minLength: 1, maxLength: 300 }),
      fc.constantFrom('.', '..', '../health', '-', '0', 'null', 'undefined', 'A'.repeat(900)),
    )
    .filter((forgery) => forgery !== '' && forgery !== ref)
}
