import { LRUCache } from 'lru-cache'
import { airport, airports, isDomestic } from './airports.ts'
import { carriers } from './carriers.ts'
import { distanceKm } from './distance.ts'
import { dateOfDay, dayNumber, localTimeAt, localTimeOf } from './local-time.ts'
import { buildNetwork, type Departure, type Network } from './network.ts'
import type { Carrier, Flight, Journey, Shifts } from './types.ts'

/** A carrier's flights on given days. */
export interface Timetable {
  /** Journeys of one or two flights, shortest first; [] when there are none. */
  journeys(origin: string, destination: string, date: string): readonly Journey[]
  /** The flight with this key; null when there is none on that day. */
  flight(key: string): Flight | null
  /** The flight with this number, designator included, on this local date; null when there is none. */
  flightNumbered(flightNumber: string, date: string): Flight | null
}

const minute = 60_000
/** Time to change planes: shorter where neither flight crosses a border. */
const minConnection = { domestic: 45, international: 75 }
/** Connections longer than this are only offered where nothing shorter exists. */
const comfortableConnection = 8 * 60
/** A day and the time to change planes, so that a daily flight can always be caught. */
const longestConnection = 24 * 60 + minConnection.international
/** Most connecting journeys offered for one route and day. */
const maxConnecting = 8

interface Sold {
  carrier: Carrier
  departure: Departure
  number: string
}

/** A timetable that is kept. */
const asPlanned: Shifts = { minutes: () => 0, version: () => 0 }

/** Whether whoever lands with `first` can change to `second`. */
export function canConnect(first: Flight, second: Flight): boolean {
  return second.departure.epochMs >= first.arrival.epochMs + connectionMinutes(first, second) * minute
}

function connectionMinutes(first: Flight, second: Pick<Flight, 'destination'>): number {
  const isInternational =
    !isDomestic(first.origin, first.destination) || !isDomestic(first.destination, second.destination)
  return minConnection[isInternational ? 'international' : 'domestic']
}

