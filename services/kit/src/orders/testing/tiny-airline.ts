import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, createClock } from '../../clock.ts'
import { saffron } from '../../world/carriers.ts'
import type { Market } from '../../world/market.ts'
import type { Carrier, FareBrand, Flight, FlightSeats, LocalTime, Offer, PassengerMix } from '../../world/types.ts'
import { openDatabase } from '../database.ts'
import { type Inventory, openInventory } from '../inventory.ts'
import { createOrderBook } from '../order-book.ts'
import { type OrderPassenger, type OrderRequest, Refusal } from '../types.ts'

/** When the tiny world's clock starts: 2030-01-05 00:00 UTC. */
export const start = Date.UTC(2030, 0, 5)

export const hour = 3_600_000

/** Its flights leave ten days later, four hours apart. */
export const departures = [start + 240 * hour, start + 244 * hour] as const

/** Six seats in economy, one of them blocked, and one in business. */
export const economySeats = ['2A', '2B', '2C', '3A', '3B'] as const
const cabinOf = new Map([
  ...economySeats.map((seat) => [seat as string, 'economy'] as const),
  ['1A', 'business'] as const,
])

const brand = (code: string, cabin: FareBrand['cabin'], cancelFee: number | null): FareBrand => ({
  code,
  name: code,
  cabin,
  bookingClass: 'Y',
  factor: 1,
  changeFee: null,
  cancelFee,
  allowances: [],
  infantAllowances: [],
  includedSeatZones: [],
})

/** FLEX: 1000 back less 300 a head; DEAR: the fee eats more than the fare; FIXED: only the tax comes back. */
export const tinyCarrier: Carrier = {
  ...saffron,
  name: 'tiny',
  title: 'Tiny',
  brands: [
    brand('FLEX', 'economy', 300),
    brand('DEAR', 'economy', 5000),
    brand('FIXED', 'economy', null),
    brand('BIZ', 'business', 300),
  ],
  holdMinutes: 24 * 60,
  freeCancelMinutes: 24 * 60,
}

const at = (epochMs: number): LocalTime => ({
  local: new Date(epochMs).toISOString().slice(0, 19),
  offset: '+00:00',
  zone: 'UTC',
  epochMs,
})

const flight = (key: string, origin: string, destination: string, departsAt: number): Flight => ({
  key,
  marketing: '0T',
  number: '1',
  operating: { designator: '0T', number: '1' },
  origin,
  destination,
  date: '2030-01-15',
  departure: at(departsAt),
  arrival: at(departsAt + 2 * hour),
  movedMinutes: 0,
  minutes: 120,
  distanceKm: 1000,
  aircraft: '32N',
  layout: saffron.fleet[0]?.layout ?? '32N-J12W18Y132',
  block: null,
})

/** First flight, and one that connects to it. */
export const flights = {
  first: flight('0T1-2030-01-15-DEL', 'DEL', 'BOM', departures[0]),
  second: flight('0T2-2030-01-15-BOM', 'BOM', 'GOI', departures[1]),
}

/** An offer id of the tiny market: `first.FLEX.2-0-1`, `first_second.DEAR.1-0-0`. */
function offerId(journey: 'first' | 'second' | 'first_second', code: string, mix: PassengerMix): string {
  return `${journey}.${code}.${mix.adults}-${mix.children}-${mix.infants}`
}

