import { describe, expect, it } from 'vitest'
import { checkScenario } from '../scenario/read.ts'
import type { JourneyPlan } from './journey-plan.ts'
import { planJourneys } from './plan.ts'
import { worldRoutes } from './routes.ts'

const today = '2030-01-01'

function plansOf(scenario: object, count = 4000): JourneyPlan[] {
  const stages = [{ rate: 1000, seconds: 600 }]
  return [...planJourneys(checkScenario({ stages, ...scenario }), today).take(count)]
}

/** How often each of these is there, most often first. */
function counted(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}

const routeOf = ({ question }: JourneyPlan) => `${question.origin}-${question.destination}`
const daysOf = ({ question }: JourneyPlan) => (Date.parse(question.departureDate) - Date.parse(today)) / 86_400_000

describe('a plan', () => {
  it('is the same for the same seed, to the last choice', () => {
    expect(plansOf({ seed: 'one' })).toEqual(plansOf({ seed: 'one' }))
  })

  it('is another for another seed', () => {
    const [one, other] = [plansOf({ seed: 'one' }, 50), plansOf({ seed: 'other' }, 50)]
    expect(one.map(routeOf)).not.toEqual(other.map(routeOf))
    expect(one.map(({ atMs }) => atMs)).not.toEqual(other.map(({ atMs }) => atMs))
  })

  it('begins the same when it is made longer, and asks the same whatever the rate', () => {
    const short = [...planJourneys(checkScenario({ stages: [{ rate: 50, seconds: 4 }] }), today)]
    const long = [...planJourneys(checkScenario({ stages: [{ rate: 50, seconds: 8 }] }), today)]
    expect(short.length).toBeGreaterThan(100)
    expect(long.slice(0, short.length)).toEqual(short)
    const questions = (plans: readonly JourneyPlan[]) =>
      plans.map(({ question, looks, booking }) => ({ question, looks, booking }))
    const faster = [...planJourneys(checkScenario({ stages: [{ rate: 100, seconds: 4 }] }), today)]
    expect(questions(faster.slice(0, short.length))).toEqual(questions(short))
  })

  it.each([5, 200])('books once in %i searches', (lookToBook) => {
    const plans = plansOf({ lookToBook }, 20_000)
    const bookings = plans.filter(({ booking }) => booking).length
    const expected = plans.length / lookToBook
    expect(Math.abs(bookings - expected)).toBeLessThan(5 * Math.sqrt(expected))
    expect(plans.every(({ booking, looks }) => !booking || looks.length > 0)).toBe(true)
  })

  it('asks for the world’s routes, the most flown first by Zipf', () => {
    const world = worldRoutes().map(({ origin, destination }) => `${origin}-${destination}`)
    expect(world.length).toBeGreaterThan(500)
    expect(new Set(world).size).toBe(world.length)
    expect(world.slice(0, 10)).toContain('DEL-BOM')
    const seen = counted(plansOf({ routes: { exponent: 1, most: 100 } }, 20_000).map(routeOf))
    expect(seen[0]?.[0]).toBe(world[0])
    expect(seen.every(([route]) => world.slice(0, 100).includes(route))).toBe(true)
    const times = (index: number) => seen.find(([route]) => route === world[index])?.[1] ?? 0
    expect(times(0) / times(9)).toBeGreaterThan(8)
    expect(times(0) / times(9)).toBeLessThan(12)
  })

  it('asks for all alike where popularity is uniform', () => {
    const seen = counted(plansOf({ routes: { popularity: 'uniform', most: 20 } }, 20_000).map(routeOf))
    expect(seen.length).toBe(20)
    expect((seen[0]?.[1] ?? 0) / (seen.at(-1)?.[1] ?? 1)).toBeLessThan(1.25)
  })

  it('asks only for the routes that are named', () => {
    const only = ['DEL-BOM', 'BLR-SIN']
    expect(new Set(plansOf({ routes: { only } }, 500).map(routeOf))).toEqual(new Set(only))
  })

  it('keeps days ahead within their bounds, around their median', () => {
    const days = plansOf({ daysAhead: { median: 30, sigma: 1, least: 3, most: 90 } }).map(daysOf)
    expect(Math.min(...days)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...days)).toBe(90)
    const below = days.filter((one) => one < 30).length / days.length
    expect(below).toBeGreaterThan(0.45)
    expect(below).toBeLessThan(0.55)
  })

  it('sends parties by their weights, and the way back in its share', () => {
    const plans = plansOf({
      parties: [
        { adults: 1, weight: 3 },
        { adults: 2, children: 1, infants: 1, weight: 1 },
      ],
      return: { share: 0.25, leastDays: 5, mostDays: 6 },
    })
    const families = plans.filter(({ question }) => question.infants === 1)
    expect(families.length / plans.length).toBeCloseTo(0.25, 1)
    expect(families.every(({ question: { adults, children } }) => adults === 2 && children === 1)).toBe(true)
    const back = plans.flatMap(({ question: { departureDate, returnDate } }) =>
      returnDate === null ? [] : [(Date.parse(returnDate) - Date.parse(departureDate)) / 86_400_000],
    )
    expect(back.length / plans.length).toBeCloseTo(0.25, 1)
    expect(new Set(back)).toEqual(new Set([5, 6]))
  })

  it('holds, pays and cancels in the shares that are asked for', () => {
    const bookings = plansOf({ lookToBook: 1, book: { hold: 1, pay: 0.5, cancel: 0, seats: 0, bags: 1 } }).flatMap(
      ({ booking }) => booking ?? [],
    )
    const share = (of: (one: (typeof bookings)[number]) => boolean) => bookings.filter(of).length / bookings.length
    expect(share(({ wantsHold }) => wantsHold)).toBe(1)
    expect(share(({ pays }) => pays)).toBeCloseTo(0.5, 1)
    expect(share(({ cancels }) => cancels)).toBe(0)
    expect(share(({ wantsSeats }) => wantsSeats)).toBe(0)
    expect(share(({ wantsBags }) => wantsBags)).toBe(1)
  })
})