/** The timetable of a carrier, codeshares included, with its flights where they have moved to. */
export function createTimetable(carrier: Carrier, seed: string, shifts: Shifts = asPlanned): Timetable {
  const network = buildNetwork(carrier, seed)
  const partner = carrier.codeshare ? carriers.get(carrier.codeshare.partner) : undefined
  const partnerNetwork: Network = partner ? buildNetwork(partner, seed) : new Map()
  const sellers = [...carriers.values()].filter(({ codeshare }) => codeshare?.partner === carrier.name)
  const givenAway = sellers.reduce((rows, { codeshare }) => rows + (codeshare?.rows ?? 0), 0)
  const byNumber = new Map<string, Sold>()
  for (const departures of network.values()) {
    for (const departure of departures) byNumber.set(departure.number, { carrier, departure, number: departure.number })
  }
  for (const departures of partnerNetwork.values()) {
    for (const sold of codeshares(departures)) byNumber.set(sold.number, sold)
  }
  const flights = new LRUCache<string, { flight: Flight | null }>({ max: 20_000 })
  const journeyLists = new LRUCache<string, readonly Journey[]>({ max: 5_000 })
  let seen = shifts.version()

  /** Forgets what was reckoned before a flight moved. */
  function catchUp(): void {
    if (seen === shifts.version()) return
    seen = shifts.version()
    flights.clear()
    journeyLists.clear()
  }

  /** The partner's departures that it shares, under the carrier's own numbers. */
  function codeshares(departures: Departure[]): Sold[] {
    const { codeshare } = carrier
    if (!partner || !codeshare) return []
    return departures
      .filter(({ shareable }) => shareable)
      .map((departure) => ({
        carrier: partner,
        departure,
        number: String(Number(departure.number) + codeshare.numberOffset),
      }))
  }

  function blockOn(operator: Carrier, { shareable }: Departure): Flight['block'] {
    if (operator !== carrier) return carrier.codeshare && { rows: carrier.codeshare.rows, isOurs: true }
    return shareable && givenAway > 0 ? { rows: givenAway, isOurs: false } : null
  }

  function onDate({ carrier: operator, departure, number }: Sold, date: string): Flight | null {
    const day = dayNumber(date)
    if (Number.isNaN(day) || !departure.weekdays[(day + 3) % 7]) return null
    const key = `${carrier.designator}${number}-${date}-${departure.origin}`
    const known = flights.get(key)
    if (known) return known.flight
    const { zone } = airport(departure.origin)
    const planned = localTimeOf(date, departure.minutesOfDay, zone)
    const movedMinutes = shifts.minutes(key)
    const leaving = movedMinutes === 0 ? planned : localTimeAt(planned.epochMs + movedMinutes * minute, zone)
    const flight: Flight = {
      key,
      marketing: carrier.designator,
      number,
      operating: { designator: operator.designator, number: departure.number },
      origin: departure.origin,
      destination: departure.destination,
      date,
      departure: leaving,
      arrival: localTimeAt(leaving.epochMs + departure.minutes * minute, airport(departure.destination).zone),
      movedMinutes,
      minutes: departure.minutes,
      distanceKm: departure.distanceKm,
      aircraft: departure.aircraft,
      layout: departure.layout,
      block: blockOn(operator, departure),
    }
    flights.set(key, { flight })
    return flight
  }

  function own(origin: string, destination: string, date: string): Flight[] {
    const departures = network.get(origin + destination) ?? []
    return departures.flatMap((departure) => onDate({ carrier, departure, number: departure.number }, date) ?? [])
  }

  function shared(origin: string, destination: string, date: string): Flight[] {
    return codeshares(partnerNetwork.get(origin + destination) ?? []).flatMap((sold) => onDate(sold, date) ?? [])
  }

  function connecting(origin: string, destination: string, date: string): Journey[] {
    if (!carrier.connections || origin === destination) return []
    const found: Journey[] = []
    const { hubs, longestDetour = Number.POSITIVE_INFINITY } = carrier
    const longest = longestDetour * distanceKm(origin, destination)
    for (const hub of hubs) {
      if (hub === origin || hub === destination) continue
      if (distanceKm(origin, hub) + distanceKm(hub, destination) > longest) continue
      for (const first of own(origin, hub, date)) found.push(...onwards(first, destination))
    }
    found.sort(byMinutes)
    const comfortable = found.filter((journey) => layover(journey) <= comfortableConnection)
    return (comfortable.length > 0 ? comfortable : found).slice(0, maxConnecting)
  }

  /** The first flight that can be caught after `first`. */
  function onwards(first: Flight, destination: string): Journey[] {
    const arrivalDate = first.arrival.local.slice(0, 10)
    const latest = first.arrival.epochMs + longestConnection * minute
    for (const daysLater of [0, 1, 2]) {
      const seconds = own(first.destination, destination, dateOfDay(dayNumber(arrivalDate) + daysLater))
      for (const second of seconds.sort((a, b) => a.departure.epochMs - b.departure.epochMs)) {
        if (canConnect(first, second) && second.departure.epochMs <= latest) {
          return [{ flights: [first, second], minutes: (second.arrival.epochMs - first.departure.epochMs) / minute }]
        }
      }
    }
    return []
  }

  function flight(key: string): Flight | null {
    catchUp()
    const match = /^([0-9A-Z]{2})(\d{1,4})-(\d{4}-\d{2}-\d{2})-([A-Z]{3})$/.exec(key)
    if (!match) return null
    const [, designator, number = '', date = '', origin] = match
    const sold = byNumber.get(number)
    if (designator !== carrier.designator || !sold || sold.departure.origin !== origin) return null
    return onDate(sold, date)
  }

  return {
    journeys(origin, destination, date) {
      catchUp()
      if (!airports.has(origin) || !airports.has(destination) || Number.isNaN(dayNumber(date))) return []
      const key = origin + destination + date
      let journeys = journeyLists.get(key)
      if (!journeys) {
        const nonstop = [...own(origin, destination, date), ...shared(origin, destination, date)]
        journeys = [
          ...nonstop.map((flight) => ({ flights: [flight], minutes: flight.minutes })),
          ...connecting(origin, destination, date),
        ].sort(byMinutes)
        journeyLists.set(key, journeys)
      }
      return journeys
    },
    flight,
    flightNumbered(flightNumber, date) {
      const sold = byNumber.get(flightNumber.slice(2))
      return sold ? flight(`${flightNumber}-${date}-${sold.departure.origin}`) : null
    },
  }
}

function byMinutes(a: Journey, b: Journey): number {
  return a.minutes - b.minutes || departure(a) - departure(b)
}

function departure({ flights }: Journey): number {
  return flights[0]?.departure.epochMs ?? 0
}

function layover({ flights: [first, second] }: Journey): number {
  return first && second ? (second.departure.epochMs - first.arrival.epochMs) / minute : 0
}