/** A market of two flights with one price list: fare 1000 and tax 100 a head, seats 50, a bag 70 a unit. */
export function createTinyMarket(inventory: Inventory, clock: Clock, others: ReadonlySet<string> = new Set()): Market {
  const all: Flight[] = Object.values(flights)

  const othersSeats: Market['othersSeats'] = ({ key }, cabin) =>
    new Set([...others].filter((seat) => cabinOf.get(seat) === cabin && !inventory.ownedSeats(key).has(seat)))

  const capacity: Market['capacity'] = (_flight, cabin) => [...cabinOf.values()].filter((of) => of === cabin).length

  const offer: Market['offer'] = (id) => {
    const match = /^(first|second|first_second)\.([A-Z]+)\.(\d)-(\d)-(\d)$/.exec(id)
    const fareBrand = tinyCarrier.brands.find(({ code }) => code === match?.[2])
    if (match === null || fareBrand === undefined) throw new Refusal('offer_not_found', id)
    const flown = match[1] === 'first' ? [flights.first] : match[1] === 'second' ? [flights.second] : all
    const passengers = { adults: Number(match[3]), children: Number(match[4]), infants: Number(match[5]) }
    const party = passengers.adults + passengers.children
    for (const on of flown) {
      const owned = [...inventory.ownedSeats(on.key)].filter((seat) => cabinOf.get(seat) === fareBrand.cabin).length
      const unseated = inventory.unseated(on.key, fareBrand.cabin)
      const left = capacity(on, fareBrand.cabin) - othersSeats(on, fareBrand.cabin).size - owned - unseated
      if (left < party) throw new Refusal('sold_out', id)
    }
    const heads = party + passengers.infants
    return {
      id,
      brand: fareBrand,
      fareBasis: 'TINY',
      perPassenger: [],
      base: 1000 * heads,
      tax: 100 * heads,
      total: 1100 * heads,
      seatsLeft: 9,
      journey: { flights: flown, minutes: 120 },
      passengers,
      expiresAt: clock.now() + hour,
    } satisfies Offer
  }

  return {
    shop: () => [],
    offer,
    seatMaps: (id) =>
      offer(id).journey.flights.map(
        (on): FlightSeats => ({
          flight: on,
          plan: { aircraft: '32N', title: 'Tiny', cabins: [] },
          seats: new Map(
            [...cabinOf.keys(), '3C'].map((designator) => [
              designator,
              {
                seat: { designator, column: designator.slice(1), kind: 'aisle', zone: 'standard', traits: [] },
                available:
                  cabinOf.has(designator) && !others.has(designator) && !inventory.ownedSeats(on.key).has(designator),
                price: 50,
              },
            ]),
          ),
        }),
      ),
    baggage: () => [{ code: 'BAG', price: 70, maxQuantity: 2 }],
    flight: (key) => all.find((candidate) => candidate.key === key) ?? null,
    flightNumbered: () => null,
    capacity,
    othersSeats,
    cabinOfSeat: (_flight, designator) => cabinOf.get(designator) ?? null,
  }
}

/** How a tiny airline is opened. */
export interface TinyOptions {
  file: string
  clock?: Clock
  carrier?: Carrier
  /** Seats that other travellers have, on both flights. */
  others?: ReadonlySet<string>
}

/** An order book on a real file and the tiny market. */
export function openTinyAirline({ file, clock = createClock(start), carrier = tinyCarrier, others }: TinyOptions) {
  const database = openDatabase(file, { carrier: carrier.name, seed: 'seed' })
  const inventory = openInventory(database)
  const market = createTinyMarket(inventory, clock, others)
  const book = createOrderBook({ carrier, seed: 'seed', clock, database, inventory, market })
  return { database, inventory, market, book, clock, close: () => database.close() }
}

/** A request for one adult on the first flight unless told otherwise: passengers p1…pn follow from the mix. */
export function request(
  clientReference: string,
  { mix = { adults: 1, children: 0, infants: 0 }, journey = 'first', code = 'FLEX', ...rest }: RequestOptions = {},
): OrderRequest {
  const types = [
    ...Array<'adult'>(mix.adults).fill('adult'),
    ...Array<'child'>(mix.children).fill('child'),
    ...Array<'infant'>(mix.infants).fill('infant'),
  ]
  return {
    clientReference,
    offerId: offerId(journey, code, mix),
    passengers: types.map((type, index) => passenger(`p${index + 1}`, type)),
    contact: { email: 'asha@example.com', phone: '+919800000000' },
    seats: [],
    baggage: [],
    expectedTotal: null,
    pay: true,
    ...rest,
  }
}

interface RequestOptions extends Partial<OrderRequest> {
  mix?: PassengerMix
  journey?: 'first' | 'second' | 'first_second'
  code?: string
}

export function passenger(id: string, type: OrderPassenger['type']): OrderPassenger {
  return { id, type, title: 'Ms', givenName: 'Asha', familyName: 'Rao', bornOn: '1990-02-03', gender: 'female' }
}

/** A folder of its own for a test, and how to remove it. */
export function makeFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'fanfare-orders-'))
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

/** The refusal that `work` throws; undefined when it throws none. Anything else that it throws passes on. */
export function refusal(work: () => unknown): Refusal | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
