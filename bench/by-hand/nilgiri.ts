import { subtract } from '../../gateway/src/money/money.ts'
import { airport, zoned } from '../../gateway/src/places/places.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { duration, type HandSearch, json, type Passengers, partyOf, type Send } from './search.ts'

interface Flight {
  carrier: string
  number: string
  date: string
  from: string
  to: string
  departs: string
  arrives: string
  dayChange: number
  equipment: string
  status: string
}

interface Fare {
  quote: string
  good: string
  rbd: string
  cabin: 'Y' | 'C'
  brand: string
  fareBasis: string
  passengers: { ptc: string; fare: string; total: string }[]
  fare: string
  tax: string
  total: string
  bags: { cabin: string; checked: string; infant: string }
  penalties: { change: string | null; refund: string | null }
}

type Refused = { status: 'ERR'; code: string; text: string }
type Fares = { status: 'OK'; lines: { segments: Flight[]; fares: Fare[] }[] } | Refused
type Logon = { status: 'OK'; session: string } | Refused

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const ptcs = { adult: 'ADT', child: 'CHD', infant: 'INF' }

/** Nilgiri: a session with an old host, which serves one question at a time. */
export function nilgiri(send: Send): HandSearch {
  const idle: string[] = []
  const enter = (path: string, headers: Record<string, string>, body: unknown) =>
    send({
      airline: 'nilgiri',
      method: 'POST',
      path,
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    })
  const signIn = async () => {
    const body = { agentSign: 'fanfare', dutyCode: 'AS', password: 'fanfare-secret' }
    const answer: Logon = JSON.parse(await enter('/host/logon', {}, body))
    if (answer.status !== 'OK') throw new Error(answer.text)
    return answer.session
  }
  return async ({ origin, destination, departureDate, passengers }) => {
    const session = idle.pop() ?? (await signIn())
    const { adults, children, infants } = partyOf(passengers)
    const party = { ADT: adults, CHD: children, INF: infants }
    const body = { origin, destination, date: hostDate(departureDate), party, cabin: 'Y' }
    const answer: Fares = JSON.parse(await enter('/host/fares', { 'nilgiri-session': session }, body))
    if (answer.status !== 'OK') throw new Error(answer.text)
    idle.push(session)
    return answer.lines.flatMap(({ segments, fares }) => fares.map((fare) => mapOffer(segments, fare, passengers)))
  }
}

function mapOffer(flights: Flight[], fare: Fare, passengers: Passengers): Offer {
  const segments = flights.map((flight) => mapSegment(flight, fare))
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) throw new Error('nilgiri sent a line without segments')
  return {
    id: `nilgiri~${fare.total}AED~${fare.quote}`,
    airline: 'nilgiri',
    slice: {
      origin: first.origin,
      destination: last.destination,
      departingAt: first.departingAt,
      arrivingAt: last.arrivingAt,
      duration: between(first.departingAt, last.arrivingAt),
      stops: segments.length - 1,
      segments,
    },
    fareBrand: fare.brand,
    price: money(fare.total),
    basePrice: money(fare.fare),
    taxes: money(fare.tax),
    airlinePrice: money(fare.total),
    perPassenger: passengers.map(({ id, type }) => {
      const share = fare.passengers.find(({ ptc }) => ptc === ptcs[type])
      if (!share) throw new Error(`nilgiri sent no price for ${id}`)
      const price = money(share.total)
      const basePrice = money(share.fare)
      return { passengerId: id, type, basePrice, taxes: subtract(price, basePrice), price }
    }),
    conditions: { change: condition(fare.penalties.change), cancel: condition(fare.penalties.refund) },
    baggage: mapBaggage(
      fare,
      segments.map(({ id }) => id),
      passengers,
    ),
    seatsLeft: seatsLeft(flights, fare.rbd),
    expiresAt: `${local(fare.good.slice(0, 7), fare.good.slice(8, 12))}Z`,
    sameFlight: [],
  }
}

function mapSegment(flight: Flight, { cabin, rbd, fareBasis }: Fare): Offer['slice']['segments'][number] {
  const { carrier, number, date, from, to } = flight
  const departure = local(date, flight.departs)
  const departingAt = zoned(departure, from)
  const arrivingAt = zoned(local(date, flight.arrives, flight.dayChange), to)
  return {
    id: `${carrier}${number}-${departure.slice(0, 10)}-${from}`,
    flightNumber: `${carrier}${number}`,
    marketingCarrier: carrier,
    operatingCarrier: carrier,
    origin: from,
    destination: to,
    departingAt,
    arrivingAt,
    originTimeZone: airport(from)?.timeZone ?? '',
    destinationTimeZone: airport(to)?.timeZone ?? '',
    duration: between(departingAt, arrivingAt),
    aircraft: flight.equipment,
    cabin: cabin === 'C' ? 'business' : 'economy',
    bookingClass: rbd,
    fareBasisCode: fareBasis,
  }
}

function mapBaggage({ bags }: Fare, segmentIds: string[], passengers: Passengers): Offer['baggage'] {
  const infants = passengers.filter(({ type }) => type === 'infant').map(({ id }) => id)
  const seated = passengers.filter(({ type }) => type !== 'infant').map(({ id }) => id)
  const included = [
    { kind: 'carry_on', text: bags.cabin, passengerIds: seated },
    { kind: 'checked', text: bags.checked, passengerIds: seated },
    { kind: 'checked', text: bags.infant, passengerIds: infants },
  ] as const
  return included.flatMap(({ kind, text, passengerIds }) => {
    if (text === 'NIL' || passengerIds.length === 0) return []
    // 23K is a weight in all, 1PC a number of pieces.
    const count = Number.parseInt(text, 10)
    const isPieces = text.endsWith('PC')
    const [pieces, weightKg] = isPieces ? [count, null] : [null, count]
    return [{ segmentIds, passengerIds, kind, pieces, weightKg }]
  })
}

/** Of the fullest flight, from statuses like `Y9 M4 K0`; null where one does not show the class. */
function seatsLeft(flights: Flight[], rbd: string): number | null {
  let fewest = Number.POSITIVE_INFINITY
  for (const { status } of flights) {
    const count = status.split(' ').find((one) => one.startsWith(rbd))
    if (count === undefined) return null
    fewest = Math.min(fewest, Number(count.slice(1)))
  }
  return fewest
}

/** `2030-01-15` → `15JAN30` */
function hostDate(iso: string): string {
  return `${iso.slice(8, 10)}${months[Number(iso.slice(5, 7)) - 1]}${iso.slice(2, 4)}`
}

/** `15JAN30` and `0610`, so many days later → `2030-01-15T06:10:00` */
function local(date: string, time: string, daysLater = 0): string {
  const year = 2000 + Number(date.slice(5))
  const day = new Date(Date.UTC(year, months.indexOf(date.slice(2, 5)), Number(date.slice(0, 2)) + daysLater))
  return `${day.toISOString().slice(0, 10)}T${time.slice(0, 2)}:${time.slice(2)}:00`
}

function between(from: string, to: string): string {
  return duration((Date.parse(to) - Date.parse(from)) / 60_000)
}

function money(amount: string) {
  return { amount, currency: 'AED' }
}

function condition(fee: string | null) {
  return { allowed: fee !== null, fee: fee === null ? null : money(fee) }
}
