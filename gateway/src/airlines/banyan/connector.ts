import type { Airline } from '../../schemas/airline.ts'
import { AirlineError, type Rejection } from '../../upstream/airline-error.ts'
import {
  type Connector,
  type ConnectorFactory,
  type ConnectorOptions,
  type HeldOrder,
  type Order,
  type OrderDraft,
  type QueryPassenger,
  readAnew,
} from '../connector.ts'
import { parseOfferId } from '../offer-id.ts'
import { mapBaggage, mapOffer, mapOrder, mapPricedOffer, mapRefund, mapRejection, mapSeatMap, partyOf } from './map.ts'
import { orderParts } from './order-parts.ts'
import * as requests from './requests.ts'
import * as wire from './wire.ts'

const airline: Airline = {
  name: 'banyan',
  designator: '0Z',
  title: 'Banyan Air',
  currency: 'USD',
  dialect: 'IATA NDC 21.3, XML',
  capabilities: { hold: true, seatSelection: true, baggage: 'piece', connections: true },
}

/** Banyan Air's line of the registry. */
export const banyan: ConnectorFactory = { airline, create }

/** Largest party that Banyan Air sells to. */
const mostPassengers = 9

interface Call {
  /** The message, and the last part of its path. */
  name: string
  body: string
  signal: AbortSignal
  changes?: boolean
}

function create({ http, key }: ConnectorOptions): Connector {
  const headers = { 'x-api-key': key, 'content-type': 'application/xml', accept: 'application/xml' }

  async function send({ name, body, signal, changes = false }: Call): Promise<Buffer> {
    const answer = await http.request({ method: 'POST', path: `/ndc/21.3/${name}`, headers, body, signal, changes })
    return answer.body
  }

  /** Throws unless Banyan said something that reads as its dialect; a refusal is an answer here. */
  function read<T, U>(bytes: Buffer, reader: wire.Reader<T>, map: (value: T) => U, changes = false): wire.Answer<U> {
    try {
      const answer = reader(bytes)
      return 'refusal' in answer ? answer : { value: map(answer.value) }
    } catch (cause) {
      throw unreadable(changes, cause)
    }
  }

  async function call<T, U>(request: Call, reader: wire.Reader<T>, map: (value: T) => U): Promise<U> {
    const answer = read(await send(request), reader, map, request.changes)
    if ('refusal' in answer) throw refused(answer.refusal, request.changes)
    return answer.value
  }

  async function order(draft: OrderDraft, isPaid: boolean, signal: AbortSignal): Promise<Order> {
    const { offerId } = offerOf(draftRef(draft))
    const body = requests.orderCreateRequest(draft, orderParts(draft, offerId), isPaid)
    const made = await call({ name: 'OrderCreate', body, signal, changes: true }, wire.readOrderView, mapOrder)
    if (made.clientReference !== draft.clientReference) {
      throw unreadable(true, new Error('the order carries another client reference'))
    }
    return made
  }

  function pay({ airlineReference, price }: HeldOrder, signal: AbortSignal): Promise<Order> {
    const body = requests.paymentRequest(airlineReference, price.total)
    return call({ name: 'OrderChange', body, signal, changes: true }, wire.readOrderView, mapOrder)
  }

  function cancelQuote(airlineReference: string, signal: AbortSignal) {
    const body = requests.cancelQuoteRequest(airlineReference)
    return call({ name: 'OrderReshop', body, signal }, wire.readCancelQuote, (quote) => quote)
  }

  return {
    airline,

    async search(query, signal, recall = readAnew) {
      const bytes = await send({ name: 'AirShopping', body: requests.airShoppingRequest(query), signal })
      return recall([bytes], () => {
        const answer = read(bytes, wire.readAirShopping, (offers) => offers.map(mapOffer))
        if ('value' in answer) return answer.value
        if (answer.refusal.code === wire.unknownAirport) return []
        throw refused(answer.refusal)
      })
    },

    async price(ref, signal) {
      const { offerId, party } = offerOf(ref.ref)
      const body = requests.offerPriceRequest(offerId, party)
      return call({ name: 'OfferPrice', body, signal }, wire.readOfferPrice, (offer) => mapPricedOffer(offer, ref))
    },

    async seatMaps(ref, signal) {
      const body = requests.seatAvailabilityRequest(offerOf(ref.ref).offerId)
      return call({ name: 'SeatAvailability', body, signal }, wire.readSeatAvailability, (maps) => maps.map(mapSeatMap))
    },

    async baggage(ref, signal) {
      const { offerId, party } = offerOf(ref.ref)
      // What is included stands in the offer, what can be bought in the list of services.
      const [offer, services] = await Promise.all([
        call(
          { name: 'OfferPrice', body: requests.offerPriceRequest(offerId, party), signal },
          wire.readOfferPrice,
          (priced) => priced,
        ),
        call(
          { name: 'ServiceList', body: requests.serviceListRequest(offerId), signal },
          wire.readServiceList,
          (list) => list,
        ),
      ])
      return mapBaggage(offer, services)
    },

    async hold(draft, signal) {
      const held = await order(draft, false, signal)
      const { status, payBy } = held
      if (status === 'cancelled') throw rejected('hold_lapsed', 'the hold was given back before')
      if (status !== 'held' || payBy === null) throw unreadable(true, new Error(`a hold is ${status}`))
      return { ...held, status, payBy }
    },

    async purchase(draftOrHeld, signal) {
      const bought =
        'airlineReference' in draftOrHeld ? await pay(draftOrHeld, signal) : await order(draftOrHeld, true, signal)
      if (bought.status !== 'confirmed') throw unreadable(true, new Error(`a paid order is ${bought.status}`))
      return bought
    },

    async findOrder(clientReference, signal) {
      const body = requests.orderRetrieveRequest(clientReference)
      const answer = read(await send({ name: 'OrderRetrieve', body, signal }), wire.readOrderView, mapOrder)
      if ('value' in answer) return answer.value
      if (mapRejection(answer.refusal.code) === 'order_not_found') return null
      throw refused(answer.refusal)
    },

    async quoteCancellation({ airlineReference }, signal) {
      return mapRefund(await cancelQuote(airlineReference, signal))
    },

    async cancel({ airlineReference }, signal) {
      const { offerId } = await cancelQuote(airlineReference, signal)
      const body = requests.cancelRequest(airlineReference, offerId)
      return call({ name: 'OrderChange', body, signal, changes: true }, wire.readCancelled, mapRefund)
    },
  }
}

