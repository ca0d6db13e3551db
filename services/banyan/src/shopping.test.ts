import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { all, openTestAirline, type TestAirline, texts } from './testing/airline.ts'
import { airShopping, extras, offerPrice } from './testing/requests.ts'
import { child, childrenOf, required, requiredText, type XmlNode } from './xml-reader.ts'

let airline: TestAirline

beforeAll(async () => {
  airline = await openTestAirline()
})
afterAll(() => airline.close())

const cents = ({ text }: XmlNode) => Math.round(Number(text) * 100)
const priceOf = (item: XmlNode) => ({
  base: cents(required(item, 'Price', 'BaseAmount')),
  tax: cents(required(item, 'Price', 'TaxSummary', 'TotalTaxAmount')),
  total: cents(required(item, 'Price', 'TotalAmount')),
})

async function firstOfferId(question: Parameters<typeof airShopping>[0] = {}): Promise<string> {
  const [id] = texts(await airline.ask('AirShopping', airShopping(question)), 'OfferID')
  if (id === undefined) throw new Error('nothing is offered')
  return id
}

describe('AirShopping', () => {
  it('prices each passenger type in an item of its own, and adds them up', async () => {
    const answer = await airline.ask('AirShopping', airShopping({ party: 'AACI', cabin: '5' }))
    const offers = all(answer, 'Offer')
    expect(offers.length).toBeGreaterThan(5)
    for (const offer of offers) {
      const items = childrenOf(offer, 'OfferItem')
      expect(items.map((item) => texts(required(item, 'FareDetail'), 'PaxRefID'))).toEqual([
        ['T1', 'T2'],
        ['T3'],
        ['T4'],
      ])
      const prices = items.map(priceOf)
      for (const { base, tax, total } of prices) expect(base + tax).toBe(total)
      const [adults, child_, infant] = prices.map(({ base }) => base)
      expect(Number(adults) / 2).toBeGreaterThan(Number(child_))
      expect(child_).toBeGreaterThan(Number(infant))
      expect(cents(required(offer, 'TotalPrice', 'TotalAmount'))).toBe(
        prices.reduce((sum, { total }) => sum + total, 0),
      )
    }
  })

  it('refers to nothing that it does not list, and lists nothing twice', async () => {
    const answer = await airline.ask('AirShopping', airShopping({ origin: 'COK', destination: 'GAU', party: 'ACI' }))
    const lists = required(answer, 'Response', 'DataLists')
    const pairs: [id: string, ref: string][] = [
      ['PaxID', 'PaxRefID'],
      ['PaxSegmentID', 'PaxSegmentRefID'],
      ['PaxJourneyID', 'PaxJourneyRefID'],
      ['PriceClassID', 'PriceClassRefID'],
      ['BaggageAllowanceID', 'BaggageAllowanceRefID'],
      ['PenaltyID', 'PenaltyRefID'],
      ['DatedMarketingSegmentId', 'DatedMarketingSegmentRefId'],
      ['DatedOperatingSegmentId', 'DatedOperatingSegmentRefId'],
      ['DatedOperatingLegID', 'DatedOperatingLegRefID'],
    ]
    for (const [id, ref] of pairs) {
      const listed = texts(lists, id)
      expect(new Set(listed).size, id).toBe(listed.length)
      expect(new Set(texts(answer, ref)), ref).toEqual(new Set(listed))
    }
  })

  it('sells connections where it flies no further', async () => {
    const answer = await airline.ask('AirShopping', airShopping({ origin: 'COK', destination: 'GAU' }))
    const journeys = all(answer, 'PaxJourney')
    expect(journeys.length).toBeGreaterThan(0)
    expect(journeys.some((journey) => childrenOf(journey, 'PaxSegmentRefID').length === 2)).toBe(true)
  })

  it('keeps to the cabin that is asked for, and shows every cabin when none is', async () => {
    const cabins = async (cabin?: string) =>
      new Set(
        texts(await airline.ask('AirShopping', airShopping(cabin === undefined ? {} : { cabin })), 'CabinTypeCode'),
      )
    expect(await cabins('2')).toEqual(new Set(['2']))
    expect(await cabins()).toEqual(new Set(['2', '5']))
  })

  it.each([
    ['a cabin that it has not', { cabin: '1' }],
    ['a day that has passed', { date: '2029-12-01' }],
    ['a day that is not on sale yet', { date: '2031-06-01' }],
  ])('answers a Response without an Offer for %s', async (_, question) => {
    const answer = await airline.ask('AirShopping', airShopping(question))
    expect(all(answer, 'Offer')).toEqual([])
    expect(texts(answer, 'MatchedOfferQty')).toEqual(['0'])
  })

  it('answers the same bytes to the same question, whatever its TrxID', async () => {
    const [one, two] = [
      await airline.post('AirShopping', airShopping({}, 'a')),
      await airline.post('AirShopping', airShopping({}, 'b')),
    ]
    expect(two.text).toBe(one.text)
    expect(one.contentType).toBe('application/xml; charset=utf-8')
  })

  it('names the passengers as each seller does', async () => {
    const asked = airShopping({ party: 'AA' })
    const renamed = await airline.ask(
      'AirShopping',
      asked.replace('>T1<', '>Anna<').replace('>T2<', '>Björn &amp; Co<'),
    )
    expect(new Set(texts(renamed, 'PaxRefID'))).toEqual(new Set(['Anna', 'Björn & Co']))
    expect(new Set(texts(await airline.ask('AirShopping', asked), 'PaxRefID'))).toEqual(new Set(['T1', 'T2']))
  })

  it.each([
    ['an unknown airport', { origin: 'QQQ' }, '0Z01'],
    ['no adult', { party: 'C' }, '914'],
    ['more infants than adults', { party: 'AII' }, '914'],
    ['ten travellers', { party: 'AAAAAAAAAA' }, '914'],
    ['a date that is none', { date: '2030-02-30' }, '914'],
    ['a cabin code of another list', { cabin: 'Y' }, '914'],
  ])('refuses %s', async (_, question, code) => {
    expect(await airline.refusal('AirShopping', airShopping(question))).toBe(code)
  })
})

