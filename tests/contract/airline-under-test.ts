import type {
  Connector,
  ConnectorFactory,
  DraftBaggage,
  DraftSeat,
  OfferRef,
  OrderDraft,
  QueryPassenger,
  SliceQuery,
} from '../../gateway/src/airlines/connector.ts'
import { parseOfferId } from '../../gateway/src/airlines/offer-id.ts'
import type { Offer, PricedOffer } from '../../gateway/src/schemas/offer.ts'
import type { Passenger } from '../../gateway/src/schemas/passenger.ts'
import type { SeatMap } from '../../gateway/src/schemas/seat-map.ts'
import { AirlineError } from '../../gateway/src/upstream/airline-error.ts'
import { createHttpClient, type HttpClient } from '../../gateway/src/upstream/http-client.ts'
import { minor, moneyLike } from '../support/money.ts'
import type { RunningAirline, System } from '../support/system.ts'

/** Routes to look for flights on, so that the suite needs not know where an airline flies. */
const routes: [origin: string, destination: string][] = [
  ['DEL', 'BOM'],
  ['DEL', 'DXB'],
  ['BKK', 'DEL'],
  ['COK', 'GAU'],
  ['TRV', 'IXC'],
  ['BKK', 'LHR'],
]

export const adult: QueryPassenger[] = [{ id: 'p1', type: 'adult' }]
export const family: QueryPassenger[] = [
  { id: 'p1', type: 'adult' },
  { id: 'p2', type: 'adult' },
  { id: 'p3', type: 'child' },
  { id: 'p4', type: 'infant' },
]

/** An airline's process and the connector that is tested on it. */
export interface AirlineUnderTest {
  factory: ConnectorFactory
  process: RunningAirline
  connector: Connector
  /** Another connector, to the airline or to what stands at `url`. */
  connect(url?: string): Connector
  close(): Promise<void>
}

/** Starts an airline for the suite; it has no limit of requests, whose 429 would come in place of the answer that is looked for. */
export async function openAirline(system: System, factory: ConnectorFactory): Promise<AirlineUnderTest> {
  const { name } = factory.airline
  const process = await system.startAirline(name, { [`${name.toUpperCase()}_RATE_LIMIT`]: '0' })
  const clients: HttpClient[] = []
  const connect = (url = process.url) => {
    const http = createHttpClient(name, url)
    clients.push(http)
    return factory.create({ http, key: 'fanfare', secret: 'fanfare-secret', now: Date.now })
  }
  return {
    factory,
    process,
    connector: connect(),
    connect,
    async close() {
      await Promise.all(clients.map((http) => http.close()))
    },
  }
}

/** Long enough that only a program at fault meets it. */
export function calm(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

/** So many days from now, YYYY-MM-DD. */
export function daysAhead(days: number): string {
  return Temporal.Now.plainDateISO('UTC').add({ days }).toString()
}

/** A query and what the airline offers for it. */
export interface Found {
  query: SliceQuery
  offers: [Offer, ...Offer[]]
}

/** The first route on which the airline has offers that `fits` admits, on the day or up to a week after it. */
export async function findOffers(
  connector: Connector,
  days: number,
  { passengers = adult, fits = () => true }: { passengers?: QueryPassenger[]; fits?: (offer: Offer) => boolean } = {},
): Promise<Found> {
  for (const [origin, destination] of routes) {
    for (let day = days; day < days + 7; day++) {
      const query: SliceQuery = { origin, destination, departureDate: daysAhead(day), cabin: 'economy', passengers }
      const [first, ...rest] = (await connector.search(query, calm())).filter(fits)
      if (first) return { query, offers: [first, ...rest] }
    }
  }
  throw new Error(`${connector.airline.name} flies none of the suite's routes`)
}

/** The parts of an offer's id. */
export function refOf({ id }: { id: string }): OfferRef {
  const ref = parseOfferId(id)
  if (ref === null) throw new Error(`${id} is no offer id`)
  return ref
}

/** An offer priced, with the seats that are free on each of its flights. */
export interface Choice {
  query: SliceQuery
  offer: PricedOffer
  /** By flight, in the offer's order. */
  freeSeats: { segmentId: string; designator: string; price: DraftSeat['price'] }[][]
}

/** Something to buy, on a flight of its own day. */
export async function choose(
  connector: Connector,
  days: number,
  options?: Parameters<typeof findOffers>[2],
): Promise<Choice> {
  const { query, offers } = await findOffers(connector, days, options)
  const ref = refOf(offers[0])
  const [offer, maps] = [await connector.price(ref, calm()), await connector.seatMaps(ref, calm())]
  return { query, offer, freeSeats: maps.map(freeSeatsOf) }
}

/** Seats that can be chosen, windows first. */
export function freeSeatsOf(map: SeatMap): Choice['freeSeats'][number] {
  const free = map.cabins
    .flatMap(({ rows }) => rows.flatMap(({ seats }) => seats.flatMap((seat) => seat ?? [])))
    .filter(({ available, traits }) => available && !traits.includes('exit_row'))
  return [...free.filter(({ kind }) => kind === 'window'), ...free.filter(({ kind }) => kind !== 'window')].flatMap(
    ({ designator, price }) => (price === null ? [] : { segmentId: map.segmentId, designator, price }),
  )
}

let drafts = 0

/** An order for the whole party, at what the offer and its extras cost. */
export function draftOf(
  { query, offer }: Choice,
  extras: { seats?: DraftSeat[]; baggage?: DraftBaggage[]; clientReference?: string } = {},
): OrderDraft {
  const { seats = [], baggage = [], clientReference = `conformance-${process.pid}-${drafts++}` } = extras
  const total =
    minor(offer.airlinePrice) +
    seats.reduce((sum, { price }) => sum + minor(price), 0) +
    baggage.reduce((sum, { price, quantity }) => sum + minor(price) * quantity, 0)
  return {
    clientReference,
    offer,
    passengers: query.passengers.map((passenger) => traveller(passenger, query.departureDate)),
    contact: { email: 'asha@example.com', phone: '+919810012345' },
    seats,
    baggage,
    total: moneyLike(offer.airlinePrice, total),
  }
}

/** A seat for a passenger. */
export function seatFor(passengerId: string, seat: Choice['freeSeats'][number][number] | undefined): DraftSeat {
  if (seat === undefined) throw new Error('no seat is free')
  return { passengerId, ...seat }
}

const ages = { adult: 34, child: 7, infant: 1 }

function traveller({ id, type }: QueryPassenger, departureDate: string): Passenger {
  const bornOn = Temporal.PlainDate.from(departureDate).subtract({ years: ages[type], days: 40 }).toString()
  const names = ['Asha', 'Ravi', 'Meera', 'Kabir']
  return {
    id,
    type,
    title: type === 'adult' ? 'ms' : 'miss',
    givenName: names[Number(id.slice(1)) - 1] ?? 'Tara',
    familyName: 'Verma',
    bornOn,
    gender: 'female',
  }
}

/** The AirlineError that a call ends with. Throws when it ends otherwise. */
export async function refusalOf(call: Promise<unknown>): Promise<AirlineError> {
  try {
    const value = await call
    throw new Error(`it was not refused: ${JSON.stringify(value)}`)
  } catch (error) {
    if (error instanceof AirlineError) return error
    throw error
  }
}
