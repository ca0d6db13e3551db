import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PricedOffer, Solution } from './schemas/searches.ts'
import { begin, find, look, problems, question, startOfTime, startService, type TestService } from './testing.ts'

let service: TestService

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

const satang = (baht: number) => Math.round(baht * 100)
const bundlesOf = (solutions: Solution[]) => solutions.flatMap(({ bundles }) => bundles)

async function priced(offerToken: string): Promise<PricedOffer> {
  const { status, text } = await service.call('GET', `/v1/offers/${offerToken}`)
  if (status !== 200) throw new Error(`the offer answered ${status}: ${text}`)
  return JSON.parse(text)
}

describe('a search', () => {
  it('is accepted at once, with where and when to ask for it', async () => {
    const { status, headers, json } = await service.call('POST', '/v1/searches', question)
    expect(status).toBe(202)
    expect(problems('SearchAccepted', json)).toEqual([])
    expect(json).toMatchObject({ state: 'running', forgottenAt: '2030-01-01T03:05:00Z' })
    const { status: found, json: page } = await service.call('GET', headers.get('location') ?? '')
    expect(found).toBe(200)
    expect(problems('SearchPage', page)).toEqual([])
    expect(page).toMatchObject({ page: 1 })
  })

  it('fills page by page, some late, and is complete within a few polls', async () => {
    const walks: string[][] = []
    for (const to of ['BKK', 'LHR', 'SIN', 'SYD', 'NRT', 'HKG', 'ICN', 'FRA']) {
      const { searchId } = await begin(service, { from: 'CCU', to })
      const walk: string[] = []
      for (let number = 1, pages = 1; number <= pages; ) {
        const page = await look(service, searchId, number)
        expect(problems('SearchPage', page)).toEqual([])
        expect(page.solutions.length > 0).toBe(page.ready)
        expect(page.pollAfterMs === null).toBe(page.state === 'complete')
        walk.push(page.ready ? 'ready' : 'late')
        pages = page.pageCount
        if (page.ready) number++
        if (number > pages) expect(page.state).toBe('complete')
      }
      walks.push(walk)
    }
    expect(walks.some((walk) => walk.includes('late'))).toBe(true)
    expect(walks.some((walk) => !walk.includes('late'))).toBe(true)
    const waits = walks.map((walk) => 1 + walk.filter((step) => step === 'late').length)
    expect(Math.max(...waits) * 25).toBeLessThanOrEqual(150)
  })

  it('finds every bundle of the cabin, by journey, cheapest first', async () => {
    const solutions = await find(service)
    expect(new Set(bundlesOf(solutions).map(({ name }) => name))).toEqual(new Set(['Light', 'Value', 'Flex']))
    expect(solutions.length).toBeGreaterThan(5)
    for (const { sectors, bundles } of solutions) {
      expect([sectors[0]?.from, sectors.at(-1)?.to]).toEqual(['DEL', 'BKK'])
      const totals = bundles.map(({ price }) => price.total)
      expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    }
    const cheapest = solutions.map(({ bundles }) => bundles[0]?.price.total ?? 0)
    expect(cheapest).toEqual(cheapest.toSorted((a, b) => a - b))
  })

  it('finds every cabin when none is asked for, and nothing where there is none', async () => {
    const cabins = new Set(
      bundlesOf(await find(service, { to: 'LHR', from: 'BKK', cabin: undefined })).map((b) => b.cabin),
    )
    expect(cabins).toEqual(new Set(['economy', 'premium-economy', 'business']))
    expect(await find(service, { cabin: 'first' })).toEqual([])
    for (const departOn of ['2029-12-31', '2031-06-01']) expect(await find(service, { departOn })).toEqual([])
  })

  it('flies long ways in wide aircraft, over its hubs, and Delhi to Mumbai over Bengaluru alone', async () => {
    const direct = (await find(service, { from: 'BKK', to: 'LHR' })).find(({ sectors }) => sectors.length === 1)
    expect(direct?.sectors.map(({ aircraft }) => aircraft)).toEqual(['789'])
    const domestic = await find(service, { to: 'BOM' })
    expect(domestic.length).toBeGreaterThan(0)
    expect(new Set(domestic.map(({ sectors }) => sectors.map(({ to }) => to).join()))).toEqual(new Set(['BLR,BOM']))
  })

  it('sums the prices of the whole party, in baht and satang', async () => {
    for (const { price } of bundlesOf(await find(service, { travelParty: { adults: 2, children: 1, infants: 1 } }))) {
      expect(price.guests.map(({ guestType, count }) => [guestType, count])).toEqual([
        ['adult', 2],
        ['child', 1],
        ['infant', 1],
      ])
      const sum = (part: 'fare' | 'taxes' | 'total') =>
        price.guests.reduce((total, guest) => total + guest.count * satang(guest[part]), 0)
      expect([sum('fare'), sum('taxes'), sum('total')]).toEqual([price.fare, price.taxes, price.total].map(satang))
      expect(satang(price.fare) + satang(price.taxes)).toBe(satang(price.total))
      expect(`${price.total}`).toMatch(/^\d+(\.\d{1,2})?$/)
    }
  })
})

