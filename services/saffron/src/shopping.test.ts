import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availability, problems, startOfTime, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

const paise = (amount: string) => Number(amount.replace('.', ''))

describe('availability', () => {
  it('answers every fare family of the cabin, by journey, cheapest first', async () => {
    const answer = await availability(service)
    expect(problems('Availability', answer)).toEqual([])
    expect(answer.currency).toBe('INR')
    expect(answer.fareFamilies.map(({ code }) => code).sort()).toEqual(['ECLASSIC', 'EFLEX', 'ESAVER'])
    expect(answer.journeys.length).toBeGreaterThan(2)
    for (const { offers, flights } of answer.journeys) {
      expect(flights[0]?.departure.airport).toBe('DEL')
      expect(flights.at(-1)?.arrival.airport).toBe('BOM')
      const totals = offers.map(({ pricing }) => paise(pricing.total))
      expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    }
    const cheapest = answer.journeys.map(({ offers }) => paise(offers[0]?.pricing.total ?? ''))
    expect(cheapest).toEqual(cheapest.toSorted((a, b) => a - b))
    const keys = answer.journeys.map(({ flights }) => flights.map(({ flightId }) => flightId).join())
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('answers every cabin when none is asked for', async () => {
    const answer = await availability(service, { cabin: undefined })
    expect(new Set(answer.fareFamilies.map(({ cabin }) => cabin))).toEqual(
      new Set(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS']),
    )
    expect((await availability(service, { cabin: 'FIRST' })).journeys).toEqual([])
  })

  it('sums the prices of all travellers', async () => {
    const answer = await availability(service, { travellers: { adults: 2, children: 1, infants: 1 } })
    expect(problems('Availability', answer)).toEqual([])
    for (const { pricing } of answer.journeys.flatMap(({ offers }) => offers)) {
      expect(pricing.perTraveller.map(({ travellerType, count }) => [travellerType, count])).toEqual([
        ['ADULT', 2],
        ['CHILD', 1],
        ['INFANT', 1],
      ])
      const sum = (part: 'base' | 'taxTotal' | 'total') =>
        pricing.perTraveller.reduce((total, traveller) => total + traveller.count * paise(traveller[part]), 0)
      expect([sum('base'), sum('taxTotal'), sum('total')]).toEqual(
        [pricing.base, pricing.taxTotal, pricing.total].map(paise),
      )
      for (const { taxes, taxTotal } of pricing.perTraveller) {
        expect(taxes.reduce((total, tax) => total + paise(tax.amount), 0)).toBe(paise(taxTotal))
      }
    }
  })

  it('sells flights of Banyan under numbers of its own', async () => {
    const flights = (await availability(service)).journeys.flatMap((journey) => journey.flights)
    expect(new Set(flights.map(({ marketing }) => marketing.carrier))).toEqual(new Set(['0S']))
    expect(new Set(flights.map(({ operating }) => operating.carrier))).toEqual(new Set(['0S', '0Z']))
  })

  it('connects where there is no non-stop flight', async () => {
    const answer = await availability(service, { origin: 'JAI', destination: 'LHR', cabin: 'BUSINESS' })
    expect(problems('Availability', answer)).toEqual([])
    const connection = answer.journeys.find(({ flights }) => flights.length === 2)
    expect(connection?.flights[0]?.arrival.airport).toBe(connection?.flights[1]?.departure.airport)
  })

  it('answers nothing for days that are not sold', async () => {
    for (const departureDate of ['2029-12-31', '2031-06-01']) {
      expect(await availability(service, { departureDate })).toMatchObject({ journeys: [], fareFamilies: [] })
    }
  })

  it('says the same bytes again while nothing changes', async () => {
    const question = {
      origin: 'BOM',
      destination: 'DEL',
      departureDate: '2030-01-15',
      travellers: { adults: 1 },
    }
    const [first, second] = [
      await service.call('POST', '/v2/availability', question),
      await service.call('POST', '/v2/availability', question),
    ]
    expect(second.text).toBe(first.text)
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('an offer', () => {
  it('stands as availability said', async () => {
    const { journeys, fareFamilies, currency } = await availability(service)
    for (const { offers, flights, durationMinutes } of journeys) {
      for (const { fareFamily, ...offer } of offers) {
        const { json, status } = await service.call('GET', `/v2/offers/${offer.offerId}`)
        expect(status).toBe(200)
        expect(problems('Offer', json)).toEqual([])
        expect(json).toEqual({
          currency,
          ...offer,
          fareFamily: fareFamilies.find(({ code }) => code === fareFamily),
          journey: { durationMinutes, flights },
        })
      }
    }
  })

  it('shows a seat map for each flight, of its cabin alone', async () => {
    const { journeys } = await availability(service, { origin: 'JAI', destination: 'LHR', cabin: 'BUSINESS' })
    const connection = journeys.find(({ flights }) => flights.length === 2)
    const { json } = await service.call('GET', `/v2/offers/${connection?.offers[0]?.offerId}/seatmaps`)
    expect(problems('SeatMaps', json)).toEqual([])
    expect(json).toMatchObject({
      currency: 'INR',
      seatMaps: connection?.flights.map(({ flightId, equipment }) => ({
        flightId,
        equipment: { code: equipment },
        cabins: [{ cabin: 'BUSINESS' }],
      })),
    })
  })

  it('includes baggage by weight and sells more of it', async () => {
    const { journeys } = await availability(service, { travellers: { adults: 1, infants: 1 } })
    const offer = journeys[0]?.offers.find(({ fareFamily }) => fareFamily === 'EFLEX')
    const { json } = await service.call('GET', `/v2/offers/${offer?.offerId}/baggage`)
    expect(problems('OfferBaggage', json)).toEqual([])
    expect(json).toMatchObject({
      travellers: { adults: 1, children: 0, infants: 1 },
      included: [
        { bagType: 'CABIN_BAG', pieces: null, weightKg: 7, travellerTypes: ['ADULT', 'CHILD'] },
        { bagType: 'CHECKED_BAG', pieces: null, weightKg: 30, travellerTypes: ['ADULT', 'CHILD'] },
        { bagType: 'CHECKED_BAG', pieces: null, weightKg: 10, travellerTypes: ['INFANT'] },
      ],
      products: [5, 10, 15, 20, 30].map((weightKg) => ({ productCode: `XBAG${weightKg}`, weightKg })),
    })
  })

  it('is not found under an id that was changed, and gone once it has expired', async () => {
    const { journeys } = await availability(service)
    const offerId = journeys[0]?.offers[0]?.offerId ?? ''
    const dearer = offerId.replace(/\.E[A-Z]+\./, '.BFLEX.')
    for (const path of ['', '/seatmaps', '/baggage']) {
      expect(await service.call('GET', `/v2/offers/${dearer}${path}`)).toMatchObject({
        status: 404,
        json: { error: { code: 'OFFER_NOT_FOUND' } },
      })
    }
    const validUntil = Date.parse(journeys[0]?.offers[0]?.validUntil ?? '')
    expect(validUntil).toBeGreaterThan(startOfTime)
    service.system.clock.advance(validUntil - service.system.clock.now())
    expect(await service.call('GET', `/v2/offers/${offerId}`)).toMatchObject({
      status: 410,
      json: { error: { code: 'OFFER_EXPIRED' } },
    })
    const fresh = await availability(service)
    expect(Date.parse(fresh.journeys[0]?.offers[0]?.validUntil ?? '')).toBeGreaterThan(validUntil)
  })
})
