import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeatMapAnswer } from './schemas/shopping.ts'
import {
  type Agent,
  family,
  fareIn,
  fares,
  fillCart,
  identities,
  namesEntry,
  problems,
  question,
  startHost,
  type TestHost,
} from './testing.ts'

let host: TestHost
let agent: Agent

beforeEach(async () => {
  host = await startHost()
  agent = await host.signIn()
})
afterEach(async () => {
  const broken = host.system.audit().filter(({ holds }) => !holds)
  await host.close()
  expect(broken).toEqual([])
})

const hour = 3_600_000
const fils = (amount: unknown) => Number(String(amount).replace('.', ''))

async function freeSeats(quote: string): Promise<string[]> {
  const maps: SeatMapAnswer = JSON.parse((await agent('/seatmap', { quote })).text)
  return (maps.maps[0]?.rows ?? [])
    .flatMap(({ seats }) => seats)
    .flatMap(({ state, seat }) => (state === 'F' ? seat : []))
}

const rqst = (passenger: number, seat: string) => ({ ssr: 'RQST', passenger, segment: 1, seat })

describe('a transaction', () => {
  it('goes from sell to ticket and back, with documents for all who pay', async () => {
    const { quote } = fareIn(await fares(agent, { party: family }), 'K')
    const [seat = '', ...rest] = await freeSeats(quote)
    const services = [
      rqst(1, seat),
      { ssr: 'XBAG', passenger: 2, text: '10K', units: 1 },
      { ssr: 'XBAG', passenger: 2, text: '1PC', units: 2 },
    ]
    const { sold, named, serviced, priced } = await fillCart(agent, quote, { party: family, services })
    expect(sold.json).toMatchObject({ segments: [{ rbd: 'K', seats: 3, status: 'SS' }] })
    for (const [component, reply] of [
      ['SellAnswer', sold],
      ['NamesAnswer', named],
      ['SsrAnswer', serviced],
      ['PriceAnswer', priced],
    ] as const) {
      expect(problems(component, reply)).toEqual([])
    }
    const { fare, tax, seats, bags, total } = priced.json
    expect(fils(bags)).toBe(5_000 + 2 * 11_000)
    expect(fils(fare) + fils(tax) + fils(seats) + fils(bags)).toBe(fils(total))

    const held = await agent('/end', {})
    expect(problems('Pnr', held)).toEqual([])
    expect(held.json).toMatchObject({
      state: 'HELD',
      timeLimit: '01JAN30 0900Z',
      documents: [],
      reference: 'TEST-1',
      segments: [{ status: 'HK', rbd: 'K' }],
      total,
    })
    expect((await agent('/price')).json, 'the cart is empty again').toMatchObject({ code: 'NO ITINERARY' })
    expect(await freeSeats(quote)).toEqual(rest)

    const { locator } = held.json
    const ticketed = await agent('/ticket', { locator, formOfPayment: 'INVAGT', total })
    expect(problems('Pnr', ticketed)).toEqual([])
    expect(ticketed.json).toMatchObject({ state: 'TICKETED', timeLimit: null })
    const documents = ticketed.json.documents
    expect(documents).toMatchObject([
      ...[1, 2, 3, 4].map((passenger) => ({ kind: 'TKT', passenger })),
      ...[1, 2].map((passenger) => ({ kind: 'EMD', passenger })),
    ])
    expect((await agent('/retrieve', { reference: 'TEST-1' })).text).toBe(ticketed.text)
    expect((await agent('/ticket', { locator, formOfPayment: 'INVAGT' })).text).toBe(ticketed.text)

    const quoted = await agent('/refund', { locator })
    expect(quoted.json).toMatchObject({ refund: total, fee: '0.00' })
    for (let time = 0; time < 2; time++) {
      expect((await agent('/cancel', { locator })).json).toMatchObject({ refund: total, fee: '0.00' })
    }
    const gone = await agent('/retrieve', { locator })
    expect(problems('Pnr', gone)).toEqual([])
    expect(gone.json).toMatchObject({ state: 'CANCELLED', segments: [{ status: 'HX' }], documents: [], refund: total })
    expect(await freeSeats(quote)).toEqual([seat, ...rest])
  })

  it('sells by line and class of the session’s own last display', async () => {
    const { lines } = await fares(agent)
    await agent('/availability', { ...question, origin: 'COK', destination: 'DXB' })
    const other = await host.signIn()
    expect((await other('/sell', { line: 1, rbd: 'Y' })).json).toMatchObject({ code: 'CHECK LINE' })
    for (const wrong of [
      { line: 99, rbd: 'Y' },
      { line: 1, rbd: 'X' },
    ]) {
      expect((await agent('/sell', wrong)).json).toMatchObject({ code: 'CHECK LINE' })
    }
    for (const wrong of [{}, { line: 1 }, { rbd: 'Y' }]) {
      expect((await agent('/sell', wrong)).json).toMatchObject({ code: 'CHECK SELL' })
    }
    expect((await agent('/sell', { line: 1, rbd: 'C' })).json).toMatchObject({
      segments: [{ from: 'COK', to: 'DXB', rbd: 'C', status: 'SS' }],
    })
    expect((await agent('/sell', { line: 1, rbd: 'C' })).json).toMatchObject({ code: 'CART IN USE' })
    await agent('/ignore')
    await agent('/fares', { ...question, cabin: 'Y' })
    const [{ number } = {}] = lines[1]?.segments ?? []
    expect((await agent('/sell', { line: 2, rbd: 'M' })).json).toMatchObject({ segments: [{ number, rbd: 'M' }] })
  })

  it('is nothing until it has ended: another session sees none of it, and ignored it leaves no trace', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    const before = await freeSeats(quote)
    await fillCart(agent, quote, { services: [rqst(1, before[0] ?? '')] })
    const other = await host.signIn()
    expect((await other('/price')).json).toMatchObject({ code: 'NO ITINERARY' })
    expect((await other('/retrieve', { reference: 'TEST-1' })).json).toMatchObject({ code: 'NO PNR' })
    expect(await freeSeats(quote)).toEqual(before)
    expect((await agent('/ignore')).json).toMatchObject({ status: 'OK' })
    expect((await agent('/end', {})).json).toMatchObject({ code: 'NO ITINERARY' })
  })

  it('gives the same PNR for the same cart and reference, and refuses another cart', async () => {
    const answer = await fares(agent)
    const end = async (rbd: string) => {
      await fillCart(agent, fareIn(answer, rbd).quote)
      const ended = await agent('/end', { formOfPayment: 'CASH' })
      await agent('/ignore')
      return ended
    }
    const first = await end('M')
    expect(first.json).toMatchObject({ state: 'TICKETED' })
    expect((await end('M')).text).toBe(first.text)
    expect((await end('Y')).json).toMatchObject({ code: 'REFERENCE IN USE' })
  })

  it('names what is missing', async () => {
    const { quote } = fareIn(await fares(agent, { party: family }), 'M')
    const end = async () => (await agent('/end', {})).json.code
    expect(await end()).toBe('NO ITINERARY')
    await agent('/sell', { quote })
    expect(await end()).toBe('NEED NAMES')
    await agent('/names', namesEntry('TEST-1', family))
    expect(await end()).toBe('NEED DOCS')
    const [adult, second, child, infant, chld, inft] = identities(family)
    await agent('/ssr', { requests: [adult, second, child, infant] })
    expect(await end()).toBe('NEED CHLD')
    await agent('/ssr', { requests: [chld] })
    expect(await end()).toBe('NEED INFT')
    await agent('/ssr', { requests: [inft] })
    expect(await end()).toBe('NEED PRICING')
    await agent('/price')
    await agent('/ssr', { requests: [{ ssr: 'XBAG', passenger: 1, text: '5K', units: 1 }] })
    expect(await end(), 'a price is of the cart as it was').toBe('NEED PRICING')
    await agent('/price')
    await agent('/names', namesEntry('TEST-2', family))
    expect(await end(), 'services go with the names they were for').toBe('NEED DOCS')
  })

  it('is refused at another price than it was told, and then ends at the new one', async () => {
    const answer = await fares(agent)
    const { quote } = fareIn(answer, 'M')
    await fillCart(agent, quote)
    // Others buy, and the next bucket is dearer.
    const buyer = await host.signIn()
    const told = (await agent('/price')).json.total
    for (let sold = 0; sold < 40; sold++) {
      await fillCart(buyer, quote, { reference: `OTHER-${sold}` })
      await buyer('/end', { formOfPayment: 'CASH' })
      if ((await buyer('/quote', { quote })).text.includes(`"total":"${told}"`) === false) break
    }
    const refused = await agent('/end', {})
    expect(refused.json).toMatchObject({ status: 'ERR', code: 'FARE CHANGED' })
    expect(problems('ErrorAnswer', refused)).toEqual([])
    const { total } = (await agent('/price')).json
    expect(refused.json.total).toBe(total)
    expect(fils(total)).toBeGreaterThan(fils(told))
    expect((await agent('/end', {})).json).toMatchObject({ state: 'HELD', total })
  })

  it('wants the names that were quoted', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    await fillCart(agent, quote, { party: family })
    expect((await agent('/end', {})).json).toMatchObject({ code: 'CHECK NAMES' })
  })
})

