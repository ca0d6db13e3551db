import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { banyan } from '../../gateway/src/airlines/banyan/connector.ts'
import type { Connector, Order, OrderDraft } from '../../gateway/src/airlines/connector.ts'
import { createHttpClient, type HttpClient } from '../../gateway/src/upstream/http-client.ts'
import { minor, moneyLike } from '../support/money.ts'
import { createSystem, type RunningAirline } from '../support/system.ts'
import {
  adult,
  calm,
  choose,
  daysAhead,
  draftOf,
  family,
  findOffers,
  refOf,
  refusalOf,
  seatFor,
} from './airline-under-test.ts'
import { type NdcValidator, openNdcValidator } from './ndc-validator.ts'

// Every message that Banyan and its connector send is valid by the published schemas of NDC 21.3.
const schemas = schemaFolder()

function schemaFolder(): string | undefined {
  const folder = process.env.NDC_SCHEMAS
  if (folder) return folder
  if (process.env.CI === 'true')
    throw new Error('With CI=true NDC_SCHEMAS must name the folder of the NDC 21.3 schemas.')
  console.warn('Skipped: this suite needs the NDC 21.3 schemas in the folder that NDC_SCHEMAS names.')
  return undefined
}

interface Exchange {
  name: string
  request: string
  response: string
  problems: string[]
}

