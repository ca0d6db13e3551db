import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AvailabilityAnswer, FareSearchAnswer } from './schemas/shopping.ts'
import { type Agent, family, fareIn, fares, one, problems, question, startHost, type TestHost } from './testing.ts'

let host: TestHost
let agent: Agent

beforeAll(async () => {
  host = await startHost()
  agent = await host.signIn()
})
afterAll(() => host.close())

const fils = (amount: string) => Number(amount.replace('.', ''))

async function availability(asked: Record<string, unknown> = {}): Promise<AvailabilityAnswer> {
  const reply = await agent('/availability', { ...question, ...asked })
  expect(problems('AvailabilityAnswer', reply)).toEqual([])
  return JSON.parse(reply.text)
}

describe('availability', () => {
  it('shows every class of each flight, by departure', async () => {
    const { lines } = await availability()
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
    const departures = lines.map(({ segments: [first] }) => first?.departs ?? '')
    expect(departures).toEqual(departures.toSorted())
    for (const { status } of lines.flatMap(({ segments }) => segments)) {
      expect(status).toMatch(/^C\d D\d Y\d M\d K\d$/)
    }
  })

  it('shows on the screen what it says beside it', async () => {
    const { screen, lines } = await availability({ origin: 'TRV', destination: 'LHR' })
    const [title, ...shown] = screen
    expect(title).toBe('** NILGIRI - AVAILABILITY **')
    expect(shown).toHaveLength(lines.flatMap(({ segments }) => segments).length)
    const [line] = lines
    const [first, second] = line?.segments ?? []
    expect(line?.segments).toHaveLength(2)
    for (const [segment, text = ''] of [
      [first, shown[0]],
      [second, shown[1]],
    ] as const) {
      const { carrier, number, status, from, to, departs, arrives, equipment } = segment ?? {}
      const words = text.replace(/^ 1 /, '').trim().split(/\s+/).join(' ')
      expect(words.replaceAll(/\+\d/g, '')).toBe(
        `${carrier} ${number} ${status} ${from} ${to} ${departs} ${arrives} ${equipment}`,
      )
    }
    expect(shown[0]).toMatch(/^ 1 {2}0N/)
    expect(shown[1]).toMatch(/^ {4}0N/)
  })

  it('counts days from the day asked for', async () => {
    const { screen, lines } = await availability({ origin: 'DXB', destination: 'SIN' })
    const night = lines.findIndex(({ segments }) => segments.some(({ dayChange }) => dayChange === 1))
    expect(night).toBeGreaterThanOrEqual(0)
    expect(screen.join('\n')).toMatch(/ \d{4}\+1/)
  })

  it('has nothing for days that are not sold', async () => {
    for (const date of ['31DEC29', '01JUN31']) {
      expect(await availability({ date })).toMatchObject({ lines: [], screen: [expect.anything(), 'NO FLIGHTS'] })
    }
  })

  it('says the same bytes again while nothing changes', async () => {
    const [first, second] = [await agent('/availability', question), await agent('/availability', question)]
    expect(second.text).toBe(first.text)
  })
})

describe('low fare search', () => {
  it('prices every class of the cabin, cheapest first, in fare and tax lines that add up', async () => {
    const answer: FareSearchAnswer = await fares(agent, { party: family })
    expect(problems('FareSearchAnswer', { status: 200, text: '', json: { ...answer } })).toEqual([])
    const cheapest = answer.lines.map(({ fares: [fare] }) => fils(fare?.total ?? ''))
    expect(cheapest).toEqual(cheapest.toSorted((a, b) => a - b))
    for (const { fares: options, segments } of answer.lines) {
      expect(options.map(({ rbd }) => rbd)).toEqual(['K', 'M', 'Y'])
      for (const { passengers, fare, tax, total } of options) {
        expect(passengers.map(({ ptc, count }) => [ptc, count])).toEqual([
          ['ADT', 2],
          ['CHD', 1],
          ['INF', 1],
        ])
        const sum = (part: (passenger: (typeof passengers)[number]) => number) =>
          passengers.reduce((all, passenger) => all + passenger.count * part(passenger), 0)
        expect(sum((passenger) => fils(passenger.fare))).toBe(fils(fare))
        expect(sum(({ taxes }) => taxes.reduce((all, { amount }) => all + fils(amount), 0))).toBe(fils(tax))
        expect(sum((passenger) => fils(passenger.total))).toBe(fils(total))
        expect(fils(fare) + fils(tax)).toBe(fils(total))
      }
      expect(segments.every(({ status }) => /^Y\d M\d K\d$/.test(status))).toBe(true)
    }
  })

  it('shows both cabins when none is asked for, with baggage by weight and by piece', async () => {
    const answer = await fares(agent, { cabin: undefined })
    expect(new Set(answer.lines.flatMap((line) => line.fares.map(({ cabin }) => cabin)))).toEqual(new Set(['Y', 'C']))
    expect(fareIn(answer, 'M').bags).toEqual({ cabin: '7K', checked: '23K', infant: '10K' })
    expect(fareIn(answer, 'C').bags).toEqual({ cabin: '12K', checked: '2PC', infant: '10K' })
  })

  it('is for one adult when nobody says who travels', async () => {
    expect(await fares(agent)).toEqual(await fares(agent, { party: one }))
  })
})

describe('a quote', () => {
  it('stands as the search said, on any session', async () => {
    const other = await host.signIn('IN')
    for (const { fares: options, segments } of (await fares(agent, { party: family })).lines) {
      for (const fare of options) {
        const reply = await other('/quote', { quote: fare.quote })
        expect(problems('QuoteAnswer', reply)).toEqual([])
        expect(reply.json).toMatchObject({ fare, segments: segments.map(({ status: _, ...flight }) => flight) })
      }
    }
  })

  it('shows its seats, and its baggage', async () => {
    const { quote } = fareIn(await fares(agent, { origin: 'TRV', destination: 'LHR', party: family }), 'Y')
    const seats = await agent('/seatmap', { quote })
    expect(problems('SeatMapAnswer', seats)).toEqual([])
    expect(seats.json.maps).toHaveLength(2)
    const baggage = await agent('/baggage', { quote })
    expect(problems('BaggageAnswer', baggage)).toEqual([])
    expect(baggage.json).toMatchObject({
      party: family,
      bags: { checked: '30K' },
      excess: ['5K', '10K', '15K', '20K', '1PC'].map((text) => ({ text })),
    })
  })

  it('expires', async () => {
    const { quote } = fareIn(await fares(agent), 'M')
    host.system.clock.advance(35 * 60_000)
    agent = await host.signIn()
    for (const entry of ['/quote', '/sell']) {
      expect((await agent(entry, { quote })).json, entry).toMatchObject({ code: 'QUOTE EXPIRED' })
    }
  })
})