describe('services', () => {
  it('are answered one by one', async () => {
    const { quote } = fareIn(await fares(agent, { party: family }), 'M')
    const [mine = '', theirs = '', third = ''] = await freeSeats(quote)
    const buyer = await host.signIn()
    await fillCart(buyer, quote, { reference: 'OTHER', party: family, services: [rqst(1, theirs)] })
    await buyer('/end', {})
    await fillCart(agent, quote, { party: family })
    const asked: [unknown, string][] = [
      [rqst(1, mine), 'HK'],
      [rqst(2, mine), 'UC'],
      [rqst(1, third), 'HK'],
      [rqst(2, mine), 'HK'],
      [rqst(2, theirs), 'UC'],
      [rqst(2, '99A'), 'NO'],
      [rqst(4, third), 'NO'],
      [{ ssr: 'XBAG', passenger: 1, text: '10K', units: 1 }, 'HK'],
      [{ ssr: 'XBAG', passenger: 1, text: '10K', units: 2 }, 'NO'],
      [{ ssr: 'XBAG', passenger: 1, text: '99K', units: 1 }, 'NO'],
      [{ ssr: 'XBAG', passenger: 4, text: '10K', units: 1 }, 'NO'],
      [{ ssr: 'CHLD', passenger: 1 }, 'NO'],
      [{ ssr: 'INFT', passenger: 4, adult: 3 }, 'NO'],
      [{ ssr: 'INFT', passenger: 4, adult: 2 }, 'HK'],
    ]
    const { json } = await agent('/ssr', { requests: asked.map(([request]) => request) })
    expect(json.requests).toMatchObject(asked.map(([, state]) => ({ state })))
    await agent('/price')
    const ended = await agent('/end', {})
    expect(ended.json.extras).toMatchObject([
      { passenger: 1, ssr: 'RQST', text: third },
      { passenger: 2, ssr: 'RQST', text: mine },
      { passenger: 1, ssr: 'XBAG', text: '10K', units: 1 },
    ])
  })

  it('are only for who and what is there', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    await fillCart(agent, quote)
    for (const [code, request] of [
      ['CHECK PASSENGER', { ssr: 'CHLD', passenger: 2 }],
      ['CHECK SEGMENT', { ...rqst(1, '14A'), segment: 2 }],
      ['CHECK DATE', { ssr: 'DOCS', passenger: 1, born: '31FEB1990', gender: 'F' }],
    ]) {
      expect((await agent('/ssr', { requests: [request] })).json).toMatchObject({ code })
    }
  })

  it('sell one seat once, whoever asked first', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    const [seat = ''] = await freeSeats(quote)
    const buyers = await Promise.all(Array.from({ length: 60 }, () => host.signIn()))
    // Every price is told before any transaction ends.
    for (const [index, buyer] of buyers.entries()) {
      await fillCart(buyer, quote, { reference: `BUYER-${index}`, services: [rqst(1, seat)] })
    }
    const ended = await Promise.all(buyers.map((buyer) => buyer('/end', {})))
    const codes = ended.map(({ json }) => json.code ?? json.state)
    expect(codes.filter((code) => code === 'HELD')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['HELD', 'SEAT NOT AVAILABLE']))
  })
})