describe.skipIf(schemas === undefined)('NDC 21.3', () => {
  const system = createSystem()
  let airline: RunningAirline
  let http: HttpClient
  let connector: Connector
  let validator: NdcValidator
  /** Since the last look. */
  let exchanges: Exchange[] = []

  beforeAll(async () => {
    validator = openNdcValidator(schemas ?? '')
    airline = await system.startAirline('banyan')
    http = createHttpClient('banyan', airline.url)
    connector = connect('fanfare')
  })
  afterAll(async () => {
    await http?.close()
    validator?.close()
    await system.close()
  })

  /** A connector whose messages are checked on their way, both ways. */
  function connect(key: string): Connector {
    const checking: HttpClient = {
      ...http,
      async request(request) {
        const response = await http.request(request)
        const sent = Buffer.from(request.body ?? '')
        exchanges.push({
          name: request.path.split('/').at(-1) ?? '',
          request: rootOf(sent),
          response: rootOf(response.body),
          problems: [...validator.problems(sent), ...validator.problems(response.body)],
        })
        return response
      },
    }
    return banyan.create({ http: checking, key, secret: '', now: Date.now })
  }

  /** Checks what was said since the last look; gives the names of the messages sent. */
  function said(): string[] {
    const seen = exchanges
    exchanges = []
    expect(
      seen.flatMap(({ request, response, problems }) => problems.map((why) => `${request} ${response}: ${why}`)),
    ).toEqual([])
    return [...new Set(seen.map(({ name }) => name))]
  }

  const refusedAs = async (call: Promise<unknown>) => (await refusalOf(call)).reason

  it('holds for searches: nonstop, with a connection, for a family, with no result', async () => {
    const nonstop = await findOffers(connector, 30, { fits: ({ slice }) => slice.stops === 0 })
    await findOffers(connector, 30, { fits: ({ slice }) => slice.stops > 0 })
    const { offers } = await findOffers(connector, 30, { passengers: family })
    expect(offers[0].perPassenger.map(({ type }) => type)).toEqual(['adult', 'adult', 'child', 'infant'])
    for (const cabin of ['premium_economy', 'business', 'first'] as const) {
      await connector.search({ ...nonstop.query, cabin }, calm())
    }
    expect(await connector.search({ ...nonstop.query, departureDate: daysAhead(500) }, calm())).toEqual([])
    expect(said()).toEqual(['AirShopping'])
  })

  it('holds for price, seats and services', async () => {
    for (const passengers of [adult, family]) {
      const { offers } = await findOffers(connector, 31, { passengers, fits: ({ slice }) => slice.stops > 0 })
      const ref = refOf(offers[0])
      await connector.price(ref, calm())
      await connector.seatMaps(ref, calm())
      await connector.baggage(ref, calm())
    }
    expect(said()).toEqual(['AirShopping', 'OfferPrice', 'SeatAvailability', 'ServiceList'])
  })

  /** Something for a family with a seat, two bags, and names that XML must escape. */
  async function familyDraft(days: number): Promise<OrderDraft> {
    const choice = await choose(connector, days, { passengers: family, fits: ({ slice }) => slice.stops > 0 })
    const { purchasable } = await connector.baggage(refOf(choice.offer), calm())
    const [bag] = purchasable
    if (bag === undefined) throw new Error('no baggage is for sale')
    const draft = draftOf(choice, {
      seats: choice.freeSeats.map(([seat]) => seatFor('p1', seat)),
      baggage: [{ serviceId: bag.serviceId, passengerId: 'p3', quantity: 2, price: bag.price }],
    })
    const [first, ...rest] = draft.passengers
    if (first === undefined) throw new Error('nobody travels')
    const document = { type: 'passport', number: 'Z1234567', country: 'IN', expiresOn: '2033-01-31' } as const
    return { ...draft, passengers: [{ ...first, familyName: 'O’Neil-Ångström', document }, ...rest] }
  }

  it('holds for a hold: made, found, quoted, paid, quoted, cancelled, cancelled again', async () => {
    const held = await connector.hold?.(await familyDraft(32), calm())
    if (held === undefined) throw new Error('Banyan holds')
    await connector.findOrder(held.clientReference, calm())
    await connector.quoteCancellation(held, calm())
    const paid = await connector.purchase(held, calm())
    await connector.findOrder(held.clientReference, calm())
    await connector.quoteCancellation(paid, calm())
    const [flight] = paid.flights
    if (flight === undefined) throw new Error('an order of no flights')
    await airline.moveFlight(flight.flightNumber, flight.segmentId.slice(-14, -4), -5)
    expect((await connector.findOrder(held.clientReference, calm()))?.flights).not.toEqual(paid.flights)
    await connector.cancel(paid, calm())
    await connector.cancel(paid, calm())
    expect(await connector.findOrder(held.clientReference, calm())).toMatchObject({ status: 'cancelled' })
    expect(said()).toEqual(expect.arrayContaining(['OrderCreate', 'OrderRetrieve', 'OrderReshop', 'OrderChange']))
  })

  it('holds for a purchase, and for a hold that is given back', async () => {
    await connector.purchase(await familyDraft(33), calm())
    const held = await connector.hold?.(await familyDraft(34), calm())
    if (held === undefined) throw new Error('Banyan holds')
    await connector.cancel(held, calm())
    said()
  })

  it('holds for every refusal that a connector can meet', async () => {
    const choice = await choose(connector, 35)
    const ref = refOf(choice.offer)
    const seat = seatFor('p1', choice.freeSeats[0]?.[0])
    const draft = draftOf(choice, { seats: [seat] })
    const order: Order = await connector.purchase(draft, calm())
    const unknown = { ...order, airlineReference: 'QQQQQQ' }
    const forged = { ...ref, ref: ref.ref.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }
    const dearer = draftOf(choice)

    expect(await connector.search({ ...choice.query, origin: 'QQQ' }, calm())).toEqual([])
    for (const call of [connector.price, connector.seatMaps, connector.baggage]) {
      expect(await refusedAs(call(forged, calm()))).toBe('offer_not_found')
    }
    expect(await refusedAs(connector.purchase(draftOf(choice, { seats: [seat] }), calm()))).toBe('seat_taken')
    const total = moneyLike(dearer.total, minor(dearer.total) + 100)
    expect(await refusedAs(connector.purchase({ ...dearer, total }, calm()))).toBe('price_changed')
    const renamed = draft.passengers.map((passenger) => ({ ...passenger, givenName: 'Other' }))
    expect(await refusedAs(connector.purchase({ ...draft, passengers: renamed }, calm()))).toBe('invalid')
    const nobody = draftOf(choice, { seats: [{ ...seat, passengerId: 'p9' }] })
    expect(await refusedAs(connector.purchase(nobody, calm()))).toBe('invalid')
    const nowhere = draftOf(choice, { seats: [{ ...seat, designator: '99A' }] })
    expect(await refusedAs(connector.purchase(nowhere, calm()))).toBe('service_unavailable')
    const elephant = {
      serviceId: `banyan~${seat.segmentId}~ELEPHANT`,
      passengerId: 'p1',
      quantity: 1,
      price: moneyLike(draft.total, 100),
    }
    expect(await refusedAs(connector.purchase(draftOf(choice, { baggage: [elephant] }), calm()))).toBe(
      'service_unavailable',
    )
    for (const call of [connector.quoteCancellation, connector.cancel]) {
      expect(await refusedAs(call(unknown, calm()))).toBe('order_not_found')
    }
    expect(await connector.findOrder('nobody’s <reference> & more', calm())).toBeNull()
    expect((await refusalOf(connect('wrong').search(choice.query, calm()))).kind).toBe('rejected')
    said()
  })

  it('holds for what comes with time: an offer that expired, a hold that lapsed, a flight that left', async () => {
    const choice = await choose(connector, 4)
    const held = await connector.hold?.(draftOf(choice), calm())
    // Chosen afresh: the price moves with every seat that is sold.
    const order = await connector.purchase(draftOf(await choose(connector, 4)), calm())
    if (held === undefined) throw new Error('Banyan holds')
    await airline.advanceClock(Date.parse(held.payBy) - (await airline.now()) + 60_000)
    expect(await refusedAs(connector.price(refOf(choice.offer), calm()))).toBe('offer_expired')
    expect(await refusedAs(connector.purchase(held, calm()))).toBe('hold_lapsed')
    expect(await connector.findOrder(held.clientReference, calm())).toMatchObject({ status: 'cancelled' })
    await airline.advanceClock(6 * 86_400_000)
    expect(await refusedAs(connector.quoteCancellation(order, calm()))).toBe('not_cancellable')
    said()
  })

  it.each([
    'AirShopping',
    'OfferPrice',
    'SeatAvailability',
    'ServiceList',
    'OrderCreate',
    'OrderRetrieve',
    'OrderReshop',
    'OrderChange',
  ])(
    'holds for the errors of %s: no XML, another root, no namespace, nothing inside, too much, not XML by its type',
    async (name) => {
      const headers = { 'x-api-key': 'fanfare', 'content-type': 'application/xml' }
      const asked: [body: string, headers: Record<string, string>][] = [
        ['', headers],
        ['<html', headers],
        ['<IATA_OtherRQ/>', headers],
        [`<IATA_${name}RQ/>`, headers],
        [`<IATA_${name}RQ xmlns="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage"/>`, headers],
        [' '.repeat(300_000), headers],
        ['{}', { ...headers, 'content-type': 'application/json' }],
        ['', { ...headers, 'x-api-key': 'wrong' }],
      ]
      for (const [body, sent] of asked) {
        const request = { method: 'POST', path: `/ndc/21.3/${name}`, headers: sent, body, signal: calm() } as const
        const { body: answer } = await http.request(request)
        expect(answer.toString()).toContain('<Error>')
        expect(validator.problems(answer), answer.toString()).toEqual([])
      }
    },
  )

  it('sees what is wrong with a message that is not valid', () => {
    expect(validator.problems(Buffer.from('<IATA_OrderViewRS/>'))).not.toEqual([])
    const empty = '<IATA_ServiceListRS xmlns="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage"/>'
    expect(validator.problems(Buffer.from(empty))).not.toEqual([])
  })
})

function rootOf(message: Buffer): string {
  return /<(IATA_\w+)/.exec(message.toString())?.[1] ?? 'no message'
}