/**
 * Banyan's own offer id from a reference that came from a client, and whom it is for: the third of its parts counts
 * adults, children and infants. Throws rejected offer_not_found.
 */
function offerOf(ref: string): { offerId: string; party: QueryPassenger[] } {
  const match = /^[A-Z0-9_-]{1,100}\.[A-Z0-9]{1,16}\.([1-9])(\d)(\d)\.[a-z0-9]{1,16}\.[a-z0-9]{1,16}$/.exec(ref)
  if (match === null) throw rejected('offer_not_found', 'the offer id holds no reference of Banyan Air')
  const [, adults = 0, children = 0, infants = 0] = match.map(Number)
  if (adults + children + infants > mostPassengers || infants > adults) {
    throw rejected('offer_not_found', 'Banyan Air makes no offers to such a party')
  }
  return { offerId: ref, party: partyOf(adults, children, infants) }
}

/** Banyan's own reference of a draft's offer. Throws rejected offer_not_found. */
function draftRef({ offer }: OrderDraft): string {
  const ref = parseOfferId(offer.id)
  if (ref === null || ref.airline !== airline.name) {
    throw rejected('offer_not_found', 'the offer is not one of Banyan Air')
  }
  return ref.ref
}

/** A system error says nothing of what was done. */
function refused({ code, message }: wire.Refusal, changes = false): AirlineError {
  const text = `${message} (${code})`
  if (code === wire.systemError)
    return new AirlineError(airline.name, changes ? 'unknown_outcome' : 'unavailable', text)
  return rejected(mapRejection(code), text)
}

function rejected(reason: Rejection, message: string): AirlineError {
  return new AirlineError(airline.name, 'rejected', message, { reason })
}

/** An answer that does not read as the dialect says: after a call that changes something, nobody knows what was done. */
function unreadable(changes: boolean, cause: unknown): AirlineError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AirlineError(
    airline.name,
    changes ? 'unknown_outcome' : 'malformed',
    `Banyan Air sent an answer that cannot be read: ${why}`,
    { cause },
  )
}
