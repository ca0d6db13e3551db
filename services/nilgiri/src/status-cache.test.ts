import { describe, expect, it, onTestFinished } from 'vitest'
import { createStatusCache } from './status-cache.ts'
import { fareIn, fares, startHost } from './testing.ts'

const dayMs = 86_400_000

async function open(lieRate: number) {
  const host = await startHost(lieRate)
  onTestFinished(() => host.close())
  return host
}

/** A thousand classes of flights. */
const classes = Array.from({ length: 1_000 }, (_, n) => [`0N${300 + n}-2030-01-15-DEL`, 'M'] as const)

describe('the cached status', () => {
  it('lies as often as it is told to, and never or always at the ends', async () => {
    const { system } = await open(0)
    const share = (rate: number) => {
      const cache = createStatusCache(system, rate)
      return classes.filter(([flight, rbd]) => cache.lies(flight, rbd)).length / classes.length
    }
    expect([share(0), share(1)]).toEqual([0, 1])
    expect(share(0.03)).toBeGreaterThan(0.01)
    expect(share(0.03)).toBeLessThan(0.06)
    expect(share(0.5)).toBeGreaterThan(0.45)
    expect(share(0.5)).toBeLessThan(0.55)
    const cache = createStatusCache(system, 0.5)
    const differing = classes.filter(([flight]) => cache.lies(flight, 'M') !== cache.lies(flight, 'K'))
    expect(differing.length / classes.length, 'each class of a flight by itself').toBeGreaterThan(0.4)
  })

  it('lies about the same classes in every run, all day long, and about others tomorrow', async () => {
    const [one, other] = [await open(0), await open(0)]
    const [first, second] = [one, other].map(({ system }) => createStatusCache(system, 0.5))
    const lies = (cache = first) => classes.map(([flight, rbd]) => cache?.lies(flight, rbd))
    const today = lies()
    expect(lies(second)).toEqual(today)
    one.system.clock.advance(dayMs / 2)
    expect(lies()).toEqual(today)
    one.system.clock.advance(dayMs / 2)
    expect(lies()).not.toEqual(today)
  })
})

describe('a sell', () => {
  it('that was lied to is told UC by quote and by line, and leaves the cart empty', async () => {
    const host = await open(1)
    const agent = await host.signIn()
    const { quote } = fareIn(await fares(agent), 'M')
    expect((await agent('/quote', { quote })).json, 'the display still shows seats').toMatchObject({ status: 'OK' })
    for (const entry of [{ quote }, { line: 1, rbd: 'M' }]) {
      expect((await agent('/sell', entry)).json).toMatchObject({ status: 'OK', segments: [{ status: 'UC' }] })
      expect((await agent('/price')).json).toMatchObject({ code: 'NO ITINERARY' })
    }
  })

  it('fails for every flight of a connection when one of them was lied about', async () => {
    const host = await open(0.5)
    const agent = await host.signIn()
    const days = ['15JAN30', '16JAN30', '17JAN30', '18JAN30']
    const answers = await Promise.all(days.map((date) => fares(agent, { origin: 'TRV', destination: 'LHR', date })))
    const lines = answers.flatMap((answer) => answer.lines)
    const cache = createStatusCache(host.system, 0.5)
    const outcomes = new Set<string>()
    for (const { segments, fares: options } of lines) {
      for (const { quote, rbd } of options) {
        const { json } = await agent('/sell', { quote })
        const expected = segments.map(({ carrier, number, from, date }) => {
          const day = `20${date.slice(5)}-01-${date.slice(0, 2)}`
          return { status: cache.lies(`${carrier}${number}-${day}-${from}`, rbd) ? 'UC' : 'SS' }
        })
        expect(json.segments).toMatchObject(expected)
        const isSold = expected.every(({ status }) => status === 'SS')
        expect((await agent('/price')).json.status).toBe(isSold ? 'OK' : 'ERR')
        await agent('/ignore')
        outcomes.add(expected.map(({ status }) => status).join())
      }
    }
    expect(outcomes.size, 'the world has sold, unsold and half sold connections').toBeGreaterThan(2)
  })
})
