import { type Chance, createChance } from '../../../scripts/torture/chance.ts'
import { arrivals } from '../scenario/rate.ts'
import type { Party, Scenario } from '../scenario/schema.ts'
import { logNormal, thinkMs, weighted, zipfWeights } from './draws.ts'
import type { BookingPlan, JourneyPlan, LookPlan, Question } from './journey-plan.ts'
import { parseRoute, type Route, worldRoutes } from './routes.ts'

/** More than any booking needs: nine passengers on two slices of three flights, and their bags. */
const bookingPicks = 64

/** Most people take one of the cheaper offers: squared, a share stays low more often. */
const cheapness = 2

/**
 * Every journey of a scenario, in the order in which they begin. `today` is YYYY-MM-DD. Each journey's choices come from the
 * seed and its number alone, so a plan that is cut short or made longer begins the same.
 */
export function* planJourneys(scenario: Scenario, today: string): Generator<JourneyPlan> {
  const { seed, stages, lookToBook } = scenario
  const chance = createChance(seed)
  const draw = createDraws(scenario, Temporal.PlainDate.from(today))
  let index = 0
  for (const atMs of arrivals(stages, chance.of('arrivals'))) {
    const own = chance.of(`journey ${index}`)
    const books = own.happens(1 / lookToBook)
    const question = draw.question(own)
    const looks = draw.looks(own, books)
    const booking = books ? draw.booking(own, `${index}`) : null
    yield { index, atMs, question, looks, booking }
    index++
  }
}

function createDraws(scenario: Scenario, today: Temporal.PlainDate) {
  const { routes, daysAhead, return: back, parties, businessShare, currency, look, book, think } = scenario
  const route = createRouteDraw(routes)
  const party = weighted<Party>(
    parties,
    parties.map(({ weight }) => weight),
  )

  function question(chance: Chance): Question {
    const { origin, destination } = route(chance)
    const wanted = Math.round(logNormal(chance, daysAhead.median, daysAhead.sigma))
    const departure = today.add({ days: Math.min(daysAhead.most, Math.max(daysAhead.least, wanted)) })
    const stay = chance.happens(back.share) ? chance.integer(back.leastDays, back.mostDays) : null
    const { adults, children, infants } = party(chance)
    return {
      origin,
      destination,
      departureDate: `${departure}`,
      returnDate: stay === null ? null : `${departure.add({ days: stay })}`,
      adults,
      children,
      infants,
      cabin: chance.happens(businessShare) ? 'business' : 'economy',
      currency,
    }
  }

  function looks(chance: Chance, books: boolean): LookPlan[] {
    const any = chance.happens(look.share)
    const count = chance.integer(1, look.most)
    return Array.from({ length: books || any ? count : 0 }, () => ({
      thinkMs: thinkMs(chance, think.look),
      picks: [chance.share() ** cheapness, chance.share() ** cheapness],
    }))
  }

  function booking(chance: Chance, key: string): BookingPlan {
    return {
      thinkMs: thinkMs(chance, think.book),
      wantsHold: chance.happens(book.hold),
      wantsSeats: chance.happens(book.seats),
      wantsBags: chance.happens(book.bags),
      pays: chance.happens(book.pay),
      payThinkMs: thinkMs(chance, think.pay),
      cancels: chance.happens(book.cancel),
      cancelThinkMs: [thinkMs(chance, think.cancel), thinkMs(chance, think.cancel)],
      picks: Array.from({ length: bookingPicks }, () => chance.share()),
      key,
    }
  }

  return { question, looks, booking }
}

function createRouteDraw({ popularity, exponent, most, only }: Scenario['routes']): (chance: Chance) => Route {
  const routes = (only?.map(parseRoute) ?? worldRoutes()).slice(0, most)
  return weighted(routes, zipfWeights(routes.length, popularity === 'zipf' ? exponent : 0))
}
