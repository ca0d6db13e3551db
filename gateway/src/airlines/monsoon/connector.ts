import { AirlineError } from '../../upstream/airline-error.ts'
import type { UpstreamRequest, UpstreamResponse } from '../../upstream/http-client.ts'
import {
  type Connector,
  type ConnectorFactory,
  type ConnectorOptions,
  type OrderDraft,
  readAnew,
} from '../connector.ts'
import { parseOfferId } from '../offer-id.ts'
import * as map from './map.ts'
import { createTokenStore } from './tokens.ts'
import * as wire from './wire.ts'

/** Monsoon: low cost, sells at once, REST JSON in snake_case, OAuth2 client credentials. */
export const monsoon: ConnectorFactory = {
  airline: {
    name: 'monsoon',
    designator: '0U',
    title: 'Monsoon',
    currency: 'INR',
    dialect: 'REST JSON, snake_case, OAuth2 client credentials',
    capabilities: { hold: false, seatSelection: true, baggage: 'piece', connections: false },
  },
  // As its API description says.
  rateLimit: { perSecond: 100, burst: 200 },
  create: createMonsoon,
}

/** One call in Monsoon's words: a body is sent as JSON. */
interface Call<T> {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  changes?: boolean
  read: wire.Reader<T>
}

function createMonsoon(options: ConnectorOptions): Connector {
  const { http } = options
  const tokens = createTokenStore(options)

  async function call<T>({ method, path, body, changes = false, read }: Call<T>, signal: AbortSignal): Promise<T> {
    const request: Omit<UpstreamRequest, 'headers'> = {
      method,
      path: `/api/v1${path}`,
      signal,
      changes,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const response = await signed(request)
    if (response.status === 200 || response.status === 201) return read(response.body, changes)
    if (response.status < 400) {
      throw new AirlineError(
        'monsoon',
        changes ? 'unknown_outcome' : 'malformed',
        `monsoon answered ${response.status} where its dialect has no such answer`,
      )
    }
    const { error_code, message } = wire.readError(response.body, changes)
    throw new AirlineError('monsoon', 'rejected', `monsoon: ${message} (${error_code})`, {
      reason: map.mapErrorCode(error_code),
      cause: error_code,
    })
  }

  /** Sends with a token; once more with a fresh one after 401, which means that Monsoon did nothing. */
  async function signed(request: Omit<UpstreamRequest, 'headers'>): Promise<UpstreamResponse> {
    const send = (token: string) =>
      http.request({
        ...request,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      })
    const token = await tokens.get(request.signal)
    const response = await send(token)
    if (response.status !== 401) return response
    tokens.drop(token)
    return await send(await tokens.get(request.signal))
  }

  return {
    airline: monsoon.airline,

    async search({ origin, destination, departureDate, cabin, passengers }, signal, recall = readAnew) {
      if (cabin !== 'economy') return []
      const body = { from: origin, to: destination, date: departureDate, pax: map.mapPaxCount(passengers) }
      try {
        const read = (bytes: Buffer) => recall([bytes], () => map.mapOffers(wire.readFlightResults(bytes)))
        return await call({ method: 'POST', path: '/flights/search', body, read }, signal)
      } catch (error) {
        if (error instanceof AirlineError && error.cause === 'AIRPORT_UNKNOWN') return []
        throw error
      }
    },

    async price({ ref, quotedPrice }, signal) {
      const body = { fare_key: fareKey(ref) }
      return map.mapQuote(
        await call({ method: 'POST', path: '/quotes', body, read: wire.readQuote }, signal),
        quotedPrice,
      )
    },

    async seatMaps({ ref }, signal) {
      const path = `/flights/seats?fare_key=${fareKey(ref)}`
      return map.mapSeatMaps(await call({ method: 'GET', path, read: wire.readSeatCharts }, signal))
    },

    async baggage({ ref }, signal) {
      const path = `/extras?fare_key=${fareKey(ref)}`
      return map.mapBaggage(await call({ method: 'GET', path, read: wire.readExtras }, signal))
    },

    async purchase(order, signal) {
      if (!('offer' in order)) throw rejected('not_supported', 'monsoon holds nothing, so there is no hold to pay')
      const booking = await call(
        { method: 'POST', path: '/bookings', body: bookingRequest(order), changes: true, read: wire.readBooking },
        signal,
      )
      if (booking.external_reference !== order.clientReference || booking.status !== 'CONFIRMED') {
        throw new AirlineError('monsoon', 'unknown_outcome', 'monsoon answered with another booking than was asked for')
      }
      return map.mapOrder(booking)
    },

    async findOrder(clientReference, signal) {
      const path = `/bookings?external_reference=${encodeURIComponent(clientReference)}`
      const { bookings } = await call({ method: 'GET', path, read: wire.readBookingList }, signal)
      const booking = bookings.find((candidate) => candidate.external_reference === clientReference)
      return booking === undefined ? null : map.mapOrder(booking)
    },

    async quoteCancellation({ airlineReference }, signal) {
      const path = `/bookings/${encodeURIComponent(airlineReference)}/refund_quote`
      return map.mapRefund(await call({ method: 'GET', path, read: wire.readRefund }, signal))
    },

    async cancel({ airlineReference }, signal) {
      const path = `/bookings/${encodeURIComponent(airlineReference)}/cancel`
      const { refund } = await call({ method: 'POST', path, changes: true, read: wire.readCancelledBooking }, signal)
      return map.mapRefund(refund)
    },
  }
}

function rejected(reason: 'offer_not_found' | 'service_unavailable' | 'not_supported', message: string): AirlineError {
  return new AirlineError('monsoon', 'rejected', message, { reason })
}

/** The fare key in a reference that a client sent. Throws rejected offer_not_found when it cannot be one. */
function fareKey(ref: string): string {
  if (!/^[A-Za-z0-9._-]{1,900}$/.test(ref)) throw rejected('offer_not_found', 'monsoon has no such offer')
  return ref
}

function bookingRequest(draft: OrderDraft): wire.WireBookingRequest {
  const ref = parseOfferId(draft.offer.id)
  if (ref?.airline !== 'monsoon') throw rejected('offer_not_found', 'the offer is not one of monsoon’s')
  const firstSegmentId = draft.offer.slice.segments[0]?.id ?? ''
  const extraCodes = new Map<string, string>()
  for (const { serviceId } of draft.baggage) {
    const code = map.mapServiceId(serviceId, firstSegmentId)
    if (code === null) throw rejected('service_unavailable', `monsoon sells no ${serviceId} with this offer`)
    extraCodes.set(serviceId, code)
  }
  return map.mapDraft(draft, fareKey(ref.ref), extraCodes)
}