describe('OfferPrice', () => {
  it('prices the offer as it was shown, tax by tax', async () => {
    const shopped = all(await airline.ask('AirShopping', airShopping({ party: 'AC' })), 'Offer')[0]
    if (shopped === undefined) throw new Error('nothing is offered')
    const answer = await airline.ask('OfferPrice', offerPrice(requiredText(shopped, 'OfferID'), 'AC'))
    const priced = required(answer, 'Response', 'PricedOffer')
    expect(requiredText(priced, 'TotalPrice', 'TotalAmount')).toBe(requiredText(shopped, 'TotalPrice', 'TotalAmount'))
    for (const item of childrenOf(priced, 'OfferItem')) {
      const taxes = all(item, 'Tax').map((tax) => cents(required(tax, 'Amount')))
      expect(taxes.length).toBeGreaterThan(0)
      expect(taxes.reduce((sum, tax) => sum + tax, 0)).toBe(priceOf(item).tax)
    }
  })

  it.each([
    ['a forged offer', (id: string) => offerPrice(id.replace('.YBASIC.', '.CFULL.')), '913'],
    ['other passengers', (id: string) => offerPrice(id, 'AA'), '0Z06'],
    ['half of the items', (id: string) => offerPrice(id).replaceAll(`${id}-1`, `${id}-2`), '913'],
    ['another airline’s offer', (id: string) => offerPrice(id, 'A', '0S'), '107'],
    ['a passenger nobody knows', (id: string) => offerPrice(id).replace('<c:PaxRefID>T1', '<c:PaxRefID>T2'), '0Z06'],
  ])('refuses %s', async (_, ask, code) => {
    expect(await airline.refusal('OfferPrice', ask(await firstOfferId()))).toBe(code)
  })
})

describe('SeatAvailability', () => {
  it('shows the offer’s cabin on each flight; free seats, and only those, have a price', async () => {
    const offerId = await firstOfferId({ origin: 'COK', destination: 'GAU' })
    const answer = await airline.ask('SeatAvailability', extras('SeatAvailability', offerId))
    const maps = all(answer, 'SeatMap')
    expect(maps).toHaveLength(offerId.split('.')[0]?.split('_').length ?? 0)
    const items = new Set(texts(answer, 'OfferItemID'))
    for (const seat of all(answer, 'Seat')) {
      const item = child(seat, 'OfferItemRefID')?.text
      const isFree = requiredText(seat, 'OccupationStatusCode') === 'F'
      expect(isFree).toBe(item !== undefined)
      if (item !== undefined) expect(items).toContain(item)
    }
    expect(new Set(texts(answer, 'OccupationStatusCode'))).toEqual(new Set(['F', 'O', 'Z']))
    const columns = all(maps[0] ?? answer, 'SeatColumn').map((column) =>
      column.children.map(({ text }) => text).join(' '),
    )
    expect(columns).toEqual(['A LS', 'B LS', 'C LS', 'D RS', 'E RS', 'F RS'])
  })

  it('refuses an offer that it did not make', async () => {
    expect(await airline.refusal('SeatAvailability', extras('SeatAvailability', 'A.B.100.c.d'))).toBe('913')
  })
})

describe('ServiceList', () => {
  it('offers baggage to adults and children, for all flights of the offer together', async () => {
    const offerId = await firstOfferId({ origin: 'COK', destination: 'GAU', party: 'ACI' })
    const answer = await airline.ask('ServiceList', extras('ServiceList', offerId))
    const items = all(answer, 'OfferItem')
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) {
      expect(texts(item, 'PaxSegmentRefID')).toEqual(texts(required(answer, 'Response', 'DataLists'), 'PaxSegmentID'))
      expect(texts(item, 'PaxRefID')).toEqual(['PAX1', 'PAX2'])
    }
    expect(texts(answer, 'PTC')).toEqual(['ADT', 'CHD', 'INF'])
  })
})
