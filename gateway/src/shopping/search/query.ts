import { hash } from 'node:crypto'
import type { QueryPassenger, SliceQuery } from '../../airlines/connector.ts'
import { FanfareError } from '../../errors.ts'
import { fromMinor, isKnownCurrency, toMinor } from '../../money/money.ts'
import { airport, searchPlaces } from '../../places/places.ts'
import type { Money } from '../../schemas/money.ts'
import type { PassengerType } from '../../schemas/passenger.ts'
import type { SearchQuery, SearchResult } from '../../schemas/search.ts'
import { type Cursor, parseCursor } from './cursor.ts'

/** A search that makes sense: checked, in one canonical form, defaults filled in. */
export interface Search {
  /** The same for every query string that means the same; names the merged answer in the cache. */
  key: string
  /** What cursors are bound to: the query without page and cursor. */
  digest: string
  /** The query as the answer repeats it. */
  query: SearchResult['query']
  /** Outbound, then return. */
  slices: SliceQuery[]
  /** Names of the airlines to ask, in the registry's order. */
  airlines: string[]
  /** In the currency asked for; null: any price. */
  maxPrice: Money | null
  /** null: from the start. */
  cursor: Cursor | null
  /** The dates are neither too far ahead nor past from `validFrom` until before `validUntil`, milliseconds since the epoch. */
  validFrom: number
  validUntil: number
}

/** Airlines sell so many days ahead. */
const sellingDays = 330

const maxPassengers = 9

/**
 * Checks what a schema cannot say and brings a query into its canonical form. Does not look at the clock: see
 * `checkDates`. Throws FanfareError invalid_request, unknown_airport, unknown_airline, unknown_currency, date_in_past
 * (return before departure), invalid_passengers, invalid_cursor.
 */
export function readSearch(query: SearchQuery, connected: readonly string[]): Search {
  const { origin, destination, cabin, currency, sort, limit } = query
  const zone = zoneOf(origin, '/origin')
  zoneOf(destination, '/destination')
  if (origin === destination) throw invalid('/destination', 'is the same as the origin')
  if (!isKnownCurrency(currency)) {
    throw wrong('unknown_currency', '/currency', `There is no exchange rate for ${currency}`)
  }
  const passengers = readPassengers(query)
  const window = readDates(query, zone)
  const named = query.airlines === undefined ? null : readAirlines(query.airlines, connected)
  const maxPrice = query.maxPrice === undefined ? null : readMaxPrice(query.maxPrice, currency)

  const echo: SearchResult['query'] = {
    origin,
    destination,
    departureDate: query.departureDate,
    returnDate: query.returnDate ?? null,
    adults: query.adults,
    children: query.children,
    infants: query.infants,
    cabin,
    currency,
    sort,
    maxStops: query.maxStops ?? null,
    airlines: named,
    maxPrice: maxPrice?.amount ?? null,
    limit,
  }
  const airlines = named ?? [...connected]
  const meaning = JSON.stringify([{ ...echo, limit: null }, airlines])
  const digest = hash('sha256', meaning, 'base64url').slice(0, 12)
  const slices: SliceQuery[] = [{ origin, destination, departureDate: query.departureDate, cabin, passengers }]
  if (query.returnDate !== undefined) {
    slices.push({ origin: destination, destination: origin, departureDate: query.returnDate, cabin, passengers })
  }
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor, digest)
  if (query.cursor !== undefined && (cursor === null || cursor.slice >= slices.length)) {
    throw wrong('invalid_cursor', '/cursor', 'The cursor does not belong to this query; start again without one')
  }
  const page = cursor === null ? '' : `${cursor.slice} ${cursor.value} ${cursor.id}`
  const key = `answer:${hash('sha256', `${meaning} ${limit} ${page}`, 'base64url')}`
  return { key, digest, query: echo, slices, airlines, maxPrice, cursor, ...window }
}

/** Throws FanfareError date_in_past or date_too_far where the search's dates are not for sale at `now`. */
export function checkDates({ query, validFrom, validUntil }: Search, now: number): void {
  if (now >= validUntil) {
    throw wrong('date_in_past', '/departureDate', `${query.departureDate} has passed in ${query.origin}`)
  }
  if (now < validFrom) {
    const path = query.returnDate === null ? '/departureDate' : '/returnDate'
    throw wrong('date_too_far', path, `Airlines sell at most ${sellingDays} days ahead`)
  }
}

/** The airport's time zone. */
function zoneOf(code: string, path: string): string {
  const place = airport(code)
  if (place?.timeZone) return place.timeZone
  const city = searchPlaces(code, 10).find((found) => found.type === 'city' && found.code === code)
  throw wrong(
    'unknown_airport',
    path,
    city
      ? `${code} is the city of ${city.name}; name one of its airports: ${city.airports.join(', ')}`
      : `No airport has the code ${code}; look it up with GET /v1/places?query=`,
  )
}

function readPassengers({ adults, children, infants }: SearchQuery): QueryPassenger[] {
  if (adults + children + infants > maxPassengers) {
    throw wrong('invalid_passengers', '/adults', `At most ${maxPassengers} travel together, infants included`)
  }
  if (infants > adults) {
    throw wrong('invalid_passengers', '/infants', 'Every infant needs an adult’s lap of its own')
  }
  const types: PassengerType[] = [
    ...Array<PassengerType>(adults).fill('adult'),
    ...Array<PassengerType>(children).fill('child'),
    ...Array<PassengerType>(infants).fill('infant'),
  ]
  return types.map((type, index) => ({ id: `p${index + 1}`, type }))
}

function readDates(
  { departureDate, returnDate }: SearchQuery,
  zone: string,
): { validFrom: number; validUntil: number } {
  const departure = readDate(departureDate, '/departureDate')
  const last = returnDate === undefined ? departure : readDate(returnDate, '/returnDate')
  if (Temporal.PlainDate.compare(last, departure) < 0) {
    throw wrong('date_in_past', '/returnDate', 'The return is before the departure')
  }
  return {
    validFrom: last.subtract({ days: sellingDays }).toZonedDateTime(zone).epochMilliseconds,
    validUntil: departure.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
  }
}

function readDate(text: string, path: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    throw invalid(path, 'is no date of the calendar')
  }
}

function readAirlines(list: string, connected: readonly string[]): string[] {
  const named = new Set(list.split(','))
  for (const name of named) {
    if (connected.includes(name)) continue
    throw wrong('unknown_airline', '/airlines', `No airline is called ${name}; these are: ${connected.join(', ')}`)
  }
  return connected.filter((name) => named.has(name))
}

function readMaxPrice(amount: string, currency: string): Money {
  return fromMinor(toMinor({ amount, currency }), currency)
}

function invalid(path: string, message: string): FanfareError {
  return new FanfareError('invalid_request', `${path.slice(1)} ${message}`, { errors: [{ path, message }] })
}

function wrong(code: FanfareError['code'], path: string, message: string): FanfareError {
  return new FanfareError(code, message, { errors: [{ path, message }] })
}
