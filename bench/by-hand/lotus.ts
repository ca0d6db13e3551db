import { setTimeout as pause } from 'node:timers/promises'
import { createSigner } from '../../gateway/src/airlines/lotus/signer.ts'
import type { Cabin, Offer } from '../../gateway/src/schemas/offer.ts'
import { duration, type HandSearch, json, type Passengers, partyOf, type Send, waitMs } from './search.ts'

interface Sector {
  flightKey: string
  flightNumber: string
  operatedBy: string
  from: string
  to: string
  departs: string
  arrives: string
  minutes: number
  aircraft: string
}

interface Bundle {
  offerToken: string
  name: string
  cabin: 'economy' | 'premium-economy' | 'business' | 'first'
  bookingCode: string
  fareBasis: string
  price: {
    fare: number
    taxes: number
    total: number
    guests: { guestType: string; fare: number; taxes: number; total: number }[]
  }
  includes: { bags: { kind: string; pieces: number; kgEach: number | null; guestTypes: string[] }[] }
  rules: { changeFee: number | null; refundFee: number | null }
  seatsLeft: number
  goodUntil: string
}

interface Solution {
  minutes: number
  sectors: Sector[]
  bundles: Bundle[]
}

interface Page {
  pageCount: number
  ready: boolean
  pollAfterMs: number | null
  currency: string
  solutions: Solution[]
}

const cabins: Record<Bundle['cabin'], Cabin> = {
  economy: 'economy',
  'premium-economy': 'premium_economy',
  business: 'business',
  first: 'first',
}

/** Lotus Air: signed requests; a search is begun, and its pages are asked for until they are there. */
export function lotus(send: Send): HandSearch {
  const signer = createSigner({ key: 'fanfare', secret: 'fanfare-secret', now: Date.now })
  const begin = (body: string): Promise<string> => {
    const headers = { ...signer.sign('POST', '/v1/searches', body), ...json }
    return send({ airline: 'lotus', method: 'POST', path: '/v1/searches', headers, body })
  }
  const look = async (searchId: string, number: number) => {
    const path = `/v1/searches/${searchId}?page=${number}`
    const page: Page = JSON.parse(
      await send({ airline: 'lotus', method: 'GET', path, headers: signer.sign('GET', path, '') }),
    )
    if (!Array.isArray(page.solutions)) throw new Error('lotus sent no solutions')
    return page
  }
  return async ({ origin, destination, departureDate, passengers }) => {
    const signal = AbortSignal.timeout(waitMs)
    const travelParty = partyOf(passengers)
    const question = { from: origin, to: destination, departOn: departureDate, cabin: 'economy', travelParty }
    const begun: { searchId: string; pollAfterMs: number } = JSON.parse(await begin(JSON.stringify(question)))
    await pause(begun.pollAfterMs, undefined, { signal })
    const offers: Offer[] = []
    let pageCount = 1
    for (let number = 1; number <= pageCount; ) {
      const page = await look(begun.searchId, number)
      pageCount = page.pageCount
      if (!page.ready) {
        await pause(page.pollAfterMs ?? 25, undefined, { signal })
        continue
      }
      for (const solution of page.solutions) {
        for (const bundle of solution.bundles) offers.push(mapOffer(page.currency, solution, bundle, passengers))
      }
      number++
    }
    return offers
  }
}

function mapOffer(currency: string, { minutes, sectors }: Solution, bundle: Bundle, passengers: Passengers): Offer {
  const { price, rules } = bundle
  const segments = sectors.map((sector) => mapSegment(sector, bundle))
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) throw new Error('lotus sent a solution without sectors')
  const money = (amount: number) => ({ amount: amount.toFixed(2), currency })
  const condition = (fee: number | null) => ({ allowed: fee !== null, fee: fee === null ? null : money(fee) })
  const segmentIds = segments.map(({ id }) => id)
  const total = money(price.total)
  return {
    id: `lotus~${total.amount}${currency}~${bundle.offerToken}`,
    airline: 'lotus',
    slice: {
      origin: first.origin,
      destination: last.destination,
      departingAt: first.departingAt,
      arrivingAt: last.arrivingAt,
      duration: duration(minutes),
      stops: segments.length - 1,
      segments,
    },
    fareBrand: bundle.name,
    price: total,
    basePrice: money(price.fare),
    taxes: money(price.taxes),
    airlinePrice: total,
    perPassenger: passengers.map(({ id, type }) => {
      const share = price.guests.find(({ guestType }) => guestType === type)
      if (!share) throw new Error(`lotus sent no price for ${id}`)
      return {
        passengerId: id,
        type,
        basePrice: money(share.fare),
        taxes: money(share.taxes),
        price: money(share.total),
      }
    }),
    conditions: { change: condition(rules.changeFee), cancel: condition(rules.refundFee) },
    baggage: mapBaggage(bundle, segmentIds, passengers),
    seatsLeft: bundle.seatsLeft,
    expiresAt: bundle.goodUntil,
    sameFlight: [],
  }
}

function mapSegment(sector: Sector, bundle: Bundle): Offer['slice']['segments'][number] {
  const departure = moment(sector.departs)
  const arrival = moment(sector.arrives)
  return {
    id: sector.flightKey,
    flightNumber: sector.flightNumber,
    marketingCarrier: sector.flightNumber.slice(0, 2),
    operatingCarrier: sector.operatedBy,
    origin: sector.from,
    destination: sector.to,
    departingAt: departure.at,
    arrivingAt: arrival.at,
    originTimeZone: departure.zone,
    destinationTimeZone: arrival.zone,
    duration: duration(sector.minutes),
    aircraft: sector.aircraft,
    cabin: cabins[bundle.cabin],
    bookingClass: bundle.bookingCode,
    fareBasisCode: bundle.fareBasis,
  }
}

function mapBaggage({ includes }: Bundle, segmentIds: string[], passengers: Passengers): Offer['baggage'] {
  return includes.bags.flatMap((bag) => {
    const kind = bag.kind === 'cabin' ? 'carry_on' : bag.kind === 'hold' ? 'checked' : null
    const passengerIds = passengers.filter(({ type }) => bag.guestTypes.includes(type)).map(({ id }) => id)
    if (!kind || passengerIds.length === 0) return []
    return [{ segmentIds, passengerIds, kind, pieces: bag.pieces, weightKg: bag.kgEach }]
  })
}

/** `2030-01-15T12:20:00+05:30[Asia/Kolkata]` in its two parts. */
function moment(text: string): { at: string; zone: string } {
  const [at = '', zone = ''] = text.split('[')
  return { at, zone: zone.slice(0, -1) }
}
