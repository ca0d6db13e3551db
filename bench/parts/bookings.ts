import { openPostgres, postgresWay, type TestPostgres } from '../../tests/support/postgres.ts'
import type { Bench } from '../context.ts'
import { airlineNames, brokenInvariants, ordersByStatus } from '../control.ts'
import { type BookingTask, book } from '../load-task.ts'
import type { Server } from '../processes.ts'
import { alternate, type Run, rateTable } from '../rounds.ts'
import { read, searchPaths } from '../searches.ts'
import type { Part } from './part.ts'

const atOnce = 16
/** Lotus Air's prices move between looks: some of its offers would be refused at the price that the search showed. */
const sellers = airlineNames.filter((name) => name !== 'lotus').join(',')
/** Of a second of bookings: more than can be booked in it. */
const daysPerSecond = 3

/** Bookings, priced live, paid and confirmed. */
export const bookings: Part = {
  title: 'Bookings',
  what: 'bookings a second with the store in SQLite and in PostgreSQL',
  async measure(bench) {
    const postgres = await findPostgres()
    try {
      return await compare(bench, postgres)
    } finally {
      await postgres?.close()
    }
  },
}

/** The first that can be started; an engine of containers may be there and lack the image. */
async function findPostgres(): Promise<TestPostgres | null> {
  const ways = new Set([await postgresWay(), 'server' as const])
  for (const way of ways) {
    const opened = way === null ? null : await openPostgres(way, { isDurable: true }).catch(() => null)
    if (opened) return opened
  }
  return null
}

async function compare(bench: Bench, postgres: TestPostgres | null) {
  const fleet = await bench.startAirlines()
  const takeOffers = createOffers(bench.seconds)
  let booked = 0
  const runOn = (name: string, gateway: Server): Run => ({
    name,
    async measure() {
      const measured = await book(gateway, { atOnce, seconds: bench.seconds, offers: await takeOffers(gateway) })
      booked += measured.answers
      return measured
    },
  })
  const runs = [runOn('SQLite', await bench.startGateway(fleet))]
  if (postgres) {
    const gateway = await bench.startGateway(fleet, { DATABASE_URL: await postgres.newDatabase() })
    runs.push(runOn('PostgreSQL', gateway))
  }
  const results = await alternate(runs, bench.rounds)
  await checkOrders(fleet, booked)
  const notes = [
    `${atOnce} at once, one adult, each an offer of its own of any airline but Lotus Air, whose prices move between looks; what is committed is on the disk, at the airlines too. Afterwards every airline's audit holds, and they have exactly the ${booked} orders that were answered.`,
    ...(postgres ? [] : ['PostgreSQL was not measured: there is none here.']),
  ]
  return { tables: [rateTable('Booked, paid and confirmed', results)], charts: [], notes }
}

/** Offers of days that were not booked before, each of flights of its own. */
function createOffers(seconds: number) {
  const days = Math.ceil(seconds * daysPerSecond)
  let firstDay = 10
  // A journey may end on a flight of the next day.
  const sold = new Set<string>()
  return async (gateway: Server): Promise<BookingTask['offers']> => {
    const paths = searchPaths(days, firstDay)
    firstDay += days
    const offers: BookingTask['offers'] = []
    for (const path of paths) {
      for (const offer of offersIn(await read(gateway, `${path}&airlines=${sellers}`))) {
        const flights = offer.slice.segments.map(physicalFlight)
        if (offer.seatsLeft === 0 || flights.some((flight) => sold.has(flight))) continue
        for (const flight of flights) sold.add(flight)
        offers.push({ id: offer.id, price: offer.price })
      }
    }
    return offers
  }
}

interface FoundOffer {
  id: string
  price: { amount: string; currency: string }
  seatsLeft: number | null
  slice: { segments: { operatingCarrier: string; origin: string; departingAt: string }[] }
}

/** The same for a flight under whatever number it is sold. */
function physicalFlight({ operatingCarrier, origin, departingAt }: FoundOffer['slice']['segments'][number]): string {
  return `${operatingCarrier} ${origin} ${Date.parse(departingAt)}`
}

function offersIn(answer: Buffer): FoundOffer[] {
  const { slices }: { slices: { offers: FoundOffer[] }[] } = JSON.parse(answer.toString())
  return slices.flatMap(({ offers }) => offers)
}

/** Throws unless the airlines have so many confirmed orders, none else, and no invariant is broken. */
async function checkOrders(fleet: Server[], booked: number): Promise<void> {
  let confirmed = 0
  for (const airline of fleet) {
    const broken = await brokenInvariants(airline)
    if (broken.length > 0) throw new Error(`${airline.name} breaks ${broken.join(', ')}`)
    const orders = await ordersByStatus(airline)
    confirmed += orders.get('confirmed') ?? 0
  }
  if (confirmed !== booked)
    throw new Error(`${booked} bookings were confirmed, and the airlines have ${confirmed} orders`)
}