describe('a hold', () => {
  it('lapses at its time limit, and its seat is free again', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    const before = await freeSeats(quote)
    await fillCart(agent, quote, { services: [rqst(1, before[0] ?? '')] })
    const { locator } = (await agent('/end', {})).json
    host.system.clock.advance(6 * hour - 1)
    agent = await host.signIn()
    expect((await agent('/retrieve', { locator })).json).toMatchObject({ state: 'HELD' })
    host.system.clock.advance(1)
    expect((await agent('/ticket', { locator, formOfPayment: 'CASH' })).json).toMatchObject({
      code: 'TIME LIMIT EXPIRED',
    })
    expect((await agent('/retrieve', { locator })).json).toMatchObject({ state: 'LAPSED', timeLimit: null })
    expect(await freeSeats(fareIn(await fares(agent), 'M').quote)).toContain(before[0])
  })

  it('is ticketed at its own total alone', async () => {
    await fillCart(agent, fareIn(await fares(agent), 'M').quote)
    const { locator, total } = (await agent('/end', {})).json
    expect((await agent('/ticket', { locator, formOfPayment: 'CASH', total: '1.00' })).json).toMatchObject({
      code: 'FARE CHANGED',
      total,
    })
    await agent('/cancel', { locator })
    expect((await agent('/ticket', { locator, formOfPayment: 'CASH' })).json).toMatchObject({
      code: 'NOTHING TO TICKET',
    })
  })

  it('and every other PNR outlives a restart', async () => {
    await fillCart(agent, fareIn(await fares(agent), 'M').quote)
    const held = await agent('/end', {})
    await host.restart()
    expect((await (await host.signIn())('/retrieve', { reference: 'TEST-1' })).text).toBe(held.text)
  })
})

