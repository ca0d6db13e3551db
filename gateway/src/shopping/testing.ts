import type { Connector, QueryPassenger, SliceQuery } from '../airlines/connector.ts'
import { formatOfferId } from '../airlines/offer-id.ts'
import type { Airline } from '../schemas/airline.ts'
import type { Offer, PricedOffer, Segment } from '../schemas/offer.ts'
import type { SearchQuery } from '../schemas/search.ts'
import type { SeatMap } from '../schemas/seat-map.ts'
import type { Log } from './log.ts'
import { type MergedOffers, type MergeOptions, mergeOffers } from './search/merge.ts'
import type { ListedOffer } from './search/offer-list.ts'
import { writeOffers } from './search/write-result.ts'

/** A moment for tests to begin at: noon UTC. */
export const noon = Date.parse('2030-01-10T12:00:00Z')

/** For tests that look at no logs. */
export const noLog: Log = { info() {}, warn() {}, error() {} }

/** What a hand-made offer differs in. */
export interface OfferTraits {
  airline?: string
  ref?: string
  origin?: string
  destination?: string
  amount?: string
  currency?: string
  /** RFC 3339. */
  departingAt?: string
  arrivingAt?: string
  stops?: number
  operatingCarrier?: string
  cabin?: Segment['cabin']
  fareBrand?: string
  expiresAt?: string
  passengers?: QueryPassenger[]
}

/** One adult. */
const alone: QueryPassenger[] = [{ id: 'p1', type: 'adult' }]

/** A client's search from Delhi to Mumbai, one adult. */
export const delhiMumbaiSearch: SearchQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  adults: 1,
  children: 0,
  infants: 0,
  cabin: 'economy',
  currency: 'INR',
  sort: 'price',
  limit: 50,
}

/** Delhi to Mumbai, one adult. */
export const delhiMumbai: SliceQuery = {
  origin: 'DEL',
  destination: 'BOM',
  departureDate: '2030-01-15',
  cabin: 'economy',
  passengers: alone,
}

/** Two hours and ten minutes. */
const flightMs = 130 * 60_000

/** An offer from Delhi to Mumbai unless it says otherwise, a fifth of it taxes; the first passenger's share is the whole price. */
export function makeOffer({
  airline = 'alpha',
  ref = 'A1',
  origin = 'DEL',
  destination = 'BOM',
  amount = '1000.00',
  currency = 'INR',
  departingAt = '2030-01-15T06:00:00+05:30',
  arrivingAt = new Date(Date.parse(departingAt) + flightMs).toISOString(),
  stops = 0,
  operatingCarrier = '0A',
  cabin = 'economy',
  fareBrand = 'Basic',
  expiresAt = '2030-01-10T13:00:00Z',
  passengers = alone,
}: OfferTraits = {}): Offer {
  const price = { amount, currency }
  const taxes = { amount: (Number(amount) / 5).toFixed(2), currency }
  const basePrice = { amount: (Number(amount) - Number(taxes.amount)).toFixed(2), currency }
  const nothing = { amount: '0.00', currency }
  return {
    id: formatOfferId({ airline, quotedPrice: price, ref }),
    airline,
    slice: {
      origin,
      destination,
      departingAt,
      arrivingAt,
      duration: 'PT2H10M',
      stops,
      segments: [
        {
          id: `0A1-${departingAt.slice(0, 10)}-${origin}`,
          flightNumber: '0A1',
          marketingCarrier: '0A',
          operatingCarrier,
          origin,
          destination,
          departingAt,
          arrivingAt,
          originTimeZone: 'Asia/Kolkata',
          destinationTimeZone: 'Asia/Kolkata',
          duration: 'PT2H10M',
          aircraft: '32N',
          cabin,
          bookingClass: 'Y',
          fareBasisCode: 'YOWIN',
        },
      ],
    },
    fareBrand,
    price,
    basePrice,
    taxes,
    airlinePrice: price,
    perPassenger: passengers.map(({ id, type }, index) => ({
      passengerId: id,
      type,
      basePrice: index === 0 ? basePrice : nothing,
      taxes: index === 0 ? taxes : nothing,
      price: index === 0 ? price : nothing,
    })),
    conditions: { change: { allowed: false, fee: null }, cancel: { allowed: false, fee: null } },
    baggage: [],
    seatsLeft: 9,
    expiresAt,
    sameFlight: [],
  }
}

/** Merges offers and reads the rows that come of it. */
export function mergeListed(
  offers: readonly ListedOffer[],
  options: MergeOptions,
): Pick<MergedOffers, 'next' | 'expiresAt'> & { offers: Offer[] } {
  const merged = mergeOffers(offers, options)
  const { next, expiresAt } = merged
  return { offers: JSON.parse(`[${writeOffers(merged)}]`), next, expiresAt }
}

/** A hand-made offer as its airline prices it now. */
export function makePricedOffer(traits: OfferTraits = {}): PricedOffer {
  const { sameFlight: _none, ...offer } = makeOffer(traits)
  return { ...offer, quotedPrice: offer.price, priceChanged: false }
}

/** A cabin of one seat, 1A. */
export function makeSeatMap(segmentId: string, currency = 'INR'): SeatMap {
  const seat = {
    designator: '1A',
    kind: 'window' as const,
    available: true,
    price: { amount: '100.00', currency },
    traits: [],
  }
  const row = { number: 1, exit: false, wing: false, seats: [seat, null] }
  return { segmentId, aircraft: '32N', cabins: [{ cabin: 'economy', columns: ['A', null, 'B'], rows: [row] }] }
}

/** A connector whose calls the test answers; calls that it says nothing about never end. */
export function makeConnector(
  name: string,
  answers: Partial<Omit<Connector, 'airline'>> = {},
  currency = 'INR',
): Connector {
  const airline: Airline = {
    name,
    designator: `0${name[0]?.toUpperCase()}`,
    title: name,
    currency,
    dialect: 'none',
    capabilities: { hold: false, seatSelection: true, baggage: 'piece', connections: false },
  }
  const never = () => new Promise<never>(() => {})
  return {
    airline,
    search: never,
    price: never,
    seatMaps: never,
    baggage: never,
    purchase: never,
    findOrder: never,
    quoteCancellation: never,
    cancel: never,
    ...answers,
  }
}
