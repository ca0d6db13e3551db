import { fromMinor } from '../../gateway/src/money/money.ts'
import type { Offer } from '../../gateway/src/schemas/offer.ts'
import { duration, type HandSearch, json, type Passengers, partyOf, type Send } from './search.ts'

interface Price {
  amount_minor: number
  currency: string
}

interface Time {
  utc: string
  local: string
  zone: string
}

interface Leg {
  flight_key: string
  flight_no: string
  carrier: string
  operated_by: string
  from: string
  to: string
  departs: Time
  arrives: Time
  duration_min: number
  aircraft: string
}

interface Fare {
  fare_key: string
  fare_name: string
  fare_basis: string
  booking_class: string
  base: Price
  taxes: Price
  total: Price
  per_pax: { pax_type: string; base: Price; taxes: Price; total: Price }[]
  bags: { kind: string; pieces: number | null; kg: number | null; pax_types: string[] }[]
  change_fee: Price | null
  cancel_fee: Price | null
  seats_left: number
  valid_until: string
}

interface Journey {
  from: string
  to: string
  duration_min: number
  legs: Leg[]
  fares: Fare[]
}

const paxTypes = { adult: 'ADT', child: 'CHD', infant: 'INF' }

/** Monsoon: JSON, OAuth2 client credentials. */
export function monsoon(send: Send): HandSearch {
  let known: Promise<{ token: string; until: number }> | null = null
  const signIn = async () => {
    const form = { grant_type: 'client_credentials', client_id: 'fanfare', client_secret: 'fanfare-secret' }
    const text = await send({
      airline: 'monsoon',
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    const answer: { access_token: string; expires_in: number } = JSON.parse(text)
    return { token: answer.access_token, until: Date.now() + (answer.expires_in - 30) * 1000 }
  }
  const tokenNow = async () => {
    known ??= signIn()
    const { token, until } = await known.catch((error) => {
      known = null
      throw error
    })
    if (until < Date.now()) known = null
    return token
  }
  return async ({ origin, destination, departureDate, passengers }) => {
    const { adults, children, infants } = partyOf(passengers)
    const pax = { adt: adults, chd: children, inf: infants }
    const text = await send({
      airline: 'monsoon',
      method: 'POST',
      path: '/api/v1/flights/search',
      headers: { ...json, authorization: `Bearer ${await tokenNow()}` },
      body: JSON.stringify({ from: origin, to: destination, date: departureDate, pax }),
    })
    const answer: { journeys: Journey[] } = JSON.parse(text)
    if (!Array.isArray(answer.journeys)) throw new Error('monsoon sent no journeys')
    return answer.journeys.flatMap((journey) => journey.fares.map((fare) => mapOffer(journey, fare, passengers)))
  }
}

function mapOffer(journey: Journey, fare: Fare, passengers: Passengers): Offer {
  const segments = journey.legs.map((leg) => mapSegment(leg, fare))
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) throw new Error('monsoon sent a journey without legs')
  const price = money(fare.total)
  const segmentIds = segments.map(({ id }) => id)
  return {
    id: `monsoon~${price.amount}${price.currency}~${fare.fare_key}`,
    airline: 'monsoon',
    slice: {
      origin: journey.from,
      destination: journey.to,
      departingAt: first.departingAt,
      arrivingAt: last.arrivingAt,
      duration: duration(journey.duration_min),
      stops: segments.length - 1,
      segments,
    },
    fareBrand: fare.fare_name,
    price,
    basePrice: money(fare.base),
    taxes: money(fare.taxes),
    airlinePrice: price,
    perPassenger: passengers.map(({ id, type }) => {
      const share = fare.per_pax.find(({ pax_type }) => pax_type === paxTypes[type])
      if (!share) throw new Error(`monsoon sent no price for ${id}`)
      const { base, taxes, total } = share
      return { passengerId: id, type, basePrice: money(base), taxes: money(taxes), price: money(total) }
    }),
    conditions: { change: condition(fare.change_fee), cancel: condition(fare.cancel_fee) },
    baggage: fare.bags.flatMap(({ kind, pieces, kg, pax_types }) => {
      const passengerIds = passengers.filter(({ type }) => pax_types.includes(paxTypes[type])).map(({ id }) => id)
      if (passengerIds.length === 0) return []
      return [
        { segmentIds, passengerIds, kind: kind === 'CABIN' ? 'carry_on' : 'checked', pieces, weightKg: kg } as const,
      ]
    }),
    seatsLeft: fare.seats_left,
    expiresAt: fare.valid_until,
    sameFlight: [],
  }
}

function mapSegment(leg: Leg, fare: Fare): Offer['slice']['segments'][number] {
  return {
    id: leg.flight_key,
    flightNumber: leg.flight_no,
    marketingCarrier: leg.carrier,
    operatingCarrier: leg.operated_by,
    origin: leg.from,
    destination: leg.to,
    departingAt: moment(leg.departs),
    arrivingAt: moment(leg.arrives),
    originTimeZone: leg.departs.zone,
    destinationTimeZone: leg.arrives.zone,
    duration: duration(leg.duration_min),
    aircraft: leg.aircraft,
    cabin: 'economy',
    bookingClass: fare.booking_class,
    fareBasisCode: fare.fare_basis,
  }
}

/** The local time with its offset, which is what it is ahead of UTC. */
function moment({ local, utc }: Time): string {
  const ahead = (Date.parse(`${local}Z`) - Date.parse(utc)) / 60_000
  const hours = String(Math.floor(Math.abs(ahead) / 60)).padStart(2, '0')
  const minutes = String(Math.abs(ahead) % 60).padStart(2, '0')
  return `${local}${ahead < 0 ? '-' : '+'}${hours}:${minutes}`
}

function money({ amount_minor, currency }: Price) {
  return fromMinor(amount_minor, currency)
}

function condition(fee: Price | null) {
  return { allowed: fee !== null, fee: fee && money(fee) }
}