describe('an offer', () => {
  it('is priced as the search said, but for about one in seven that has moved by some percent', async () => {
    const moves: number[] = []
    for (const to of ['BKK', 'SIN', 'LHR', 'NRT', 'BOM']) {
      for (const { sectors, minutes, bundles } of await find(service, { to, cabin: undefined })) {
        for (const bundle of bundles) {
          const now = await priced(bundle.offerToken)
          expect(problems('PricedOffer', now)).toEqual([])
          const { price, ...facts } = bundle
          expect(now).toMatchObject({ sectors, minutes, bundle: facts })
          moves.push(now.bundle.price.fare / price.fare - 1)
        }
      }
    }
    const moved = moves.filter((move) => move !== 0)
    expect(moved.length / moves.length).toBeGreaterThan(0.09)
    expect(moved.length / moves.length).toBeLessThan(0.22)
    for (const move of moved) {
      expect(Math.abs(move)).toBeGreaterThan(0.009)
      expect(Math.abs(move)).toBeLessThan(0.061)
    }
  })

  it('costs the same at every look for a while, then perhaps something else', async () => {
    const tokens = bundlesOf(await find(service)).map(({ offerToken }) => offerToken)
    const look = () => Promise.all(tokens.map(async (token) => (await priced(token)).bundle.price.total))
    const first = await look()
    service.system.clock.advance(14 * 60_000)
    expect(await look()).toEqual(first)
    service.system.clock.advance(60_000)
    expect(await look()).not.toEqual(first)
  })

  it('shows the seats of each flight, of its cabin alone, free where the bundle includes the zone', async () => {
    const solutions = await find(service, { from: 'CCU', to: 'LHR', cabin: 'business' })
    const connection = solutions.find(({ sectors }) => sectors.length === 2)
    const { json } = await service.call('GET', `/v1/offers/${connection?.bundles[0]?.offerToken}/cabins`)
    expect(problems('OfferCabins', json)).toEqual([])
    expect(json).toMatchObject({
      currency: 'THB',
      flights: connection?.sectors.map(({ flightKey, aircraft }) => ({
        flightKey,
        aircraft: { code: aircraft },
        cabins: [{ cabin: 'business' }],
      })),
    })
    const bundles = (await find(service))[0]?.bundles ?? []
    for (const { offerToken, includes } of bundles) {
      const { text } = await service.call('GET', `/v1/offers/${offerToken}/cabins`)
      const seats: { zone: string; price: number | null }[] = [
        ...text.matchAll(/"zone":"(\w+)","state":"\w+","price":([\d.]+)/g),
      ].map(([, zone = '', price]) => ({ zone, price: Number(price) }))
      expect(new Set(seats.map(({ zone }) => zone)).size).toBe(4)
      const free = new Set(seats.filter(({ price }) => price === 0).map(({ zone }) => zone))
      expect([...free].sort()).toEqual(includes.seatZones.toSorted())
    }
  })

  it('carries the bags of its bundle and sells more', async () => {
    const solutions = await find(service, { travelParty: { adults: 1, children: 0, infants: 1 } })
    const flex = bundlesOf(solutions).find(({ code }) => code === 'YFLEX')
    const { json } = await service.call('GET', `/v1/offers/${flex?.offerToken}/bags`)
    expect(problems('OfferBags', json)).toEqual([])
    expect(json).toMatchObject({
      travelParty: { adults: 1, children: 0, infants: 1 },
      included: flex?.includes.bags,
      forSale: [{ bagCode: 'BAG23' }, { bagCode: 'BAG32' }],
    })
    expect(flex?.includes.bags).toEqual([
      { kind: 'cabin', pieces: 1, kgEach: 7, guestTypes: ['adult', 'child'] },
      { kind: 'hold', pieces: 2, kgEach: 23, guestTypes: ['adult', 'child'] },
      { kind: 'hold', pieces: 1, kgEach: 10, guestTypes: ['infant'] },
    ])
  })

  it('is not found under a token that was changed, and gone once it has expired', async () => {
    const [bundle] = bundlesOf(await find(service))
    const token = bundle?.offerToken ?? ''
    const dearer = token.replace('.YLIGHT.', '.CFLEX.')
    expect(dearer).not.toBe(token)
    for (const path of ['', '/cabins', '/bags']) {
      expect(await service.call('GET', `/v1/offers/${dearer}${path}`)).toMatchObject({
        status: 404,
        json: { errors: [{ code: 'offer-not-found' }] },
      })
    }
    const goodUntil = Date.parse(bundle?.goodUntil ?? '')
    expect(goodUntil).toBeGreaterThan(startOfTime)
    service.system.clock.advance(goodUntil - service.system.clock.now())
    expect(await service.call('GET', `/v1/offers/${token}`)).toMatchObject({
      status: 410,
      json: { errors: [{ code: 'offer-expired' }] },
    })
  })
})