describe('a cancellation', () => {
  it('costs the fee after a day, and is refused after departure', async () => {
    await fillCart(agent, fareIn(await fares(agent), 'M').quote)
    const { locator, total } = (await agent('/end', { formOfPayment: 'CASH' })).json
    host.system.clock.advance(25 * hour)
    agent = await host.signIn()
    const { refund, fee } = (await agent('/refund', { locator })).json
    expect(fee).toBe('150.00')
    expect(fils(refund) + fils(fee)).toBe(fils(total))
    host.system.clock.advance(20 * 24 * hour)
    agent = await host.signIn()
    for (const entry of ['/refund', '/cancel']) {
      expect((await agent(entry, { locator })).json, entry).toMatchObject({ code: 'ALREADY FLOWN' })
    }
  })
})

describe('documents', () => {
  it('have 13 digits, and no two the same', async () => {
    const numbers: string[] = []
    for (let n = 0; n < 12; n++) {
      const { quote } = fareIn(await fares(agent, { party: family }), 'K')
      const services = [1, 2, 3].map((passenger) => ({ ssr: 'XBAG', passenger, text: '5K', units: 1 }))
      await fillCart(agent, quote, { reference: `TEST-${n}`, party: family, services })
      const { documents } = (await agent('/end', { formOfPayment: 'CASH' })).json
      if (!Array.isArray(documents)) throw new Error('a ticketed PNR has documents')
      expect(documents).toHaveLength(7)
      numbers.push(...documents.map(({ number }) => number))
    }
    for (const number of numbers) expect(number).toMatch(/^000\d{10}$/)
    expect(new Set(numbers).size).toBe(numbers.length)
  })
})
